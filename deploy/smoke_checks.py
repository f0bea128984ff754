"""What a visitor must find: the site's and the counter's checks, each a few requests, none of AWS's API.

A probe is asked again until all of its checks pass or time is up; so a visit is counted once more only where
counting has failed.
"""

import html.parser
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from deploy.http_answer import Answer, NoAnswerError

Ask = Callable[[str, str], Answer]
"""Method and URL -> answer; raises `NoAnswerError`."""

_MOST_PARTS: Final = 20  # of a page that are asked for: it is a smoke test
_POLICY: Final = "content-security-policy"
_VERSION: Final = "site-version"  # the cookie of stacks/site_hosting/edge/viewer_response.js
_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report; `found` says why there is nothing where nothing answered."""

    name: str
    url: str
    expected: str
    found: str
    passed: bool

    def line(self) -> str:
        """✓ or ✗, with URL, expected and found."""
        mark = "✓" if self.passed else "✗"
        return f"{mark} {self.name:<21} {self.url}  expected {self.expected}; found {self.found}"


Probe = Callable[[], list[Check]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What the settings promise of the site.

    Attributes:
        header: fields of every answer, by name in lower case; empty where there is no CloudFront.
        exact: whether they are as in `header`; False where the site's own `_headers` may say others.
        single_page: every path without a file is index.html.
        missing_ends_with_slash: a page's path has a slash at its end.
        version: that is live; empty if it is not known, and nothing is checked.
        text: that the home page has to contain; empty for any.
    """

    header: Mapping[str, str]
    exact: bool = True
    single_page: bool = False
    missing_ends_with_slash: bool = False
    version: str = ""
    text: str = ""


def of_site(url: str, ask: Ask, promised: Promised) -> list[Probe]:
    """Probes of the site whose home page is `url`, which ends with a slash."""
    # a name that no site has, and that no cache has an answer for
    missing = f"{url}no-such-page-{secrets.token_hex(6)}{'/' if promised.missing_ends_with_slash else ''}"
    return [lambda: _home(url, ask, promised), lambda: _missing(url, missing, ask, promised)]


def of_site_api(url: str, ask: Ask) -> list[Probe]:
    """The probe of the counter behind the site; it counts nothing."""
    return [lambda: [_number("count on the site", f"{url}api/visits", ask)]]


def of_counter(url: str, health_path: str, ask: Ask, *, visit: bool) -> list[Probe]:
    """Probes of the counter at `url`, which ends with a slash. `visit`: count one."""
    visits = f"{url}api/visits"

    def health() -> list[Check]:
        return [_status("counter health", url.rstrip("/") + health_path, ask)]

    def count() -> list[Check]:
        return [_one_visit(visits, ask) if visit else _number("count", visits, ask)]

    return [health, count]


def _home(url: str, ask: Ask, promised: Promised) -> list[Check]:
    expected = f"200, HTML{f', with {promised.text!r}' if promised.text else ''}"
    name = "home page"
    try:
        answer = ask("GET", url)
    except NoAnswerError as error:
        return [Check(name, url, expected, str(error), passed=False)]
    fault = _fault_of_page(answer, promised.text)
    found = fault or f"200, {answer.media_type}, {len(answer.body):,} bytes"
    checks = [Check(name, url, expected, found, passed=not fault)]
    if fault:
        return checks  # what follows is about that page
    if promised.header:
        checks.append(_security_headers(url, answer, promised))
    if promised.version:
        live = answer.cookie(_VERSION)
        checks.append(
            Check("live version", url, promised.version, live or "none told", passed=live == promised.version)
        )
    parts = _parts(url, answer.text)
    if parts:
        checks.append(_parts_are_there(url, parts, ask))
    return checks


def _fault_of_page(answer: Answer, text: str) -> str:
    if answer.status != 200:
        return _told(answer)
    if answer.media_type != "text/html":
        return f"200, {answer.media_type or 'without a media type'}"
    start = answer.text.lstrip("\ufeff \t\r\n\f")[:1]
    if not start:
        return "200, an empty page"
    if start != "<":  # a Git LFS pointer, a conflict's markers, a template's source
        return f"200, but no HTML: it begins {answer.text.strip()[:40]!r}"
    if text and text not in answer.text:
        return "200, HTML without it"
    return ""


def _security_headers(url: str, answer: Answer, promised: Promised) -> Check:
    wrong = [
        f"{name}: {answer.header.get(name, 'missing')}"
        for name, value in promised.header.items()
        if not _kept(name, value, answer.header.get(name, ""), exact=promised.exact)
    ]
    expected = f"{len(promised.header)} fields{' as set' if promised.exact else ''}"
    return Check(
        "security headers", url, expected, "; ".join(wrong) or f"{len(promised.header)}", passed=not wrong
    )


def _kept(name: str, value: str, found: str, *, exact: bool) -> bool:
    if not exact or name == _POLICY:
        # A page's own policy has hashes besides (rules/page_policy.py): no directive may be lost.
        return bool(found) and (not exact or _directives(value) <= _directives(found))
    return found == value


def _directives(policy: str) -> set[str]:
    return {each.split()[0].lower() for each in policy.split(";") if each.split()}


def _missing(home: str, url: str, ask: Ask, promised: Promised) -> list[Check]:
    expected = "200, the index (routing=spa)" if promised.single_page else "404"
    name = "path without a file"
    try:
        answer = ask("GET", url)
        if promised.single_page:
            passed = answer.status == 200 and answer.body == ask("GET", home).body
            found = "200, the index" if passed else _told(answer) + ", another page" * (answer.status == 200)
        else:
            # a rule for all paths in the site's `_redirects` leads elsewhere: the site's own answer
            passed = answer.status == 404 or answer.status in _REDIRECTS
            found = _told(answer)
    except NoAnswerError as error:
        passed, found = False, str(error)
    return [Check(name, url, expected, found, passed=passed)]


class _Parts(html.parser.HTMLParser):
    """The scripts and style sheets that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.base = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "base" and not self.base:
            self.base = given.get("href", "")
        elif tag == "script" and given.get("src"):
            self.found.append(given["src"])
        elif tag == "link" and "stylesheet" in given.get("rel", "").lower().split() and given.get("href"):
            self.found.append(given["href"])


def _parts(url: str, text: str) -> list[str]:
    """URLs of what the page needs of its own site, each once, without fragments."""
    page = _Parts()
    page.feed(text)
    base = urljoin(url, page.base)
    host = urlsplit(url).netloc
    named = (urlsplit(urljoin(base, each.strip()))._replace(fragment="") for each in page.found)
    own = [each.geturl() for each in named if each.netloc == host and each.scheme in ("http", "https")]
    return list(dict.fromkeys(own))[:_MOST_PARTS]


def _parts_are_there(url: str, parts: Sequence[str], ask: Ask) -> Check:
    wrong = []
    for each in parts:
        try:
            answer = ask("GET", each)
        except NoAnswerError as error:
            wrong.append(f"{each}: {error}")
            continue
        if answer.status != 200:
            wrong.append(f"{each}: {answer.status}")
    expected = f"200 for its {len(parts)} scripts and style sheets"
    return Check("what the page needs", url, expected, "; ".join(wrong) or f"{len(parts)}", passed=not wrong)


def _status(name: str, url: str, ask: Ask) -> Check:
    try:
        answer = ask("GET", url)
    except NoAnswerError as error:
        return Check(name, url, "200", str(error), passed=False)
    return Check(name, url, "200", _told(answer), passed=answer.status == 200)


def _number(name: str, url: str, ask: Ask) -> Check:
    try:
        found = str(_visits(ask("GET", url)))
    except (NoAnswerError, _NoNumberError) as error:
        return Check(name, url, "a number", str(error), passed=False)
    return Check(name, url, "a number", found, passed=True)


def _one_visit(url: str, ask: Ask) -> Check:
    name, expected = "one visit", "the count goes up"
    try:
        before = _visits(ask("GET", url))
        counted = _visits(ask("POST", url))
        after = _visits(ask("GET", url))
    except (NoAnswerError, _NoNumberError) as error:
        return Check(name, url, expected, str(error), passed=False)
    # other visitors may come between
    passed = before < counted <= after
    return Check(name, url, expected, f"{before}, then {counted}, then {after}", passed=passed)


class _NoNumberError(Exception):
    """The counter's API answered, and told no number."""


def _visits(answer: Answer) -> int:
    if answer.status != 200:
        raise _NoNumberError(_told(answer))
    try:
        return int(json.loads(answer.body)["visits"])
    except (ValueError, KeyError, TypeError):
        raise _NoNumberError(f"200 without a number: {answer.text[:60]!r}") from None


def _told(answer: Answer) -> str:
    target = answer.header.get("location", "")
    return f"{answer.status}{f' to {target}' if target else ''}"
