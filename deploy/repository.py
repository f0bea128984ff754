"""A copy of somebody's repository, or folder, in a folder of ours: nothing of it is run, nobody is asked."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from deploy.errors import RefusedError

_SCHEMES: Final = ("https", "ssh", "file")
_TELL_SECONDS: Final = 5.0
_HELPER: Final = re.compile(
    r"^[A-Za-z0-9][A-Za-z0-9+.-]*::"
)  # git-clone: "<transport>::<address>" runs a program
_SCP_LIKE: Final = re.compile(r"^(?P<host>[^/:]+):(?!//)")  # git-clone, "GIT URLS": no slash before the colon
# What a hook, or another git, tells about its own repository (`git rev-parse --local-env-vars`).
_OF_ANOTHER: Final = re.compile(
    r"^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|PREFIX|NAMESPACE|OBJECT_DIRECTORY|GRAFT_FILE|"
    r"ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|REPLACE_REF_BASE|NO_REPLACE_OBJECTS|IMPLICIT_WORK_TREE|"
    r"INTERNAL_SUPER_PREFIX)$"
)


def check(repository: str, ref: str) -> None:
    """Raises `RefusedError` for what is neither a folder nor an address that may be cloned."""
    shown = without_secret(repository)
    if repository.startswith("-") or not repository.isprintable():
        raise RefusedError(f"REPO={shown!r}: is no address; write https://…, git@host:path or a folder")
    if ref.startswith("-") or not ref.isprintable():
        raise RefusedError(f"REF={ref!r}: is no name of a branch or tag; leave it out for the default branch")
    if Path(repository).expanduser().is_dir():
        return
    scheme = urlsplit(repository).scheme.lower() if "://" in repository else ""
    if _HELPER.match(repository) or (scheme and scheme not in _SCHEMES):
        raise RefusedError(
            f"REPO={shown}: {scheme or 'a transport of git that runs a program'} is not used; "
            f"legal: {', '.join(_SCHEMES)}, or a folder"
        )
    if not scheme and not _SCP_LIKE.match(repository):
        raise RefusedError(
            f"REPO={shown}: there is no such folder; an address begins with https://, ssh:// or file://"
        )


def is_git(repository: str) -> bool:
    """Whether `repository` is to be cloned: an address, or a folder that is a repository itself."""
    folder = Path(repository).expanduser()
    if not folder.is_dir():
        return True
    return (folder / ".git").exists() or ((folder / "HEAD").is_file() and (folder / "objects").is_dir())


def clone(repository: str, ref: str, into: Path) -> str:
    """Clone the last commit of `ref`, or of the default branch; returns it, abbreviated. Raises `RefusedError`.

    No hooks, no submodules, no question; transports by https, ssh and file alone. Of a folder what is committed.
    """
    folder = Path(repository).expanduser()
    address = folder.resolve().as_uri() if folder.is_dir() else repository
    branch = [f"--branch={ref}"] if ref else []
    shallow = ["--depth=1", "--single-branch", "--no-tags", "--no-recurse-submodules", "--template="]
    code, said = _git(["clone", "--quiet", *shallow, *branch, "--", address, str(into)])
    if code:
        raise RefusedError(
            f"REPO={without_secret(repository)}: cannot be cloned: {_reason(said, repository)}"
        )
    code, said = _git(["-C", str(into), "rev-parse", "--short", "HEAD"])
    if code:
        raise RefusedError(f"REPO={without_secret(repository)}: has no commit yet; commit the site first")
    return said.strip()


def copy(folder: str, into: Path) -> None:
    """Copy a folder, by links where the file system can: nothing in it is written. Raises `RefusedError`."""
    try:
        shutil.copytree(Path(folder).expanduser(), into, symlinks=True, copy_function=_link)
    except (OSError, shutil.Error) as error:
        raise RefusedError(f"REPO={folder}: cannot be copied: {error}") from error


def leave_out(path: Path, clone: Path) -> None:
    """Take a file out of the clone, so that git does not see a change in that."""
    path.unlink()
    if (clone / ".git").exists():
        _git(["-C", str(clone), "update-index", "--skip-worktree", "--", str(path)])


def without_secret(repository: str) -> str:
    """The address without the user's name and password, as it may be shown and logged."""
    return re.sub(r"^([A-Za-z][A-Za-z0-9+.-]*://)[^/@]*@", r"\1", repository)


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target, follow_symlinks=False)


def _git(arguments: Sequence[str]) -> tuple[int, str]:
    """Run git to its end, with a line now and then; its exit code, and all that it said."""
    environment = {name: value for name, value in os.environ.items() if not _OF_ANOTHER.match(name)} | {
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "SSH_ASKPASS": "",
        "GIT_ALLOW_PROTOCOL": ":".join(_SCHEMES),
        "LC_ALL": "C",
    }
    # a server that is silent for a minute is given up
    slow = ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60"]
    options = [
        "-c",
        f"core.hooksPath={os.devnull}",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.askPass=",
        *slow,
    ]
    process = subprocess.Popen(
        ["git", *options, *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,  # what it starts is ended with it; and ssh cannot ask on the terminal
    )
    with _ended(process):
        begun = time.monotonic()
        while True:
            try:
                said, _ = process.communicate(timeout=_TELL_SECONDS)
                return process.returncode, said
            except subprocess.TimeoutExpired:
                print(f"  git is at work, {time.monotonic() - begun:.0f} s", flush=True)


@contextlib.contextmanager
def _ended(process: "subprocess.Popen[str]") -> Iterator[None]:
    try:
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()


def _reason(said: str, repository: str) -> str:
    """git's own reason on one line, without the password that it may repeat."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    fatal = [line for line in lines if line.startswith(("fatal:", "ERROR:", "error:"))]
    reason = (fatal or lines or ["git said nothing"])[0]
    return reason.replace(repository, without_secret(repository))
