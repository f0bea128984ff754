"""`python -m stacks.site_hosting.nginx <site> <output>`: what a container needs to serve a folder by its rules.

Writes `nginx.conf`, `site/` (the published files) and `pages/404.html`. With the standard library alone.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, get_args

from stacks import site_folder
from stacks.site_folder import SiteFolderError

from ..rules.content import is_page
from ..rules.fields import Fields
from ..rules.not_found_page import PAGE
from ..rules.security_headers import CONTENT_SECURITY_POLICY, SecurityHeaders
from ..rules.site_rules import FILES as RULES
from ..rules.site_rules import Rules
from ..rules.urls import NOT_FOUND, TrailingSlash
from .configuration import Configuration, Place
from .syntax import TooLongError

_HTML: Final = "text/html; charset=utf-8"
_SITE: Final = "site"
_PAGES: Final = "pages"
_MAX_POLICY: Final = 1700  # as in stacks/settings.py, which needs pydantic


class SettingError(ValueError):
    """A setting that is not legal; the message has a line for each."""


def render(
    site: Path,
    output: Path,
    place: Place,
    *,
    security: SecurityHeaders,
    single_page: bool = False,
    trailing_slash: TrailingSlash = "by-file",
) -> tuple[str, ...]:
    """Write `output`, which may exist; returns the warnings about the folder.

    Raises SiteFolderError and TooLongError.
    """
    policy = security.content_security_policy
    inspected = site_folder.inspect(
        str(site),
        root=Path.cwd(),
        content_security_policy=policy,
        single_page=single_page,
        trailing_slash=trailing_slash,
    )
    paths = site_folder.published_files(inspected.path)
    texts = {name: paths.pop(name).read_bytes() for name in RULES if name in paths}
    rules = Rules(
        texts,
        content_security_policy=policy,
        files=paths,
        single_page=single_page,
        trailing_slash=trailing_slash,
    )
    fields = {
        file: rules.fields(file, paths[source].read_bytes() if is_page(file) else b"")
        for file, source in rules.files.items()
    } | {file: rules.fields(file) for file in rules.redirects}
    text = Configuration(
        rules,
        fields,
        missing=fields.get(NOT_FOUND) or Fields(_HTML, ""),
        everywhere=security.fields(),
        single_page=single_page,
        trailing_slash=trailing_slash,
    ).text(place)
    output.mkdir(parents=True, exist_ok=True)
    _write(output / "nginx.conf", text.encode())
    not_found = paths.get(NOT_FOUND)
    _write(output / _PAGES / NOT_FOUND, not_found.read_bytes() if not_found else PAGE)
    for name, path in paths.items():
        file = output / _SITE / name
        file.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, file)
    for path in (output, *output.rglob("*")):
        # whatever the umask is: nginx runs as another user
        path.chmod(0o755 if path.is_dir() else 0o644)
    return inspected.warnings


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _checked(given: argparse.Namespace) -> None:
    """Raises SettingError, with a line per fault."""
    legal = {"routing": ("clean-urls", "spa"), "trailing_slash": get_args(TrailingSlash)}
    faults = [
        f'setting {name}: "{getattr(given, name)}" is not legal; legal: {", ".join(values)}'
        for name, values in legal.items()
        if getattr(given, name) not in values
    ]
    if given.routing == "spa" and given.trailing_slash != "by-file":
        faults.append(
            f"setting trailing_slash: {given.trailing_slash} does not go with routing=spa, whose paths are the "
            "application's; leave it out"
        )
    policy = given.content_security_policy
    if not ((policy.isascii() and policy.isprintable()) or not policy) or len(policy) > _MAX_POLICY:
        faults.append(
            f"setting content_security_policy: {policy[:80]!a} is not legal; legal: one line of ASCII, at "
            f"most {_MAX_POLICY:,} characters"
        )
    if faults:
        raise SettingError("\n".join(faults))


def main(arguments: Sequence[str] | None = None) -> int:
    """0; 2 with a line for each fault."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("site", type=Path, help="the folder")
    parser.add_argument("output", type=Path, help="the folder that is written")
    parser.add_argument(
        "--root", type=Path, help="where the output will be when nginx runs; by default there"
    )
    parser.add_argument("--listen", default="8080", help="port, or address and port")
    parser.add_argument("--temporary", default="/tmp", help="the folder that nginx may write to")  # noqa: S108
    parser.add_argument("--routing", default="clean-urls", help="the setting, as the two below")
    parser.add_argument("--trailing-slash", default="by-file")
    parser.add_argument("--content-security-policy", default=CONTENT_SECURITY_POLICY)
    given = parser.parse_args(arguments)
    root = (given.root or given.output).absolute()
    try:
        _checked(given)
        warnings = render(
            given.site,
            given.output,
            Place(str(root / _SITE), str(root / _PAGES), given.temporary, given.listen),
            security=SecurityHeaders(content_security_policy=given.content_security_policy),
            single_page=given.routing == "spa",
            trailing_slash=given.trailing_slash,
        )
    except (SettingError, SiteFolderError, TooLongError) as error:
        print(error, file=sys.stderr)
        return 2
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
