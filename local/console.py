"""What the user sees of a long command: a line per step, with the time it took.

On a terminal the line of the running step is redrawn with its elapsed time and its latest news; elsewhere (CI,
a file) each step is written when it ends.
"""

import contextlib
import shutil
import sys
import threading
import time
from collections.abc import Iterator


class Step:
    """A running step; `news` is shown beside its name while it runs."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.news = ""
        self.result = ""
        self.started = time.monotonic()

    def elapsed(self) -> float:
        """Seconds since the step began."""
        return time.monotonic() - self.started


class Console:
    """Writes steps to standard output and keeps how long each took (`seconds`, by name)."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._live = sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Write a line."""
        print(text, flush=True)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show `name` while the block runs, then how long it took; a failure is marked and goes on up."""
        step = Step(name)
        ended = threading.Event()
        painter = (
            threading.Thread(target=self._paint, args=(step, ended), daemon=True) if self._live else None
        )
        if painter:
            painter.start()
        mark = "✗"
        try:
            yield step
            mark = "✓"
        finally:
            ended.set()
            if painter:
                painter.join()
            self.seconds[name] = step.elapsed()
            result = f"  {step.result}" if step.result else ""
            line = f"{mark} {name:<34} {step.elapsed():6.1f} s{result}"
            print(("\r\x1b[2K" if self._live else "") + line, flush=True)

    def _paint(self, step: Step, ended: threading.Event) -> None:
        while not ended.wait(0.2):
            line = f"… {step.name:<34} {step.elapsed():6.1f} s  {step.news}"
            width = shutil.get_terminal_size().columns - 1
            print(f"\r\x1b[2K{line[:width]}", end="", flush=True)
