"""Schemas of the shop's custom resources, from their documentation; Kubernetes' own are in a package."""

from typing import Any


def _object(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


_TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
_LABELS: dict[str, Any] = {"type": "object", "additionalProperties": {"type": "string"}}


def _custom(api_version: str, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = _object({"name": _TEXT, "namespace": _TEXT, "labels": _LABELS}, "name", "namespace")
    return _object(
        {"apiVersion": {"const": api_version}, "kind": {"const": kind}, "metadata": metadata, "spec": spec},
        "apiVersion",
        "kind",
        "metadata",
        "spec",
    )


SCHEMAS: dict[str, dict[str, Any]] = {
    # AWS Load Balancer Controller, "TargetGroupBinding specification"; without `networking`, which is not ours
    "TargetGroupBinding": _custom(
        "elbv2.k8s.aws/v1beta1",
        "TargetGroupBinding",
        _object(
            {
                "serviceRef": _object(
                    {"name": _TEXT, "port": {"type": ["integer", "string"]}}, "name", "port"
                ),
                "targetGroupARN": {"type": "string", "pattern": r"^(arn:|\$\{)"},
                "targetType": {"enum": ["instance", "ip"]},
                "ipAddressType": {"enum": ["ipv4", "ipv6"]},
            },
            "serviceRef",
            "targetGroupARN",
        ),
    ),
    # Secrets Store CSI Driver, "SecretProviderClass" and "Sync as Kubernetes Secret"; AWS Secrets Manager User
    # Guide, "AWS Secrets and Configuration Provider code examples"
    "SecretProviderClass": _custom(
        "secrets-store.csi.x-k8s.io/v1",
        "SecretProviderClass",
        _object(
            {
                "provider": {"const": "aws"},
                "parameters": _object(
                    {"region": _TEXT, "usePodIdentity": {"enum": ["true", "false"]}, "objects": _TEXT},
                    "objects",
                ),
                "secretObjects": {
                    "type": "array",
                    "items": _object(
                        {
                            "secretName": _TEXT,
                            "type": {"enum": ["Opaque"]},
                            "data": {
                                "type": "array",
                                "items": _object({"objectName": _TEXT, "key": _TEXT}, "objectName", "key"),
                            },
                        },
                        "secretName",
                        "type",
                        "data",
                    ),
                },
            },
            "provider",
            "parameters",
        ),
    ),
}

SECRET_OBJECTS: dict[str, Any] = {
    "type": "array",
    "items": _object(
        {
            "objectName": _TEXT,
            "objectType": {"enum": ["secretsmanager", "ssmparameter"]},
            "jmesPath": {
                "type": "array",
                "items": _object({"path": _TEXT, "objectAlias": _TEXT}, "path", "objectAlias"),
            },
        },
        "objectName",
        "objectType",
    ),
}
"""Of `parameters.objects`, which is YAML in text."""
