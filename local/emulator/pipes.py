"""EventBridge Pipes from a queue or a table's stream to an event bus.

ministack's pipes lead from a stream to SNS and Step Functions; it keeps neither filters nor templates, and holds
what is for a bus for ever. What is not delivered here is tried again at the next look, a second later: a
dead-letter queue and the number of attempts do not act.
"""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties, Provisioned, wrap_provisioning
from local.emulator.cloudformation.own_api import client

TYPE: Final = "AWS::Pipes::Pipe"
_MODULE: Final = "services.pipes"
_KEPT: Final = ("SourceParameters", "TargetParameters")
_PATH: Final = re.compile(r"<\$\.([^<>]+)>")
_log = logging.getLogger("local.emulator")


def filled(template: str, record: Mapping[str, Any]) -> str:
    """An input template with the record's values in the places of `<$.path>`, as JSON; what is missing is null."""

    def value(match: "re.Match[str]") -> str:
        found: Any = record
        for part in match[1].split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
        return json.dumps(found)

    return _PATH.sub(value, template)


def _passes(pipe: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    criteria = (pipe.get("SourceParameters") or {}).get("FilterCriteria") or {}
    filters = [json.loads(each["Pattern"]) for each in criteria.get("Filters", [])]
    matches = internals.get("services.eventbridge", "_matches_detail")
    return not filters or any(matches(record, each) for each in filters)


def _put(pipe: Mapping[str, Any], records: list[Any]) -> bool:
    """Whether the bus has all that pass the filter."""
    parameters = pipe.get("TargetParameters") or {}
    event = parameters.get("EventBridgeEventBusParameters") or {}
    template = parameters.get("InputTemplate")
    for record in records:
        if not _passes(pipe, record):
            continue
        entry = {
            "Source": event.get("Source", f"Pipe {pipe['Name']}"),
            "DetailType": event.get("DetailType", "Event from EventBridge Pipes"),
            "Detail": filled(template, record) if template else json.dumps(record),
            "EventBusName": pipe["Target"],
        }
        try:
            refused = client("events").put_events(Entries=[entry])["FailedEntryCount"]
        except ClientError as error:
            _log.warning("pipe %s: %s", pipe["Name"], error)
            return False
        if refused:
            _log.warning("pipe %s: the bus refuses the event", pipe["Name"])
            return False
    return True


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def _drain(pipe: Mapping[str, Any]) -> None:
    """Deliver what waits in the queue."""
    sqs = client("sqs")
    try:
        url = sqs.get_queue_url(QueueName=pipe["Source"].rpartition(":")[2])["QueueUrl"]
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            if _put(pipe, [{"messageId": message["MessageId"], "body": _parsed(message["Body"])}]):
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    except ClientError as error:
        _log.warning("pipe %s: %s", pipe["Name"], error)


def _kept(proceed: Any, properties: Properties) -> Provisioned:
    provisioned: Provisioned = proceed()
    internals.get(_MODULE, "_pipes")[provisioned[0]].update(
        {name: properties[name] for name in _KEPT if name in properties}
    )
    return provisioned


def install() -> None:
    """Keep what a pipe does with its records, look into queues, and deliver to buses."""
    wrap_provisioning(TYPE, _kept, blocking=False)
    deliver = internals.get(_MODULE, "_deliver_batch")
    poll = internals.get(_MODULE, "_poll_pipe")

    def deliver_to_bus(pipe: dict[str, Any], batch: list[Any]) -> bool:
        return _put(pipe, batch) if ":event-bus/" in pipe["Target"] else bool(deliver(pipe, batch))

    def poll_queue(_ddb: Any, pipe: dict[str, Any], pipe_account_id: str) -> None:
        if pipe["Source"].split(":")[2:3] != ["sqs"] or ":event-bus/" not in pipe["Target"]:
            poll(_ddb, pipe, pipe_account_id)
        elif pipe["CurrentState"] == "RUNNING":
            _drain(pipe)

    internals.replace(_MODULE, "_deliver_batch", deliver_to_bus)
    internals.replace(_MODULE, "_poll_pipe", poll_queue)
