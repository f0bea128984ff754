"""The verbs and the e-commerce platform: every region that is touched is looked at, and `--all` leaves it alone.

Without the setting, that is, and says so. AWS and the CDK CLI are stood in for; tests/deploy runs them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from deploy import cdk_cli, in_progress, preview, remains, verbs
from deploy.preflight import Target
from stacks.ecommerce import parts
from stacks.ecommerce.topology import DEFAULT

REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-1"]
ASKED = "-c ecommerce=true -c ecommerce_domain=shop.example.org"


@dataclass
class Seen:
    """What the verb asked for."""

    bootstraps: list[str] = field(default_factory=list)
    waits: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Seen]:
    """Runs a verb in an account where all is prepared."""
    seen = Seen()

    def check(where: Target) -> int:
        seen.bootstraps.append(where.region)
        return 30

    def wait(stacks: Iterable[str], where: Target) -> None:
        seen.waits += [(stack, where.region) for stack in stacks]

    def cli(words: list[str]) -> int:
        seen.words = words
        return 0

    monkeypatch.setattr(verbs, "target", lambda region, **_: Target("123456789012", region, "somebody"))
    monkeypatch.setattr(verbs, "check_bootstrap", check)
    monkeypatch.setattr(in_progress, "wait", wait)
    monkeypatch.setattr(remains, "of_stack", lambda stack, where: f"{stack} in {where.region}")
    monkeypatch.setattr(cdk_cli, "run", cli)

    def main(arguments: str) -> Seen:
        assert verbs.main(arguments.split()) == 0
        return seen

    return main


def test_all_without_the_setting_leaves_it_alone_and_says_so(
    run: Callable[[str], Seen], capsys: pytest.CaptureFixture[str]
) -> None:
    seen = run("deploy --all")
    assert "the e-commerce platform is left alone: the setting ecommerce is false" in capsys.readouterr().out
    assert {region for _, region in seen.waits} == set(seen.bootstraps) == {"us-east-1"}


@pytest.mark.parametrize("arguments", ["deploy", "deploy StaticSite VisitorCounter", f"deploy --all {ASKED}"])
def test_nothing_is_said_of_it_otherwise(
    arguments: str, run: Callable[[str], Seen], capsys: pytest.CaptureFixture[str]
) -> None:
    run(arguments)
    assert "left alone" not in capsys.readouterr().out


def test_each_stack_is_waited_for_in_its_region(
    run: Callable[[str], Seen], capsys: pytest.CaptureFixture[str]
) -> None:
    seen = run(f"deploy --all {ASKED} -c region=eu-central-1")
    assert seen.bootstraps == ["eu-central-1", *REGIONS]
    assert seen.waits[:2] == [("StaticSite", "eu-central-1"), ("VisitorCounter", "eu-central-1")]
    assert set(seen.waits[2:]) == {
        (name, region) for name, region in parts.stack_names(DEFAULT, phase=1, stage=None).items()
    }
    said = capsys.readouterr().out.splitlines()
    assert said[1] == "deploy: account 123456789012, region us-east-1, bootstrap version 30"
    assert said[4] == "  as somebody"


def test_one_stack_touches_its_region_alone(run: Callable[[str], Seen]) -> None:
    seen = run(f"deploy EcommerceNetwork-eu-west-1 {ASKED}")
    assert seen.bootstraps == ["eu-west-1"]
    assert seen.words[:2] == ["deploy", "EcommerceNetwork-eu-west-1"]
    assert "StaticSite" not in seen.words, "which is what is deployed when none is named"


def test_bootstrap_prepares_every_region_that_is_asked_for(run: Callable[[str], Seen]) -> None:
    assert [word for word in run("bootstrap").words if word.startswith("aws:")] == [
        "aws://123456789012/us-east-1"
    ]
    both = run(f"bootstrap {ASKED} -c ecommerce_regions=us-east-1,eu-west-1").words
    assert [word for word in both if word.startswith("aws:")] == [
        "aws://123456789012/us-east-1",
        "aws://123456789012/eu-west-1",
    ]


def test_what_a_destroy_takes_is_looked_up_in_its_region(
    run: Callable[[str], Seen], capsys: pytest.CaptureFixture[str]
) -> None:
    run(f"destroy Ecommerce* --force {ASKED}")
    said = capsys.readouterr().out
    assert all(f"  EcommerceNetwork-{region} in {region}\n" in said for region in REGIONS)


def test_a_preview_never_has_it(run: Callable[[str], Seen], monkeypatch: pytest.MonkeyPatch) -> None:
    """Though cdk.json may ask for it."""
    monkeypatch.setattr(preview, "deploying", lambda *_: lambda: None)
    words = run("preview -c stage=pr-42").words
    assert "ecommerce=false" in words
