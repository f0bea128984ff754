"""A queue that events wait in, and where those go that nobody could take."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge

# The longest that SQS keeps a message ("Amazon SQS message quotas"): over a long week-end there is still time.
KEPT = Duration.days(14)
# A message that was received so often and never deleted is the consumer's trouble, and not of the moment.
ATTEMPTS = 5


class DeadLetterQueue(Construct):
    """A queue of what could not be delivered, encrypted with `key`. Exposes `queue`.

    `of_rules`: whether rules alone send to it. cdk-nag knows such a queue by the queue or function that has it.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, queue_name: str, key: kms.IKey, of_rules: bool = False
    ) -> None:
        super().__init__(scope, construct_id)
        self.queue: sqs.IQueue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=KEPT,
        )
        if of_rules:
            acknowledge(
                self.queue,
                "AwsSolutions-SQS3",
                reason="It is a dead-letter queue itself; an alarm tells of the first message in it.",
            )


class EventQueue(Construct):
    """A queue, encrypted with `key`. Exposes `queue` and `dead`, the queue of what was received in vain."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        queue_name: str,
        key: kms.IKey,
        # of its consumer's work on one message
        visibility: Duration,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead = DeadLetterQueue(self, "Dead", queue_name=f"{queue_name}-dead", key=key).queue
        self.queue: sqs.IQueue = sqs.Queue(
            self,
            "Queue",
            queue_name=queue_name,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=KEPT,
            visibility_timeout=visibility,
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=ATTEMPTS, queue=self.dead),
        )


def may_send(policy: iam.ManagedPolicy, queue: sqs.IQueue, *, key: kms.IKey) -> None:
    """Let who has `policy` send to `queue`, which is encrypted with `key`: what "Amazon SQS key management" asks of
    a producer, without the wildcards of the construct's own grant."""
    policy.add_statements(
        iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]),
        iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn]),
    )
