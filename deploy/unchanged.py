"""Whether a synth would write what the last one wrote: nothing that it reads is other than it was then."""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from deploy import cdk_cli
from stacks import site_folder

# What the app and the CDK CLI read of a checkout, but for the site, which is anywhere.
_READ: Final = ("app.py", "cdk.json", "cdk.context.json", "deploy", "stacks", "visitor_counter")
# Packages by their names and versions: of Python the folders of their metadata, of npm the list of what is there.
_PYTHON_PACKAGES: Final = "*.dist-info"
_NPM_PACKAGES: Final = "node_modules/.package-lock.json"
_OF_THE_USER: Final = "~/.cdk.json"
_ANOTHER_APP: Final = ("--app", "-a")
_VARIABLES: Final = ("AWS_", "CDK_", "GIT_", "JSII_", "NODE_", "PYTHON")

MEMORY: Final = cdk_cli.ROOT / ".cache" / "synthesized"
"""Of this checkout: a file for each folder that was synthesized into."""


class LastSynth:
    """What is remembered of the last synth into `assembly`, in a file of `folder`."""

    def __init__(self, folder: Path, assembly: Path) -> None:
        self._assembly = assembly
        self._file = folder / hashlib.sha256(str(assembly.absolute()).encode()).hexdigest()[:16]

    def stands(self, inputs: str) -> bool:
        """Whether it read `inputs`, and all that it wrote is still there as it was."""
        try:
            return self._file.read_text() == self._told(inputs)
        except FileNotFoundError:
            return False

    def remember(self, inputs: str) -> None:
        """It read `inputs`, passed, and wrote what is there now."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        new = self._file.with_suffix(f".{os.getpid()}")
        new.write_text(self._told(inputs))
        new.replace(self._file)

    def _told(self, inputs: str) -> str:
        written = hashlib.sha256()
        for path in _files(self._assembly):
            there = path.stat()
            written.update(f"{path} {there.st_size} {there.st_mtime_ns}\n".encode())
        return f"{inputs} {written.hexdigest()}"


def last(assembly: Path) -> LastSynth:
    """Of this checkout."""
    return LastSynth(MEMORY, assembly)


def inputs(words: Sequence[str], site: Path) -> str | None:
    """A digest of all that a synth with the CDK CLI's arguments `words` depends on: files by their content. None if
    one of them cannot be read, which the app has more to say about, or if it is another app's synth."""
    if any(word.startswith(_ANOTHER_APP) for word in words):
        return None
    packages = Path(sysconfig.get_path("purelib")).glob(_PYTHON_PACKAGES)
    variables = {name: value for name, value in os.environ.items() if name.startswith(_VARIABLES)}
    told = [
        sys.version,
        *words,
        json.dumps(variables, sort_keys=True),
        *sorted(path.name for path in packages),
        site_folder.commit(site),
    ]
    digest = hashlib.sha256(json.dumps(told).encode())
    read = [cdk_cli.ROOT / name for name in (*_READ, _NPM_PACKAGES)]
    try:
        for path in _all_files([*read, site, Path(_OF_THE_USER).expanduser()]):
            content = path.read_bytes()
            digest.update(json.dumps([str(path), len(content)]).encode() + content)
    except OSError:
        return None
    return digest.hexdigest()


def _all_files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from _files(path)
        elif path.exists():
            yield path


def _files(folder: Path) -> Iterator[Path]:
    """All below `folder` that are no directories, in order; not what Python compiled, which follows the rest."""
    for path in sorted(folder.rglob("*")):
        if not path.is_dir() and "__pycache__" not in path.parts:
            yield path
