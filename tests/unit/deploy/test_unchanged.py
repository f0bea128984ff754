"""`make synth` runs nothing when nothing has changed, and does when anything has."""

import json
import sysconfig
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from deploy import cdk_cli, synth, unchanged, validation
from deploy.unchanged import LastSynth
from deploy.validation import Passed
from stacks import site_folder


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a synth reads, with a site outside, a user's own cdk.json and some installed packages."""
    root = tmp_path / "checkout"
    for name in ("app.py", "cdk.json", "stacks/counter/service.py", "stacks/ecommerce/canary/journey.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    for name in (
        "visitor_counter/app.py",
        "docs/cost.md",
        "../site/index.html",
        "../packages/a-1.dist-info/x",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    monkeypatch.setattr(cdk_cli, "ROOT", root)
    monkeypatch.setattr(unchanged, "MEMORY", root / ".cache" / "synthesized")
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "packages"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return root


def digest(checkout: Path, *words: str) -> str | None:
    return unchanged.inputs(words, checkout.parent / "site")


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "app.py").write_text("other"),
        lambda root: (root / "stacks" / "new.py").write_text(""),
        lambda root: (root / "stacks" / "ecommerce" / "canary" / "journey.py").unlink(),
        lambda root: (root / "stacks" / "counter").rename(root / "stacks" / "visits"),
        lambda root: (root / "visitor_counter" / ".env").write_text("git leaves it out, Docker does not"),
        lambda root: (root / "cdk.context.json").write_text("{}"),
        lambda root: (root.parent / "site" / "index.html").write_text("new"),
        lambda root: (root.parent / "site" / "about.html").write_text("new"),
        lambda root: (root.parent / ".cdk.json").write_text("{}"),
        lambda root: (root.parent / "packages" / "b-2.dist-info").mkdir(),
        lambda root: (
            (root / "node_modules").mkdir() or (root / "node_modules" / ".package-lock.json").write_text("{}")
        ),
    ],
)
def test_a_change_is_seen(checkout: Path, change: Callable[[Path], object]) -> None:
    before = digest(checkout)
    assert before
    change(checkout)
    assert digest(checkout) != before


def test_so_are_other_words_and_variables(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(checkout, "synth")
    assert digest(checkout, "synth", "--context", "stage=a") not in (
        before,
        digest(checkout, "synth", "stage=a"),
    )
    monkeypatch.setenv("CDK_DEFAULT_REGION", "eu-west-1")
    assert digest(checkout, "synth") != before


def test_what_no_synth_reads_is_no_change(checkout: Path) -> None:
    before = digest(checkout)
    (checkout / "docs" / "cost.md").write_text("other")
    (checkout / "stacks" / "__pycache__").mkdir()
    (checkout / "stacks" / "__pycache__" / "new.pyc").write_bytes(b"compiled")
    assert digest(checkout) == before


def test_the_sites_commit_is_in_its_template(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(checkout)
    monkeypatch.setattr(site_folder, "commit", lambda _: "0123456")
    assert digest(checkout) != before


def test_what_cannot_be_read_or_is_another_apps_is_never_unchanged(checkout: Path) -> None:
    assert digest(checkout, "--app=elsewhere") is None
    (checkout.parent / "site" / "lost.html").symlink_to("nowhere")
    assert digest(checkout) is None


def test_the_last_one_stands_while_it_is_there_as_it_was_written(tmp_path: Path) -> None:
    assembly = tmp_path / "cdk.out"
    (assembly / "asset.1").mkdir(parents=True)
    (assembly / "manifest.json").write_text("{}")
    (assembly / "asset.1" / "index.html").write_text("page")
    last = LastSynth(tmp_path / "memory", assembly)
    assert not last.stands("inputs")
    last.remember("inputs")
    assert last.stands("inputs")
    assert not last.stands("others")
    assert not LastSynth(tmp_path / "memory", tmp_path / "other.out").stands("inputs")
    (assembly / "manifest.json").write_text("{ }")
    assert not last.stands("inputs")
    last.remember("inputs")
    (assembly / "asset.1" / "index.html").unlink()
    assert not last.stands("inputs")


@pytest.fixture
def synths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The synths that were run, each of which writes one template; and an empty memory."""
    made: list[str] = []

    def run(words: Sequence[str], **variables: str) -> int:
        made.append(variables.get("CDK_VALIDATION", "on"))
        (tmp_path / "out").mkdir(exist_ok=True)
        (tmp_path / "out" / "manifest.json").write_text(json.dumps({"artifacts": {}}))
        return 0

    monkeypatch.delenv("CDK_VALIDATION", raising=False)
    monkeypatch.setattr(cdk_cli, "run", run)
    monkeypatch.setattr(validation, "passed", lambda: Passed(tmp_path / "passed", "1"))
    return made


def test_a_second_synth_runs_nothing_and_says_so(
    checkout: Path, synths: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        assert synth.run(["synth"], tmp_path / "out", tmp_path / "site") == 0
    assert synths == ["false"]
    assert "nothing has changed since the last synth" in capsys.readouterr().out
    (checkout / "app.py").write_text("other")
    assert synth.run(["synth"], tmp_path / "out", tmp_path / "site") == 0
    assert synths == ["false"] * 2


def test_one_with_findings_is_made_each_time(
    checkout: Path, synths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validation, "all_pass", lambda _: False)
    for _ in range(2):
        synth.run(["synth"], tmp_path / "out", tmp_path / "site")
    assert synths == ["false", "on"] * 2


def test_what_is_written_meanwhile_is_not_taken_for_what_was_read(
    checkout: Path, synths: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_pass(_: object) -> bool:
        (checkout / "app.py").write_text("saved in the editor")
        return True

    monkeypatch.setattr(validation, "all_pass", all_pass)
    for _ in range(2):
        synth.run(["synth"], tmp_path / "out", tmp_path / "site")
    assert synths == ["false"] * 2
