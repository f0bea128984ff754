"""The other regions' buses get the events of this one: who takes over after a failover has the orders' events.

Rules and no global endpoint of EventBridge: an endpoint joins two regions and not three, and its senders need a
signature (SigV4A) and an endpoint id that the shop's services do not know. What an endpoint would add, that
senders need not know which region is up, the services have by running in each region beside its bus.
"""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.operations.shop_events import EVENTS


class Replication(Construct):
    """Sends what began in `region` to the bus of the same name in each of the regions `to`.

    An event keeps the name of the region that it began in ("Sending and receiving events between AWS Regions in
    Amazon EventBridge"), so what came from another region is not sent on, and there is no loop.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus: events.IEventBus,
        bus_name: str,
        region: str,
        to: Iterable[str],
        undelivered: sqs.IQueue,
    ) -> None:
        super().__init__(scope, construct_id)
        others = {
            name: f"arn:{Aws.PARTITION}:events:{name}:{Aws.ACCOUNT_ID}:event-bus/{bus_name}" for name in to
        }
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("events.amazonaws.com"))
        iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[iam.PolicyStatement(actions=["events:PutEvents"], resources=list(others.values()))],
        )
        replicated = [event for event in EVENTS if event.replicated]
        for name, arn in others.items():
            events.Rule(
                self,
                f"To-{name}",
                event_bus=bus,
                description=f"Events of {region} to {name}",
                event_pattern=events.EventPattern(
                    source=sorted({event.source for event in replicated}),
                    detail_type=[event.name for event in replicated],
                    region=[region],
                ),
                targets=[
                    targets.EventBus(
                        events.EventBus.from_event_bus_arn(self, f"Bus-{name}", arn),
                        role=role.without_policy_updates(),
                        dead_letter_queue=undelivered,
                    )
                ],
            )
