"""Where the site's files are, and which one answers to an address."""

from pathlib import Path

SITE = Path(__file__).parents[3] / "site"
PAGES = sorted(SITE.glob("*.html"))


def file_of(address: str) -> Path:
    """The file that a plain file server sends for a path from the root."""
    path = SITE / address.removeprefix("/")
    return path / "index.html" if address.endswith("/") else path
