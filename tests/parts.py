"""The real parts that a test needs (a browser, a container engine ...), and what happens where one is missing.

On a workstation a missing part skips the test, and the run's summary lists it by name. With `CI=true` it
fails: a pipeline that silently tests less than it says is worse than a red one.
"""

import os

import pytest


def require(part: str, found: bool, why: str) -> None:
    """Skip the calling test (fail it with `CI=true`) unless `found`; `why` says how to get the part."""
    if found:
        return
    message = f"MISSING: {part}: {why}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(message)
    pytest.skip(message)
