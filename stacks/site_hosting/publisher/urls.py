"""Which file of the site a URL's path asks for."""

from urllib.parse import unquote


def file_of(path: str, *, single_page: bool) -> str:
    """The key below the version's prefix, decoded; the same rule as fileOf in edge/viewer_request.js."""
    is_file = "." in path.rpartition("/")[2]
    if path.startswith("/.well-known/"):
        found = path
    elif single_page:
        found = path if is_file else "/index.html"
    elif path.endswith("/"):
        found = path + "index.html"
    else:
        found = path if is_file else path + ".html"
    return unquote(found[1:])


def paths_of(file: str) -> frozenset[str]:
    """The URL paths, not encoded, by which visitors know a file: /docs/ for docs/index.html."""
    paths = {f"/{file}"}
    if file == "index.html" or file.endswith("/index.html"):
        paths.add("/" + file.removesuffix("index.html"))
    elif file.endswith(".html"):
        paths.add("/" + file.removesuffix(".html"))
    return frozenset(paths)
