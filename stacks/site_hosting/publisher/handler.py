"""The Lambda function's entry: CloudFormation's custom resource, and an operator's `versions` and `rollback`."""

import json
import logging
import os
import threading
import time
from collections.abc import Mapping
from typing import Any, Final

import boto3
import botocore.session
import urllib3
from botocore.config import Config

from .archives import Archives, read_index
from .pointer import Pointer
from .pointer import client as key_value_store_client
from .publish import Publisher, RefusedError
from .store import CONNECTIONS, Store

_log = logging.getLogger("publisher")
_log.setLevel(logging.INFO)

_SECONDS_TO_ANSWER: Final = 10
"""Before Lambda's time is up, CloudFormation is told: else it would wait for an hour."""


def _s3_client() -> Any:
    session = botocore.session.get_session()
    # the dates of what is listed are nobody's here, and to make one of each text is half of a listing's time
    session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=str)
    return boto3.Session(botocore_session=session).client(
        "s3", config=Config(max_pool_connections=CONNECTIONS, retries={"mode": "standard"})
    )


_s3 = _s3_client()
_key_value_store = key_value_store_client()


def _publisher(keep: int) -> Publisher:
    store = Store(_s3, os.environ["BUCKET"])
    return Publisher(store, Pointer(_key_value_store, os.environ["KEY_VALUE_STORE_ARN"]), keep=keep)


def handle(event: Mapping[str, Any], context: Any) -> Any:
    """Answer CloudFormation's request, or {"operation": "versions" | "rollback", "version": id or ""}."""
    if "RequestType" in event:
        _for_cloudformation(event, context)
        return None
    try:
        return _for_operator(event)
    except RefusedError as error:
        return {"refused": str(error)}


def _for_operator(event: Mapping[str, Any]) -> Any:
    publisher = _publisher(int(os.environ["VERSIONS_KEPT"]))
    match event.get("operation"):
        case "versions":
            return {"versions": publisher.history()}
        case "rollback":
            return {"live": publisher.roll_back(str(event.get("version") or "")).id}
        case other:
            raise RefusedError(f"operation {other!r} is not known; legal: versions, rollback")


def _for_cloudformation(event: Mapping[str, Any], context: Any) -> None:
    """ "Custom resource request and response objects": exactly one answer, whatever happens."""
    answer = _Answer(event, context)
    seconds = max(context.get_remaining_time_in_millis() / 1000 - _SECONDS_TO_ANSWER, 1)
    alarm = threading.Timer(seconds, answer.failed, [f"not done within {seconds:.0f} s"])
    alarm.daemon = True
    alarm.start()
    try:
        live = ""
        if event["RequestType"] != "Delete":  # the bucket and the store go, or stay, by themselves
            live = _publish(event["ResourceProperties"])
        answer.succeeded({"Version": live})
    except Exception as error:
        _log.exception("failed")
        answer.failed(f"{type(error).__name__}: {error}")
    finally:
        alarm.cancel()


def _publish(properties: Mapping[str, Any]) -> str:
    begun = time.monotonic()
    bucket = properties["StagingBucket"]
    index = read_index(_s3, bucket, properties["Index"])
    read = time.monotonic()
    with Archives(_s3, bucket, properties["Archives"], index) as archives:
        publisher = _publisher(int(properties["VersionsKept"]))
        version = publisher.publish(archives, commit=str(properties.get("Commit", "")))
    _log.info(
        "live: %s, %d files, %d bytes; its deploy uploaded %d files, %d bytes",
        version.id,
        len(version.files),
        version.size,
        version.uploaded_files,
        version.uploaded_bytes,
    )
    _log.info(
        "seconds: %.2f for the index, %.2f to publish; %d of %d archives were fetched",
        read - begun,
        time.monotonic() - read,
        archives.fetched,
        len(properties["Archives"]),
    )
    return version.id


class _Answer:
    """The one answer to CloudFormation: the second is not sent."""

    def __init__(self, event: Mapping[str, Any], context: Any) -> None:
        self._event, self._context = event, context
        self._given = threading.Lock()

    def failed(self, reason: str) -> None:
        self._send("FAILED", reason, {})

    def succeeded(self, data: Mapping[str, str]) -> None:
        self._send("SUCCESS", "", data)

    def _send(self, status: str, reason: str, data: Mapping[str, str]) -> None:
        if not self._given.acquire(blocking=False):
            return
        body = {
            "Status": status,
            "Reason": f"{reason[:1000]} (log stream {self._context.log_stream_name})",
            "PhysicalResourceId": self._event.get("PhysicalResourceId", f"{os.environ['BUCKET']}/live"),
            "StackId": self._event["StackId"],
            "RequestId": self._event["RequestId"],
            "LogicalResourceId": self._event["LogicalResourceId"],
            "Data": data,
        }
        answered = urllib3.PoolManager().request(
            "PUT", self._event["ResponseURL"], body=json.dumps(body), headers={"Content-Type": ""}, timeout=30
        )
        _log.info("answered CloudFormation: %s, HTTP %d", status, answered.status)
