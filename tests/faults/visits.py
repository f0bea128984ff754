"""A client of the counter as a process of its own: `python -m tests.faults.visits PORT HOST VISITS …`.

Arguments: port, Host field, visits, connections, file. It asks on all its connections at once, then waits for all
their answers, and again, until it has made so many visits or gets a SIGTERM. What it was told goes to the file as
JSON. A connection that breaks or stays silent is replaced: what was asked on it counts as unanswered.
"""

import contextlib
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.redis_server import HOST
from tests.counter_process import ROOT
from tests.local_run import wait_for

_REQUEST = "POST /api/visits HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n"
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Told:
    """What all clients were told: each number by how often, the requests without one, by kind, whether no client
    was told a number that is below an earlier one of its own, and why requests were not answered."""

    numbers: "Counter[int]"
    answered: int
    refused: int
    unanswered: int
    grew: bool
    why: Mapping[str, int]

    @property
    def twice(self) -> list[int]:
        """Numbers that were shown to two or more."""
        return [number for number, times in self.numbers.items() if times > 1]


class Clients:
    """The running client processes; `told` once they have ended."""

    def __init__(self, processes: "Sequence[subprocess.Popen[bytes]]", files: Sequence[Path]) -> None:
        self._processes, self._files = processes, files

    @property
    def busy(self) -> bool:
        """Whether one of them still visits."""
        return any(process.poll() is None for process in self._processes)

    def stop(self) -> Told:
        """Let them make an end, and read what they were told."""
        for process in self._processes:
            process.terminate()
        return self.told(60)

    def told(self, seconds: float = 200) -> Told:
        """Wait for their end, and read what they were told."""
        limit = time.monotonic() + seconds
        codes = [process.wait(limit - time.monotonic()) for process in self._processes]
        assert codes == [0] * len(codes)
        found = [json.loads(file.read_text()) for file in self._files]
        numbers = Counter(number for each in found for number in each["numbers"])
        return Told(
            numbers,
            numbers.total(),
            sum(each["refused"] for each in found),
            sum(sum(each["unanswered"].values()) for each in found),
            all(each["numbers"] == sorted(each["numbers"]) for each in found),
            sum((Counter(each["unanswered"]) for each in found), Counter()),
        )


@contextmanager
def visiting(
    port: int,
    folder: Path,
    *,
    host: str = "counter",
    visits: int | None = None,
    clients: int = 4,
    connections: int = 16,
) -> Iterator[Clients]:
    """`clients` processes that make `visits` requests together (None: until they are stopped); ended with the
    block."""
    each = sys.maxsize if visits is None else visits // clients
    files = [folder / f"client-{number}.json" for number in range(clients)]
    processes = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.faults.visits",
                *map(str, (port, host, each, connections, file)),
            ],
            cwd=ROOT,
        )
        for file in files
    ]
    try:
        wait_for(lambda: all(file.exists() for file in files), seconds=30)
        yield Clients(processes, files)
    finally:
        for process in processes:
            process.kill()
            process.wait()


class _Connection:
    def __init__(self, port: int, request: bytes) -> None:
        self._port, self._request = port, request
        self._socket: socket.socket | None = None

    def ask(self) -> None:
        with contextlib.suppress(OSError):
            if self._socket is None:
                self._socket = socket.create_connection((HOST, self._port), timeout=_PATIENCE_SECONDS)
            self._socket.sendall(self._request)

    def answer(self) -> tuple[int, bytes]:
        """Status and body; 0 and the reason where there was none."""
        why = "closed"
        try:
            if self._socket is None:
                time.sleep(0.01)  # nobody listens: do not hammer
                return 0, b"not connected"
            data = self._socket.recv(65536)
            while data:
                head, end, body = data.partition(b"\r\n\r\n")
                length = _LENGTH.search(head)
                if end and length and len(body) == int(length[1]):
                    if b"connection: close" in head.lower():
                        self._close()
                    return int(head[9:12]), body
                more = self._socket.recv(65536)
                if not more:
                    break
                data += more
        except OSError as error:
            why = type(error).__name__
        self._close()
        return 0, why.encode()

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def main(port: int, host: str, visits: int, connections: int, file: Path) -> None:
    """Make `visits` requests on `connections`; see the module's text."""
    numbers: list[int] = []
    refused = 0
    unanswered: Counter[str] = Counter()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    file.touch()  # from here on it can be told to end
    all_of_them = [_Connection(port, _REQUEST.format(host).encode()) for _ in range(connections)]
    for begin in range(0, visits, connections):
        if ended.is_set():
            break
        asking = all_of_them[: min(connections, visits - begin)]
        for connection in asking:
            connection.ask()
        round_numbers = []
        for connection in asking:
            status, body = connection.answer()
            if status == 200:
                round_numbers.append(json.loads(body)["visits"])
            elif status == 503 and body.startswith(b"{"):
                refused += 1
            elif status in (502, 503):  # a load balancer's own
                unanswered[str(status)] += 1
            elif status == 0:
                unanswered[body.decode()] += 1
            else:
                raise SystemExit(f"the counter answered {status}: {body!r}")
        numbers += sorted(round_numbers)
    file.write_text(json.dumps({"numbers": numbers, "refused": refused, "unanswered": unanswered}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
