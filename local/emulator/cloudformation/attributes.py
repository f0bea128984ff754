"""Fn::GetAtt of a settable property answers its value.

AWS's schemas say so; ministack's handlers know some attributes only (not the CidrBlock of a VPC, which each
interface endpoint of CDK reads).
"""

from typing import Any

from local.emulator.cloudformation.handlers import Properties, Provisioned, wrap_provisioning

TYPES = ("AWS::EC2::VPC", "AWS::EC2::Subnet")


def _with_own_properties(proceed: Any, properties: Properties) -> Provisioned:
    physical_id, attributes = proceed()
    own = {name: value for name, value in properties.items() if isinstance(value, (str, int, list))}
    return physical_id, {**own, **(attributes or {})}


def install() -> None:
    """Wrap the handlers of `TYPES`."""
    for resource_type in TYPES:
        wrap_provisioning(resource_type, _with_own_properties, blocking=False)
