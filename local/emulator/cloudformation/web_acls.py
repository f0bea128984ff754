"""AWS::WAFv2::WebACLAssociation: which web ACL a load balancer or an API's stage has.

GetWebACLForResource tells it. Nothing is filtered by it.
"""

from botocore.exceptions import ClientError

from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, ResourceError, register
from local.emulator.cloudformation.own_api import client

TYPE = "AWS::WAFv2::WebACLAssociation"


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
    """Register the type."""
    register(TYPE, Handler(create=_create, update=_update, delete=_delete), blocking=True)
