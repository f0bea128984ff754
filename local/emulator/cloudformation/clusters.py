"""AWS::EKS::Cluster: its security group is one of EC2's, as on AWS, so that others can put rules into it.

ministack makes an id up that EC2 does not know. The group is `eks-cluster-sg-<cluster>` in the VPC of the cluster's
subnets, and goes with the cluster; of subnets that do not exist there is none.
"""

from typing import Any, Final

from botocore.exceptions import ClientError

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties, Provisioned, table, wrap_provisioning
from local.emulator.cloudformation.own_api import client

TYPE: Final = "AWS::EKS::Cluster"


def _found(cluster: str) -> str | None:
    groups = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": [f"eks-cluster-sg-{cluster}"]}]
    )["SecurityGroups"]
    return str(groups[0]["GroupId"]) if groups else None


def _made(cluster: str, properties: Properties) -> str | None:
    subnets = (properties.get("ResourcesVpcConfig") or {}).get("SubnetIds") or []
    try:
        (subnet,) = client("ec2").describe_subnets(SubnetIds=subnets[:1])["Subnets"]
    except (ClientError, ValueError):
        return None
    group = client("ec2").create_security_group(
        GroupName=f"eks-cluster-sg-{cluster}",
        Description="EKS created security group",
        VpcId=subnet["VpcId"],
    )
    return str(group["GroupId"])


def _with_group(proceed: Any, properties: Properties) -> Provisioned:
    cluster, attributes = proceed()
    group = _found(cluster) or _made(cluster, properties)
    if group is None:
        return cluster, attributes
    internals.get("services.eks", "_clusters")[cluster]["resourcesVpcConfig"]["clusterSecurityGroupId"] = (
        group
    )
    return cluster, {**attributes, "ClusterSecurityGroupId": group}


def install() -> None:
    """Wrap the type's handler."""
    wrap_provisioning(TYPE, _with_group, blocking=True)
    entry = table()[TYPE]
    delete = entry["delete"]

    def delete_with_group(cluster: str, properties: Properties) -> None:
        delete(cluster, properties)
        group = _found(cluster)
        if group is not None:
            client("ec2").delete_security_group(GroupId=group)

    table()[TYPE] = {**entry, "delete": delete_with_group}
