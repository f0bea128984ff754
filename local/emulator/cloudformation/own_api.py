"""Clients of the emulator's own API: CloudFormation's handlers make the calls that CloudFormation makes."""

import os
import threading
from typing import Any

import botocore.session

from local.emulator import internals
from local.emulator.environment import client_environment

_session = botocore.session.get_session()
_clients: dict[tuple[str, str, str], Any] = {}
_lock = threading.Lock()


def client(service: str, region: str | None = None) -> Any:
    """Return a botocore client for `service` in the account of the current stack operation, and in its region
    where no other is given."""
    key = (service, internals.account(), region or internals.region())
    with _lock:  # a botocore session is not thread-safe; its clients are
        if key not in _clients:
            endpoint = f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}"
            secret = client_environment(endpoint)["AWS_SECRET_ACCESS_KEY"]
            _clients[key] = _session.create_client(
                service,
                region_name=key[2],
                endpoint_url=endpoint,
                aws_access_key_id=key[1],
                aws_secret_access_key=secret,
            )
        return _clients[key]
