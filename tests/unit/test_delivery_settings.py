"""The settings of the roles for GitHub Actions: off by default, and nothing that no token could fit."""

import pytest

from stacks import settings
from stacks.github.settings import LONGEST_STAGE
from stacks.settings import SettingsError

REPOSITORY = {"delivery_repository": "octo-org/octo-repo"}


def refused(**context: object) -> str:
    """The one line that these settings are refused with."""
    with pytest.raises(SettingsError) as caught:
        settings.load(context)
    (line,) = str(caught.value).splitlines()
    return line


def test_it_is_off_unless_asked_for() -> None:
    found = settings.load({"delivery_repository": ""})
    assert found.delivery_repository is None
    assert found.delivery_environments == ("production",)
    assert found.delivery_oidc_provider == "create"


@pytest.mark.parametrize(
    "repository",
    [
        "octo-org/octo-repo",
        "Octo/Octo.Repo_2",
        "o/r",
        "octo_acme/octo-repo",
        "octo-org@123456/octo-repo@456789",
        f"{'o' * 39}/{'r' * 100}",
    ],
)
def test_a_repository_as_its_tokens_name_it(repository: str) -> None:
    assert settings.load({"delivery_repository": repository}).delivery_repository == repository


@pytest.mark.parametrize(
    "repository",
    [
        "octo-repo",
        "https://github.com/octo-org/octo-repo",
        "octo-org/octo-repo/",
        "octo-org/*",
        "*/octo-repo",
        "octo-org/octo-repo:environment:production",
        "octo-org/octo?repo",
        "octo-org@123456/octo-repo",
        "octo-org/octo-repo@456789",
        "octo-org@/octo-repo@",
        "octo-org@12a/octo-repo@34",
        "-octo/repo",
        f"{'o' * 40}/r",
        "octo-org/octo-repo\n",
        "${aws:username}/octo-repo",
    ],
)
def test_another_form_is_refused_with_the_two_that_are_legal(repository: str) -> None:
    line = refused(delivery_repository=repository)
    assert line.startswith("setting delivery_repository: ")
    assert "owner/name, or owner@123456/name@456789" in line


@pytest.mark.parametrize("given", ["production, pr-preview,drift", ["production", "pr-preview", "drift"]])
def test_environments_are_a_list_or_text_with_commas(given: object) -> None:
    chosen = settings.load({**REPOSITORY, "delivery_environments": given})
    assert chosen.delivery_environments == ("production", "pr-preview", "drift")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "production,",
        "Production",
        "1st",
        "a b",
        "a_b",
        "a:b",
        "a*",
        "a-",
        "e" * 31,
        [],
        ["production", 1],
        1,
        ",".join(f"e{number}" for number in range(11)),
    ],
)
def test_an_environment_that_a_role_cannot_be_named_by_is_refused(given: object) -> None:
    line = refused(**REPOSITORY, delivery_environments=given)
    assert line.startswith("setting delivery_environments: ")
    assert "1 to 10 names with commas: a-z, 0-9 and -" in line


@pytest.mark.parametrize("given", ["production,production", "prod-eu,prod,prod-eu"])
def test_an_environment_that_is_given_twice_is_refused(given: str) -> None:
    line = refused(**REPOSITORY, delivery_environments=given)
    assert "would be one output" in line


def test_environments_whose_outputs_would_meet_are_refused() -> None:
    line = refused(**REPOSITORY, delivery_environments="prod-1,prod1")
    assert line.startswith("setting delivery_environments: prod-1, prod1 would be one output, Prod1RoleArn; ")
    assert line.endswith("leave one out, or rename it")


@pytest.mark.parametrize(
    ("name", "value"),
    [("delivery_environments", "production,drift"), ("delivery_oidc_provider", "existing")],
)
def test_without_a_repository_they_would_be_passed_over_and_are_refused(name: str, value: str) -> None:
    line = refused(**{name: value})
    assert line.startswith(f"setting {name}: {value.replace(',', ', ')} is for delivery_repository")
    assert "give delivery_repository=owner/name too, or leave it out" in line


def test_a_stage_that_would_cut_the_publishers_name_is_refused() -> None:
    line = refused(**REPOSITORY, stage="s" * (LONGEST_STAGE + 1))
    assert line.startswith("setting stage: ")
    assert f"at most {LONGEST_STAGE} can be" in line
    assert settings.load({**REPOSITORY, "stage": "s" * LONGEST_STAGE}).stage
    assert settings.load({"stage": "s" * 20}).stage, "without the roles any is fine"
