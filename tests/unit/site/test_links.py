"""Every address in the site leads to a file of the site, from a page served at any depth."""

import json
import re
from collections.abc import Iterator

from stacks.site_folder import published_files
from tests.unit.site import document
from tests.unit.site.files import PAGES, SITE, file_of


def addresses(markup: document.Element) -> Iterator[tuple[int, str]]:
    """Line and value of each address in a page."""
    for element in markup.all():
        for name in ("href", "src", "srcset", "action", "poster", "data", "xlink:href"):
            if name in element.attributes:
                yield element.line, element.attributes[name]


def test_addresses_resolve(markup: document.Element) -> None:
    ids = {element.attributes.get("id") for element in markup.all()}
    for line, address in addresses(markup):
        path, _, fragment = address.partition("#")
        if not path:
            assert fragment in ids, f"line {line}: no element is called {fragment}"
            continue
        # From the root, because 404.html answers at any depth; with .html, because not every host adds it.
        assert re.fullmatch(r"/[\w./-]*", path), f"line {line}: {address} is not a path from the root"
        assert file_of(path).is_file(), f"line {line}: {address} leads to no file"
        if fragment:
            target = document.read(file_of(path))
            assert fragment in {element.attributes.get("id") for element in target.all()}, address


def test_style_sheet_loads_nothing() -> None:
    for sheet in SITE.glob("css/*.css"):
        assert not re.search(r"url\(|@import|@font-face", sheet.read_text(encoding="utf-8"))


def test_nothing_names_another_host() -> None:
    # The name of SVG's namespace looks like an address but is never requested.
    allowed = {"http://www.w3.org/2000/svg"}
    for name, path in published_files(SITE).items():
        found = set(re.findall(r"""(?:[a-z]+:)?//[\w.-]+\.[^\s"'<>]+""", path.read_text(encoding="utf-8")))
        assert found <= allowed, f"{name} names {found - allowed}"


def test_every_file_is_used() -> None:
    used = {
        file_of(address)
        for page in PAGES
        for _, address in addresses(document.read(page))
        if address[0] == "/"
    }
    # Asked for by name, without a link: by crawlers and by the fallback.
    used |= {SITE / "robots.txt", SITE / "404.html"}
    assert set(published_files(SITE).values()) == used


def test_manifest_points_to_files() -> None:
    manifest = json.loads((SITE / "site.webmanifest").read_text(encoding="utf-8"))
    assert file_of(manifest["start_url"]).is_file()
    assert all(file_of(icon["src"]).is_file() for icon in manifest["icons"])
