"""AWS::ApiGateway::RequestValidator and the methods that name one: a request that does not fit answers 400.

ministack's API validates requests; its resource handlers make no validator, and drop a method's.
"""

from typing import Any, Final

from botocore.exceptions import ClientError

from local.emulator.cloudformation.handlers import Properties, Provisioned, table, wrap_provisioning
from local.emulator.cloudformation.own_api import client

VALIDATOR: Final = "AWS::ApiGateway::RequestValidator"
METHOD: Final = "AWS::ApiGateway::Method"


def _flags(properties: Properties) -> dict[str, bool]:
    return {
        "validateRequestBody": str(properties.get("ValidateRequestBody", False)).lower() == "true",
        "validateRequestParameters": str(properties.get("ValidateRequestParameters", False)).lower()
        == "true",
    }


def _create(logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    made = client("apigateway").create_request_validator(
        restApiId=properties["RestApiId"], name=properties.get("Name", logical_id), **_flags(properties)
    )
    return made["id"], {"RequestValidatorId": made["id"]}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
    if any(old.get(name) != new.get(name) for name in ("RestApiId", "Name")):
        return _create(logical_id, new, stack)
    client("apigateway").update_request_validator(
        restApiId=new["RestApiId"],
        requestValidatorId=physical_id,
        patchOperations=[
            {"op": "replace", "path": f"/{name}", "value": str(value).lower()}
            for name, value in _flags(new).items()
        ],
    )
    return physical_id, {"RequestValidatorId": physical_id}


def _delete(physical_id: str, properties: Properties) -> None:
    try:
        client("apigateway").delete_request_validator(
            restApiId=properties["RestApiId"], requestValidatorId=physical_id
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "NotFoundException":
            raise


def _with_validator(proceed: Any, properties: Properties) -> Provisioned:
    provisioned: Provisioned = proceed()
    if "RequestValidatorId" in properties:
        client("apigateway").update_method(
            restApiId=properties["RestApiId"],
            resourceId=properties["ResourceId"],
            httpMethod=properties["HttpMethod"],
            patchOperations=[
                {"op": "replace", "path": "/requestValidatorId", "value": properties["RequestValidatorId"]}
            ],
        )
    return provisioned


def install() -> None:
    """Take the place of the validator's handler, and wrap the method's."""
    entry = table()[VALIDATOR]
    table()[VALIDATOR] = {
        **entry,
        "create": _create,
        "update": _update,
        "update_with_logical_id": True,
        "delete": _delete,
    }
    wrap_provisioning(VALIDATOR, lambda proceed, _properties: proceed(), blocking=True)
    wrap_provisioning(METHOD, _with_validator, blocking=True)
