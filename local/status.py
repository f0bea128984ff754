"""`make status`: what runs, since when, and where."""

import json
import time
from dataclasses import asdict

from local.session import Session

NOT_RUNNING = 3
"""Exit code when not all of it runs, as init scripts have it (LSB, "Init Script Actions")."""

_PARTS = ("emulator", "redis", "counter")


def status(session: Session, *, as_json: bool) -> int:
    """Write the state of each part; returns the exit code: 0 when everything runs."""
    state = session.state
    rows = {name: _row(session, name) for name in _PARTS}
    runs = {name: text.startswith("runs") for name, text in rows.items()}
    if as_json:
        print(json.dumps({"running": runs, **asdict(state)}, indent=1))
    else:
        for name, text in rows.items():
            print(f"{name:<9} {text}")
        if all(runs.values()):
            print(f"\nsite      {state.site_url}\ncounter   {state.counter_url}")
        elif not any(runs.values()):
            print("\n`make up` starts it")
    return 0 if all(runs.values()) else NOT_RUNNING


def _row(session: Session, name: str) -> str:
    state = session.state
    if name == "counter" and state.container:
        if not session.any_engine:
            return "unknown: it is a container, and no container engine answers"
        if not session.any_engine.runs(state.container):
            return f"ended (container {state.container}); `make up` starts it again"
        return f"runs, container {state.container}, port {state.counter_port}"
    process = state.processes.get(name)
    if name == "emulator" and not process and state.endpoint:
        return f"runs elsewhere: {state.endpoint}"
    if not process:
        return "stopped"
    if not process.runs():
        return f"ended (pid {process.pid}); `make up` starts it again"
    minutes = (time.time() - process.started) / 60
    where = {"emulator": state.endpoint, "redis": f"port {state.redis_port}"}.get(
        name, f"port {state.counter_port}"
    )
    return f"runs, pid {process.pid}, {where}, for {minutes:.0f} min"
