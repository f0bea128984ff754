"""What stops a region's database from taking writes before another region's is promoted."""

from pathlib import Path

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.platform_function import PlatformFunction

_PACKAGE = Path(__file__).parent / "write_fence"


class Fence(Construct):
    """Two functions, as Region Switch gives its Lambda steps no input: one fences, the other releases."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: str | None,
        region: str,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        here = f"arn:{Aws.PARTITION}:rds:{region}:{Aws.ACCOUNT_ID}"
        for action, purpose in (
            ("fence", "Stops the orders' database of this region from taking writes"),
            ("release", "Lets the orders' database of this region take writes"),
        ):
            made = PlatformFunction(
                self,
                action.title(),
                name=names.fence_function(action, stage),
                folder=_PACKAGE,
                handler=action,
                description=purpose,
                environment={"DATABASE": names.database(stage)},
                statements=[
                    iam.PolicyStatement(
                        actions=["rds:DescribeDBInstances"], resources=[f"{here}:db:{names.database(stage)}"]
                    ),
                    iam.PolicyStatement(
                        actions=["rds:ModifyDBParameterGroup"],
                        resources=[f"{here}:pg:*"],
                        conditions={"StringEquals": {"aws:ResourceTag/platform": "ecommerce"}},
                    ),
                ],
                timeout=Duration.minutes(5),
                log_retention=log_retention,
                log_key=log_key,
                removal_policy=removal_policy,
            )
            acknowledge_wildcards(
                made.policy,
                [f"{here}:pg:*"],
                reason="The parameter group's name is generated, and differs after a replica was made anew; its "
                "tag says that it is the platform's.",
            )
