"""The settings of the stack Delivery, a part of `stacks.settings.Settings`. Knows no construct."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, Field

from stacks.github import names
from stacks.setting_fields import NONE_IF_EMPTY, Effect, listed

# GitHub's names, and the numbers that a repository made, renamed or moved after 15 July 2026 has beside them
# ("OpenID Connect reference", GitHub Docs, "Immutable subject claims").
_OWNER: Final = "[A-Za-z0-9][A-Za-z0-9_-]{0,38}"
_NAME: Final = "[A-Za-z0-9._-]{1,100}"
_NUMBER: Final = "@[0-9]{1,20}"
_REPOSITORY: Final = f"^({_OWNER}/{_NAME}|{_OWNER}{_NUMBER}/{_NAME}{_NUMBER})$"

# What `sub` carries is compared letter by letter, and GitHub rewrites some characters of an environment's name.
_ENVIRONMENT: Final = "^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$"
_DEFAULT: Final = ("production",)
_MOST_ENVIRONMENTS: Final = 10

# AWS Lambda takes 64 characters, of which CloudFormation's own ending and the publisher's logical id take 40: with
# a longer stage it cuts the name where nobody says, and the roles could not be kept to the one function.
LONGEST_STAGE: Final = 13


def _environments(value: object) -> object:
    """`-c delivery_environments=production,drift`, or a list in cdk.json."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(","))
    return value


class DeliverySettings(BaseModel):
    """What is asked of the roles for GitHub Actions. There is none without `delivery_repository`."""

    delivery_repository: Annotated[
        Annotated[str, Field(pattern=_REPOSITORY)] | None,
        NONE_IF_EMPTY,
        Field(
            description="GitHub repository whose workflows may deploy, by the roles of the stack Delivery; none: "
            "no such stack. Written as its tokens name it, upper and lower case too: a repository made, renamed or "
            "moved after 15 July 2026 with its owner's and its own number"
        ),
        Effect(cost="none", legal="owner/name, or owner@123456/name@456789"),
    ] = None
    delivery_environments: Annotated[
        Annotated[
            tuple[Annotated[str, Field(pattern=_ENVIRONMENT)], ...],
            BeforeValidator(_environments),
            Field(min_length=1, max_length=_MOST_ENVIRONMENTS),
        ],
        Field(
            description="GitHub environments that get a role each; that of an environment called "
            f"{names.DRIFT} can read and not deploy"
        ),
        Effect(
            cost="none",
            legal=f"1 to {_MOST_ENVIRONMENTS} names with commas: a-z, 0-9 and -, at most 30, a letter first",
        ),
    ] = _DEFAULT
    delivery_oidc_provider: Annotated[
        Literal["create", "existing"],
        Field(
            description="Whether the stack makes GitHub's OIDC provider: an account has one, so a second stack "
            "takes the existing one"
        ),
        Effect(cost="none"),
    ] = "create"

    def delivery_conflicts(self, stage: str | None) -> list[str]:
        """One line for each of these settings that cannot be obeyed; `stage` is the setting."""
        given = self.delivery_environments
        if not self.delivery_repository:
            alone = {
                "delivery_environments": listed(given) if given != _DEFAULT else "",
                "delivery_oidc_provider": "existing" if self.delivery_oidc_provider == "existing" else "",
            }
            return [
                f"setting {name}: {value} is for delivery_repository, and none is given; give "
                "delivery_repository=owner/name too, or leave it out"
                for name, value in alone.items()
                if value
            ]
        conflicts = []
        if stage and len(stage) > LONGEST_STAGE:
            conflicts.append(
                f"setting stage: {stage} has {len(stage)} characters, and with delivery_repository at most "
                f"{LONGEST_STAGE} can be: AWS would cut the name of the function that the roles may call; give a "
                "shorter one"
            )
        for key in dict.fromkeys(map(names.output, given)):
            alike = [name for name in given if names.output(name) == key]
            if len(alike) > 1:
                conflicts.append(
                    f"setting delivery_environments: {listed(alike)} would be one output, {key}; leave one out, or "
                    "rename it"
                )
        return conflicts
