"""Saved state that is not whole, or not ours, is never read."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest

from local.emulator.state import State

PORT = 4566
RECORDS: list[dict[str, Any]] = [{"type": "AWS::XRay::Group", "logical_id": "Group"}]


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A data folder that was closed in order."""
    state = State(tmp_path)
    assert state.open(PORT) is None
    (tmp_path / "state" / "services" / "s3.json").write_text('{"payload": {}}')
    (tmp_path / "state" / "s3" / "object").write_text("kept")
    state.close(PORT, RECORDS, whole=True)
    return tmp_path


def _discarded(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [r.getMessage() for r in caplog.records if "discarded" in r.getMessage()]


def test_what_was_closed_in_order_is_there_again(saved: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert State(saved).open(PORT) == RECORDS
    assert (saved / "state" / "s3" / "object").read_text() == "kept"
    assert _discarded(caplog) == []


def _truncate(folder: Path) -> None:
    (folder / "state" / "services" / "s3.json").write_text('{"payload": ')


def _other_version(folder: Path) -> None:
    (folder / "state" / "complete.json").write_text(json.dumps({"ministack": "1.5.32"}))


def _unmark(folder: Path) -> None:
    (folder / "state" / "complete.json").unlink()


def _garble(folder: Path) -> None:
    (folder / "state" / "recorded.json").write_bytes(b"\xff\xfe")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (_truncate, "damaged"),
        (_other_version, "it was saved by"),
        (_unmark, "did not end in order"),
        (_garble, "damaged"),
    ],
)
def test_anything_else_is_discarded_with_one_line(
    saved: Path, caplog: pytest.LogCaptureFixture, damage: Any, said: str
) -> None:
    damage(saved)
    with caplog.at_level(logging.WARNING):
        assert State(saved).open(PORT) is None
    (line,) = _discarded(caplog)
    assert said in line
    assert not (saved / "state" / "s3" / "object").exists()


def test_state_of_another_port_is_brought_up_to_the_new_one(
    saved: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queues = saved / "state" / "services" / "sqs.json"
    queues.write_text(
        f'["http://localhost:{PORT}/1/q", "http://127.0.0.1:{PORT}/2", "elsewhere:{PORT}", {PORT}]'
    )
    state = State(saved)
    assert state.open(PORT + 1) == RECORDS
    moved = [f"http://localhost:{PORT + 1}/1/q", f"http://127.0.0.1:{PORT + 1}/2", f"elsewhere:{PORT}", PORT]
    assert json.loads(queues.read_text()) == moved
    assert _discarded(caplog) == []
    state.close(PORT + 1, RECORDS, whole=True)
    assert State(saved).open(PORT + 1) == RECORDS


def test_a_state_that_is_in_use_is_not_read_by_the_next_start(saved: Path) -> None:
    """As after SIGKILL: opened, never closed."""
    assert State(saved).open(PORT) == RECORDS
    assert State(saved).open(PORT) is None


def test_a_state_that_is_not_whole_is_not_marked(saved: Path) -> None:
    state = State(saved)
    state.open(PORT)
    state.close(PORT, RECORDS, whole=False)
    assert State(saved).open(PORT) is None
