"""Attributes that nothing here can know, made up: stable, and in the form that AWS gives them.

A template hands them on (an endpoint into a parameter, an ARN into a policy), and what takes them checks their
form.
"""

import base64
import hashlib
from typing import Any, Final

from local.emulator import internals
from local.emulator.cloudformation import schemas

_HOST_WORDS: Final = ("dns", "domain", "address", "endpoint", "hostname")
_SERVICES: Final = {
    "elasticloadbalancingv2": "elasticloadbalancing",
    "certificatemanager": "acm",
    "synthetics": "synthetics",
    "arcregionswitch": "arc-region-switch",
    "route53recoverycontrol": "route53-recovery-control",
    "route53recoveryreadiness": "route53-recovery-readiness",
}
"""The name of a service in ARNs where it is not its name in resource types."""

_GLOBAL: Final = ("iam", "cloudfront", "ce", "budgets", "route53", "arcregionswitch", "globalaccelerator")
"""Services whose ARNs have no region."""

_RESOURCE: Final = {
    "AWS::CloudWatch::CompositeAlarm": "alarm:{name}",
    "AWS::IAM::OIDCProvider": "oidc-provider/{name}",
    "AWS::RDS::DBProxy": "db-proxy:prx-{digest}",
    "AWS::EKS::PodIdentityAssociation": "podidentityassociation/{name}/a-{digest}",
    "AWS::EKS::AccessEntry": "access-entry/{name}/{digest}",
    "AWS::ARCRegionSwitch::Plan": "plan/{name}:{digest:.6}",
    "AWS::SecurityHub::Hub": "hub/default",
    "AWS::Route53RecoveryControl::RoutingControl": "controlpanel/{digest}/routingcontrol/{digest}",
}
"""The last part of an ARN where it is not `<kind>/<name>`."""

_PORTS: Final = {"rds": 5432, "elasticache": 6379}
_ZONES: Final = ("awsdns-01.com", "awsdns-02.net", "awsdns-03.org", "awsdns-04.co.uk")


def _digest(*parts: str) -> str:
    return hashlib.sha256("/".join(parts).encode()).hexdigest()


def _special(resource_type: str, path: str, digest: str) -> Any:
    """Attributes whose form neither their name nor their schema tells."""
    if path in ("State", "Status"):
        return "READY" if resource_type == "AWS::Synthetics::Canary" else "ACTIVE"
    if path.endswith("HostedZoneId"):
        return f"Z{digest[:13].upper()}"
    if path == "NameServers":
        return [f"ns-{number}.{zone}" for number, zone in enumerate(_ZONES, start=1)]
    if resource_type == "AWS::KMS::ReplicaKey" and path == "KeyId":
        return f"mrk-{digest[:32]}"
    if resource_type.startswith("AWS::EC2::SecurityGroup") or path.endswith("SecurityGroupId"):
        return f"sg-{digest[:17]}"
    return None


def _kind(resource_type: str, path: str) -> str:
    """The schema's type of an attribute, by its dotted path; `string` where the schema does not tell."""
    root = schemas.schema(resource_type) or {}
    node: dict[str, Any] = root
    for part in path.split("."):
        node = schemas.dereference(root, (node.get("properties") or {}).get(part) or {})
    kind = node.get("type", "string")
    return str(kind if isinstance(kind, str) else kind[0])


def attribute(resource_type: str, path: str, seed: str, name: str) -> Any:
    """A value for the attribute `path` of a resource; `seed` tells it from all others, `name` goes into ARNs."""
    service, kind = (part.lower() for part in resource_type.split("::")[1:3])
    digest = _digest(seed, path)
    special = _special(resource_type, path, digest)
    if special is not None:
        return special
    last = path.rsplit(".", 1)[-1].lower()
    if last.endswith("port"):
        return str(_PORTS.get(service, 443))
    shape = _kind(resource_type, path)
    if shape == "array":
        return []
    if shape == "boolean":
        return False
    if shape in ("integer", "number"):
        return 0
    if last.endswith("arn"):
        region = "" if service in _GLOBAL else internals.region()
        rest = _RESOURCE.get(resource_type, f"{kind}/{{name}}").format(name=name, digest=digest[:16])
        return f"arn:aws:{_SERVICES.get(service, service)}:{region}:{internals.account()}:{rest}"
    if last.endswith(("url", "uri")):
        return f"https://{digest[:12]}.{service}.{internals.region()}.amazonaws.com"
    if any(word in last for word in _HOST_WORDS):
        return f"{digest[:12]}.{service}.{internals.region()}.amazonaws.com"
    if any(word in last for word in ("time", "date", "created")):
        return "2026-01-01T00:00:00Z"
    return f"{kind[:6]}-{digest[:17]}"


def cluster(seed: str) -> dict[str, str]:
    """What an EKS cluster tells of its Kubernetes, which is not there."""
    digest, region = _digest(seed, "cluster").upper(), internals.region()
    return {
        "Endpoint": f"https://{digest[:32]}.gr7.{region}.eks.amazonaws.com",
        "CertificateAuthorityData": base64.b64encode(b"no certificate: there is no cluster").decode(),
        "OpenIdConnectIssuerUrl": f"https://oidc.eks.{region}.amazonaws.com/id/{digest[:32]}",
        "OpenIdConnectIssuer": f"oidc.eks.{region}.amazonaws.com/id/{digest[:32]}",
    }


def attributes(resource_type: str, seed: str, name: str) -> dict[str, Any]:
    """Every read-only property of the type, and the leaves of those that have parts."""
    root = schemas.schema(resource_type) or {}
    found: dict[str, Any] = {}
    for path in schemas.property_names(resource_type, "readOnlyProperties"):
        if "*" in path:
            continue
        node = root
        for part in path.split("."):
            node = schemas.dereference(root, (node.get("properties") or {}).get(part) or {})
        for leaf in node.get("properties") or {}:
            found[f"{path}.{leaf}"] = attribute(resource_type, f"{path}.{leaf}", seed, name)
        found[path] = attribute(resource_type, path, seed, name)
    return found
