"""The machine's own nginx, with the configuration that a container would get."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ports import any_free
from tests import parts
from tests.site_serving.url_cases import Visitor

ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}{os.pathsep}/usr/sbin")


def render(site: Path, output: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the module that the image's build runs, as it does: without the environment's packages."""
    command = [sys.executable, "-S", "-m", "stacks.site_hosting.nginx", str(site), str(output), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@contextmanager
def serving(site: Path, folder: Path, *arguments: str) -> Iterator[Visitor]:
    """nginx for the folder `site`; it writes to `folder`, which is made."""
    parts.require("nginx", _PROGRAM is not None, "install nginx-light; its service need not run")
    assert _PROGRAM
    folder.mkdir()
    address = f"127.0.0.1:{any_free()}"
    done = render(site, folder / "out", "--listen", address, "--temporary", str(folder), *arguments)
    assert done.returncode == 0, done.stderr
    # pytest's folders are root's alone, where it runs as root
    options = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [_PROGRAM, "-c", folder / "out" / "nginx.conf", "-g", options],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        visitor = Visitor(address)
        deadline = time.monotonic() + 20
        while True:
            try:
                visitor.asks("/")
                break
            except OSError:
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
        yield visitor
    finally:
        process.terminate()
        process.wait(timeout=20)
