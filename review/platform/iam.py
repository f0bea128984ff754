"""What the roles may do: whether the actions exist, and whether they could be kept to fewer resources."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from review.platform.templates import Resource, Templates, resources
from review.platform.text import text_of

_IDENTITY: Final = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::UserPolicy")


class Actions(Protocol):
    """What the Service Authorization Reference says."""

    def of(self, service: str) -> Mapping[str, bool]:
        """The actions of a service prefix as `s3`; true for those that can be kept to some resources. Empty for a
        prefix that there is not."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of a policy. `of_identity`: it says what a role may do; else who may use a resource."""

    resource: Resource
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    of_identity: bool


def statements(templates: Templates) -> Iterator[Statement]:
    """Every statement of every policy: of roles, of keys, buckets, queues, topics, and trust policies."""
    for resource in resources(templates):
        for path, found in _documents(resource.properties, ()):
            for statement in _listed(found["Statement"]):
                if not isinstance(statement, Mapping):
                    continue
                yield Statement(
                    resource,
                    statement["Effect"] == "Allow",
                    tuple(_listed(statement.get("Action", []))),
                    tuple(text_of(resource.stack, each) for each in _listed(statement.get("Resource", []))),
                    resource.kind in _IDENTITY and "AssumeRolePolicyDocument" not in path,
                )


def unknown_actions(templates: Templates, known: Actions) -> list[str]:
    """One line for each action that AWS does not have, and each pattern that no action fits."""
    return sorted(
        {
            f"{statement.resource}: {action}"
            for statement in statements(templates)
            for action in statement.actions
            if action != "*" and not matching(action, known)
        }
    )


def too_wide(templates: Templates, known: Actions) -> list[tuple[Resource, list[str]]]:
    """What a role may do on every resource although it could be kept to some: the policy, and these actions.

    What the permissions boundary allows is a ceiling and no grant, and is left out by its name.
    """
    found = []
    for statement in statements(templates):
        name = text_of(statement.resource.stack, statement.resource.properties.get("ManagedPolicyName", ""))
        if not statement.allows or not statement.of_identity or name.endswith("boundary"):
            continue
        if "*" in statement.resources:
            narrowable = sorted(
                {
                    action
                    for action in statement.actions
                    if action == "*" or any(matching(action, known).values())
                }
            )
            if narrowable:
                found.append((statement.resource, narrowable))
    return found


def without_boundary(templates: Templates, boundary: str) -> list[str]:
    """One line for each role that the managed policy `boundary` does not bound."""
    return [
        str(role)
        for role in resources(templates, "AWS::IAM::Role", "AWS::IAM::User")
        if not text_of(role.stack, role.properties.get("PermissionsBoundary", "")).endswith(
            f":policy/{boundary}"
        )
    ]


def matching(action: str, known: Actions) -> dict[str, bool]:
    """The actions that `action`, with or without wildcards, is; each with whether it can be kept to resources."""
    service, _, name = action.partition(":")
    return {
        each: narrow
        for each, narrow in known.of(service.lower()).items()
        if fnmatch.fnmatchcase(each.lower(), name.lower())
    }


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _documents(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """Every policy document anywhere in `value`, with where it is."""
    if isinstance(value, Mapping):
        if "Statement" in value and "Version" in value:
            yield path, value
            return
        for name, inner in value.items():
            yield from _documents(inner, (*path, name))
    elif isinstance(value, list):
        for inner in value:
            yield from _documents(inner, path)
