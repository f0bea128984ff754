"""`make down`: stop all that runs, remove all but the data."""

import contextlib
import shutil

from local.errors import LocalRunError
from local.session import Session

# each before what it uses
_ORDER = ("cdk", "former-counter", "former-counter-log", "counter", "counter-log", "redis", "emulator")


def down(session: Session) -> None:
    """Stop every process of the local run and remove its files but the data; no error when nothing runs.

    Raises `LocalRunError`, after all else is stopped, when it had to leave the container.
    """
    state = session.state
    running = [state.processes[name] for name in _ORDER if name in state.processes]
    if not running and not state.container:
        session.console.say("nothing runs")
    failure = None
    try:
        _stop_container(session)
    except LocalRunError as error:
        failure = error
    for process in running:
        if process.runs():
            with session.console.step(f"stopping {process.name}"):
                process.stop()
        else:
            process.stop()  # its workers may have outlived it
    layout = session.layout
    for folder in (layout.logs, layout.assembly):
        shutil.rmtree(folder, ignore_errors=True)
    for file in layout.folder.glob("run.*"):
        with contextlib.suppress(OSError):
            file.unlink()
    if failure:
        raise failure


def _stop_container(session: Session) -> None:
    if not session.state.container:
        session.remove_container()  # one that a crash left, whatever became of the state file
        return
    if not session.any_engine:
        raise LocalRunError(
            f"all is stopped but the container {session.state.container}: no container engine answers. "
            "When it does, `make down` again removes it"
        )
    with session.console.step("stopping the counter's container"):
        session.end_counter()
