"""The settings that a command is given: cdk.json, `-c name=value`, and SITE."""

import json
from collections.abc import Sequence
from pathlib import Path

from local.errors import BadInputError
from local.layout import ROOT


def context() -> dict[str, object]:
    """The CDK context of the checkout."""
    found: dict[str, object] = json.loads((ROOT / "cdk.json").read_text()).get("context", {})
    return found


def chosen(site: str, given: Sequence[str]) -> dict[str, str]:
    """What the command line says: `given` are `name=value` texts; `site` is a folder, empty if none was named.

    Raises `BadInputError`.
    """
    found: dict[str, str] = {}
    for word in given:
        name, equals, value = word.partition("=")
        if not equals:
            raise BadInputError(f"setting {word}: no value; write -c {word}=<value>")
        found[name] = value
    if site:
        found["site"] = str(Path(site).expanduser().absolute())
    return found
