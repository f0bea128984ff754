"""Who is given a workflow's role: tokens that must pass, and tokens that must not."""

import pytest

from stacks.github import names
from tests.unit.stacks import github_tokens
from tests.unit.stacks.delivery_stack import delivery, role
from tests.unit.stacks.github_tokens import may_take
from tests.unit.stacks.synthesis import Template, resources

PROVIDERS = ["create", "existing"]


def takes(environment: str, found: Template, /, **claims: str) -> bool:
    """Whether a token as that of a right job in production, but for `claims`, gets the role of `environment`."""
    token = {**github_tokens.of_environment(), **claims}
    return may_take(found, role(found, names.role(environment, None)), token)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("environment", ["production", "preview", "drift"])
def test_a_job_in_the_environment_passes(environment: str, provider: str) -> None:
    found = delivery(delivery_oidc_provider=provider)
    token = github_tokens.of_environment(environment)
    assert may_take(found, role(found, names.role(environment, None)), token)


def test_it_passes_from_any_branch_and_event_as_the_environment_decides_on_those() -> None:
    """Its protection rules are on GitHub: without them, whoever can push can deploy."""
    assert takes("production", delivery(), ref="refs/heads/other", event_name="workflow_dispatch")


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "claims",
    [
        # another repository of the same owner, a fork, names that only begin or end alike, other letters
        {"sub": "repo:octo-org/other:environment:production"},
        {"sub": "repo:mallory/octo-repo:environment:production"},
        {"sub": "repo:octo-org/octo-repo-2:environment:production"},
        {"sub": "repo:octo-org/octo-rep:environment:production"},
        {"sub": "repo:octo-org-2/octo-repo:environment:production"},
        {"sub": "repo:x/octo-org/octo-repo:environment:production"},
        {"sub": "repo:Octo-Org/octo-repo:environment:production"},
        # no environment, or another one
        {"sub": "repo:octo-org/octo-repo:pull_request", "event_name": "pull_request"},
        {"sub": "repo:octo-org/octo-repo:ref:refs/heads/main"},
        {"sub": "repo:octo-org/octo-repo:ref:refs/heads/environment:production"},
        {"sub": "repo:octo-org/octo-repo:ref:refs/tags/v1"},
        {"sub": "repo:octo-org/octo-repo:environment:preview", "environment": "preview"},
        {"sub": "repo:octo-org/octo-repo:environment:production-2"},
        {"sub": "repo:octo-org/octo-repo:environment:Production"},
        {"sub": "repo:octo-org/octo-repo:environment:"},
        # a repository that took the name of one that is gone: its tokens have numbers
        {"sub": "repo:octo-org@66/octo-repo@75:environment:production"},
        # what the trust policy's own text would be as a pattern
        {"sub": "repo:octo-org/octo-repo:environment:*"},
        {"sub": "*"},
        {"sub": ""},
        # made out for somebody else, or by somebody else
        {"aud": "https://github.com/octo-org"},
        {"aud": "sts.amazonaws.com.cn"},
        {"iss": "https://token.actions.octocorp.ghe.com"},
        {"iss": "https://token.actions.githubusercontent.com/octocorp"},
        {"iss": "https://gitlab.com"},
    ],
    ids=str,
)
def test_another_token_does_not_pass(claims: dict[str, str], provider: str) -> None:
    assert not takes("production", delivery(delivery_oidc_provider=provider), **claims)


def test_a_token_without_subject_or_audience_does_not_pass() -> None:
    found = delivery(delivery_oidc_provider="existing")
    production = role(found, names.role("production", None))
    for missing in ("sub", "aud"):
        token = {**github_tokens.of_environment(), "aud": "sts.amazonaws.com"}
        del token[missing]
        assert not may_take(found, production, token)


def test_a_repository_with_numbers_is_told_from_one_that_took_its_name() -> None:
    found = delivery(delivery_repository="octo-org@65/octo-repo@74")
    assert takes("production", found, sub="repo:octo-org@65/octo-repo@74:environment:production")
    for other in ("octo-org@66/octo-repo@75", "octo-org@65/octo-repo@75", "octo-org/octo-repo"):
        assert not takes("production", found, sub=f"repo:{other}:environment:production")


def test_each_environment_has_its_own_role() -> None:
    found = delivery()
    for environment in ("preview", "drift"):
        assert not takes(environment, found)


def test_nobody_but_github_is_trusted_and_nothing_is_a_pattern() -> None:
    for properties in resources(delivery(), "AWS::IAM::Role"):
        (statement,) = properties["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert statement["Principal"].keys() == {"Federated"}
        assert statement["Condition"].keys() == {"StringEquals"}
        assert "*" not in str(statement)


def test_a_pattern_would_be_seen_here() -> None:
    """What the tests above are worth: the usual mistake lets in a repository whose name only begins alike."""
    (statement,) = role(delivery(), names.role("production", None))["AssumeRolePolicyDocument"]["Statement"]
    loose = {"StringLike": {f"{names.ISSUER}:sub": "repo:octo-org/octo-repo*"}}
    trust = {"AssumeRolePolicyDocument": {"Statement": [{**statement, "Condition": loose}]}}
    assert may_take(delivery(), trust, github_tokens.of_environment(repository="octo-org/octo-repo-2"))


def test_a_session_lasts_an_hour_at_most() -> None:
    assert {each["MaxSessionDuration"] for each in resources(delivery(), "AWS::IAM::Role")} == {3600}


def test_the_provider_is_made_once_and_without_a_function_that_asks_the_internet() -> None:
    made = {each["Type"] for each in delivery()["Resources"].values()}
    kinds = {"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}
    assert made == {"AWS::IAM::OIDCProvider", *kinds}
    there = delivery(delivery_oidc_provider="existing")
    assert {each["Type"] for each in there["Resources"].values()} == kinds
