"""What EC2 and AWS Health say ahead about instances, for Karpenter to move pods in time."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge

# Karpenter, "CloudFormation" of its reference, section "Interruption Handling". By source and what it says.
_EVENTS: Final[Mapping[str, tuple[str, str]]] = {
    "ScheduledChange": ("aws.health", "AWS Health Event"),
    "SpotInterruption": ("aws.ec2", "EC2 Spot Instance Interruption Warning"),
    "Rebalance": ("aws.ec2", "EC2 Instance Rebalance Recommendation"),
    "StateChange": ("aws.ec2", "EC2 Instance State-change Notification"),
    "CapacityReservation": ("aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"),
}


class InterruptionQueue(Construct):
    """An encrypted queue with those events of the region. Exposes `queue`.

    A Spot instance has two minutes: a message of five minutes ago is of no use to anybody.
    """

    def __init__(self, scope: Construct, construct_id: str, *, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.KMS,
            encryption_master_key=key,
            enforce_ssl=True,
            retention_period=Duration.minutes(5),
        )
        acknowledge(
            self.queue,
            "AwsSolutions-SQS3",
            reason="A message that nobody took within five minutes is about an instance that is gone; Karpenter "
            "looks at the instances themselves too.",
        )
        for name, (source, detail_type) in _EVENTS.items():
            events.Rule(
                self,
                name,
                event_pattern=events.EventPattern(source=[source], detail_type=[detail_type]),
                targets=[targets.SqsQueue(self.queue)],
            )
