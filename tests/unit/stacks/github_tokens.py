"""Tokens of GitHub Actions, and what AWS STS makes of them: "OpenID Connect reference", GitHub Docs, and
"AssumeRoleWithWebIdentity", AWS STS API Reference. Signature and expiry are not looked at here."""

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.stacks.ecommerce.policies import decide, text
from tests.unit.stacks.synthesis import Template

Claims = Mapping[str, str]
GITHUB = "https://token.actions.githubusercontent.com"


def of_environment(environment: str = "production", repository: str = "octo-org/octo-repo") -> dict[str, str]:
    """The claims of a job in a GitHub environment, on the branch main."""
    owner = repository.partition("/")[0]
    return {
        "iss": GITHUB,
        "aud": "sts.amazonaws.com",
        "sub": f"repo:{repository}:environment:{environment}",
        "environment": environment,
        "ref": "refs/heads/main",
        "ref_type": "branch",
        "repository": repository,
        "repository_id": "74",
        "repository_owner": owner,
        "repository_owner_id": "65",
        "event_name": "push",
        "job_workflow_ref": f"{repository}/.github/workflows/deploy.yml@refs/heads/main",
        "actor": "octocat",
    }


def may_take(found: Template, role: Mapping[str, Any], token: Claims) -> bool:
    """Whether `role` of the template is given to who shows this token."""
    host = token["iss"].removeprefix("https://")
    request = {f"{host}:{claim}": value for claim, value in token.items() if claim != "iss"}
    trust = role["AssumeRolePolicyDocument"]
    return any(
        decide(trust, "sts:AssumeRoleWithWebIdentity", context=request, principal=provider) == "allow"
        for provider in _vouching(found, trust, token)
    )


def _vouching(found: Template, trust: Mapping[str, Any], token: Claims) -> Iterator[str]:
    """The providers of the trust policy that have the token's issuer, and take its audience."""
    for statement in trust["Statement"]:
        federated = statement["Principal"]["Federated"]
        if isinstance(federated, Mapping) and federated.get("Ref") in found["Resources"]:
            provider = found["Resources"][federated["Ref"]]["Properties"]
            if provider["Url"] == token["iss"] and token["aud"] in provider["ClientIdList"]:
                yield text(federated)
        elif text(federated).endswith(f":oidc-provider/{token['iss'].removeprefix('https://')}"):
            yield text(federated)
