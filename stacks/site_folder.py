"""The folder that is published: looked at once, before anything is synthesized, and refused with a reason.

Names that begin with a dot are not published (.git, .github, .env, .DS_Store …), except `.well-known`
(RFC 8615), which web standards reserve for public files. Nor is a Dockerfile at the top: it is about the site.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from stacks.site_hosting.rules.content import is_page
from stacks.site_hosting.rules.fault import Fault, RulesError
from stacks.site_hosting.rules.fields import Fields
from stacks.site_hosting.rules.header_rules import FILE as HEADERS
from stacks.site_hosting.rules.site_rules import FILES as RULES
from stacks.site_hosting.rules.site_rules import Rules
from stacks.site_hosting.rules.urls import TrailingSlash

DOCKERFILE: Final = "Dockerfile"
# Patterns of .gitignore, for the asset; `_is_published` says the same of one entry.
NOT_PUBLISHED: Final = (".*", "!.well-known", f"/{DOCKERFILE}")
# The archives have to fit into the publisher's /tmp, see stacks/site_hosting/versions.py.
MAX_BYTES: Final = 2_000_000_000
# "Naming Amazon S3 objects": at most 1,024 bytes of UTF-8, of which the version's prefix takes some.
MAX_KEY_BYTES: Final = 1024 - len("versions/20260101T000000Z-00000000/")

_CHUNK: Final = 1024 * 1024
_NO_CONTENT: Final = hashlib.sha256().hexdigest()


class SiteFolderError(ValueError):
    """The folder cannot be published; the message names the path and what to do, in a line per fault."""


@dataclass(frozen=True, slots=True)
class Published:
    """What is published at one path: the SHA-256 of its content in hexadecimal digits, size in bytes, fields.

    `source`: the file with the content, None for a redirect, which has none.
    """

    source: Path | None
    digest: str
    size: int
    fields: Fields


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """A folder that can be published: its absolute path, and what it holds.

    `commit`: the last commit that changed it, abbreviated, with a plus sign if there are changes that are in
    none; empty outside of a Git repository.
    `warnings`: what will not work as written, a line each.
    `published`: path as in a URL, not encoded -> what is there. `wildcards`: (source, target, status) of the
    redirects of many paths, in their order.
    """

    path: Path
    files: int
    bytes: int
    commit: str
    warnings: tuple[str, ...] = ()
    published: Mapping[str, Published] = field(default_factory=dict, repr=False, compare=False)
    wildcards: tuple[tuple[str, str, int], ...] = ()


def inspect(
    site: str,
    *,
    root: Path,
    content_security_policy: str = "",
    single_page: bool = False,
    trailing_slash: TrailingSlash = "by-file",
) -> SiteFolder:
    """Look at the folder `site` (relative to `root` unless absolute).

    `content_security_policy`: of its pages; empty if the edge sends none. `single_page`: routing=spa.
    `trailing_slash`: of the paths of its pages.

    Raises SiteFolderError if it is missing, no folder, empty, has no index.html, or holds something that
    S3 or the deployment cannot take: a name that is not UTF-8, a link that leaves the folder, a file that
    cannot be read, a device or pipe, too many bytes; or if `_headers` or `_redirects` has a faulty line.
    """
    folder = root / Path(site).expanduser()
    if not folder.exists():
        raise SiteFolderError(
            _line(folder, "there is no such folder", "give an existing one: -c site=<folder>")
        )
    if not folder.is_dir():
        raise SiteFolderError(_line(folder, "not a folder", "give the folder, not a file in it"))
    folder = folder.resolve()
    found = dict(_published(folder, folder))
    sizes = {path: entry.stat().st_size for path, entry in found.items() if path not in RULES}
    if not sizes:
        raise SiteFolderError(_line(folder, "the folder is empty", "build the site first"))
    if "index.html" not in sizes:
        raise SiteFolderError(
            _line(
                folder,
                "no index.html at its top",
                "give the folder of the built site (often dist, build or public)",
            )
        )
    if sum(sizes.values()) > MAX_BYTES:
        raise SiteFolderError(
            _line(
                folder,
                f"{sum(sizes.values()):,} bytes, the deployment takes {MAX_BYTES:,}",
                "keep big media in a bucket of their own",
            )
        )
    texts = {name: _content(Path(found[name].path)) for name in RULES if name in found}
    try:
        rules = Rules(
            texts,
            content_security_policy=content_security_policy,
            files=sizes.keys(),
            single_page=single_page,
            trailing_slash=trailing_slash,
        )
    except RulesError as error:
        raise SiteFolderError(_lines(folder, error.faults)) from None
    published, warnings = _apply(rules, {path: Path(entry.path) for path, entry in found.items()}, folder)
    return SiteFolder(
        folder,
        files=len(sizes),
        bytes=sum(sizes.values()),
        commit=commit(folder),
        warnings=warnings,
        published=published,
        wildcards=tuple((rule.source, rule.target, rule.status) for rule in rules.wildcards),
    )


def published_files(folder: Path) -> dict[str, Path]:
    """What of the folder (absolute, links resolved) is published, the files with rules too, by its path in it.

    Raises SiteFolderError.
    """
    return {path: Path(entry.path) for path, entry in _published(folder, folder)}


def read_again(file: Published) -> Iterator[bytes]:
    """The content that `inspect` has seen, in pieces. Raises SiteFolderError if it is another by now."""
    if file.source is None:
        return
    total = hashlib.sha256()
    for chunk in _chunks(file.source):
        total.update(chunk)
        yield chunk
    if total.hexdigest() != file.digest:
        raise SiteFolderError(
            _line(file.source, "changed while it was read", "wait for the build's end and try again")
        )


def _apply(
    rules: Rules, sources: Mapping[str, Path], folder: Path
) -> tuple[dict[str, Published], tuple[str, ...]]:
    """Read every file, once: what is published, and the warnings."""
    published: dict[str, Published] = {}
    warnings: list[str] = []
    faults: list[Fault] = []
    for path in rules.redirects:
        try:
            published[path] = Published(None, _NO_CONTENT, 0, rules.fields(path))
        except RulesError as error:
            faults += error.faults
    for path, name in rules.files.items():
        source = sources[name]
        page = b""
        if is_page(path):
            page = _content(source)
            digest, size = hashlib.sha256(page).hexdigest(), len(page)
        else:
            digest, size = _digest(source)
        try:
            published[path] = Published(source, digest, size, rules.fields(path, page))
        except RulesError as error:
            faults += error.faults
        if page:
            warnings += rules.warnings(path, page)
    if faults:
        raise SiteFolderError(_lines(folder, faults))
    unused = (
        f"{HEADERS}:{rule.line}: no file is served at {rule.pattern}"
        for rule in rules.unused([*rules.files, *rules.redirects])
    )
    return published, (*unused, *warnings)


def _content(path: Path) -> bytes:
    return b"".join(_chunks(path))


def _digest(path: Path) -> tuple[str, int]:
    total, size = hashlib.sha256(), 0
    for chunk in _chunks(path):
        total.update(chunk)
        size += len(chunk)
    return total.hexdigest(), size


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb", buffering=0) as file:
            while chunk := file.read(_CHUNK):
                yield chunk
    except PermissionError:
        raise SiteFolderError(_line(path, "cannot be read", "change its permissions")) from None
    except OSError as error:
        raise SiteFolderError(_line(path, f"cannot be read: {error.strerror}", "try again")) from None


def _lines(folder: Path, faults: Iterable[Fault]) -> str:
    return "\n".join(f"setting site: {_shown(folder)}/{fault}" for fault in faults)


def commit(folder: Path) -> str:
    """The last commit that changed `folder`, with a `+` if there is more than that; empty without one."""

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(folder), *arguments, "--", "."]
        # a question must not touch the repository, nor run what its configuration names
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_CONFIG_PARAMETERS": "'core.fsmonitor='"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        last = git("log", "-1", "--format=%h")
        return f"{last}+" if last and git("status", "--porcelain") else last
    except OSError:  # no git
        return ""


def _published(directory: Path, root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """All files below `directory` that will be published, by path below `root`, each checked.

    Names that are not UTF-8 carry surrogates. Whether a file can be read is seen when it is.
    """
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except PermissionError:
        raise SiteFolderError(_line(directory, "cannot be read", "change its permissions")) from None
    below = "" if directory == root else f"{directory.relative_to(root).as_posix()}/"
    for entry in entries:
        if not _is_published(entry.name, at_top=directory == root):
            continue
        key = below + entry.name
        _check_name(key, entry.path)
        if entry.is_symlink():
            _check_link(Path(entry.path), root)
        if entry.is_dir():
            yield from _published(Path(entry.path), root)
        elif entry.is_file():
            yield key, entry
        else:
            raise SiteFolderError(_line(Path(entry.path), "neither a file nor a folder", "remove it"))


def _is_published(name: str, *, at_top: bool) -> bool:
    if at_top and name == DOCKERFILE:
        return False
    return not name.startswith(".") or name == ".well-known"


def _check_name(key: str, path: str) -> None:
    try:
        encoded = key.encode()
    except UnicodeEncodeError:
        raise SiteFolderError(
            _line(Path(path), "the name is not valid UTF-8, as S3 needs it", "rename it")
        ) from None
    if len(encoded) > MAX_KEY_BYTES:
        raise SiteFolderError(
            _line(
                Path(path),
                f"the path is over {MAX_KEY_BYTES:,} bytes, S3's limit less the version's prefix",
                "shorten it",
            )
        )


def _check_link(path: Path, root: Path) -> None:
    target = os.fsencode(path.readlink()).decode(errors="backslashreplace")
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise SiteFolderError(
            _line(path, f"a link to {target}, which is not there", "remove or mend it")
        ) from None
    if not resolved.is_relative_to(root):
        raise SiteFolderError(
            _line(path, f"a link to {target}, outside of the folder", "copy the file instead")
        )
    if path.is_relative_to(resolved):
        raise SiteFolderError(_line(path, f"a link to {target}, a folder that it is in", "remove it"))


def _line(path: Path, what: str, fix: str) -> str:
    return f"setting site: {_shown(path)}: {what}; {fix}"


def _shown(path: Path) -> str:
    """Printable whatever the path holds (newlines, bytes that are not UTF-8)."""
    shown = os.fsencode(path).decode(errors="backslashreplace")
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode()
