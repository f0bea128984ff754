"""The Kubernetes objects of a cloud assembly as YAML: `python -m review.kubernetes cdk.out [us-east-1]`.

What is known only while it is deployed stands as `${StackOrResource.Attribute}`.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

Template = Mapping[str, Any]

_APPLIED: Final = "Custom::AWSCDK-EKS-KubernetesResource"
_PRUNE_LABEL: Final = "aws.cdk.eks/prune-"


def manifests(template: Template) -> dict[str, list[dict[str, Any]]]:
    """The objects of each step of a template by its logical id, in the order in which they are applied, without the
    label by which the CDK finds what to remove."""
    steps = {
        name: each["Properties"]["Manifest"]
        for name, each in template["Resources"].items()
        if each["Type"] == _APPLIED
    }
    return {name: [_unlabelled(each) for each in json.loads(_text(steps[name]))] for name in _order(template)}


def _order(template: Template) -> list[str]:
    """The steps, each after those that it depends on; raises ValueError for a circle."""
    after = {
        name: {other for other in each.get("DependsOn", ()) if _is_step(template, other)}
        for name, each in template["Resources"].items()
        if _is_step(template, name)
    }
    ordered: list[str] = []
    while after:
        ready = [name for name, waits in after.items() if waits <= set(ordered)]
        if not ready:
            raise ValueError(f"these wait for each other: {', '.join(after)}")
        ordered += ready
        for name in ready:
            del after[name]
    return ordered


def _is_step(template: Template, name: str) -> bool:
    return bool(template["Resources"][name]["Type"] == _APPLIED)


def _unlabelled(manifest: dict[str, Any]) -> dict[str, Any]:
    labels = manifest["metadata"].get("labels", {})
    kept = {name: value for name, value in labels.items() if not name.startswith(_PRUNE_LABEL)}
    return {**manifest, "metadata": {**manifest["metadata"], "labels": kept}}


def _text(value: Any) -> str:
    """The text of a property, with a placeholder for what CloudFormation puts in."""
    if isinstance(value, str):
        return value
    ((function, argument),) = value.items()
    if function == "Fn::Join":
        separator, parts = argument
        return str(separator).join(_text(part) for part in parts)
    if function == "Fn::GetAtt":
        return f"${{{'.'.join(argument)}}}"
    if function == "Fn::GetStackOutput":
        return f"${{{argument['StackName']}.{argument['OutputName']}}}"
    return f"${{{argument if isinstance(argument, str) else function}}}"


def of_assembly(assembly: Path, region: str = "") -> Iterator[str]:
    """YAML documents of all stacks in the folder of a cloud assembly whose name has `region`."""
    for path in sorted(assembly.glob("*.template.json")):
        stack = path.name.removesuffix(".template.json")
        if region in stack:
            for step, objects in manifests(json.loads(path.read_text())).items():
                yield f"# {stack}, {step}\n{yaml.safe_dump_all(objects, sort_keys=False)}"


if __name__ == "__main__":
    print("---\n".join(of_assembly(Path(sys.argv[1]), *sys.argv[2:3])), end="")
