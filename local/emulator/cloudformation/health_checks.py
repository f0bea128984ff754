"""AWS::Route53::HealthCheck: listed by Route 53, and asked by nobody.

ministack has the API, but not the resource type; and its API loses a calculated check's children, and every flag.
"""

import uuid
from typing import Any, Final
from xml.etree.ElementTree import Element

from botocore.exceptions import ClientError

from local.emulator import internals
from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, register
from local.emulator.cloudformation.own_api import client

TYPE: Final = "AWS::Route53::HealthCheck"
_MODULE: Final = "services.route53"
_NUMBERS: Final = ("Port", "RequestInterval", "FailureThreshold", "HealthThreshold")
_FLAGS: Final = ("MeasureLatency", "Inverted", "Disabled", "EnableSNI")
_FIXED: Final = ("Type", "RequestInterval", "MeasureLatency", "RoutingControlArn")
"""Settings that a change of replaces the health check."""


def _configuration(properties: Properties) -> dict[str, Any]:
    given = properties["HealthCheckConfig"]
    numbers = {name: int(given[name]) for name in _NUMBERS if name in given}
    flags = {name: str(given[name]).lower() == "true" for name in _FLAGS if name in given}
    return {**given, **numbers, **flags}


def _tag(check: str, properties: Properties) -> None:
    tags = properties.get("HealthCheckTags")
    if tags:
        client("route53").change_tags_for_resource(ResourceType="healthcheck", ResourceId=check, AddTags=tags)


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    made = client("route53").create_health_check(
        CallerReference=str(uuid.uuid4()),
        HealthCheckConfig=_configuration(properties),
    )
    check = str(made["HealthCheck"]["Id"])
    _tag(check, properties)
    return check, {"HealthCheckId": check}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
    before, after = old["HealthCheckConfig"], _configuration(new)
    if any(before.get(name) != new["HealthCheckConfig"].get(name) for name in _FIXED):
        return _create(logical_id, new, stack)
    changed = {name: value for name, value in after.items() if name not in _FIXED}
    client("route53").update_health_check(HealthCheckId=physical_id, **changed)
    _tag(physical_id, new)
    return physical_id, {"HealthCheckId": physical_id}


def _delete(physical_id: str, _properties: Properties) -> None:
    try:
        client("route53").delete_health_check(HealthCheckId=physical_id)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchHealthCheck":
            raise


def _local_name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _mend_api() -> None:
    """Read each child's id, and write a flag as XML has it: `true`, not `True`."""
    parse = internals.get(_MODULE, "_parse_health_check_config")
    build = internals.get(_MODULE, "_build_health_check_el")

    def parse_with_children(el: Element) -> dict[str, Any]:
        configuration: dict[str, Any] = parse(el)
        children = [each for each in el if _local_name(each) == "ChildHealthChecks"]
        if children:
            configuration["ChildHealthChecks"] = [child.text or "" for child in children[0]]
        return configuration

    def build_with_flags(parent: Element, hc: dict[str, Any]) -> None:
        build(parent, hc)
        for element in parent[-1].iter():
            if _local_name(element) in _FLAGS and element.text:
                element.text = element.text.lower()

    internals.replace(_MODULE, "_parse_health_check_config", parse_with_children)
    internals.replace(_MODULE, "_build_health_check_el", build_with_flags)


def install() -> None:
    """Register the type, and mend the API."""
    register(TYPE, Handler(create=_create, update=_update, delete=_delete), blocking=True)
    _mend_api()
