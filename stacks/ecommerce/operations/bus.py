"""The bus of the shop's events in one region, with its archive and the schemas of what may be on it."""

import json
import re

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_eventschemas as eventschemas
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.ecommerce.operations.shop_events import EVENTS


class EventBus(Construct):
    """A bus encrypted with `key`. Exposes `bus`.

    `undelivered`: where an event goes that the bus could not encrypt or decrypt. `replayed_for`: how long its
    events stay in the archive. The schemas are written down here and not discovered: EventBridge discovers none
    on a bus with a customer managed key ("Encrypting EventBridge event buses with AWS KMS keys").
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bus_name: str,
        key: kms.IKey,
        undelivered: sqs.IQueue,
        replayed_for: Duration,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(
            self,
            "Bus",
            event_bus_name=bus_name,
            description="Events of the shop",
            kms_key=key,
            dead_letter_queue=undelivered,
        )
        # The construct names the queue and does not let the bus use it.
        undelivered.add_to_resource_policy(
            iam.PolicyStatement(
                sid="FromTheBus",
                principals=[iam.ServicePrincipal("events.amazonaws.com")],
                actions=["sqs:SendMessage"],
                resources=[undelivered.queue_arn],
                conditions={"ArnEquals": {"aws:SourceArn": self.bus.event_bus_arn}},
            )
        )
        self._refuse_strangers()
        archive = events.Archive(
            self,
            "Archive",
            source_event_bus=self.bus,
            description=f"Events of the shop, to be replayed within {replayed_for.to_days()} days",
            # what was replicated is in the archive of the region that it comes from
            event_pattern=events.EventPattern(
                account=[Stack.of(self).account], region=[Stack.of(self).region]
            ),
            retention=replayed_for,
            kms_key=key,
        )
        archive.node.default_child.apply_removal_policy(removal_policy)  # type: ignore[union-attr]  # the CfnArchive
        registry = eventschemas.CfnRegistry(
            self, "Registry", registry_name=bus_name, description="Events of the shop"
        )
        for event in EVENTS:
            name = re.sub(r"\W", "", event.name)
            eventschemas.CfnSchema(
                self,
                f"{name}Schema",
                registry_name=registry.attr_registry_name,
                schema_name=f"{event.source}@{name}",
                type="JSONSchemaDraft4",
                description=f"Sent by {event.sent_by or 'nobody yet'}",
                content=json.dumps(event.schema, separators=(",", ":")),
            )

    def _refuse_strangers(self) -> None:
        """No other account, even if one of this account's policies were to let it in."""
        self.bus.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OnlyThisAccount",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["events:PutEvents"],
                resources=[self.bus.event_bus_arn],
                conditions={
                    "StringNotEquals": {"aws:PrincipalAccount": Stack.of(self).account},
                    # Pipes and rules of this account come with their role, and so with its account
                    "Bool": {"aws:PrincipalIsAWSService": "false"},
                },
            )
        )
