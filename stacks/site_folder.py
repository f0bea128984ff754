"""The folder that is published: looked at once, before anything is synthesized, and refused with a reason.

Names that begin with a dot are not published (.git, .github, .env, .DS_Store …), except `.well-known`
(RFC 8615), which web standards reserve for public files. Nor is a Dockerfile at the top: it is about the site.
"""

import os
import stat
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stacks.site_hosting.rules.content import is_page
from stacks.site_hosting.rules.fault import Fault, RulesError
from stacks.site_hosting.rules.header_rules import FILE as HEADERS
from stacks.site_hosting.rules.page_policy import policy_of
from stacks.site_hosting.rules.site_rules import FILES as RULES
from stacks.site_hosting.rules.site_rules import Rules
from stacks.site_hosting.rules.urls import NOT_FOUND, TrailingSlash

DOCKERFILE: Final = "Dockerfile"
# Patterns of .gitignore, for the asset; `_is_published` says the same of one entry.
NOT_PUBLISHED: Final = (".*", "!.well-known", f"/{DOCKERFILE}")
# The zip has to fit into the publisher's /tmp, see stacks/site_hosting/versions.py.
MAX_BYTES: Final = 2_000_000_000
# "Naming Amazon S3 objects": at most 1,024 bytes of UTF-8, of which the version's prefix takes some.
MAX_KEY_BYTES: Final = 1024 - len("versions/20260101T000000Z-00000000/")


class SiteFolderError(ValueError):
    """The folder cannot be published; the message names the path and what to do, in a line per fault."""


@dataclass(frozen=True, slots=True)
class SiteFolder:
    """A folder that can be published: its absolute path, what it holds, whether it has a 404 page.

    `commit`: the last commit that changed it, abbreviated, with a plus sign if there are changes that are in
    none; empty outside of a Git repository.
    `warnings`: what will not work as written, a line each.
    `not_found_policy`: the Content-Security-Policy that its 404 page needs.
    """

    path: Path
    files: int
    bytes: int
    has_not_found_page: bool
    commit: str
    warnings: tuple[str, ...] = ()
    not_found_policy: str = ""


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
    paths = [path for name, path in published(folder).items() if name not in RULES]
    files, size = len(paths), sum(path.stat().st_size for path in paths)
    if not files:
        raise SiteFolderError(_line(folder, "the folder is empty", "build the site first"))
    if not (folder / "index.html").is_file():
        raise SiteFolderError(
            _line(
                folder,
                "no index.html at its top",
                "give the folder of the built site (often dist, build or public)",
            )
        )
    if size > MAX_BYTES:
        raise SiteFolderError(
            _line(
                folder,
                f"{size:,} bytes, the deployment takes {MAX_BYTES:,}",
                "keep big media in a bucket of their own",
            )
        )
    warnings = _check_rules(folder, paths, content_security_policy, single_page, trailing_slash)
    not_found = folder / NOT_FOUND
    policy = policy_of(not_found.read_bytes(), content_security_policy) if not_found.is_file() else ""
    return SiteFolder(folder, files, size, not_found.is_file(), _commit(folder), warnings, policy)


def published(folder: Path) -> dict[str, Path]:
    """What of the folder (absolute, links resolved) is published, the files with rules too, by its path in it.

    Raises SiteFolderError.
    """
    found = (Path(entry.path) for entry in _published(folder, folder))
    return {path.relative_to(folder).as_posix(): path for path in found}


def _check_rules(
    folder: Path,
    paths: list[Path],
    content_security_policy: str,
    single_page: bool,
    trailing_slash: TrailingSlash,
) -> tuple[str, ...]:
    """Apply the rules as the publisher will; the warnings."""
    texts = {name: (folder / name).read_bytes() for name in RULES if (folder / name).is_file()}
    warnings: list[str] = []
    faults: list[Fault] = []
    files = {path.relative_to(folder).as_posix(): path for path in paths}
    try:
        rules = Rules(
            texts,
            content_security_policy=content_security_policy,
            files=files,
            single_page=single_page,
            trailing_slash=trailing_slash,
        )
    except RulesError as error:
        raise SiteFolderError(_lines(folder, error.faults)) from None
    for file in rules.redirects:
        try:
            rules.fields(file)
        except RulesError as error:
            faults += error.faults
    for file, source in rules.files.items():
        path = files[source]
        page = path.read_bytes() if is_page(file) else b""
        try:
            rules.fields(file, page)
        except RulesError as error:
            faults += error.faults
        if page:
            warnings += rules.warnings(file, page)
    if faults:
        raise SiteFolderError(_lines(folder, faults))
    unused = (
        f"{HEADERS}:{rule.line}: no file is served at {rule.pattern}"
        for rule in rules.unused([*rules.files, *rules.redirects])
    )
    return (*unused, *warnings)


def _lines(folder: Path, faults: Iterable[Fault]) -> str:
    return "\n".join(f"setting site: {_shown(folder)}/{fault}" for fault in faults)


def _commit(folder: Path) -> str:
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


def _published(directory: Path, root: Path) -> Iterator[os.DirEntry[str]]:
    """All files below `directory` that will be published, each checked; names not UTF-8 carry surrogates."""
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
    except PermissionError:
        raise SiteFolderError(_line(directory, "cannot be read", "change its permissions")) from None
    for entry in entries:
        if not _is_published(entry.name, at_top=directory == root):
            continue
        path = Path(entry.path)
        _check_name(path, root)
        if entry.is_symlink():
            _check_link(path, root)
        if entry.is_dir():
            yield from _published(path, root)
            continue
        if not stat.S_ISREG(entry.stat().st_mode):
            raise SiteFolderError(_line(path, "neither a file nor a folder", "remove it"))
        try:
            path.open("rb").close()
        except PermissionError:
            raise SiteFolderError(_line(path, "cannot be read", "change its permissions")) from None
        yield entry


def _is_published(name: str, *, at_top: bool) -> bool:
    if at_top and name == DOCKERFILE:
        return False
    return not name.startswith(".") or name == ".well-known"


def _check_name(path: Path, root: Path) -> None:
    try:
        key = path.relative_to(root).as_posix().encode()
    except UnicodeEncodeError:
        raise SiteFolderError(
            _line(path, "the name is not valid UTF-8, as S3 needs it", "rename it")
        ) from None
    if len(key) > MAX_KEY_BYTES:
        raise SiteFolderError(
            _line(
                path,
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
