"""Reloads the pages that are open in a browser when the folder has changed, by server-sent events.

HTML, "Server-sent events". Names that begin with a dot are not published: no file of a site has these paths.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Final

SCRIPT_PATH: Final = "/.serve/reload.js"
EVENTS_PATH: Final = "/.serve/events"

# Once for each version: a page that a service worker keeps would be reloaded for ever.
SCRIPT: Final = f"""\
// Of `make serve`; --no-reload leaves it out.
{{
  const mine = new URL(document.currentScript.src).search.slice(1);
  new EventSource('{EVENTS_PATH}').addEventListener('version', ({{ data }}) => {{
    if (data !== mine && sessionStorage.getItem('{EVENTS_PATH}') !== data) {{
      sessionStorage.setItem('{EVENTS_PATH}', data);
      location.reload();
    }}
  }});
}}
""".encode()
_CHAINS: Final = (("script-src-elem", "script-src", "default-src"), ("connect-src", "default-src"))


class Versions:
    """Counts the changes of the folder, and tells them to who listens."""

    def __init__(self) -> None:
        # a page of the server before this one is old too
        self._start, self._changes = time.time_ns(), 0
        self._ended = False
        self._next = asyncio.Event()

    @property
    def current(self) -> str:
        """The version of what is served now."""
        return f"{self._start:x}.{self._changes}"

    def changed(self) -> None:
        """Tell that there is another one."""
        self._changes += 1
        self._tell()

    def end(self) -> None:
        """Let go who listens."""
        self._ended = True
        self._tell()

    def _tell(self) -> None:
        told, self._next = self._next, asyncio.Event()
        told.set()

    async def events(self) -> AsyncIterator[bytes]:
        """The current version and each that follows."""
        while not self._ended:
            following = self._next
            yield f"event: version\ndata: {self.current}\n\n".encode()
            await following.wait()


def with_script(page: bytes, version: str) -> bytes:
    """The page with the script after its end, where every parser takes it for a part of the body."""
    return page + f'<script src="{SCRIPT_PATH}?{version}"></script>\n'.encode()


def allowing_script(policy: str) -> str:
    """A Content-Security-Policy that allows the script and its connection: 'self', if it was not allowed before."""
    return ", ".join(_allowing(each) for each in policy.split(","))


def _allowing(policy: str) -> str:
    directives: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        if words := directive.split():
            directives.setdefault(words[0].lower(), words[1:])
    for chain in _CHAINS:
        name = next((each for each in chain if each in directives), "")
        if name and not {"'self'", "*"} & {each.lower() for each in directives[name]}:
            sources = [each for each in directives[name] if each.lower() != "'none'"]
            directives[chain[0]] = [*sources, "'self'"]
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
