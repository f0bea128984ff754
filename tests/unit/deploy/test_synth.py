"""`python -m deploy synth` lists what it wrote, and needs neither account nor network."""

import json
from pathlib import Path

import pytest

from deploy.verbs import main


def test_synth_lists_the_templates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CDK_VALIDATION", "false")  # the tests of the stacks validate
    stale = tmp_path / "VisitorCounter-old.template.json"
    stale.write_text("{}")
    assert main(["synth", "--output", str(tmp_path), "-c", "stage=new"]) == 0
    listed = [line.split() for line in capfd.readouterr().out.splitlines() if "template.json" in line]
    assert [line[0] for line in listed] == ["StaticSite-new", "VisitorCounter-new"]
    for _, resources, *_, path in listed:
        assert len(json.loads(Path(path).read_text())["Resources"]) == int(resources)
