"""What a preview is made of, before AWS is asked."""

from typing import Any
from uuid import UUID

import pytest

from deploy import arguments, preview, remains
from deploy.arguments import Arguments
from deploy.errors import RefusedError
from deploy.preflight import Target
from stacks import settings
from stacks.settings import Settings
from tests.unit.stacks.synthesis import template

WHERE = Target(account="000000000000", region="us-east-1", caller="arn:aws:iam::000000000000:root")
MAIN = {
    "domain": "example.org",
    "www": "redirect-to-apex",
    "hosted_zone_id": "Z0123456789ABC",
    "counter_domain": "count.example.org",
    "counter_certificate_arn": f"arn:aws:acm:us-east-1:123456789012:certificate/{UUID(int=0)}",
    "alarm_email": "ops@example.org",
    "access_logs": True,
    "waf": True,
    "visitor_count": True,
    "price_class": "all",
    "delivery_repository": "octo-org/octo-repo",
    "delivery_environments": "production,preview",
    "delivery_oidc_provider": "existing",
    "stage": "main",
}
"""What cdk.json may say of the main site."""


def plain(words: str) -> Arguments:
    return preview.as_plain(arguments.parse(words.split()), MAIN["stage"])


def chosen(words: str) -> Settings:
    """The settings of a preview of `MAIN`."""
    given = dict(setting.partition("=")[::2] for setting in plain(words).settings)
    return settings.load({**MAIN, **given})


@pytest.mark.parametrize("verb", ["preview", "preview-remove"])
def test_it_takes_neither_the_domain_nor_what_costs_by_the_month(verb: str) -> None:
    assert chosen(f"{verb} -c stage=pr-42") == Settings(
        stage="pr-42", price_class="all", removal_policy="destroy"
    )


def test_what_is_given_for_the_preview_holds() -> None:
    given = chosen(
        "preview -c stage=pr-42 -c domain=pr-42.example.org -c hosted_zone_id=Z1 -c waf=true -c site=dist"
    )
    assert (given.domain, given.hosted_zone_id, given.waf) == ("pr-42.example.org", "Z1", True)
    assert (given.site, given.www, given.access_logs) == ("dist", "none", False)


@pytest.mark.parametrize(("verb", "plain_verb"), [("preview", "deploy"), ("preview-remove", "destroy")])
def test_it_is_the_site_alone(verb: str, plain_verb: str) -> None:
    asked = preview.site_alone(plain(f"{verb} -c stage=pr-42 --require-approval=never"), "pr-42")
    assert (asked.verb, asked.passed_on) == (plain_verb, ("StaticSite-pr-42", "--require-approval=never"))
    named = plain(f"{verb} StaticSite-pr-42 -c stage=pr-42")
    assert preview.site_alone(named, "pr-42").passed_on == ("StaticSite-pr-42",)


@pytest.mark.parametrize("word", ["VisitorCounter-pr-42", "--all", "*-pr-42"])
def test_no_other_stack_goes_with_it(word: str) -> None:
    with pytest.raises(RefusedError, match="StaticSite-pr-42 alone; leave out VisitorCounter-pr-42"):
        preview.site_alone(plain(f"preview {word} -c stage=pr-42"), "pr-42")


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The template of the stage's last deploy; empty for none."""
    last: dict[str, Any] = {}
    monkeypatch.setattr(remains, "deployed", lambda *_: last)
    return last


def test_a_copy_that_keeps_its_data_is_not_turned_into_a_preview(deployed: dict[str, Any]) -> None:
    deployed |= template("StaticSite")
    with pytest.raises(RefusedError, match=r"retain, so it is no preview; .* `make deploy STAGE=pr-42`"):
        preview.deploying("StaticSite-pr-42", WHERE)


@pytest.mark.parametrize("hosting", ["cloudfront", "website"])
def test_a_preview_is_deployed_again(deployed: dict[str, Any], hosting: str) -> None:
    deployed |= template("StaticSite", removal_policy="destroy", hosting=hosting)
    assert remains.kept(deployed) == {}
    preview.deploying("StaticSite-pr-42", WHERE)  # raises if it is refused


def test_there_is_nothing_to_remove(deployed: dict[str, Any]) -> None:
    assert not deployed
    assert preview.removing("StaticSite-pr-42", WHERE) is None


def test_the_legal_stages_are_those_of_the_setting() -> None:
    with pytest.raises(RefusedError, match=r"preview: name its stage: .* at most 20, a letter first$"):
        plain("preview")
    with pytest.raises(settings.SettingsError, match=r'stage: "PR_42" is not legal; legal: .* at most 20'):
        chosen("preview -c stage=PR_42")
