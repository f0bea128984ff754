"""Only what has not passed is validated; what does not pass is refused, each time."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from deploy import cdk_cli, synth, unchanged, validation
from deploy.assembly import Written, written
from deploy.validation import Passed
from tests.unit import cloud_assembly

GOOD = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "a"}}}}
SITE = cdk_cli.ROOT / "site"
BROKEN = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"Nope": "a"}}}}


def assembly(folder: Path, **templates: object) -> Path:
    return cloud_assembly.write(folder, templates)


def test_a_template_has_passed_as_it_was_there_and_by_these_rules(tmp_path: Path) -> None:
    (one, other) = written(assembly(tmp_path, One=GOOD, Other=GOOD))
    assert (one.account, one.region) == (None, "eu-west-1")
    passed = Passed(tmp_path / "passed", "1")
    assert passed.lacks([one, other]) == [one, other]
    passed.add([one])
    assert passed.lacks([one, other]) == [other]
    assert passed.lacks([replace(one, region="us-east-1")])
    assert Passed(tmp_path / "passed", "2").lacks([one])
    one.path.write_text(json.dumps(BROKEN))
    assert passed.lacks([one]) == [one]


def test_the_cdks_own_plugin_is_asked(tmp_path: Path) -> None:
    good, broken = written(assembly(tmp_path, A=GOOD, B=BROKEN))
    assert validation.all_pass([good])
    assert not validation.all_pass([good, broken])
    assert validation.all_pass([])


def test_without_the_plugin_nothing_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "_library", lambda: None)
    assert not validation.all_pass(written(assembly(tmp_path, A=GOOD)))


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The synths, each by its CDK_VALIDATION; the one that validates fails. And an empty memory."""
    made: list[str] = []

    def run(words: Sequence[str], **variables: str) -> int:
        made.append(variables.get("CDK_VALIDATION", "on"))
        return 0 if variables else 1

    monkeypatch.delenv("CDK_VALIDATION", raising=False)
    monkeypatch.setattr(cdk_cli, "run", run)
    monkeypatch.setattr(validation, "passed", lambda: Passed(tmp_path / "passed", "1"))
    monkeypatch.setattr(unchanged, "inputs", lambda *_: None)
    return made


def test_what_is_unchanged_is_synthesized_once_and_not_validated(
    tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Written]] = []

    def all_pass(templates: list[Written]) -> bool:
        asked.append(templates)
        return True

    monkeypatch.setattr(validation, "all_pass", all_pass)
    assembly(tmp_path, A=GOOD, B=GOOD)
    assert synth.run([], tmp_path, SITE) == synth.run([], tmp_path, SITE) == 0
    assembly(tmp_path, A=GOOD, B={**GOOD, "Description": "changed"})
    assert synth.run([], tmp_path, SITE) == 0
    assert [[each.stack for each in templates] for templates in asked] == [["A", "B"], [], ["B"]]
    assert calls == ["false"] * 3


def test_a_broken_one_is_left_to_the_synth_that_validates_each_time(tmp_path: Path, calls: list[str]) -> None:
    assembly(tmp_path, A=BROKEN)
    assert synth.run([], tmp_path, SITE) == synth.run([], tmp_path, SITE) == 1
    assert calls == ["false", "on"] * 2


def test_who_wants_none_gets_none(tmp_path: Path, calls: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")
    synth.run([], tmp_path, SITE)
    assert calls == ["on"], "one synth, in the environment as it is"
    assert not (tmp_path / "passed").exists()
