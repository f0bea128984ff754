"""What the CDK's Python says to Node, written down, and said again without Python.

jsii starts the program that JSII_NODE names. The one that is made here passes every message on to the real Node,
and keeps it: a recording has one line of JSON for a request, and one for its answer. It serves two questions of
tests/bench/synth_speed.py: how long would the same calls take in plain JavaScript (plain_javascript.py), and how
long through jsii, were Python infinitely fast (`play`).
"""

import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

NO_CHANCE = "--random-seed=1"
"""Node's option by which the CDK numbers its tokens alike, in the recording and where it is played."""

_END = b'{"exit":0}\n'


def recording_node(folder: Path, *, node: Path, recording: Path) -> Path:
    """Make a program for JSII_NODE in `folder`: `node`, with all that it is told and answers in `recording`, and
    jsii's side of it in `runtime` of that folder."""
    program = folder / "recording-node"
    program.write_text(
        f"#!{sys.executable}\n"
        f"import sys\nsys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})\n"
        "from tests.bench import jsii_recorder\n"
        f"jsii_recorder.record([{str(node)!r}, {NO_CHANCE!r}], sys.argv[1:], {str(recording)!r})\n"
    )
    program.chmod(0o755)
    return program


def record(node: list[str], arguments: list[str], recording: str) -> None:
    """Be Node for jsii, which gave `arguments`, until the one or the other ends."""
    log = Path(recording)
    # jsii unpacked it for this run alone
    shutil.copytree(Path(arguments[-1]).parent.parent, log.with_name("runtime"), dirs_exist_ok=True)
    answers = sys.stdout.buffer
    with (
        subprocess.Popen([*node, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process,
        log.open("wb") as written,
    ):
        for request, answer in _conversation(process, sys.stdin.buffer):
            if request:
                written.writelines((request, answer))
            answers.write(answer)
            answers.flush()


def play(node: Path, recording: Path, environment: Mapping[str, str]) -> None:
    """Send every request of `recording` to jsii on `node`, each when the one before it is answered."""
    runtime = recording.with_name("runtime") / "bin" / "jsii-runtime.js"
    requests = [*recording.read_bytes().splitlines(keepends=True)[::2], _END]
    with subprocess.Popen(
        [str(node), NO_CHANCE, str(runtime)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        for _ in _conversation(process, requests):
            pass


def _conversation(
    process: "subprocess.Popen[bytes]", requests: Iterable[bytes]
) -> Iterator[tuple[bytes, bytes]]:
    """Each request with its answer; at first the greeting, for which nobody asked."""
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("no pipes to Node")
    yield b"", process.stdout.readline()
    for request in requests:
        process.stdin.write(request)
        process.stdin.flush()
        if request == _END:
            return
        yield request, process.stdout.readline()
