"""Secrets Manager's RotateSecret runs the rotation function, step by step.

ministack copies the current value to a new version and calls nothing. On AWS (user guide, "Rotation by Lambda
function") the answer comes at once and the function is called with createSecret, setSecret, testSecret and
finishSecret; the new version is AWSPENDING until the last step moves AWSCURRENT to it.
"""

import contextvars
import json
import logging
import threading
import time
import uuid
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.emulator import internals
from local.emulator.cloudformation.own_api import client
from local.emulator.internals import Response

_MODULE: Final = "services.secretsmanager"
STEPS: Final = ("createSecret", "setSecret", "testSecret", "finishSecret")
_log = logging.getLogger("local.emulator")


def _failure(function: str, secret: str, token: str, step: str) -> str | None:
    """Call the function for one step; return what went wrong, if anything."""
    event = {"SecretId": secret, "ClientRequestToken": token, "Step": step}
    try:
        answer = client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        return answer["Payload"].read().decode() if "FunctionError" in answer else None
    except (BotoCoreError, ClientError) as error:
        return str(error)


def _rotate(secret: dict[str, Any], function: str, token: str) -> None:
    """All steps, in a thread of its own; after a failed one the version stays pending, as on AWS."""
    for step in STEPS:
        failure = _failure(function, secret["ARN"], token, step)
        if failure is not None:
            _log.warning("rotation of %s failed at %s: %s", secret["Name"], step, failure)
            return
    stages = secret["Versions"].get(token, {}).get("Stages", [])
    if "AWSPENDING" in stages:
        stages.remove("AWSPENDING")
    secret["LastRotatedDate"] = int(time.time())


def _begin(secret: dict[str, Any], function: str, token: str) -> None:
    for version in secret["Versions"].values():
        if "AWSPENDING" in version["Stages"]:
            version["Stages"].remove("AWSPENDING")
    secret["Versions"][token] = {
        "SecretString": None,
        "SecretBinary": None,
        "CreatedDate": int(time.time()),
        "Stages": ["AWSPENDING"],
    }
    scope = contextvars.copy_context()
    threading.Thread(target=scope.run, args=(_rotate, secret, function, token), daemon=True).start()


def install() -> None:
    """Take the place of two of the service's functions."""
    rotate = internals.get(_MODULE, "_rotate_secret")
    read = internals.get(_MODULE, "_get_secret_value")

    def rotate_by_function(data: dict[str, Any]) -> Response:
        _key, secret = internals.get(_MODULE, "_resolve")(data.get("SecretId"))
        function = data.get("RotationLambdaARN") or (secret or {}).get("RotationLambdaARN")
        if secret is None or not function or secret.get("DeletedDate") or secret.get("_PrimarySecretArn"):
            refused: Response = rotate(data)
            return refused
        secret["RotationLambdaARN"], secret["RotationEnabled"] = function, True
        secret["RotationRules"] = data.get("RotationRules") or secret.get("RotationRules")
        answer = {"ARN": secret["ARN"], "Name": secret["Name"]}
        if data.get("RotateImmediately", True):
            token = str(data.get("ClientRequestToken") or uuid.uuid4())
            _begin(secret, function, token)
            answer["VersionId"] = token
        response: Response = internals.get("core.responses", "json_response")(answer)
        return response

    def read_value(data: dict[str, Any]) -> Response:
        response: Response = read(data)
        found = json.loads(response[2])
        if response[0] == 200 and "SecretString" not in found and "SecretBinary" not in found:
            words = (
                f"Secrets Manager can't find the specified secret value for VersionId: {found['VersionId']}"
            )
            missing: Response = internals.get("core.responses", "error_response_json")(
                "ResourceNotFoundException", words, 400
            )
            return missing
        return response

    internals.replace(_MODULE, "_rotate_secret", rotate_by_function)
    internals.replace(_MODULE, "_get_secret_value", read_value)
