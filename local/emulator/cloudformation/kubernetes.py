"""What the CDK applies to an EKS cluster with kubectl and Helm: recorded, as there is no Kubernetes.

These custom resources have a Lambda function that speaks with the cluster. It is not run: each is written down, its
manifest as data, and GET /_local/recorded shows it. What a resource would read from the cluster is made up.
"""

import hashlib
import json
from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation import made_up, recorded
from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, register

_CLUSTER: Final = "Custom::AWSCDK-EKS-Cluster"
_VALUE: Final = "Custom::AWSCDK-EKS-KubernetesObjectValue"
_ISSUER: Final = "Custom::AWSCDKOpenIdConnectProvider"

TYPES: Final = (
    _CLUSTER,
    "Custom::AWSCDK-EKS-FargateProfile",
    "Custom::AWSCDK-EKS-KubernetesResource",
    "Custom::AWSCDK-EKS-KubernetesPatch",
    "Custom::AWSCDK-EKS-HelmChart",
    _VALUE,
    _ISSUER,
)
"""The custom resource types whose functions speak with a cluster."""

_JSON: Final = ("Manifest", "Values", "ApplyPatchJson", "RestorePatchJson")
"""Properties that are JSON text."""


def readable(properties: Properties) -> Properties:
    """The properties with their JSON texts as data, where they are whole."""
    shown = dict(properties)
    for name in _JSON:
        try:
            shown[name] = json.loads(properties[name])
        except (KeyError, TypeError, ValueError):
            continue
    return shown


def _attributes(resource_type: str, properties: Properties, seed: str) -> dict[str, Any]:
    if resource_type == _VALUE:
        return {"Value": f"{properties.get('ObjectName', 'object')}-{seed[:8]}.local"}
    if resource_type != _CLUSTER:
        return {}
    attributes = made_up.attributes("AWS::EKS::Cluster", seed, seed[:16])
    return {**attributes, **made_up.cluster(seed), "Name": seed[:16]}


def _handler(resource_type: str) -> Handler:
    def create(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        place = f"{internals.account()}/{internals.region()}/{stack}/{logical_id}"
        seed = hashlib.sha256(place.encode()).hexdigest()
        physical_id = f"{resource_type.rpartition('-')[2].lower()}-{seed[:16]}"
        if resource_type == _ISSUER:
            issuer = str(properties.get("Url", "")).removeprefix("https://")
            physical_id = f"arn:aws:iam::{internals.account()}:oidc-provider/{issuer}"
        recorded.record(resource_type, physical_id, stack, logical_id, readable(properties))
        return physical_id, _attributes(resource_type, properties, seed)

    def update(_id: str, _old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
        return create(logical_id, new, stack)

    def delete(physical_id: str, _properties: Properties) -> None:
        recorded.forget(resource_type, physical_id)

    return Handler(create=create, update=update, delete=delete)


def install() -> None:
    """Register the types, which would be custom resources otherwise."""
    for resource_type in TYPES:
        register(resource_type, _handler(resource_type), blocking=False)
