"""Where the events of carts come from: the stream of the carts' table."""

from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_pipes as pipes
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.event_queue import may_send
from stacks.ecommerce.operations.pipe import Pipe
from stacks.ecommerce.operations.shop_events import ITEM_ADDED

# Of a record, before it goes to the dead-letter queue.
_MOST_ATTEMPTS: Final = 10


class CartSource(Construct):
    """A pipe from `stream`, the ARN of the carts' table's stream, for each item that is put in a cart.

    In the primary alone: the stream of a global table's replica has the writes of all regions. `data_key`: of the
    table.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stream: str,
        data_key: kms.IKey,
        undelivered: sqs.IQueue,
        bus: events.IEventBus,
        key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        pipe = Pipe(
            self,
            "Carts",
            source=stream,
            source_parameters=pipes.CfnPipe.PipeSourceParametersProperty(
                filter_criteria=pipes.CfnPipe.FilterCriteriaProperty(
                    filters=[pipes.CfnPipe.FilterProperty(pattern='{"eventName":["INSERT"]}')]
                ),
                dynamo_db_stream_parameters=pipes.CfnPipe.PipeSourceDynamoDBStreamParametersProperty(
                    starting_position="LATEST",
                    maximum_retry_attempts=_MOST_ATTEMPTS,
                    # one record that cannot be read must not hold up the others of its shard
                    on_partial_batch_item_failure="AUTOMATIC_BISECT",
                    dead_letter_config=pipes.CfnPipe.DeadLetterConfigProperty(arn=undelivered.queue_arn),
                ),
            ),
            event=ITEM_ADDED,
            detail='{"productId": <$.dynamodb.NewImage.itemId.S>}',
            bus=bus,
            key=key,
            log_retention=log_retention,
            removal_policy=removal_policy,
        )
        pipe.policy.add_statements(
            iam.PolicyStatement(
                actions=[
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ],
                resources=[stream],
            )
        )
        data_key.grant_decrypt(pipe.policy)
        may_send(pipe.policy, undelivered, key=key)
