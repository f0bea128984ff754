"""What Karpenter may do at AWS: launch, tag and end instances that carry its cluster's tags.

After the policies of Karpenter's reference ("CloudFormation"), with less: the nodes' instance profile is made here,
so it may make, change and delete none; prices are those that it was built with (`isolatedVPC`).
"""

from aws_cdk import Aws
from aws_cdk import aws_iam as iam

_CREATED = ("fleet", "instance", "volume", "network-interface", "launch-template", "spot-instances-request")
_USED = ("security-group", "subnet", "capacity-reservation")


def nodes(*, cluster_name: str, region: str, node_role: iam.IRole) -> list[iam.PolicyStatement]:
    """Launch with this account's networks and AWS's images, but only what is tagged as the cluster's; end only
    what is."""
    own = f"arn:{Aws.PARTITION}:ec2:{region}:{Aws.ACCOUNT_ID}"
    public = f"arn:{Aws.PARTITION}:ec2:{region}::"
    owned = f"kubernetes.io/cluster/{cluster_name}"
    tagged_anew = {
        "StringEquals": {
            f"aws:RequestTag/{owned}": "owned",
            "aws:RequestTag/eks:eks-cluster-name": cluster_name,
        },
        "StringLike": {"aws:RequestTag/karpenter.sh/nodepool": "*"},
    }
    tagged_before = {
        "StringEquals": {f"aws:ResourceTag/{owned}": "owned"},
        "StringLike": {"aws:ResourceTag/karpenter.sh/nodepool": "*"},
    }
    created = [f"{own}:{kind}/*" for kind in _CREATED]
    launch = ["ec2:CreateFleet", "ec2:RunInstances"]
    return [
        iam.PolicyStatement(
            actions=launch,
            resources=[f"{public}image/*", f"{public}snapshot/*", *(f"{own}:{kind}/*" for kind in _USED)],
        ),
        iam.PolicyStatement(actions=launch, resources=[f"{own}:launch-template/*"], conditions=tagged_before),
        iam.PolicyStatement(
            actions=[*launch, "ec2:CreateLaunchTemplate"], resources=created, conditions=tagged_anew
        ),
        iam.PolicyStatement(
            actions=["ec2:CreateTags"],
            resources=created,
            conditions={
                **tagged_anew,
                "StringEquals": {
                    **tagged_anew["StringEquals"],
                    "ec2:CreateAction": ["CreateFleet", "CreateLaunchTemplate", "RunInstances"],
                },
            },
        ),
        iam.PolicyStatement(
            actions=["ec2:CreateTags"],
            resources=[f"{own}:instance/*"],
            conditions={
                **tagged_before,
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": ["eks:eks-cluster-name", "karpenter.sh/nodeclaim", "Name"]
                },
            },
        ),
        iam.PolicyStatement(
            actions=["ec2:DeleteLaunchTemplate", "ec2:TerminateInstances"],
            resources=[f"{own}:instance/*", f"{own}:launch-template/*"],
            conditions=tagged_before,
        ),
        iam.PolicyStatement(
            actions=["iam:PassRole"],
            resources=[node_role.role_arn],
            conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ]


def reads(*, cluster_name: str, region: str) -> list[iam.PolicyStatement]:
    """Look at what there is in this region, and at the cluster."""
    cluster = f"arn:{Aws.PARTITION}:eks:{region}:{Aws.ACCOUNT_ID}:cluster/{cluster_name}"
    return [
        iam.PolicyStatement(
            actions=[
                "ec2:DescribeCapacityReservations",
                "ec2:DescribeImages",
                "ec2:DescribeInstances",
                "ec2:DescribeInstanceStatus",
                "ec2:DescribeInstanceTypeOfferings",
                "ec2:DescribeInstanceTypes",
                "ec2:DescribeLaunchTemplates",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSpotPriceHistory",
                "ec2:DescribeSubnets",
            ],
            resources=["*"],
            conditions={"StringEquals": {"aws:RequestedRegion": region}},
        ),
        iam.PolicyStatement(
            actions=["ssm:GetParameter"],
            resources=[f"arn:{Aws.PARTITION}:ssm:{region}::parameter/aws/service/bottlerocket/*"],
        ),
        iam.PolicyStatement(actions=["eks:DescribeCluster"], resources=[cluster]),
        iam.PolicyStatement(
            actions=["arc-zonal-shift:GetManagedResource"],
            resources=["*"],
            conditions={"StringEquals": {"arc-zonal-shift:ResourceIdentifier": cluster}},
        ),
    ]
