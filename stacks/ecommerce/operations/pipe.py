"""A pipe that puts on the bus what it reads elsewhere."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_pipes as pipes
from constructs import Construct

from stacks.ecommerce.operations.shop_events import EventType


class Pipe(Construct):
    """A pipe to `bus` that makes an `event` of what it reads, encrypted with `key`.

    `source`: the ARN of a queue or stream. `detail`: the template of the event's detail. Exposes `policy`, which
    lets the pipe do what it must with its source.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: str,
        source_parameters: pipes.CfnPipe.PipeSourceParametersProperty,
        event: EventType,
        detail: str,
        bus: events.IEventBus,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "pipes.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}}
            ),
        )
        self.policy = iam.ManagedPolicy(self, "Policy", roles=[role])
        bus.grant_put_events_to(self.policy)
        key.grant_decrypt(self.policy)
        group = logs.LogGroup(
            self, "Logs", encryption_key=key, retention=log_retention, removal_policy=removal_policy
        )
        group.grant_write(self.policy)
        pipe = pipes.CfnPipe(
            self,
            "Pipe",
            description=f"{event.name}, by {event.sent_by}",
            role_arn=role.role_arn,
            source=source,
            source_parameters=source_parameters,
            target=bus.event_bus_arn,
            target_parameters=pipes.CfnPipe.PipeTargetParametersProperty(
                input_template=detail,
                event_bridge_event_bus_parameters=pipes.CfnPipe.PipeTargetEventBridgeEventBusParametersProperty(
                    source=event.source, detail_type=event.name
                ),
            ),
            kms_key_identifier=key.key_arn,
            log_configuration=pipes.CfnPipe.PipeLogConfigurationProperty(
                level="ERROR",
                cloudwatch_logs_log_destination=pipes.CfnPipe.CloudwatchLogsLogDestinationProperty(
                    log_group_arn=group.log_group_arn
                ),
            ),
        )
        # it looks at its role's rights when it is made
        pipe.node.add_dependency(self.policy)
