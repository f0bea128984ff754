"""AWS::SecretsManager::RotationSchedule: which function rotates a secret, and when it should.

No timer runs here, and the first rotation, which AWS does at once, waits for a call of RotateSecret: a rotation
function speaks with what its secret is for, and of that little is here.
"""

from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, ResourceError, register
from local.emulator.cloudformation.own_api import client

TYPE: Final = "AWS::SecretsManager::RotationSchedule"


def _rules(properties: Properties) -> dict[str, Any]:
    given = dict(properties.get("RotationRules") or {})
    if "AutomaticallyAfterDays" in given:
        given["AutomaticallyAfterDays"] = int(given["AutomaticallyAfterDays"])
    return {"RotationRules": given} if given else {}


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    secret = str(properties["SecretId"])
    function = properties.get("RotationLambdaARN")
    if function:
        client("secretsmanager").rotate_secret(
            SecretId=secret, RotationLambdaARN=function, RotateImmediately=False, **_rules(properties)
        )
        return secret, {"Id": secret}
    _key, record = internals.get("services.secretsmanager", "_resolve")(secret)
    if record is None:
        raise ResourceError(f"Secrets Manager can't find the specified secret: {secret}")
    record["RotationEnabled"], record["RotationRules"] = True, properties.get("RotationRules")
    return secret, {"Id": secret}


def _delete(physical_id: str, _properties: Properties) -> None:
    _key, record = internals.get("services.secretsmanager", "_resolve")(physical_id)
    if record is not None:
        record["RotationEnabled"] = False


def install() -> None:
    """Register the type."""
    register(TYPE, Handler(create=_create, delete=_delete), blocking=True)
