"""The configuration of nginx for one site.

Every path that is answered with a file, or with a redirect of this one path, is in one map; what is found there is
a number, by which further maps tell the file or the target, and each header field. The redirects of many paths are
regular expressions over the path as it was asked for. What was found chooses the location: there is one for each
content type and one for each status of a redirect.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from ..rules.answers import CANONICAL_KEPT, MISSING_KEPT, Found, Moved, at, parts
from ..rules.compression import MIN_BYTES, is_compressible
from ..rules.fields import Fields
from ..rules.redirect_rules import STATUSES
from ..rules.site_rules import Rules
from ..rules.urls import WELL_KNOWN, TrailingSlash, canonical, encoded, is_file
from ..rules.wildcard_redirects import WildcardRedirect
from .syntax import DEFINITIONS, Variable, block, exactly, literal, matching, value

_CONTENT_TYPE: Final = "content-type"
_CACHE_CONTROL: Final = "cache-control"
_QUERY: Final = (Variable("is_args"), Variable("args"))
_WELL_KNOWN: Final = r"/\.well-known/.*"
# A dot or two for a whole segment, encoded or not: nginx resolves them, at the edge they name no file.
_DOTS: Final = r".*(?:/|%2[fF])(?:\.|%2[eE]){1,2}(?:(?:/|%2[fF]).*)?"
# Of two slashes, or a backslash, at the beginning of a path a browser makes another host.
_OTHER_HOST: Final = r"[/\\]+"


@dataclass(frozen=True, slots=True)
class Place:
    """Where things are when nginx runs.

    `site`: the folder of the published files, under their own names. `pages`: that of the page for what is not
    found, 404.html. `temporary`: that which nginx writes to. `listen`: the port, as 8080 or 127.0.0.1:8080.
    """

    site: str
    pages: str
    temporary: str
    listen: str


@dataclass(slots=True)
class _Table:
    """The number of each path (not encoded), and what is there: a file, or a status and a target."""

    urls: dict[str, int] = field(default_factory=dict)
    files: dict[int, str] = field(default_factory=dict)
    moved: dict[int, Moved] = field(default_factory=dict)


@dataclass(frozen=True)
class Configuration:
    """What is served.

    `fields`: of each file, by where it is looked for, and of each redirect of one path, by the file in whose place
    it is. `missing`: of the page for what is not found. `everywhere`: header fields of every answer.
    """

    rules: Rules
    fields: Mapping[str, Fields]
    missing: Fields
    everywhere: Mapping[str, str]
    single_page: bool
    trailing_slash: TrailingSlash

    def text(self, place: Place) -> str:
        """The file nginx.conf. Raises TooLongError."""
        table = self._table()
        header = self._header(table)
        names = sorted({name for fields in header.values() for name in fields} - {_CONTENT_TYPE})
        types = sorted({self._of(table, number).content_type for number in table.files})
        longest = max(len(url.encode()) for url in table.urls)
        http = [
            f"map_hash_max_size {2 * len(table.urls) + 2048};",
            f"map_hash_bucket_size {1 << (longest + 64).bit_length()};",
            "variables_hash_max_size 8192;",
            "variables_hash_bucket_size 128;",
            *_writing(place.temporary),
            DEFINITIONS,
            *self._asked(),
            *self._found(table),
            *self._many(),
            *self._targets(table),
            *self._routes(table, types),
            *(line for number, name in enumerate(names) for line in _header_map(number, name, header)),
            *block("server", [*_server(place, names), *self._locations(types, place)]),
        ]
        top = [
            "# Made by stacks/site_hosting/nginx from the rules of a site.",
            "worker_processes auto;",
            f"pid {value(f'{place.temporary}/nginx.pid')};",
            "error_log stderr warn;",
            "events { }",
        ]
        return "\n".join([*top, *block("http", http), ""])

    def _table(self) -> _Table:
        table = _Table()
        numbers: dict[Found | Moved, int] = {}
        for url in dict.fromkeys(self._candidates()):
            raw = quote(url, safe="/")
            if self.single_page and not (is_file(raw) or raw.startswith(WELL_KNOWN)):
                continue  # the application's, whichever it is
            found = at(raw, self.rules, single_page=self.single_page)
            if found is None or canonical(raw, self.trailing_slash) != raw:
                continue
            number = numbers.setdefault(found, len(numbers) + 1)
            table.urls[url] = number
            if isinstance(found, Found):
                table.files[number] = found.file
            else:
                table.moved[number] = found
        return table

    def _candidates(self) -> Iterator[str]:
        """Every path, not encoded, at which there can be something; of a single-page application its files."""
        yield "/index.html"
        for file in (*self.rules.files, *self.rules.redirects):
            yield f"/{file}"
            if not file.endswith(".html"):
                continue
            bare = f"/{file.removesuffix('.html')}"
            yield from (bare, f"{bare}/", f"{bare}/index", f"{bare}/index.html")
            if file == "index.html" or file.endswith("/index.html"):
                bare = f"/{file.removesuffix('index.html')}".rstrip("/")
                yield from (f"{bare}/", bare or "/", f"{bare}.html")

    def _of(self, table: _Table, number: int) -> Fields:
        return self.fields[table.files[number]]

    def _header(self, table: _Table) -> dict[str, dict[str, str]]:
        """The header fields of each answer, which is a number or one of the names in `_routes`."""
        everywhere = dict(self.everywhere)
        other = everywhere | {_CACHE_CONTROL: MISSING_KEPT}
        header = {
            "": other,
            "missing": everywhere | self.missing.header() | {_CACHE_CONTROL: MISSING_KEPT},
            "canonical": everywhere | {_CACHE_CONTROL: CANONICAL_KEPT},
            "refused": everywhere | {_CACHE_CONTROL: "no-store"},
        }
        for number, file in table.files.items():
            header[str(number)] = everywhere | self.fields[file].header()
        for number, moved in table.moved.items():
            header[str(number)] = everywhere | self.fields[moved.file].header() if moved.file else other
        return header

    def _asked(self) -> list[str]:
        """$asked: the path as it stands in the URL. $canonical: where it should be asked for; empty: there."""
        nothing = 'default "";'
        asked = [nothing, matching("(?<asked_path>[^?#]*).*", Variable("asked_path"))]
        canonical_lines = [nothing]
        if self.trailing_slash != "by-file":
            slash = "/" if self.trailing_slash == "always" else ""
            inner = r"[^/\\](?:.*[^/])?"
            untouched = ("/", _WELL_KNOWN, r".*\.[^/]*", f"/{inner}{slash}")
            canonical_lines += [
                *(matching(each) for each in untouched),
                matching(r"/[/\\]*", "/"),
                matching(rf"/[/\\]*(?<canonical_path>{inner})/*", "/", Variable("canonical_path"), slash),
            ]
        return [
            *block("map $request_uri $asked", asked),
            *block("map $asked $canonical", canonical_lines),
            *block("map $asked $unresolved", [nothing, matching(_DOTS, "dots")]),
        ]

    def _found(self, table: _Table) -> list[str]:
        """$number of what is at the path; empty if there is nothing.

        A map's texts match in any case of letters: each carries its own path along, and is compared with it.
        """
        alike = Counter(url.encode().lower() for url in table.urls)
        lines = ['default "";']
        for url, number in table.urls.items():
            if alike[url.encode().lower()] > 1:
                lines.append(f"{exactly(url)} {value(f'{number}:', Variable('uri'))};")
            else:
                lines.append(f"{literal(url)} {value(f'{number}:{url}')};")
        if self.single_page:
            page = table.urls["/index.html"]
            lines += [matching(_WELL_KNOWN), matching(".*/[^/.]*", f"{page}:", Variable("uri"))]
        same = r"(?<found_path>/.*)\|(?<found_number>\d+):\k<found_path>"
        return [
            *block("map $uri $found", lines),
            *block(
                'map "$unresolved$uri|$found" $number',
                ['default "";', matching(same, Variable("found_number"))],
            ),
        ]

    def _many(self) -> list[str]:
        """$many: status and target of the first redirect of many paths that is meant; empty: none is."""
        lines = ['default "";']
        for number, rule in enumerate(self.rules.wildcards):
            lines.append(matching(_regex(rule, number), f"{rule.status} ", *_target(rule, number)))
        status, rest, host, whole = map(Variable, ("many_status", "many_rest", "many_host", "many_whole"))
        one_host = [
            'default "";',
            matching(rf"(?<many_status>\d+) {_OTHER_HOST}(?<many_rest>.*)", status, " /", rest),
            matching(rf"(?<many_host>\d+ https?://[^/?#]*){_OTHER_HOST}(?<many_rest>.*)", host, "/", rest),
            matching("(?<many_whole>.+)", whole),
        ]
        return [*block("map $asked $many_filled", lines), *block("map $many_filled $many", one_host)]

    def _targets(self, table: _Table) -> list[str]:
        """$target of the redirect that was found."""
        one = ['default "";']
        for number, moved in table.moved.items():
            before, kept, after = parts(moved.target)
            one.append(f"{number} {value(before, *(_QUERY if kept else ()), after)};")
        many = ['default "";', matching(r"\d+ (?<target_many>.*)", Variable("target_many"))]
        any_one = [f"default {value(Variable('one_target'))};", '"" $many_target;']
        wanted = [f"default {value(Variable('canonical'), *_QUERY)};", '"" $any_target;']
        return [
            *block("map $number $one_target", one),
            *block("map $many $many_target", many),
            *block("map $number $any_target", any_one),
            *block("map $canonical $target", wanted),
        ]

    def _routes(self, table: _Table, types: list[str]) -> list[str]:
        """$route: the location's name. $answer: whose header fields are sent."""
        kinds = {
            **{number: f"type{types.index(self._of(table, number).content_type)}" for number in table.files},
            **{number: f"moved{moved.status}" for number, moved in table.moved.items()},
        }
        of_many = ["default missing;", matching(r"(?<kind_status>\d+) .*", "moved", Variable("kind_status"))]
        by_method = ("default refused;", "GET {0};", "HEAD {0};")
        return [
            *block(
                "map $number $kind", ['default "";', *(f"{number} {kind};" for number, kind in kinds.items())]
            ),
            *block("map $many $many_kind", of_many),
            *block("map $kind $any_kind", ["default $kind;", '"" $many_kind;']),
            *block("map $canonical $wanted_kind", ["default moved301;", '"" $any_kind;']),
            *block("map $request_method $route", [line.format("$wanted_kind") for line in by_method]),
            *block("map $any_kind $any_answer", ["default $number;", "missing missing;"]),
            *block("map $canonical $wanted_answer", ["default canonical;", '"" $any_answer;']),
            *block("map $request_method $answer", [line.format("$wanted_answer") for line in by_method]),
            *block("map $request_method $allow", ['default "GET, HEAD";', 'GET "";', 'HEAD "";']),
            *block(
                "map $number $file",
                [
                    'default "";',
                    *(
                        f"{number} {value(f'/{self.rules.files[file]}')};"
                        for number, file in table.files.items()
                    ),
                ],
            ),
        ]

    def _locations(self, types: list[str], place: Place) -> Iterator[str]:
        # no published file has this name: names with a dot before them are not published
        yield from block("location /", ["try_files /.none @$route;"])
        for number, kind in enumerate(types):
            yield from block(f"location @type{number}", [*_typed(kind), "try_files $file =404;"])
        for status in STATUSES:
            yield from block(f"location @moved{status}", [f"return {status} $target;"])
        yield from block("location @refused", ["return 405;"])
        yield from block("location @missing", ["return 404;"])
        page = [
            f"root {value(place.pages)};",
            *_typed(self.missing.content_type),
            "try_files /404.html =404;",
        ]
        yield "error_page 404 @not_found;"
        yield from block("location @not_found", page)


def _regex(rule: WildcardRedirect, number: int) -> str:
    """As rule.regex: over the path as it stands in the URL, but for letters and digits encoded or not."""
    text = ""
    for segment in rule.source.split("/")[1:]:
        if segment == "*":
            text += f"/(?<{_group(rule, 'splat', number)}>.*)"
        elif segment[:1] == ":":
            text += f"/(?<{_group(rule, segment[1:], number)}>[^/]+)"
        else:
            text += "/" + "".join(map(_either, re.findall(r"%..|.", encoded(segment))))
    return text


def _either(character: str) -> str:
    """A character of a path, as it is or encoded."""
    if character.isalnum():
        return character
    code = character[1:] if len(character) == 3 else f"{ord(character):02X}"
    any_case = "".join(f"[{each}{each.lower()}]" if each.isalpha() else each for each in code)
    return f"%{any_case}" if len(character) == 3 else f"(?:{re.escape(character)}|%{any_case})"


def _group(rule: WildcardRedirect, name: str, number: int) -> str:
    # a name of PCRE has 32 characters at most
    return f"many{number}_{rule.names.index(name)}"


def _target(rule: WildcardRedirect, number: int) -> Iterator[str | Variable]:
    before, kept, after = parts(rule.target)
    for text in (before, None, after):
        if text is None:
            yield from _QUERY if kept else ()
            continue
        # as target_of: a host and its port have no placeholders
        host = re.match(r"https?://[^/?#]*", text)
        yield host[0] if host else ""
        for piece in re.split(r"(:[A-Za-z]\w*)", text[host.end() if host else 0 :], flags=re.ASCII):
            yield (
                Variable(_group(rule, piece[1:], number))
                if piece[:1] == ":" and piece[1:] in rule.names
                else piece
            )


def _header_map(number: int, name: str, header: Mapping[str, Mapping[str, str]]) -> list[str]:
    """$header<number>: the field's value for each answer; empty: it has none."""
    common = Counter(fields.get(name, "") for fields in header.values()).most_common(1)[0][0]
    others = [
        f"{literal(answer)} {value(fields.get(name, ''))};"
        for answer, fields in header.items()
        if fields.get(name, "") != common
    ]
    return block(f"map $answer $header{number}", [f"default {value(common)};", *others])


def _typed(kind: str) -> list[str]:
    lines = ["types { }", f"default_type {literal(kind)};"]
    # the type is what was asked already, and nginx compares it together with its character set
    return [*lines, "gzip on;", "gzip_types *;"] if is_compressible(kind) else lines


def _writing(folder: str) -> Iterator[str]:
    yield "access_log /dev/stdout;"
    for module in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"):
        yield f"{module}_temp_path {value(f'{folder}/{module}')};"


def _server(place: Place, names: Iterable[str]) -> Iterator[str]:
    yield f"listen {place.listen};"
    yield f"root {value(place.site)};"
    yield from (
        "server_tokens off;",
        "absolute_redirect off;",
        "merge_slashes off;",
        "charset off;",
        "log_not_found off;",
        "sendfile on;",
        "tcp_nopush on;",
        "keepalive_timeout 75s;",
        "client_max_body_size 1k;",
        f"gzip_min_length {MIN_BYTES};",
        "gzip_comp_level 6;",
        "gzip_proxied any;",
        "gzip_vary on;",
        "add_header Allow $allow always;",
    )
    for number, name in enumerate(names):
        yield f"add_header {literal(name)} $header{number} always;"
