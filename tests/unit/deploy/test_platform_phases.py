"""`make deploy-ecommerce`: a phase has to be named, all of its stacks are meant, and there is no step back."""

from collections.abc import Callable
from typing import Any

import pytest

from deploy import cdk_cli, in_progress, remains, verbs
from deploy.preflight import Target
from stacks.ecommerce.parts import PARTS, stack_names
from stacks.ecommerce.topology import DEFAULT

DOMAIN = "-c ecommerce_domain=shop.example.org"
Run = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a verb in an account that has the stacks `there`; returns exit code and the CDK CLI's words."""
    words: list[str] = []

    def cli(given: list[str]) -> int:
        words.extend(given)
        return 0

    monkeypatch.setattr(verbs, "target", lambda region, **_: Target("123456789012", region, "somebody"))
    monkeypatch.setattr(verbs, "check_bootstrap", lambda _: 30)
    monkeypatch.setattr(in_progress, "wait", lambda *_: None)
    monkeypatch.setattr(remains, "of_stack", lambda stack, _: stack)
    monkeypatch.setattr(cdk_cli, "run", cli)

    def main(arguments: str, *there: str) -> tuple[int, list[str]]:
        def deployed(name: str, _where: Target) -> dict[str, Any] | None:
            return {} if name in there else None

        monkeypatch.setattr(remains, "deployed", deployed)
        return verbs.main(arguments.split()), words

    return main


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
def test_all_stacks_up_to_the_phase_are_deployed_and_no_others(phase: int, run: Run) -> None:
    code, words = run(f"deploy-ecommerce {DOMAIN} -c ecommerce_phase={phase}")
    assert code == 0
    assert words[0] == "deploy"
    named = {word for word in words if word.startswith(("Ecommerce", "StaticSite", "VisitorCounter"))}
    assert named == stack_names(DEFAULT, phase=phase, stage=None).keys()
    assert "ecommerce=true" in words


def test_without_a_phase_nothing_is_touched(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"deploy-ecommerce {DOMAIN}") == (2, [])
    assert "name the phase, of 1 to 5: `make deploy-ecommerce PHASE=1`" in capsys.readouterr().err


def test_an_earlier_phase_than_what_is_there_is_refused(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    latest = max(PARTS, key=lambda name: PARTS[name].phase)
    there = next(name for name in stack_names(DEFAULT, phase=5, stage=None) if f"Ecommerce{latest}-" in name)
    phase = PARTS[latest].phase
    assert run(f"deploy-ecommerce {DOMAIN} -c ecommerce_phase={phase - 1}", there) == (2, [])
    assert f"{there} of phase {phase} is deployed; give PHASE={phase}" in capsys.readouterr().err


def test_a_stack_by_name_is_a_matter_of_plain_deploy(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(f"deploy-ecommerce EcommerceKeys-us-east-1 {DOMAIN} -c ecommerce_phase=1") == (2, [])
    assert "EcommerceKeys-us-east-1 is named: leave it out" in capsys.readouterr().err


def test_all_that_may_be_there_is_deleted(run: Run) -> None:
    code, words = run(f"destroy-ecommerce {DOMAIN} --force")
    assert code == 0
    assert words[0] == "destroy"
    assert "StaticSite" not in words
    assert set(words) >= stack_names(DEFAULT, phase=5, stage=None).keys()
