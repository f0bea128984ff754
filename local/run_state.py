"""What runs now, in a file, so that `make down`, `make status` and the next `make up` find it."""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from local.processes import Process


@dataclass(frozen=True)
class RunState:
    """The local run: its processes by name, the counter's container if it has one, and the URLs.

    `counter` tells which task, Redis and engine the running counter was started with.
    """

    endpoint: str = ""
    redis_port: int = 0
    processes: dict[str, Process] = field(default_factory=dict)
    container: str = ""
    counter: str = ""
    counter_port: int = 0
    site_url: str = ""
    counter_url: str = ""

    @classmethod
    def read(cls, path: Path) -> "RunState":
        """What the file says; nothing runs where there is no such file, or no whole one."""
        try:
            stored = json.loads(path.read_text())
            stored["processes"] = {n: Process(**p) for n, p in stored["processes"].items()}
            return cls(**stored)
        except (OSError, ValueError, KeyError, TypeError):
            return cls()

    def write(self, path: Path) -> None:
        """Replace the file in one step: a reader never sees half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_text(json.dumps(asdict(self), indent=1))
        new.replace(path)

    def running(self, name: str) -> Process | None:
        """The process `name`, if it still runs."""
        process = self.processes.get(name)
        return process if process and process.runs() else None

    def with_process(self, process: Process) -> "RunState":
        """The same with `process` added or replaced."""
        return replace(self, processes={**self.processes, process.name: process})
