"""Fn::GetAtt answers every attribute that AWS's schema of a type has.

Settable properties answer their own value, as the schemas say. Read-only ones that ministack's handler leaves out
(an OIDC issuer, a table's id) get a made-up value of the right form: without it the stack would fail.
"""

from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation import made_up, schemas
from local.emulator.cloudformation.handlers import Properties, Provisioned, table, wrap_provisioning

_SAME: Final = {
    "AWS::ElastiCache::ReplicationGroup": {
        "ConfigurationEndPoint.Address": "PrimaryEndPoint.Address",
        "ConfigurationEndPoint.Port": "PrimaryEndPoint.Port",
        "ReaderEndPoint.Address": "PrimaryEndPoint.Address",
        "ReaderEndPoint.Port": "PrimaryEndPoint.Port",
    },
}
"""Attributes that stand for one thing here: there is one Redis."""


def _user_pool(pool: str) -> dict[str, Any]:
    name = f"cognito-idp.{internals.region()}.amazonaws.com/{pool}"
    return {"ProviderName": name, "ProviderURL": f"https://{name}", "UserPoolId": pool}


def _encryption_key(properties: Properties) -> dict[str, Any]:
    """The key that an EKS cluster's secrets are encrypted with."""
    settings = properties.get("EncryptionConfig") or [{}]
    return {"EncryptionConfigKeyArn": (settings[0].get("Provider") or {}).get("KeyArn", "")}


def completed(resource_type: str, properties: Properties, provisioned: Provisioned) -> Provisioned:
    """Add what is missing to a resource's attributes; what is there stays."""
    physical_id, given = provisioned
    known = {name: value for name, value in (given or {}).items() if value not in (None, "")}
    for name, other in _SAME.get(resource_type, {}).items():
        if other in known:
            known.setdefault(name, known[other])
    if resource_type == "AWS::Cognito::UserPool":
        known = {**_user_pool(physical_id), **known}
    if resource_type == "AWS::EKS::Cluster":
        known |= made_up.cluster(physical_id) | _encryption_key(properties)
    seed = f"{internals.account()}/{internals.region()}/{resource_type}/{physical_id}"
    own = {name: value for name, value in properties.items() if isinstance(value, (str, int, list))}
    name = str(physical_id).rsplit("/", 1)[-1]
    return physical_id, {**made_up.attributes(resource_type, seed, name), **own, **known}


def install() -> None:
    """Wrap every handler of a type that has a schema. To be called when all but the recorded types are there."""
    known = schemas.known_types()
    for resource_type, entry in list(table().items()):
        if resource_type not in known or "create" not in entry:
            continue

        def complete(proceed: Any, properties: Properties, kind: str = resource_type) -> Provisioned:
            return completed(kind, properties, proceed())

        wrap_provisioning(resource_type, complete, blocking=False)
