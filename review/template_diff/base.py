"""The templates of another commit and of the working tree, synthesized with this checkout's Python and Node.

The other commit is checked out into a temporary git worktree outside of the checkout, and nothing is installed
for it. No credentials are seen by either synth, and neither asks the network.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy import cdk_cli
from deploy.errors import RefusedError
from local import interrupts

_TIME_LIMIT_SECONDS: Final = 600
_PATIENCE_SECONDS: Final = 10
_PINS: Final = ("requirements.txt", "package-lock.json")
# how app.py refuses; see app.main
_REFUSED: Final = re.compile(r"^(?:setting|site) .*", re.MULTILINE)


class SynthError(Exception):
    """One of the two could not be synthesized; the text names it and has the end of what was said."""


@dataclass(frozen=True, slots=True)
class Synthesized:
    """Two cloud assemblies, that of `commit` (abbreviated) and that of the working tree; they are gone when the
    block ends. `same_packages`: whether both pin the same versions of packages."""

    before: Path
    after: Path
    commit: str
    same_packages: bool


@contextmanager
def synthesized(ref: str, settings: Sequence[str] = ()) -> Iterator[Synthesized]:
    """Synthesize the commit that `ref` names and the working tree, each with `settings` (`name=value`).

    Raises `RefusedError` for a `ref` that names no commit and for what app.py refuses, and `SynthError`.
    """
    commit = _commit(ref)
    short = _git("rev-parse", "--short", commit)
    with (
        tempfile.TemporaryDirectory(prefix="template-diff-", ignore_cleanup_errors=True) as name,
        _worktree(commit, Path(name) / "base") as base,
    ):
        before, after = Path(name) / "before", Path(name) / "after"
        _synthesize(base, before, settings, f"{ref} ({short})")
        _synthesize(cdk_cli.ROOT, after, settings, "the working tree")
        same = all(_bytes(base / pins) == _bytes(cdk_cli.ROOT / pins) for pins in _PINS)
        yield Synthesized(before, after, short, same)


def _commit(ref: str) -> str:
    if not ref:  # `make template-diff` without BASE
        raise RefusedError("--base: name the commit to compare with: make template-diff BASE=main")
    try:
        return _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
    except FileNotFoundError:
        raise RefusedError("git is not installed; the template diff needs it for --base") from None
    except subprocess.CalledProcessError:
        raise RefusedError(
            f"--base {ref}: no commit of this repository; fetch it, or name another: main, HEAD~1, a tag"
        ) from None


def _git(*arguments: str) -> str:
    # A git hook sets GIT_DIR and GIT_INDEX_FILE for its own repository; and no hook is to run here.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        ["git", "-c", f"core.hooksPath={os.devnull}", *arguments],
        cwd=cdk_cli.ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


@contextmanager
def _worktree(commit: str, folder: Path) -> Iterator[Path]:
    """`commit` checked out into `folder`, which git forgets in the end, whatever happens."""
    try:
        try:
            _git("worktree", "add", "--detach", "--quiet", str(folder), commit)
        except subprocess.CalledProcessError as error:
            raise SynthError(f"git worktree add: {error.stderr.strip()}") from None
        yield folder
    finally:
        # Interrupted half way, it is one that git refuses to remove, unless its folder is gone; and it is locked,
        # which takes --force twice.
        with interrupts.ignored(), suppress(subprocess.CalledProcessError):
            shutil.rmtree(folder, ignore_errors=True)
            _git("worktree", "remove", "--force", "--force", str(folder))


def _synthesize(root: Path, assembly: Path, settings: Sequence[str], what: str) -> None:
    print(f"template-diff: synthesizing {what} …", file=sys.stderr, flush=True)
    words = ["synth", "--quiet", "--no-notices", "--no-color", f"--output={assembly}"]
    words += [word for setting in settings for word in ("--context", setting)]
    child: subprocess.Popen[str] | None = None
    try:
        with interrupts.held():
            child = subprocess.Popen(
                cdk_cli.command(words),
                cwd=root,
                env=_environment(root),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        said, _ = child.communicate(timeout=_TIME_LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise SynthError(f"{what}: its synth took longer than {_TIME_LIMIT_SECONDS} s") from None
    finally:
        if child:
            _end(child)
    if child.returncode:
        if refused := _REFUSED.search(said):
            raise RefusedError(f"{what}: {refused[0]}")
        raise SynthError(f"{what}: its synth failed:\n" + "\n".join(said.strip().splitlines()[-15:]))


def _end(child: "subprocess.Popen[str]") -> None:
    """End the CLI and the app that it started, if they have not ended; they are a process group of their own."""
    with interrupts.ignored():
        for number in (signal.SIGTERM, signal.SIGKILL):
            if child.poll() is not None:
                return
            os.killpg(child.pid, number)
            with suppress(subprocess.TimeoutExpired):
                child.wait(_PATIENCE_SECONDS)


def _environment(root: Path) -> dict[str, str]:
    """Without credentials, with which the CDK CLI would ask AWS for the account, and with `root`'s own modules."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    return cdk_cli.environment(inherited) | {
        "PYTHONPATH": str(root),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # the difference is asked for, not whether the templates are valid: `make synth` says that
        "CDK_VALIDATION": "false",
    }


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""
