"""What the runbooks are made of."""

from typing import Any


def document(description: str, parameters: dict[str, Any], *steps: dict[str, Any]) -> dict[str, Any]:
    """An Automation document; it runs with the role that is its parameter AutomationAssumeRole."""
    return {
        "schemaVersion": "0.3",
        "description": description,
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {
            **parameters,
            "AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "description": "The role that does it"},
        },
        "mainSteps": list(steps),
    }


def text(description: str, pattern: str, default: str | None = None) -> dict[str, Any]:
    """A parameter that is text of `pattern`."""
    given = {} if default is None else {"default": default}
    return {"type": "String", "description": description, "allowedPattern": pattern, **given}


def call(
    name: str, service: str, api: str, outputs: dict[str, str] | None = None, /, **inputs: Any
) -> dict[str, Any]:
    """A step that calls an API. `outputs`: the path of each in the answer; a list's path ends with [*] or []."""
    made: dict[str, Any] = {
        "name": name,
        "action": "aws:executeAwsApi",
        "inputs": {"Service": service, "Api": api, **inputs},
    }
    if outputs:
        made["outputs"] = [
            {"Name": output, "Selector": path, "Type": "StringList" if "*" in path else "String"}
            for output, path in outputs.items()
        ]
    return made


def wait(
    name: str, service: str, api: str, path: str, until: str, minutes: int, /, **inputs: Any
) -> dict[str, Any]:
    """A step that waits until what an API answers at `path` is `until`, for some minutes."""
    return {
        "name": name,
        "action": "aws:waitForAwsResourceProperty",
        "timeoutSeconds": 60 * minutes,
        "inputs": {
            "Service": service,
            "Api": api,
            "PropertySelector": path,
            "DesiredValues": [until],
            **inputs,
        },
    }
