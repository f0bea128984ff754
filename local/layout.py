"""Where the local run keeps its files: one folder, `.local` in the checkout, that `make clean` removes."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""


@dataclass(frozen=True)
class Layout:
    """The files of one local run.

    `data` outlives `make down`: what the visitors were counted with and what was deployed. Everything else
    is removed with the processes that it belongs to.
    """

    folder: Path

    @classmethod
    def of_environment(cls) -> "Layout":
        """The layout of this checkout; `LOCAL_STATE_DIR` names another folder, for a second run beside it."""
        return cls(Path(os.environ.get("LOCAL_STATE_DIR") or ROOT / ".local").resolve())

    @property
    def data(self) -> Path:
        """What is kept for the next `make up`."""
        return self.folder / "data"

    @property
    def emulator_data(self) -> Path:
        """The emulator's state: the deployed stacks and their objects."""
        return self.data / "emulator"

    @property
    def redis_data(self) -> Path:
        """Redis' append-only file and configuration."""
        return self.data / "redis"

    @property
    def deployment(self) -> Path:
        """What was deployed last (see `local.deployment`)."""
        return self.data / "deployment.json"

    @property
    def run(self) -> Path:
        """What runs now (see `local.run_state`)."""
        return self.folder / "run.json"

    @property
    def lock(self) -> Path:
        """Held by the one command that changes the local run."""
        return self.folder / "lock"

    @property
    def logs(self) -> Path:
        """One file per process: emulator.log, counter.log, cdk.log; Redis has its own beside its data."""
        return self.folder / "logs"

    @property
    def assembly(self) -> Path:
        """The cloud assembly that was deployed (`cdk.out` of the local run)."""
        return self.folder / "cdk.out"

    def log(self, name: str) -> Path:
        """The log file of the process `name`; its folder exists afterwards."""
        self.logs.mkdir(parents=True, exist_ok=True)
        return self.logs / f"{name}.log"
