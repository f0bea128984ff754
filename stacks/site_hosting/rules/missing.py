"""What is answered where the site has no file: a redirect, or the page for what is not found."""

from collections.abc import Collection, Sequence

from .urls import encoded
from .wildcard_redirects import WildcardRedirect, first_target


def redirect_of(
    file: str, path: str, *, files: Collection[str], wildcards: Sequence[WildcardRedirect]
) -> tuple[int, str] | None:
    """(status, target) for a visitor who asked for `path` (as it stands in the URL), which is no file; or None.

    `file`: what `file_of` made of the path. `files`: those of the version, redirects of `_redirects` included. A
    page that is there with the slash at the end that was not asked for, or without, is stronger than wildcards.
    """
    other = other_form(file)
    if other and other[0] in files:
        return 301, encoded(other[1])
    found = first_target(path, wildcards)
    return (found[0].status, found[1]) if found else None


def other_form(file: str) -> tuple[str, str] | None:
    """The other file that a page's name could mean, and its path, not encoded: about.html for about/index.html."""
    if file.endswith("/index.html"):
        bare = file.removesuffix("/index.html")
        return f"{bare}.html", f"/{bare}"
    if file.endswith(".html"):
        bare = file.removesuffix(".html")
        return f"{bare}/index.html", f"/{bare}/"
    return None
