"""What `drift` makes of answers of a stub of the CDK CLI and of CloudFormation; tests/deploy has the real ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from deploy import arguments, cdk_cli, drift, drift_report, remains, verb_options
from deploy.drift_report import Resource
from deploy.errors import RefusedError
from deploy.preflight import Target
from stacks.settings import Settings

CHANGED = Resource("Role", "AWS::IAM::Role", "MODIFIED", (("/Policies/0", "a|b\n", "`c`" + "x" * 300),))
GONE = Resource("Topic", "AWS::SNS::Topic", "DELETED")
SAME = Resource("Bucket", "AWS::S3::Bucket", "IN_SYNC")
HIDDEN = Resource("Key", "AWS::KMS::Key", "UNKNOWN", reason="AccessDenied")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Resource]]:
    """The stacks that the stub has, and what was found of their resources."""
    stacks: dict[str, list[Resource]] = {}
    monkeypatch.setattr(drift, "target", lambda **_: Target("0" * 12, "us-east-1", "arn:aws:iam::0:root"))
    monkeypatch.setattr(remains, "deployed", lambda stack, _: {} if stack in stacks else None)
    monkeypatch.setattr(drift, "_resources", lambda stack, _: stacks[stack])
    monkeypatch.setattr(cdk_cli, "run", lambda *_, **__: 0)
    return stacks


def run(words: str, **given: Any) -> int:
    asked = arguments.parse(["drift", *words.split()])
    return drift.run(asked, verb_options.drift(asked.passed_on), Settings(**given))


@pytest.mark.parametrize(
    ("resources", "code"),
    [([], 0), ([SAME], 0), ([SAME, CHANGED], 3), ([GONE], 3), ([SAME, HIDDEN], 1), ([HIDDEN, CHANGED], 3)],
)
def test_exit_codes_of_a_stub_and_when_there_is_a_report(
    found: dict[str, list[Resource]], tmp_path: Path, resources: list[Resource], code: int
) -> None:
    found["StaticSite"] = resources
    report = tmp_path / "drift.md"
    report.write_text("of another night")
    assert run(f"--markdown {report}") == code
    assert report.exists() == (code != 1)


@pytest.mark.parametrize("code", [1, 130])
def test_a_stub_of_the_cli_that_fails(
    found: dict[str, list[Resource]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    found["StaticSite"] = [CHANGED]
    monkeypatch.setattr(cdk_cli, "run", lambda *_, **__: code)
    assert run(f"--markdown {tmp_path / 'drift.md'}") == code
    assert not (tmp_path / "drift.md").exists()


def test_only_what_the_stub_has_is_looked_at(
    found: dict[str, list[Resource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run_cli(words: Sequence[str], **_: str) -> int:
        asked.append(list(words))
        return 0

    monkeypatch.setattr(cdk_cli, "run", run_cli)
    found["VisitorCounter-dev"] = [SAME]
    assert run("-c stage=dev", stage="dev") == 0
    assert asked[0][:2] == ["drift", "VisitorCounter-dev"]
    assert "stage=dev" in asked[0]


def test_the_roles_for_github_are_looked_at_too(found: dict[str, list[Resource]]) -> None:
    found["Delivery"] = [CHANGED]
    assert run("", delivery_repository="octo-org/octo-repo") == 3


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("", "nothing to look at"),
        ("StaticSite", "StaticSite: not deployed; leave it out"),
        ("Site", 'stack "Site": unknown; legal: StaticSite, VisitorCounter'),
    ],
)
def test_what_is_refused_with_a_stub(found: Mapping[str, Any], words: str, says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        run(words)


def test_a_report_that_cannot_be_written(found: dict[str, list[Resource]]) -> None:
    found["StaticSite"] = [CHANGED]
    with pytest.raises(RefusedError, match=r"--markdown /no/where\.md: cannot be written"):
        run("--markdown /no/where.md")


def test_the_markdown_is_a_table_whatever_the_values_hold() -> None:
    told = drift_report.markdown(
        {"StaticSite": [CHANGED, SAME, GONE, HIDDEN], "VisitorCounter": [SAME]},
        {"StaticSite": "us-east-1", "VisitorCounter": "us-east-1"},
    )
    assert told.startswith("2 of 5 resources")
    rows = [line for line in told.splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[1] for row in rows] == ["DELETED", "MODIFIED", "UNKNOWN"]
    assert r"| `a\|b` | `'c'x" in rows[1]
    assert len(rows[1]) < 350
    assert "AccessDenied" in rows[2]
    assert "VisitorCounter" not in told


def test_a_report_is_no_longer_than_an_issue_may_be() -> None:
    many = [Resource(f"R{n}", "T", "MODIFIED", (("/P", "x" * 999, "y" * 999),)) for n in range(500)]
    assert len(drift_report.markdown({"S": many}, {"S": "us-east-1"})) < 65_536
