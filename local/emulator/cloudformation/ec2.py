"""EC2 types whose API ministack implements, but not their CloudFormation handler."""

from typing import Any

from botocore.exceptions import ClientError

from local.emulator.cloudformation.handlers import Handler, Properties, Provisioned, register
from local.emulator.cloudformation.own_api import client

_GONE = {
    "InvalidAllocationID.NotFound",
    "InvalidAddress.NotFound",
    "NatGatewayNotFound",
    "InvalidPermission.NotFound",
    "InvalidGroup.NotFound",
    "InvalidFlowLogId.NotFound",
    "InvalidNetworkAclID.NotFound",
}


def _pick(properties: Properties, *names: str) -> dict[str, Any]:
    return {name: properties[name] for name in names if name in properties}


def _unless_gone(action: Any, **request: Any) -> None:
    """Delete as CloudFormation does: what is gone already is no error."""
    try:
        action(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _GONE:
            raise


def _tag_specification(kind: str, properties: Properties) -> dict[str, Any]:
    tags = properties.get("Tags")
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


# --- elastic IP address ----------------------------------------------------------------------------------


def _create_address(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    made = client("ec2").allocate_address(
        Domain=properties.get("Domain", "vpc"), **_tag_specification("elastic-ip", properties)
    )
    return made["PublicIp"], {"AllocationId": made["AllocationId"], "PublicIp": made["PublicIp"]}


def _delete_address(physical_id: str, _properties: Properties) -> None:
    for address in client("ec2").describe_addresses()["Addresses"]:
        if address["PublicIp"] == physical_id:
            _unless_gone(client("ec2").release_address, AllocationId=address["AllocationId"])


# --- NAT gateway -----------------------------------------------------------------------------------------


def _create_nat_gateway(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    request = _pick(properties, "SubnetId", "AllocationId", "ConnectivityType")
    made = client("ec2").create_nat_gateway(**request, **_tag_specification("natgateway", properties))
    gateway_id = made["NatGateway"]["NatGatewayId"]
    return gateway_id, {"NatGatewayId": gateway_id}


def _delete_nat_gateway(physical_id: str, _properties: Properties) -> None:
    _unless_gone(client("ec2").delete_nat_gateway, NatGatewayId=physical_id)


# --- rules of security groups ----------------------------------------------------------------------------


def _rule(properties: Properties, peer_property: str) -> dict[str, Any]:
    described = _pick(properties, "Description")
    permission: dict[str, Any] = {"IpProtocol": str(properties["IpProtocol"])}
    for name in ("FromPort", "ToPort"):
        if name in properties:
            permission[name] = int(properties[name])
    if "CidrIp" in properties:
        permission["IpRanges"] = [{"CidrIp": properties["CidrIp"], **described}]
    if "CidrIpv6" in properties:
        permission["Ipv6Ranges"] = [{"CidrIpv6": properties["CidrIpv6"], **described}]
    if peer_property in properties:
        permission["UserIdGroupPairs"] = [{"GroupId": properties[peer_property], **described}]
    for name in ("SourcePrefixListId", "DestinationPrefixListId"):
        if name in properties:
            permission["PrefixListIds"] = [{"PrefixListId": properties[name], **described}]
    return {"GroupId": properties["GroupId"], "IpPermissions": [permission]}


def _rule_handler(direction: str, peer_property: str) -> Handler:
    def create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
        authorize = getattr(client("ec2"), f"authorize_security_group_{direction}")
        made = authorize(**_rule(properties, peer_property))
        rule_id = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return rule_id, {"Id": rule_id}

    def delete(_physical_id: str, properties: Properties) -> None:
        revoke = getattr(client("ec2"), f"revoke_security_group_{direction}")
        _unless_gone(revoke, **_rule(properties, peer_property))

    def update(
        physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str
    ) -> Provisioned:
        # A rule that differs in its description alone would be a duplicate beside the old one: old goes first.
        delete(physical_id, old)
        return physical_id, create(logical_id, new, stack)[1]

    return Handler(create=create, update=update, delete=delete)


# --- flow log --------------------------------------------------------------------------------------------


def _create_flow_log(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    made = client("ec2").create_flow_logs(
        ResourceIds=[properties["ResourceId"]],
        **_pick(
            properties,
            "ResourceType",
            "TrafficType",
            "LogGroupName",
            "LogDestinationType",
            "LogDestination",
            "DeliverLogsPermissionArn",
        ),
        **(
            {"MaxAggregationInterval": int(properties["MaxAggregationInterval"])}
            if "MaxAggregationInterval" in properties
            else {}
        ),
        **_tag_specification("vpc-flow-log", properties),
    )
    flow_log_id = made["FlowLogIds"][0]
    return flow_log_id, {"Id": flow_log_id}


def _delete_flow_log(physical_id: str, _properties: Properties) -> None:
    _unless_gone(client("ec2").delete_flow_logs, FlowLogIds=[physical_id])


# --- network ACL -----------------------------------------------------------------------------------------


def _create_network_acl(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    made = client("ec2").create_network_acl(
        VpcId=properties["VpcId"], **_tag_specification("network-acl", properties)
    )
    acl_id = made["NetworkAcl"]["NetworkAclId"]
    return acl_id, {"Id": acl_id}


def _delete_network_acl(physical_id: str, _properties: Properties) -> None:
    _unless_gone(client("ec2").delete_network_acl, NetworkAclId=physical_id)


TYPES = {
    "AWS::EC2::EIP": Handler(create=_create_address, delete=_delete_address),
    "AWS::EC2::NatGateway": Handler(create=_create_nat_gateway, delete=_delete_nat_gateway),
    "AWS::EC2::SecurityGroupIngress": _rule_handler("ingress", "SourceSecurityGroupId"),
    "AWS::EC2::SecurityGroupEgress": _rule_handler("egress", "DestinationSecurityGroupId"),
    "AWS::EC2::FlowLog": Handler(create=_create_flow_log, delete=_delete_flow_log),
    "AWS::EC2::NetworkAcl": Handler(create=_create_network_acl, delete=_delete_network_acl),
}


def install() -> None:
    """Register the types."""
    for resource_type, handler in TYPES.items():
        register(resource_type, handler, blocking=True)
