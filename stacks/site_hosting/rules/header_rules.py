"""The file `_headers`: header fields for the paths of the site. docs/site-rules.md describes the format."""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from .fault import Fault, nearest
from .urls import paths_of

FILE: Final = "_headers"
_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2: token
_VALUE: Final = re.compile(r"[ -~]+")
_KNOWN: Final = tuple(
    re.findall(
        r"\S+",
        "Access-Control-Allow-Credentials Access-Control-Allow-Headers Access-Control-Allow-Methods "
        "Access-Control-Allow-Origin Access-Control-Expose-Headers Access-Control-Max-Age Cache-Control "
        "Clear-Site-Data Content-Disposition Content-Language Content-Security-Policy "
        "Content-Security-Policy-Report-Only Content-Type Cross-Origin-Embedder-Policy Cross-Origin-Opener-Policy "
        "Cross-Origin-Resource-Policy Link Permissions-Policy Referrer-Policy Refresh Report-To "
        "Reporting-Endpoints Service-Worker-Allowed SourceMap Strict-Transport-Security Timing-Allow-Origin "
        "X-Content-Type-Options X-Frame-Options X-Robots-Tag X-XSS-Protection",
    )
)
# "Restrictions on all edge functions": what a function may not set, and what it may read only.
_CLOUDFRONTS: Final = frozenset(
    re.findall(
        r"\S+",
        "connection expect keep-alive proxy-authenticate proxy-authorization proxy-connection trailer upgrade "
        "x-accel-buffering x-accel-charset x-accel-limit-rate x-accel-redirect x-cache x-forwarded-proto x-real-ip "
        "warning via",
    )
)
_CLOUDFRONTS_PREFIXES: Final = ("x-amz-", "x-amzn-", "x-edge-")
# What belongs to the body that is sent, to the cache, or to the cookie that keeps a page and its files together.
_SERVERS: Final = frozenset(
    re.findall(
        r"\S+",
        "accept-ranges age content-encoding content-length content-range date etag host last-modified "
        "location server set-cookie te transfer-encoding vary",
    )
)


@dataclass(frozen=True, slots=True)
class HeaderRule:
    """One field for the paths that `pattern` (a path, or a beginning and `*`; not encoded) matches."""

    line: int
    pattern: str
    name: str
    value: str

    def matches(self, file: str) -> bool:
        """Whether one of the file's URLs is meant."""
        if self.pattern.endswith("*"):
            return any(path.startswith(self.pattern[:-1]) for path in paths_of(file))
        return self.pattern in paths_of(file)


def parse(text: str) -> tuple[list[HeaderRule], list[Fault]]:
    """The rules in their order, and what is wrong."""
    rules: list[HeaderRule] = []
    faults: list[Fault] = []
    pattern: str | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if not raw[0].isspace():
            pattern, reason, legal = unquote(line), *_pattern_fault(line)
            if reason:
                faults.append(Fault(FILE, number, line, reason, legal))
            continue
        if pattern is None:
            faults.append(Fault(FILE, number, line, "no path before it", "begin with a line such as /docs/*"))
            continue
        name, _, value = (part.strip() for part in line.partition(":"))
        reason, legal = _field_fault(line, name, value)
        if reason:
            faults.append(Fault(FILE, number, line, reason, legal))
        else:
            rules.append(HeaderRule(number, pattern, name.lower(), value))
    return rules, faults


def _pattern_fault(line: str) -> tuple[str, str]:
    legal = "legal: a path of this site such as /docs/ or /docs/*"
    if not line.startswith("/") or line.startswith("//"):
        return "no path", f"{legal}; a field's line begins with a space"
    if "*" in line[:-1]:
        return "a star that is not its last character", legal
    if re.search(r"/:\w", line):
        return "placeholders are not supported", legal
    if "?" in line or " " in line:
        return "a query string or a space", f"{legal}; a space is written %20"
    return "", ""


def _field_fault(line: str, name: str, value: str) -> tuple[str, str]:
    legal = "legal: Name: value"
    if line.startswith("!"):
        return "removing a field is not supported", legal
    if ":" not in line or not _NAME.fullmatch(name):
        return "no header field", legal
    if not value:
        return "the value is empty", legal
    if not _VALUE.fullmatch(value):
        return "the value is not printable ASCII", "write it in ASCII"
    folded = name.lower()
    if folded in _CLOUDFRONTS or folded.startswith(_CLOUDFRONTS_PREFIXES):
        return f"CloudFront does not let {name} be set", "remove the line"
    if folded in _SERVERS:
        return f"{name} says what is sent, and is the server's to set", "remove the line"
    if near := nearest(name, _KNOWN):
        return f"{name} is not a known header field", f"did you mean {near}?"
    return "", ""
