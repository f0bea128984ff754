"""The home page stays light: what a first visit transfers, before any compression."""

from pathlib import Path

from tests.unit.site import document
from tests.unit.site.files import file_of

LIMIT_BYTES = 40_000


def test_home_page_with_all_its_files_is_light(site: Path) -> None:
    home = document.read(site / "index.html")
    parts = [link.attributes["href"] for link in home.all("link")]
    parts += [script.attributes["src"] for script in home.all("script")]
    files = [site / "index.html", *map(file_of, parts)]
    weights = {path.name: path.stat().st_size for path in files}
    assert weights.keys() == {"index.html", "site.css", "visits.js", "favicon.svg", "site.webmanifest"}
    assert sum(weights.values()) < LIMIT_BYTES, weights
