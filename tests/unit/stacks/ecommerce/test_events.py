"""The shop's events: each reaches who should have it, in its own region once, and the others without a loop."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks, NIST80053R5Checks, PCIDSS321Checks

from stacks import settings
from stacks.ecommerce.operations.business_metrics import handler
from stacks.ecommerce.operations.events_stack import EcommerceEvents
from stacks.ecommerce.operations.shop_events import (
    EVENTS,
    FACTS,
    INVENTORY_CHANGED,
    ITEM_ADDED,
    ORDER_PLACED,
    EventType,
)
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.event_patterns import matches
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
PINNED = {
    "EventsArchive5A2DBDD8",
    "EventsBus45DE4339",
    "FulfilmentDeadQueue76DABDD0",
    "FulfilmentQueue26A1FA60",
    "NotificationsDeadQueueFFDD692E",
    "NotificationsQueue91395D8F",
    "OrderEventsDeadQueueC9129E16",
    "OrderEventsQueue0D4C30B0",
    "PaymentsDeadQueue1E98F1D2",
    "PaymentsQueueC485226B",
    "UndeliveredQueue47FA64CB",
}
NAMES = [region.name for region in DEFAULT.regions]


def events(region: str) -> Template:
    return platform()[stack_name("Events", region, None)]


def rules(region: str) -> list[Template]:
    return resources(events(region), "AWS::Events::Rule")


def taken_by(region: str, event: dict[str, Any]) -> list[str]:
    """The descriptions of the rules of a region's bus that match."""
    return [rule["Description"] for rule in rules(region) if matches(rule["EventPattern"], event)]


@every_region
def test_an_order_is_packed_told_and_measured_once_where_it_was_placed(region: Region) -> None:
    event = ORDER_PLACED.in_region(region.name)
    others = [f"Events of {region.name} to {name}" for name in NAMES if name != region.name]
    assert taken_by(region.name, event) == [
        "An order waits to be packed",
        "The customer is told of his order",
        "Business metrics of all events",
        *others,
    ]


@every_event
def test_what_came_from_another_region_is_neither_sent_on_nor_done_twice(event: EventType) -> None:
    for here in NAMES:
        for there in NAMES:
            if there != here:
                assert taken_by(here, event.in_region(there)) == []


@every_event
def test_every_event_is_measured_and_replicated_if_it_should_be(event: EventType) -> None:
    taken = taken_by("us-east-1", event.in_region("us-east-1"))
    assert ("Business metrics of all events" in taken) is (event in FACTS)
    assert ("Events of us-east-1 to eu-west-1" in taken) is event.replicated


def test_no_event_of_somebody_else_is_taken_for_one_of_the_shops() -> None:
    strange = ORDER_PLACED.in_region("us-east-1") | {"source": "com.elsewhere"}
    assert taken_by("us-east-1", strange) == []


@pytest.mark.parametrize(("available", "told"), [(0, True), (9, True), (10, False)])
def test_low_stock_is_told_below_ten(available: int, told: bool) -> None:
    event = INVENTORY_CHANGED.in_region("us-east-1")
    event["detail"] = {**event["detail"], "available": available}
    assert ("Fewer than 10 of a product are left" in taken_by("us-east-1", event)) is told


@every_region
def test_every_rule_has_a_target_a_dead_letter_queue_and_an_event_that_it_is_for(region: Region) -> None:
    assert len(rules(region.name)) == 5 + len(NAMES) - 1
    for rule in rules(region.name):
        assert rule["Targets"], rule["Description"]
        assert all("DeadLetterConfig" in target for target in rule["Targets"]), rule["Description"]
        examples = [event.in_region(region.name) for event in EVENTS]
        assert any(matches(rule["EventPattern"], example) for example in examples), rule["Description"]


@every_region
def test_whoever_cannot_deliver_may_put_it_into_the_dead_letter_queue(region: Region) -> None:
    """Without a statement for a rule its dead letters are lost without a word."""
    found = events(region.name)
    (policy,) = [
        each["PolicyDocument"]["Statement"]
        for each in resources(found, "AWS::SQS::QueuePolicy")
        if "Undelivered" in json.dumps(each["Queues"])
    ]
    allowed = json.dumps([statement for statement in policy if statement["Effect"] == "Allow"])
    for name, each in found["Resources"].items():
        if each["Type"] in ("AWS::Events::Rule", "AWS::Events::EventBus"):
            assert f'"{name}"' in allowed, name


@every_region
def test_all_that_waits_is_encrypted_and_no_stranger_can_send(region: Region) -> None:
    found = events(region.name)
    for kind, key in (
        ("AWS::SQS::Queue", "KmsMasterKeyId"),
        ("AWS::SNS::Topic", "KmsMasterKeyId"),
        ("AWS::Events::EventBus", "KmsKeyIdentifier"),
        ("AWS::Events::Archive", "KmsKeyIdentifier"),
        ("AWS::Pipes::Pipe", "KmsKeyIdentifier"),
        ("AWS::Logs::LogGroup", "KmsKeyId"),
        ("AWS::Lambda::Function", "KmsKeyArn"),
    ):
        assert resources(found, kind), kind
        for each in resources(found, kind):
            assert f"EcommerceKeys-{region.name}" in json.dumps(each[key]), kind
    assert only(found, "AWS::Events::EventBusPolicy")["Statement"]["Effect"] == "Deny"


@every_event
def test_a_schema_is_registered_that_the_example_obeys(event: EventType) -> None:
    jsonschema_rs.validate(event.schema, event.in_region("eu-west-1"))
    registered = {
        each["SchemaName"]: json.loads(each["Content"])
        for each in resources(events("us-east-1"), "AWS::EventSchemas::Schema")
    }
    assert registered[f"{event.source}@{event.name.replace(' ', '')}"] == event.schema


@pytest.mark.parametrize("event", FACTS, ids=lambda event: event.name)
def test_an_event_becomes_metrics_without_dimensions(event: EventType) -> None:
    made = handler.line(event.in_region("us-east-1"), namespace="Ecommerce")
    (directive,) = made["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Ecommerce"
    assert directive["Dimensions"] == [[]], (
        "each product or customer would be a metric of its own, and paid for"
    )
    assert directive["Metrics"]
    assert all(isinstance(made[metric["Name"]], int) for metric in directive["Metrics"])
    assert made["_aws"]["Timestamp"] == 1795766400000


def test_an_order_counts_its_items_which_carts_are_compared_with() -> None:
    made = handler.line(ORDER_PLACED.in_region("us-east-1"), namespace="Ecommerce")
    assert (made["OrdersPlaced"], made["ItemsOrdered"]) == (1, 1)


def test_an_event_that_is_not_as_it_should_be_is_an_error_and_no_zero() -> None:
    broken = ORDER_PLACED.in_region("us-east-1") | {"detail": {}}
    with pytest.raises(KeyError):
        handler.line(broken, namespace="Ecommerce")


def test_the_function_logs_one_line_of_json(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NAMESPACE", "Ecommerce")
    handler.handle(ITEM_ADDED.in_region("us-east-1"), None)
    assert json.loads(capsys.readouterr().out)["ItemsAdded"] == 1


def test_the_functions_code_needs_nothing_but_python() -> None:
    source = Path(handler.__file__).read_text()
    assert "boto3" not in source
    assert "from stacks" not in source


def test_each_order_that_the_service_writes_becomes_one_event() -> None:
    (pipe,) = (
        each
        for each in resources(events("us-east-1"), "AWS::Pipes::Pipe")
        if "SqsQueueParameters" in each["SourceParameters"]
    )
    assert pipe["SourceParameters"]["SqsQueueParameters"]["BatchSize"] == 1
    to = pipe["TargetParameters"]
    assert to["EventBridgeEventBusParameters"] == {"Source": "shop.orders", "DetailType": "Order Placed"}
    # what the orders service sends: its schema, src/orders/events of the sample
    written = re.sub(r"<\$\.body\.order\.(\w+)>", r'"\1"', to["InputTemplate"])
    assert json.loads(written) == {"order": {"id": "id", "orderItems": "orderItems"}}


def test_what_is_put_in_a_cart_becomes_an_event_without_whose_cart_it_is(tmp_path: Path) -> None:
    stream = "arn:aws:dynamodb:us-east-1:123456789012:table/ecommerce-carts/stream/2026"
    chosen = settings.load({**NEEDED, "ecommerce_phase": 4})
    app = App(context=FEATURE_FLAGS, outdir=str(tmp_path))
    keys = EcommerceKeys(app, region=DEFAULT.primary, settings=chosen, primary=None)
    EcommerceEvents(
        app,
        region=DEFAULT.primary,
        settings=chosen,
        operations_key=keys.operations_key,
        data_key=keys.data_key,
        others=[],
        carts_stream=stream,
    )
    for pack in (AwsSolutionsChecks, PCIDSS321Checks, NIST80053R5Checks):
        Validations.of(app).add_plugins(pack(app))
    app.synth()
    found = json.loads((tmp_path / "EcommerceEvents-us-east-1.template.json").read_text())
    (pipe,) = (each for each in resources(found, "AWS::Pipes::Pipe") if each["Source"] == stream)
    assert pipe["TargetParameters"]["InputTemplate"] == '{"productId": <$.dynamodb.NewImage.itemId.S>}'
    (wanted,) = pipe["SourceParameters"]["FilterCriteria"]["Filters"]
    assert matches(json.loads(wanted["Pattern"]), {"eventName": "INSERT"})
    assert not matches(json.loads(wanted["Pattern"]), {"eventName": "REMOVE"})
    assert pipe["SourceParameters"]["DynamoDBStreamParameters"]["DeadLetterConfig"]
    assert stream in json.dumps(resources(found, "AWS::IAM::ManagedPolicy"))
    assert not any("To-" in name or "Replication" in name for name in found["Resources"])


def test_what_is_replayed_and_what_waits_is_not_replaced_by_a_refactoring() -> None:
    """A new logical id is a new queue or bus, and what was in the old one is lost."""
    assert {
        name
        for name, each in events("us-east-1")["Resources"].items()
        if each["Type"] in ("AWS::SQS::Queue", "AWS::Events::EventBus", "AWS::Events::Archive")
    } == PINNED
