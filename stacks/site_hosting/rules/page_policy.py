"""The Content-Security-Policy of a page: the site's own, and the hashes of what is written into the page itself.

W3C, "Content Security Policy Level 3". Elements are allowed by their hash; event handlers and style attributes
need 'unsafe-hashes' besides, which allows these very texts and no other.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urlsplit

# What a page must have for hashes or warnings, looked for in lower case. A page without it need not be parsed,
# which takes a millisecond: seconds in a site of thousands. Each begins with a fixed text, which Python finds
# ten times as fast as a choice.
_ATTRIBUTES: Final = re.compile(rb"style\s*="), re.compile(rb"on[a-z]+\s*=")
_BEFORE_ATTRIBUTE: Final = b" \t\n\r\v\f\"'/"
_LOADS: Final = re.compile(
    rb"<(?:(?:embed|object)\b"
    rb"|(?:script|link|img|iframe|audio|video|track|form)\b[^>]*?=\s*[\"']?\s*(?:[a-z][a-z0-9+.-]*:|//))"
)
_LOADING: Final = re.compile(
    r"(?:default|script|style|img|frame|child|media|font|manifest)-src(?:-elem)?|form-action"
)
# HTML, "The script element": any other type is data, which nothing runs and no policy is asked about.
_RUN: Final = re.compile(
    r"|module|importmap|speculationrules|(text|application)/(x-)?(java|ecma|live|j)script(1\.[0-5])?",
    re.IGNORECASE,
)
_SCRIPT: Final = ("script-src-elem", "script-src", "default-src")
_STYLE: Final = ("style-src-elem", "style-src", "default-src")
_HANDLER: Final = ("script-src-attr", "script-src", "default-src")
_STYLE_ATTRIBUTE: Final = ("style-src-attr", "style-src", "default-src")
_SOURCES: Final = {
    ("script", "src"): _SCRIPT,
    ("img", "src"): ("img-src", "default-src"),
    ("iframe", "src"): ("frame-src", "child-src", "default-src"),
    ("audio", "src"): ("media-src", "default-src"),
    ("video", "src"): ("media-src", "default-src"),
    ("video", "poster"): ("img-src", "default-src"),
    ("track", "src"): ("media-src", "default-src"),
    ("embed", "src"): ("object-src", "default-src"),
    ("object", "data"): ("object-src", "default-src"),
    ("form", "action"): ("form-action",),
}
_LINKS: Final = {
    "stylesheet": _STYLE,
    "icon": ("img-src", "default-src"),
    "manifest": ("manifest-src", "default-src"),
    "modulepreload": _SCRIPT,
}
_PRELOADS: Final = {
    "font": ("font-src", "default-src"),
    "image": ("img-src", "default-src"),
    "script": _SCRIPT,
    "style": _STYLE,
}


def policy_of(page: bytes, base: str) -> str:
    """`base` with what the page's own scripts and styles need; `base` itself if it has none."""
    if not base or not _has_inline(page.lower()):
        return base
    read = _read(page)
    policy = _parsed(base)
    for directives, hashes, are_attributes in (
        (_SCRIPT, read.scripts, False),
        (_STYLE, read.styles, False),
        (_HANDLER, read.handlers, True),
        (_STYLE_ATTRIBUTE, read.style_attributes, True),
    ):
        _allow(policy, directives, hashes, are_attributes=are_attributes)
    return "; ".join(" ".join((name, *sources)) for name, sources in policy.items())


def warnings(page: bytes, policy: str) -> Iterator[tuple[int, str]]:
    """(line, what) of each thing in the page that is allowed less strictly than by its hash, or is not allowed."""
    if not policy:
        return
    if _allows_own_files(policy) and not _can_warn(page.lower()):
        return
    allowed = _parsed(policy)
    read = _read(page)
    for line, name in read.attributes:
        yield (
            line,
            f"the attribute {name} needs 'unsafe-hashes' in the page's policy; use a file or an element",
        )
    for line, url in read.script_urls:
        yield line, f"{url[:60]} is blocked by the page's policy; use a script that listens to the element"
    for line, url, directives in read.loads:
        name = next((each for each in directives if each in allowed), "")
        if name and not _matches(url, allowed[name]):
            yield (
                line,
                f"{url} is blocked by {name} of the setting content_security_policy; add its origin there",
            )


@lru_cache(64)
def _allows_own_files(policy: str) -> bool:
    allowed = _parsed(policy)
    return all({"'self'", "*"} & set(allowed[name]) for name in allowed if _LOADING.fullmatch(name))


def _has_inline(lowered: bytes) -> bool:
    return b"<script" in lowered or b"<style" in lowered or _has_attribute(lowered)


def _can_warn(lowered: bytes) -> bool:
    """Where the site's own files are allowed."""
    return b"javascript:" in lowered or _LOADS.search(lowered) is not None or _has_attribute(lowered)


def _has_attribute(lowered: bytes) -> bool:
    return any(
        found.start() and lowered[found.start() - 1] in _BEFORE_ATTRIBUTE
        for attribute in _ATTRIBUTES
        for found in attribute.finditer(lowered)
    )


@dataclass
class _Page(HTMLParser):
    """What a page has in itself and what it loads, each with its line."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    style_attributes: list[str] = field(default_factory=list)
    attributes: list[tuple[int, str]] = field(default_factory=list)
    script_urls: list[tuple[int, str]] = field(default_factory=list)
    loads: list[tuple[int, str, Sequence[str]]] = field(default_factory=list)
    _text: list[str] | None = None

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, str] = {}
        for name, value in attrs:
            given.setdefault(name, value or "")  # of two the first counts
        self._look_at(tag, given)
        runs = tag == "script" and "src" not in given and _RUN.fullmatch(given.get("type", "").strip())
        self._text = [] if runs or tag == "style" else None

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # in HTML the slash means nothing

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._text is not None and tag in ("script", "style"):
            text = "".join(self._text)
            if text:
                (self.scripts if tag == "script" else self.styles).append(_hash(text))
        self._text = None

    def _look_at(self, tag: str, given: dict[str, str]) -> None:
        line = self.getpos()[0]
        for name, value in given.items():
            if name.startswith("on") and value:
                self.handlers.append(_hash(value))
                self.attributes.append((line, name))
            elif name == "style" and value:
                self.style_attributes.append(_hash(value))
                self.attributes.append((line, name))
            elif name in ("href", "src", "action") and value.strip().lower().startswith("javascript:"):
                self.script_urls.append((line, value.strip()))
            elif (directives := _directives(tag, name, given)) and value:
                self.loads.append((line, value.strip(), directives))


def _directives(tag: str, name: str, given: dict[str, str]) -> Sequence[str]:
    if (tag, name) != ("link", "href"):
        return _SOURCES.get((tag, name), ())
    for rel in given.get("rel", "").lower().split():
        if rel in _LINKS:
            return _LINKS[rel]
        if rel == "preload":
            return _PRELOADS.get(given.get("as", "").lower(), ())
    return ()


def _read(page: bytes) -> _Page:
    # HTML, "Preprocessing the input stream": what is hashed has line feeds only
    text = page.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    read = _Page()
    read.feed(text)
    read.close()
    return read


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _parsed(policy: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for directive in policy.split(";"):
        if words := directive.split():
            found.setdefault(words[0].lower(), words[1:])
    return found


def _allow(
    policy: dict[str, list[str]], directives: Sequence[str], hashes: Sequence[str], *, are_attributes: bool
) -> None:
    name = next((each for each in directives if each in policy), "")
    if not hashes or not name:
        return
    sources = policy[name]
    if "'unsafe-inline'" in sources and not any(each.startswith(("'sha", "'nonce-")) for each in sources):
        return  # a hash would switch it off
    extended = [each for each in sources if each.lower() != "'none'"]
    for source in (["'unsafe-hashes'"] if are_attributes else []) + list(hashes):
        if source not in extended:
            extended.append(source)
    # what default-src stands in for gets a directive of its own: the others are to stay as strict
    policy[directives[1] if name == "default-src" else name] = extended


def _matches(url: str, sources: Sequence[str]) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return True  # the browser loads nothing either
    if not parts.scheme and not parts.netloc:
        return "'self'" in sources or "*" in sources
    for source in sources:
        if source == "*" and parts.scheme in ("", "http", "https"):
            return True
        if source.endswith(":") and source[:-1].lower() == (parts.scheme or "https"):
            return True
        host = source.rpartition("://")[2].partition("/")[0].partition(":")[0].lower()
        if host.startswith("*.") and (parts.hostname or "").endswith(host[1:]):
            return True
        if host and host == parts.hostname:
            return True
    return False
