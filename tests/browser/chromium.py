"""Finds the Chromium of this machine, and says how the tests start it."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APPLICATIONS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_GET_IT = (
    "no Chromium found: install the package `chromium`, or run `.venv/bin/playwright install chromium`, "
    "or set CHROMIUM to the program's path"
)


def find(own_download: Path) -> Path | None:
    """The program to start: CHROMIUM if set, one on PATH, Playwright's `own_download`, a macOS application.

    Raises:
        FileNotFoundError: CHROMIUM names no program. Another one must not be tested in its place.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not os.access(named, os.X_OK):
            raise FileNotFoundError(f"CHROMIUM={named}: no such program; give the browser's path or unset it")
        return Path(named)
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    folders = (Path("/Applications"), Path.home() / "Applications")
    candidates = [own_download, *(folder / application for folder in folders for application in APPLICATIONS)]
    return next((path for path in candidates if os.access(path, os.X_OK)), None)


def arguments() -> list[str]:
    """Command line switches: no request of the browser's own, and no sandbox where it cannot have one."""
    switches = [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
    ]
    # Chromium refuses to start as root with its sandbox; only containers run the tests that way.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        switches.append("--no-sandbox")
    return switches
