"""The audit trail: who did what, in all regions, with a proof that nothing was changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.operations.trail_bucket import TrailBucket

Selector = cloudtrail.CfnTrail.AdvancedEventSelectorProperty
Field = cloudtrail.CfnTrail.AdvancedFieldSelectorProperty


@dataclass(frozen=True, slots=True)
class Recorded:
    """Which data events are recorded.

    `buckets`: beginnings of the names of buckets, whose objects' reads and writes are; but not of those whose name
    begins with `but`: a trail that records its own writing never ends. `tables`: names of tables. `whose`: of the
    tables' items, everybody's, or those of people and of all else that is no role of `own_roles`, the beginning of
    the platform's roles' names.
    """

    buckets: Sequence[str]
    but: Sequence[str]
    tables: Sequence[str]
    whose: Literal["people", "all"]
    own_roles: str


class Trail(Construct):
    """A trail of all regions in `bucket`, encrypted with `key`, and in a log group. Exposes `log_group`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        trail_name: str,
        bucket: TrailBucket,
        key: kms.IKey,
        recorded: Recorded,
        insights: bool,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self, "Logs", encryption_key=key, retention=log_retention, removal_policy=removal_policy
        )
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "cloudtrail.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
        )
        policy = iam.ManagedPolicy(self, "Policy", roles=[role])
        self.log_group.grant_write(policy)
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=trail_name,
            is_logging=True,
            is_multi_region_trail=True,
            include_global_service_events=True,
            enable_log_file_validation=True,
            s3_bucket_name=bucket.bucket.bucket_name,
            kms_key_id=key.key_arn,
            cloud_watch_logs_log_group_arn=self.log_group.log_group_arn,
            cloud_watch_logs_role_arn=role.role_arn,
            advanced_event_selectors=_selectors(recorded),
            insight_selectors=[
                cloudtrail.CfnTrail.InsightSelectorProperty(insight_type=kind)
                for kind in ("ApiCallRateInsight", "ApiErrorRateInsight")
            ]
            if insights
            else None,
        )
        # It tries to write to both while it is made.
        trail.node.add_dependency(policy)
        trail.node.add_dependency(bucket)
        trail.apply_removal_policy(removal_policy)


def _selectors(recorded: Recorded) -> list[Selector]:
    tables = [
        Field(field="eventCategory", equal_to=["Data"]),
        Field(field="resources.type", equal_to=["AWS::DynamoDB::Table"]),
        Field(field="resources.ARN", ends_with=[f":table/{name}" for name in recorded.tables]),
    ]
    if recorded.whose == "people":
        # "Filtering data events by using advanced event selectors": userIdentity.arn is a field of data events.
        tables.append(
            Field(
                field="userIdentity.arn",
                not_starts_with=[
                    f"arn:{Aws.PARTITION}:sts::{Aws.ACCOUNT_ID}:assumed-role/{recorded.own_roles}"
                ],
            )
        )
    return [
        Selector(
            name="All management events",
            field_selectors=[Field(field="eventCategory", equal_to=["Management"])],
        ),
        Selector(
            name="Objects of the platform's buckets",
            field_selectors=[
                Field(field="eventCategory", equal_to=["Data"]),
                Field(field="resources.type", equal_to=["AWS::S3::Object"]),
                Field(
                    field="resources.ARN",
                    starts_with=[f"arn:{Aws.PARTITION}:s3:::{name}" for name in recorded.buckets],
                    not_starts_with=[f"arn:{Aws.PARTITION}:s3:::{name}" for name in recorded.but],
                ),
            ],
        ),
        Selector(name="Items of the platform's tables", field_selectors=tables),
    ]
