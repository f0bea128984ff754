"""Stands in for Node before the CDK's Python: passes every message on to the real one, and writes it down.

jsii starts the program that JSII_NODE names; `executable` makes one of this module. A recording is one line of
JSON for each message: a request, its answer, the next request …
"""

import os
import subprocess
import sys
from pathlib import Path

NO_CHANCE = "--random-seed=1"
"""Node's option that lets the CDK number its tokens alike, in the recording and where it is played."""


def executable(folder: Path, *, node: Path, recording: Path) -> Path:
    """A program for JSII_NODE, in `folder`: `node`, with all that is said to it and by it in `recording`."""
    program = folder / "recording-node"
    program.write_text(
        f"#!{sys.executable}\n"
        f"import sys\nsys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r})\n"
        "from tests.bench import jsii_recorder\n"
        f"jsii_recorder.main([{str(node)!r}, {NO_CHANCE!r}, *sys.argv[1:]], {str(recording)!r})\n"
    )
    program.chmod(0o755)
    return program


def main(command: list[str], recording: str) -> None:
    """Run `command` between jsii and Node until the one or the other ends."""
    with (
        Path(recording).open("wb") as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ) as node,
    ):
        if node.stdin is None or node.stdout is None:
            raise RuntimeError("no pipes to Node")
        sys.stdout.buffer.write(node.stdout.readline())  # its greeting
        sys.stdout.buffer.flush()
        for request in sys.stdin.buffer:
            node.stdin.write(request)
            node.stdin.flush()
            if request.startswith(b'{"exit"'):
                return
            answer = node.stdout.readline()
            log.writelines((request, answer))
            sys.stdout.buffer.write(answer)
            sys.stdout.buffer.flush()
