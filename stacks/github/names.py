"""Names that a workflow computes from the account and its environment. Knows no construct."""

from typing import Final

ISSUER: Final = "token.actions.githubusercontent.com"
"""Who signs the tokens ("OpenID Connect reference", GitHub Docs), without https://, as IAM writes it."""

AUDIENCE: Final = "sts.amazonaws.com"
"""For whom the token is made out ("Configuring OpenID Connect in Amazon Web Services", GitHub Docs)."""

DRIFT: Final = "drift"
"""The environment whose role reads and cannot deploy."""


def role(environment: str, stage: str | None) -> str:
    """`delivery-production`, with a stage `delivery-production.dev`: neither an environment nor a stage has a dot,
    so no two roles can meet in a name. IAM takes 64 characters."""
    return f"delivery-{environment}{f'.{stage}' if stage else ''}"


def boundary(environment: str, stage: str | None) -> str:
    """The permissions boundary of that role."""
    return f"{role(environment, stage)}-boundary"


def subject(repository: str, environment: str) -> str:
    """What the token of a job in `environment` of `repository` says of itself, its claim `sub`."""
    return f"repo:{repository}:environment:{environment}"


def output(environment: str) -> str:
    """The output with the role's ARN: `ProductionRoleArn`."""
    return "".join(word.capitalize() for word in environment.split("-")) + "RoleArn"
