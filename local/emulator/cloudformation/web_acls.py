"""AWS::WAFv2::WebACL and WebACLAssociation: which web ACL a load balancer or an API's stage has.

GetWebACLForResource tells it. Nothing is filtered by it. ministack stores a web ACL's rules as the template has
them; its API answers, as AWS's does, with SearchString in base64, so that an SDK can read it.
"""

import base64
from typing import Any

from botocore.exceptions import ClientError

from local.emulator import internals
from local.emulator.cloudformation.handlers import (
    Handler,
    Properties,
    Provisioned,
    ResourceError,
    register,
    wrap_provisioning,
)
from local.emulator.cloudformation.own_api import client

TYPE = "AWS::WAFv2::WebACLAssociation"
WEB_ACL = "AWS::WAFv2::WebACL"


def as_api(value: Any) -> Any:
    """A template's rules as the API has them."""
    if isinstance(value, list):
        return [as_api(each) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: as_api(each) for name, each in value.items() if name != "SearchStringBase64"}
    if "SearchString" in value:
        found["SearchString"] = base64.b64encode(str(value["SearchString"]).encode()).decode()
    elif "SearchStringBase64" in value:
        found["SearchString"] = value["SearchStringBase64"]
    return found


def _as_api(proceed: Any, properties: Properties) -> Provisioned:
    provisioned: Provisioned = proceed()
    _name, acl, scope = provisioned[0].split("|")
    record = internals.get("services.waf", "web_acl_record")(acl, scope)
    record["Rules"] = as_api(properties.get("Rules", []))
    return provisioned


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    resource, acl = str(properties["ResourceArn"]), str(properties["WebACLArn"])
    try:
        client("wafv2").associate_web_acl(WebACLArn=acl, ResourceArn=resource)
    except ClientError as error:
        raise ResourceError(f"{acl}: {error.response['Error']['Message']}") from error
    return f"{resource}|{acl}", {}


def _update(_physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Provisioned:
    # The old one's delete follows where the resource changed; a resource has one web ACL, the last one given.
    if old["ResourceArn"] != new["ResourceArn"]:
        client("wafv2").disassociate_web_acl(ResourceArn=old["ResourceArn"])
    return _create(logical_id, new, stack)


def _delete(physical_id: str, properties: Properties) -> None:
    waf, resource = client("wafv2"), str(properties["ResourceArn"])
    try:
        current = waf.get_web_acl_for_resource(ResourceArn=resource)["WebACL"]["ARN"]
    except ClientError:
        return
    if physical_id == f"{resource}|{current}":
        waf.disassociate_web_acl(ResourceArn=resource)


def install() -> None:
    """Register the type, and wrap the web ACL's."""
    wrap_provisioning(WEB_ACL, _as_api, blocking=False)
    register(TYPE, Handler(create=_create, update=_update, delete=_delete), blocking=True)
