"""API Gateway's endpoints under the name that AWS gives them, `<api>.execute-api.<region>.amazonaws.com`.

A stack's outputs have that name; ministack knows `<api>.execute-api.localhost` alone. Which region an API is in, it
finds out by the API's id.
"""

import re
from typing import Final

from local.emulator import internals

_AWS_NAME: Final = re.compile(r"^(?P<api>[a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?::\d+)?$")


def local_name(host: str) -> str:
    """The name that ministack knows an API's endpoint by; any other host as it is."""
    found = _AWS_NAME.match(host)
    return f"{found['api']}.execute-api.localhost" if found else host


def install() -> None:
    """Put the name in before ministack looks at it."""
    parse = internals.get("app", "_parse_execute_api_url")

    def parse_any(host: str, path: str) -> tuple[str, str, str] | None:
        found: tuple[str, str, str] | None = parse(local_name(host), path)
        return found

    internals.replace("app", "_parse_execute_api_url", parse_any)
