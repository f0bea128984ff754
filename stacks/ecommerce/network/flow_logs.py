"""Who spoke to whom in a region's network, encrypted and kept for as long as the setting says."""

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.security.key_statements import logs_may_use


class FlowLogs(Construct):
    """Flow logs of `vpc` in a log group that a key of this region encrypts.

    All traffic, and not only what was refused: after a theft the question is which accepted connection carried it.
    A record covers ten minutes of a connection, which is a tenth of the records of one minute. Exposes `key`, with
    which other log groups of the stack can be encrypted.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        vpc: ec2.Vpc,
        region: str,
        retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Flow logs of the e-commerce platform's network in {region}",
            enable_key_rotation=True,
            # Without it nothing can read a log that was kept.
            removal_policy=removal_policy,
        )
        stack = Stack.of(self)
        # The group's own ARN would be a circle. CloudFormation begins the name that it generates with the stack's.
        self.key.add_to_resource_policy(logs_may_use(stack.region, groups=f"{stack.stack_name}-*"))
        group = logs.LogGroup(
            self, "Group", encryption_key=self.key, retention=retention, removal_policy=removal_policy
        )
        # "Prevent the confused deputy problem": no other account's flow log can write here.
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "vpc-flow-logs.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        # A managed policy, which can be reviewed and audited by itself; the L2 construct would write an inline one.
        group.grant_write(iam.ManagedPolicy(self, "Policy", roles=[role]))
        vpc.add_flow_log(
            "FlowLog",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(group, role.without_policy_updates()),
            traffic_type=ec2.FlowLogTrafficType.ALL,
            max_aggregation_interval=ec2.FlowLogMaxAggregationInterval.TEN_MINUTES,
        )
