"""Real git repositories of a test's own."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

PAGE = "<!doctype html><title>{}</title>"


def git(folder: Path, *arguments: str) -> str:
    """Run git as somebody without a configuration of his own."""
    who = [
        "-c",
        "user.name=Somebody",
        "-c",
        "user.email=somebody@example.org",
        "-c",
        "init.defaultBranch=main",
    ]
    done = subprocess.run(
        ["git", *who, "-c", "commit.gpgsign=false", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write files, with their folders."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def repository(folder: Path, files: Mapping[str, str]) -> Path:
    """A repository at `folder` with these files committed."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    commit(folder, files)
    return folder


def commit(folder: Path, files: Mapping[str, str]) -> str:
    """Commit these files besides; the commit, abbreviated."""
    write(folder, files)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "site")
    return git(folder, "rev-parse", "--short", "HEAD")
