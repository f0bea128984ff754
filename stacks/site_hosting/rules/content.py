"""What S3 is told about a file: its Content-Type and its Cache-Control, both from its name."""

import mimetypes
import re
from typing import Final

# Python's own table, without the machine's: the same answer everywhere.
_TYPES: Final = mimetypes.MimeTypes(filenames=())
# What the table lacks, or names in a way that browsers do not take. IANA, "Media Types".
for _extension, _type in {
    ".atom": "application/atom+xml",
    ".avif": "image/avif",
    ".cjs": "text/javascript",
    ".glb": "model/gltf-binary",
    ".gz": "application/gzip",
    ".ico": "image/x-icon",
    ".jsonld": "application/ld+json",
    ".jxl": "image/jxl",
    ".m4a": "audio/mp4",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".opus": "audio/ogg",
    ".otf": "font/otf",
    ".rss": "application/rss+xml",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".webm": "video/webm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}.items():
    _TYPES.add_type(_type, _extension)

_WITHOUT_EXTENSION: Final = {
    "apple-app-site-association": "application/json"
}  # Apple, "Supporting associated domains"
_OTHER: Final = "application/octet-stream"
_TEXT: Final = re.compile(r"text/|application/(json|xml|yaml|[\w.-]+\+(json|xml))|image/svg\+xml")
_COMPRESSED: Final = re.compile(
    r"image/(?!svg|bmp|x-icon)|video/|audio/(?!x-wav)|font/woff2?$|application/(zip|gzip|pdf|x-bzip2|x-xz)$"
)

# Hexadecimal with a digit, or eight and more characters in which digit, upper and lower case all occur: no word
# of a language looks so. What is missed is revalidated, which is slower and never wrong.
_HEX: Final = r"(?=[a-f0-9]*\d)[a-f0-9]{8,}"
_MIXED: Final = r"(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{8,}"
_FINGERPRINTED: Final = re.compile(rf"[.\-_](?:{_HEX}|{_MIXED})\.\w+(?:\.map)?$", re.ASCII)

FOREVER: Final = "public, max-age=31536000, immutable"
"""One year: RFC 9111 sets no limit, and "immutable" (RFC 8246) spares even the reload's question."""
REVALIDATE: Final = "public, max-age=0, s-maxage=31536000, must-revalidate"
"""A browser asks each time. CloudFront need not: its cache has each version under a path of its own."""


def content_type(path: str) -> str:
    """The media type of a file by its name, text with its character set, UTF-8."""
    name = path.rpartition("/")[2]
    extension = "." + name.rpartition(".")[2].lower() if "." in name.lstrip(".") else ""
    found = _WITHOUT_EXTENSION.get(name) or _TYPES.types_map[True].get(extension)
    kind = found or _TYPES.types_map[False].get(extension) or _OTHER
    return f"{kind}; charset=utf-8" if _TEXT.match(kind) else kind


def is_compressed(path: str) -> bool:
    """Whether its kind of file is compressed already: packing it again would take time and save nothing."""
    return _COMPRESSED.match(content_type(path)) is not None


def is_page(path: str) -> bool:
    """Whether it is an HTML page."""
    return path.lower().endswith((".html", ".htm"))


def is_immutable(path: str) -> bool:
    """Whether the name changes with the content: a file of that name is the same wherever it is found."""
    return _FINGERPRINTED.search(path) is not None and not is_page(path)


def cache_control(path: str) -> str:
    """For ever if the name changes with the content, else ask each time."""
    return FOREVER if is_immutable(path) else REVALIDATE
