"""`make serve`, from the command line to Ctrl-C."""

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hypercorn.asyncio import serve as serve_with_hypercorn
from hypercorn.config import Config

from local import given_settings, ports
from local.console import Console
from local.errors import BadInputError
from local.serve.application import Application
from local.serve.reload import Versions
from local.serve.snapshot import Snapshot
from local.serve.watch import changes
from stacks import settings
from stacks.settings import Settings, SettingsError
from stacks.site_folder import SiteFolderError
from stacks.site_hosting.rules.fault import RulesError

PORT: Final = 8080
"""The port that is taken if the user names none."""
_SHOWN: Final = 3
"""Names of changed files in a line."""
_GRACE_S: Final = 0.3
"""How long open requests may go on after Ctrl-C."""


@dataclass(frozen=True)
class Request:
    """What the user asked for; empty where he named nothing. `settings` are `name=value` texts."""

    site: str = ""
    settings: tuple[str, ...] = ()
    port: str = ""
    reloads: bool = True
    verbose: bool = False


def serve(console: Console, request: Request) -> None:
    """Serve until a signal ends it, which raises `KeyboardInterrupt`.

    Raises `BadInputError` with a line per fault before it listens.
    """
    try:
        checked = settings.load(
            given_settings.context() | given_settings.chosen(request.site, request.settings)
        )
        snapshot = Snapshot.take(checked)
    except (SettingsError, SiteFolderError) as error:
        raise BadInputError(str(error)) from error
    port, remark = ports.named(request.port, default=PORT, setting="PORT")
    versions = Versions() if request.reloads else None
    application = Application(snapshot, versions, console.say if request.verbose else None)
    listener = _listening(port)
    if remark:
        console.say(f"! {remark}")
    if checked.hosting == "website":
        console.say(
            "! hosting=website: its endpoint at AWS applies no rules; this is what CloudFront would do"
        )
    for warning in snapshot.warnings:
        console.say(f"! {warning}")
    console.say(f"{snapshot.folder} is served at http://{ports.LOOPBACK}:{port}/; Ctrl-C ends it")
    following = _Following(console, application, checked, versions) if versions else None
    asyncio.run(_run(listener, application, following))
    raise KeyboardInterrupt


class _Following:
    """Applies the rules anew when the folder has changed."""

    def __init__(
        self, console: Console, application: Application, checked: Settings, versions: Versions
    ) -> None:
        self._console, self._application, self._settings = console, application, checked
        self._versions = versions
        self._fault = ""

    def end(self) -> None:
        """Let the browsers go that listen."""
        self._versions.end()

    async def run(self) -> None:
        """Follow the folder for ever."""
        async for paths in changes(self._application.snapshot.folder):
            await self._apply(paths)

    async def _apply(self, paths: Sequence[str]) -> None:
        before = self._application.snapshot
        try:
            now = await asyncio.to_thread(Snapshot.take, self._settings)
        except (SiteFolderError, RulesError, OSError) as error:
            if paths or str(error) != self._fault:
                self._console.say(f"{error}\n! the rules from before this change stay")
            self._fault = str(error)
            return
        if not paths and not self._fault and now.state == before.state:
            return
        self._fault = ""
        self._application.snapshot = now
        for warning in now.warnings:
            if warning not in before.warnings:
                self._console.say(f"! {warning}")
        self._versions.changed()
        shown = ", ".join(ascii(path)[1:-1] for path in paths[:_SHOWN])
        more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
        self._console.say(f"{time.strftime('%H:%M:%S')} changed: {shown or Path(before.folder).name}{more}")


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((ports.LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise BadInputError(
            f"PORT={port}: {error.strerror}; name another: PORT={ports.any_free()}"
        ) from error
    listener.setblocking(False)
    return listener


async def _run(listener: socket.socket, application: Application, following: _Following | None) -> None:
    stop = asyncio.Event()
    stopped = asyncio.create_task(stop.wait())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.include_server_header = False
    config.accesslog = None
    config.errorlog = logging.getLogger("hypercorn.error")
    config.graceful_timeout = _GRACE_S
    server = asyncio.create_task(
        serve_with_hypercorn(application, config, shutdown_trigger=stop.wait)  # type: ignore[arg-type]  # ASGI by another name
    )
    follower = asyncio.create_task(following.run() if following else stop.wait())
    await asyncio.wait({server, follower, stopped}, return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        (server if server.done() else follower).result()
    if following:
        following.end()
    # Python 3.11 writes a traceback for each connection that is cut off
    loop.set_exception_handler(lambda _loop, _context: None)
    follower.cancel()
    await asyncio.wait({server, follower})
