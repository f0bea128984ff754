"""Set up what a make target needs, inside the checkout: `python3 local/install.py synth|local|dev`.

Runs on the bare system Python (3.11 or newer, standard library only) before anything is installed. What is
installed where: `.venv` (Python packages, Node, npm), `node_modules` (the CDK CLI), `local/node_modules` (the
AWS SDK for CDK's Lambda handlers), `tests/browser/node/node_modules` (Lighthouse, axe), `.cache` (downloads).
The versions come from the hashed requirements files and the npm lock files; a stamp holds their digest, so that
a second call returns at once. An interrupted or failed call leaves no stamp: the next one goes on where it ended.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CACHE = ROOT / ".cache"
STAMP = VENV / "installed.json"
OLDEST_PYTHON = (3, 11)

# Each profile contains the ones before it: requirements file, folders with a package-lock.json, and the free
# disk space in MiB that it took when measured (x86_64 Linux, downloads included), with a tenth to spare.
PROFILES: dict[str, tuple[str, tuple[str, ...], int]] = {
    "synth": ("requirements.txt", ("",), 900),
    "local": ("local/requirements.txt", ("", "local"), 1300),
    "dev": ("requirements-dev.txt", ("", "local", "tests/browser/node"), 1900),
}


class InstallError(Exception):
    """Something that the user has to mend; the text says what and how."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Install the profile named on the command line; 0 when it is there, 1 with a clear message otherwise."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("profile", choices=PROFILES, help="synth: the CDK; local: make up; dev: make test")
    profile = parser.parse_args(arguments).profile
    try:
        install(profile)
    except InstallError as error:
        print(f"make: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nmake: set-up interrupted; the next call goes on from here", file=sys.stderr)
        return 130
    return 0


def install(profile: str) -> None:
    """Bring `.venv` and the npm packages to `profile`; raises `InstallError` when that cannot be done."""
    check_python()
    if _installed(profile):
        return
    try:
        CACHE.mkdir(exist_ok=True)
    except OSError as error:
        raise InstallError(f"cannot write to the checkout {ROOT}: {error.strerror}") from error
    with _one_at_a_time():
        if _installed(profile):  # by the call that was waited for
            return
        check_disk_space(profile)
        print(f"Setting up ({profile}) in {ROOT}", flush=True)
        requirements, npm_folders, _ = PROFILES[profile]
        _make_venv()
        with _step("Python packages"):
            _uv_install(requirements)
        for folder in npm_folders:
            with _step(f"npm packages of {folder or 'the CDK CLI'}"):
                _run(
                    [VENV / "bin" / "npm", "ci", "--loglevel=error"],
                    cwd=ROOT / folder,
                    env=_node_environment(),
                )
        _write_stamp(profile)


def check_python() -> None:
    """Refuse an interpreter that is older than what the pinned packages support."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise InstallError(
            f"Python {'.'.join(map(str, OLDEST_PYTHON))} or newer is needed, {sys.executable} is {found}; "
            "name another: make PYTHON=/path/to/python3.13"
        )


def check_disk_space(profile: str) -> None:
    """Refuse to start an installation that would fill the disk half way."""
    needed = PROFILES[profile][2]
    if VENV.exists():  # what is already there need not be written again; what changes is a part of it
        needed //= 3
    free = shutil.disk_usage(ROOT).free // 2**20
    if free < needed:
        raise InstallError(
            f"no disk space: setting up ({profile}) takes about {needed} MiB and {ROOT} has {free} MiB free; "
            "free some, or clone to a larger disk"
        )


def _digest(profile: str) -> str:
    """What an installation depends on: the lock files, the interpreter and where the checkout stands."""
    requirements, npm_folders, _ = PROFILES[profile]
    files = [requirements, "local/uv.txt", *(str(Path(f) / "package-lock.json") for f in npm_folders)]
    digest = hashlib.sha256(f"{sys.version_info[:2]} {os.path.realpath(sys.base_prefix)} {ROOT}".encode())
    for file in files:
        digest.update((ROOT / file).read_bytes())
    return digest.hexdigest()


def _installed(profile: str) -> bool:
    try:
        stamps = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    wider = list(PROFILES)[list(PROFILES).index(profile) :]
    folders = PROFILES[profile][1]
    return any(stamps.get(p) == _digest(p) for p in wider) and all(
        (ROOT / folder / "node_modules").is_dir() for folder in folders
    )


def _write_stamp(profile: str) -> None:
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps({profile: _digest(profile)}))
    new.replace(STAMP)


def _make_venv() -> None:
    """A new environment, unless there is a whole one that this interpreter made in this place."""
    made_by = VENV / "made-by"
    identity = f"{os.path.realpath(sys.base_prefix)} {sys.version_info[:2]} {ROOT}"
    STAMP.unlink(missing_ok=True)
    if made_by.is_file() and made_by.read_text() == identity:
        return
    with _step("virtual environment"):
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            _run([sys.executable, "-m", "venv", VENV])
        except InstallError as error:
            raise InstallError(
                f"{error}\non Debian and Ubuntu `apt install python3-venv` brings what is missing"
            ) from None
        python: list[str | Path] = [VENV / "bin" / "python", "-m"]
        pip = [*python, "pip", "--disable-pip-version-check", "--no-cache-dir"]
        _run([*pip, "install", "--quiet", "--require-hashes", "-r", ROOT / "local" / "uv.txt"])
        made_by.write_text(identity)


def _uv_install(requirements: str) -> None:
    environment = os.environ | {
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "UV_NATIVE_TLS": "1",  # the machine's certificates, as behind a company's proxy
        "VIRTUAL_ENV": str(VENV),
    }
    # not compiled here: that takes 30 s for all, and Python compiles what is imported in two
    _run(
        [VENV / "bin" / "uv", "pip", "install", "--quiet", "--require-hashes", "-r", ROOT / requirements],
        env=environment,
    )


def _node_environment() -> dict[str, str]:
    path = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    # the machine's certificates for npm too, as UV_NATIVE_TLS above
    return os.environ | {"PATH": path, "npm_config_cache": str(CACHE / "npm"), "NODE_USE_SYSTEM_CA": "1"}


def _run(command: Sequence[str | Path], *, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            [str(c) for c in command], cwd=cwd, env=env, check=False, capture_output=True, text=True
        )
    except OSError as error:
        raise InstallError(f"{command[0]}: {error.strerror}") from error
    if done.returncode:
        shown = " ".join(str(c) for c in command)
        why = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise InstallError(f"set-up failed (exit code {done.returncode}): {shown}\n{why}")


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two `make` at once: the second waits for the first and finds its work done."""
    with (CACHE / "install.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another make is setting up this checkout; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"  {name} …", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - start:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
