"""Where the orders' events come from: the orders service writes them into a queue, a pipe puts them on the bus."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_pipes as pipes
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.operations.pipe import Pipe
from stacks.ecommerce.operations.shop_events import ORDER_PLACED


class OrderSource(Construct):
    """A pipe from the queue that the shop's orders service sends `{"order": …}` to."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        queue: sqs.IQueue,
        bus: events.IEventBus,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        pipe = Pipe(
            self,
            "Orders",
            source=queue.queue_arn,
            source_parameters=pipes.CfnPipe.PipeSourceParametersProperty(
                sqs_queue_parameters=pipes.CfnPipe.PipeSourceSqsQueueParametersProperty(batch_size=1)
            ),
            event=ORDER_PLACED,
            detail='{"order": {"id": <$.body.order.id>, "orderItems": <$.body.order.orderItems>}}',
            bus=bus,
            key=key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )
        queue.grant_consume_messages(pipe.policy)
