"""A real emulator as a child process, for tests that deploy to it."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any, NamedTuple

from local.emulator import client_environment
from local.ports import any_free

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / ".bin" / "cdk"
_START_LIMIT_S = 30.0


class Answer(NamedTuple):
    """One HTTP response, whatever its status."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def clean_environment() -> dict[str, str]:
    """This process's environment without AWS settings, with the project's own programs first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return kept | {
        "CDK_VALIDATION": "false",  # the tests of the stacks validate; here it would cost seconds per synth
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
        "PYTHONPATH": str(ROOT),
    }


class EmulatorProcess:
    """`python -m local.emulator` on a free port.

    Attributes:
        endpoint: URL of the gateway.
        port: its port.
        env: environment for CDK and AWS clients, complete.
        data: the data folder.
        log: file with what it printed.
    """

    def __init__(self, folder: Path, *, port: int | None = None, arguments: tuple[str, ...] = ()) -> None:
        """`folder` takes the data folder and the log; `arguments` go after --port and --data."""
        self.port = port or any_free()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.data = folder / "data"
        self.log = folder / "emulator.log"
        self.env: Mapping[str, str] = clean_environment() | client_environment(self.endpoint)
        self._arguments = arguments
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Process id of what was started: the guardian."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> float:
        """Start and wait until it answers; return the seconds that it took. Raises on a failed start."""
        begun = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "local.emulator"),
                    *("--port", str(self.port), "--data", str(self.data), *self._arguments),
                ],
                cwd=ROOT,
                env=clean_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while time.monotonic() < begun + _START_LIMIT_S:
            if self._process.poll() is not None:
                raise RuntimeError(f"the emulator ended with {self._process.returncode}: {self._tail()}")
            try:
                self.get("/_local/health")
            except OSError:
                time.sleep(0.05)
            else:
                return time.monotonic() - begun
        self.kill()
        raise RuntimeError(f"the emulator did not answer in {_START_LIMIT_S:.0f} s: {self._tail()}")

    def stop(self, number: int = signal.SIGTERM) -> float:
        """Send the signal, wait for the end; return the seconds that it took."""
        assert self._process is not None
        begun = time.monotonic()
        self._process.send_signal(number)
        self._process.wait(timeout=40)
        return time.monotonic() - begun

    def kill(self) -> None:
        """End it without notice, if it runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait(timeout=10)

    @property
    def exit_code(self) -> int | None:
        """The exit code after an end."""
        return self._process.returncode if self._process else None

    def request(
        self,
        path: str,
        *,
        host: str | None = None,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Send one request, `host` being the Host field; redirects are not followed."""
        fields = {**(headers or {}), **({"Host": host} if host else {})}
        request = urllib.request.Request(self.endpoint + path, data=body, headers=fields, method=method)
        try:
            with _opener.open(request, timeout=30) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def get(self, path: str, *, host: str | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """GET a path."""
        return self.request(path, host=host, headers=headers)

    def json(self, path: str) -> Any:
        """GET a status page."""
        return json.loads(self.get(path).body)

    def cdk(self, *arguments: str, app: Path, limit_s: float = 150) -> str:
        """Run the real CDK CLI on the app in folder `app`; return its output. Raises on a non-zero exit."""
        done = subprocess.run(
            [str(CDK), "--no-notices", "--ci", *arguments],
            cwd=app,
            env=dict(self.env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=limit_s,
            check=False,
        )
        if done.returncode:
            raise AssertionError(
                f"cdk {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[-4000:]}"
            )
        return done.stdout

    def _tail(self) -> str:
        return self.log.read_text(errors="replace")[-2000:]
