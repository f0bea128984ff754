"""AWS::SecretsManager::Secret: generated values obey every setting of GenerateSecretString.

ministack's handler knows the length and the excluded characters only, so that a password "without punctuation"
has some, and Redis or a URL refuses it. Its GetRandomPassword API knows them all, and draws from the operating
system's random source.
"""

import json
from typing import Any

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties, Provisioned, ResourceError, table

_MODULE = "services.cloudformation.provisioners"
_TYPE = "AWS::SecretsManager::Secret"
_INTEGERS = ("PasswordLength",)


def _generate(settings: Properties) -> str:
    request = {
        name: int(value)
        if name in _INTEGERS
        else str(value).lower() == "true"
        if name != "ExcludeCharacters"
        else value
        for name, value in settings.items()
        if name not in ("SecretStringTemplate", "GenerateStringKey")
    }
    status, _headers, body = internals.get("services.secretsmanager", "_get_random_password")(request)
    answer = json.loads(body)
    if status != 200:
        raise ResourceError(f"GenerateSecretString: {answer.get('message', answer)}")
    return str(answer["RandomPassword"])


def _secret_string(properties: Properties) -> str:
    settings = properties.get("GenerateSecretString")
    if settings is None or properties.get("SecretString"):
        return str(properties.get("SecretString", ""))
    generated = _generate(settings)
    if "SecretStringTemplate" not in settings:
        return generated
    value = json.loads(settings["SecretStringTemplate"])
    value[settings["GenerateStringKey"]] = generated
    return json.dumps(value)


def _name_of(physical_id: str) -> str:
    """The secret's name, which ministack's handler knows it by: the ARN less its six random characters."""
    return physical_id.partition(":secret:")[2][:-7] if physical_id.startswith("arn:") else physical_id


def _identified_by_arn(provisioned: Provisioned) -> Provisioned:
    return str(provisioned[1]["Arn"]), provisioned[1]


def install() -> None:
    """Take the place of the function that makes a template's secret value; let Ref be the ARN, as on AWS."""
    internals.replace(_MODULE, "_sm_secret_string", _secret_string)
    entry = table()[_TYPE]
    create, update, delete = entry["create"], entry["update"], entry["delete"]

    def create_by_arn(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        return _identified_by_arn(create(logical_id, properties, stack))

    def update_by_arn(physical_id: str, *rest: Any) -> Provisioned:
        return _identified_by_arn(update(_name_of(physical_id), *rest))

    def delete_by_arn(physical_id: str, properties: Properties) -> None:
        delete(_name_of(physical_id), properties)

    table()[_TYPE] = {**entry, "create": create_by_arn, "update": update_by_arn, "delete": delete_by_arn}
