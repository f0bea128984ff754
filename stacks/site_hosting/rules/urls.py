"""Which file of the site a URL's path asks for, and under which path a page is known."""

from typing import Final, Literal
from urllib.parse import quote, unquote, unquote_to_bytes

TrailingSlash = Literal["by-file", "always", "never"]
"""by-file: /about is about.html, /docs/ is docs/index.html. always, never: pages have, or have not, a slash at
their end, whichever of the two files they are; the other form redirects."""

NOT_FOUND: Final = "404.html"
"""The page for what is not found, at the top of the site."""
WELL_KNOWN: Final = "/.well-known/"
"""Where standards put files without an extension (RFC 8615)."""
# RFC 3986, section 3.3: what may stand in a path as it is.
_AS_IT_IS: Final = "/!$&'()*+,;=:@"


def file_of(path: str, *, single_page: bool) -> str:
    """The key below the version's prefix, decoded; the same rule as fileOf in edge/viewer_request.js."""
    if path.startswith(WELL_KNOWN):
        found = path
    elif single_page:
        found = path if is_file(path) else "/index.html"
    elif path.endswith("/"):
        found = path + "index.html"
    else:
        found = path if is_file(path) else path + ".html"
    return unquote(found[1:])


def is_file(path: str) -> bool:
    """Whether a URL's path names a file: its last segment has a dot."""
    return "." in path.rpartition("/")[2]


def canonical(path: str, trailing_slash: TrailingSlash) -> str:
    """The form of a page's path that `trailing_slash` asks for, as slashOf in edge/viewer_request.js has it."""
    if trailing_slash == "by-file" or is_file(path) or path == "/" or path.startswith(WELL_KNOWN):
        return path
    # of two slashes at its beginning, or a backslash, a browser makes a host
    bare = path.lstrip("/\\").rstrip("/")
    if not bare:
        return "/"
    return f"/{bare}/" if trailing_slash == "always" else f"/{bare}"


def placed(file: str, trailing_slash: TrailingSlash) -> str:
    """Where a file is looked for: a page at the place that its canonical URL asks for."""
    if f"/{file}".startswith(WELL_KNOWN) or file in ("index.html", NOT_FOUND):
        return file
    if trailing_slash == "always" and file.endswith(".html") and not file.endswith("/index.html"):
        return f"{file.removesuffix('.html')}/index.html"
    if trailing_slash == "never" and file.endswith("/index.html"):
        return f"{file.removesuffix('/index.html')}.html"
    return file


def paths_of(file: str) -> frozenset[str]:
    """The URL paths, not encoded, by which visitors know a file: /docs/ for docs/index.html."""
    paths = {f"/{file}"}
    if file == "index.html" or file.endswith("/index.html"):
        paths.add("/" + file.removesuffix("index.html"))
    elif file.endswith(".html"):
        paths.add("/" + file.removesuffix(".html"))
    return frozenset(paths)


def encoded(path: str) -> str:
    """A path as it stands in a URL: what has to be encoded is, and nothing else; given encoded or not."""
    return quote(unquote_to_bytes(path), safe=_AS_IT_IS)
