"""One command's hold on the local run: what runs, what this command started, and how that is undone."""

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from local import interrupts
from local.console import Console
from local.engine import Engine, answering
from local.layout import Layout
from local.processes import Process
from local.run_state import RunState

# The counter's processes: itself where it is no container, and who follows the container's log.
_COUNTER = ("counter", "counter-log")


@dataclass
class Session:
    """The layout, the console, the engine, and the state on disk, which follows every change at once."""

    layout: Layout
    console: Console
    engine: Engine | None
    time_limit: float = 600.0
    state: RunState = field(init=False)
    _undo: list[Callable[[], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.reload()

    def reload(self) -> None:
        """Read the state anew: another command may have changed it before this one held the lock."""
        self.state = RunState.read(self.layout.run)

    def remember(self, **changes: str | int) -> None:
        """Change fields of the state, on disk too."""
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # the caller names the fields
        self.state.write(self.layout.run)

    def start(self, starter: Callable[[], Process]) -> Process:
        """Start a process and remember it before anything can interrupt; undone if this command fails."""
        with interrupts.held():
            process = starter()
            self.state = self.state.with_process(process)
            self.state.write(self.layout.run)
            self._undo.append(process.stop)
        return process

    def forget(self, process: Process) -> None:
        """Take a process that has ended out of the state."""
        left = {name: p for name, p in self.state.processes.items() if p != process}
        self.state = replace(self.state, processes=left)
        self.state.write(self.layout.run)

    def on_failure(self, undo: Callable[[], None]) -> None:
        """Call `undo` if this command fails; what was named last is undone first."""
        self._undo.append(undo)

    @cached_property
    def any_engine(self) -> Engine | None:
        """The engine that an earlier command's container runs on, even if containers are turned off now."""
        return self.engine or answering()

    @property
    def container_name(self) -> str:
        """Name of the counter's container: the same for each run of a folder, so that none is lost in a crash."""
        return f"visitor-counter-{hashlib.sha256(os.fsencode(self.layout.folder)).hexdigest()[:8]}"

    def step_aside(self) -> None:
        """Let the running counter go on under another name, until `end_former`, while its successor starts under
        its own; undone if this command fails."""
        self.end_former()  # what a crash left
        with interrupts.held():
            if self.any_engine and self.any_engine.image_of(self.container_name):
                self.any_engine.rename(self.container_name, self._former_container)
            for name in _COUNTER:
                self._rename(name, f"former-{name}")
            self.on_failure(self._step_back)

    def _step_back(self) -> None:
        if self.any_engine and self.any_engine.image_of(self._former_container):
            self.any_engine.rename(self._former_container, self.container_name)
            self.remember(container=self.container_name)
        for name in _COUNTER:
            self._rename(f"former-{name}", name)

    def _rename(self, name: str, new: str) -> None:
        processes = dict(self.state.processes)
        if process := processes.pop(name, None):
            processes[new] = replace(process, name=new)
            self.state = replace(self.state, processes=processes)
            self.state.write(self.layout.run)

    def end_former(self, *, keep_image: str = "") -> None:
        """Stop what `step_aside` let go on; a container's image goes with it unless it is `keep_image`."""
        self._end("former-counter")
        self._remove(self._former_container, keep_image)
        self._end("former-counter-log")  # ended with the container, after its last lines

    def _end(self, name: str) -> None:
        if process := self.state.processes.get(name):
            process.stop()  # its workers, if it is gone itself
            self.forget(process)

    @property
    def _former_container(self) -> str:
        return f"{self.container_name}-former"

    def start_container(self, starter: Callable[[], None]) -> None:
        """`start` for the counter's container: `starter` starts it under its name, `container_name`."""
        with interrupts.held():
            self.remember(container=self.container_name)
            self.on_failure(self._end_container)
            starter()

    def _end_container(self) -> None:
        self._remove(self.container_name)
        self.remember(container="")

    def end_counter(self) -> None:
        """Stop the counter, whatever it runs as, and what `step_aside` let go on; images go with containers."""
        self._end("counter")
        self.remove_container()
        self._end("counter-log")

    def remove_container(self) -> None:
        """Stop and remove the counter's container and a former one, if they are there, and their images."""
        self.end_former()
        if self.any_engine:
            self._remove(self.container_name)
        elif self.state.container:
            self.console.say(
                f"! the container {self.container_name} may be left: no container engine answers. When it does, "
                "`make down` removes it"
            )
        if self.state.container:
            self.remember(container="")

    def _remove(self, container: str, keep_image: str = "") -> None:
        engine = self.any_engine
        if engine and (image := engine.image_of(container)):
            engine.remove(container)
            if image != keep_image:
                engine.remove_image(image)

    @contextlib.contextmanager
    def undone_on_failure(self) -> Iterator[None]:
        """Stop, last first, what was started in the block if the block fails or is interrupted."""
        try:
            yield
        except BaseException:
            with interrupts.ignored():
                if self._undo:
                    self.console.say("stopping what was started …")
                for undo in reversed(self._undo):
                    with contextlib.suppress(Exception):  # the cause is what the user must see
                        undo()
                alive = {name: p for name, p in self.state.processes.items() if p.runs()}
                self.state = replace(self.state, processes=alive)
                if alive or self.state.container:
                    self.state.write(self.layout.run)
                else:
                    self.layout.run.unlink(missing_ok=True)
            raise
