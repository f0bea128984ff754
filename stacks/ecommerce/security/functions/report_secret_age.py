"""How old the secrets are that others give us, as metrics: nobody but their owners can renew them."""

import json
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import boto3

# Not changed since it was made: it still says what the template said.
_SET_AFTER_SECONDS: Final = 60


def handle(event: object, context: object) -> None:
    """Write metrics into NAMESPACE for the secrets that SECRETS names, with commas. Reads no secret's value."""
    del event, context
    client = boto3.client("secretsmanager")
    for line in report(client, os.environ["NAMESPACE"], os.environ["SECRETS"].split(","), datetime.now(UTC)):
        print(line)


def report(client: Any, namespace: str, names: Iterable[str], now: datetime) -> Iterable[str]:
    """A line of "Embedded metric format specification" for each secret: AgeDays, and Unset, 1 or 0."""
    for name in names:
        described = client.describe_secret(SecretId=name)
        yield json.dumps(_line(namespace, name, described, now))


def _line(namespace: str, name: str, described: Mapping[str, Any], now: datetime) -> dict[str, object]:
    created = described["CreatedDate"]
    changed = described.get("LastChangedDate", created)
    return {
        "_aws": {
            "Timestamp": int(now.timestamp() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": namespace,
                    "Dimensions": [["Secret"]],
                    "Metrics": [{"Name": "AgeDays"}, {"Name": "Unset"}],
                }
            ],
        },
        "Secret": name,
        "AgeDays": (now - changed).days,
        "Unset": int((changed - created).total_seconds() < _SET_AFTER_SECONDS),
    }
