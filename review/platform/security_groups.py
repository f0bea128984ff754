"""Who may connect to what: the rules of security groups."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from review.platform.references import across, inside
from review.platform.templates import Resource, Templates, resources

_GROUP: Final = "AWS::EC2::SecurityGroup"
_RULES: Final = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")
_ANYBODY: Final = ("0.0.0.0/0", "::/0")


def ingress(templates: Templates) -> Iterator[tuple[Resource, Mapping[str, Any]]]:
    """Every rule that lets somebody in, with the group or rule resource that has it."""
    for group in resources(templates, _GROUP):
        for rule in group.properties.get("SecurityGroupIngress", []):
            yield group, rule
    for resource in resources(templates, "AWS::EC2::SecurityGroupIngress"):
        yield resource, resource.properties


def open_to_all(templates: Templates) -> list[tuple[Resource, object, object]]:
    """What lets in the whole internet: the resource, first and last port."""
    return [
        (resource, rule.get("FromPort"), rule.get("ToPort"))
        for resource, rule in ingress(templates)
        if rule.get("CidrIp") in _ANYBODY or rule.get("CidrIpv6") in _ANYBODY
    ]


def unused(templates: Templates) -> list[str]:
    """One line for each group that nothing has: its rules, and those that let it in elsewhere, are for nobody."""
    attached = _attached(templates)
    return [
        f"{group}: no resource has this group"
        for group in resources(templates, _GROUP)
        if (group.stack, group.logical_id) not in attached
    ]


def _attached(templates: Templates) -> set[tuple[str, str]]:
    """Stack and logical id of what is referred to by something that is itself no group and no rule."""
    found = set()
    published: dict[tuple[str, str], set[str]] = {}
    for stack, template in templates.items():
        for reference in inside(template):
            if reference.owner.startswith("Outputs."):
                output = reference.owner.removeprefix("Outputs.")
                published.setdefault((stack, output), set()).add(reference.target)
            elif template["Resources"][reference.owner]["Type"] not in (_GROUP, *_RULES):
                found.add((stack, reference.target))
    for reading in across(templates):
        resource = templates[reading.stack]["Resources"].get(reading.owner)
        if resource and resource["Type"] not in (_GROUP, *_RULES):
            found |= {
                (reading.other, target) for target in published.get((reading.other, reading.output), ())
            }
    return found
