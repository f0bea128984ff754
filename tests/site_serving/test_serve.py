"""`make serve`: the rules of the edge on this machine, and pages that reload when a file changes."""

import http.client
import re
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from local.ports import any_free
from local.serve.reload import allowing_script
from stacks.site_hosting.rules.security_headers import CONTENT_SECURITY_POLICY
from tests.site_serving import url_cases
from tests.site_serving.serve_process import PATIENCE_S, Serving, serving, start
from tests.site_serving.url_cases import CASES, SLASH_CASES, SLASH_SITE, SPA_CASES, SPA_SITE, Case

PAGE = b"<!doctype html><title>first</title><h1>first</h1>"


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """The table's site, as it is."""
    with serving(url_cases.write(tmp_path_factory.mktemp("site")), "--no-reload") as server:
        yield server


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small one, to be changed."""
    return url_cases.write(
        tmp_path / "site", {"index.html": PAGE, "a.css": b"p{}", "_redirects": b"/old /a.css\n"}
    )


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_table(table: Serving, case: Case) -> None:
    url_cases.check(table.visitor, case)


def test_conditions(table: Serving) -> None:
    url_cases.check_conditions(table.visitor)
    first = table.visitor.asks("/css/site.css", sent={"Accept-Encoding": "gzip"})
    assert first.header["etag"].startswith("W/")
    again = table.visitor.asks("/css/site.css", sent={"If-None-Match": f'"x", {first.header["etag"]}'})
    assert (again.status, again.header["etag"]) == (304, first.header["etag"].removeprefix("W/"))
    plain = table.visitor.asks("/css/site.css", sent={"Accept-Encoding": "gzip;q=0, br"})
    assert "content-encoding" not in plain.header
    late = table.visitor.asks("/js/app.js", sent={"Range": "bytes=100-"})
    assert late.status == 416


def test_a_single_page_application(tmp_path: Path) -> None:
    folder = url_cases.write(tmp_path / "site", SPA_SITE)
    with serving(folder, "--no-reload", "-c", "routing=spa") as server:
        for case in SPA_CASES:
            url_cases.check(server.visitor, case, SPA_SITE)


@pytest.mark.parametrize("policy", SLASH_CASES)
def test_a_policy_of_slashes(tmp_path: Path, policy: str) -> None:
    folder = url_cases.write(tmp_path / "site", SLASH_SITE)
    with serving(folder, "--no-reload", "-c", f"trailing_slash={policy}") as server:
        for case in SLASH_CASES[policy]:
            url_cases.check(server.visitor, case, SLASH_SITE)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(table: Serving, method: str) -> None:
    for url in ("/about", "/moved", "/nope"):
        found = table.visitor.asks(url, method=method)
        assert (found.status, found.header["allow"]) == (405, "GET, HEAD")
        assert found.header["x-content-type-options"] == "nosniff"


def test_the_api_is_elsewhere(table: Serving) -> None:
    for method in ("GET", "POST"):
        found = table.visitor.asks("/api/visits", method=method)
        assert (found.status, found.header["content-type"]) == (404, "text/plain; charset=utf-8")
        assert b"`make up` has" in found.body


def test_a_site_without_a_page_for_what_is_not_found(site: Path) -> None:
    with serving(site, "--no-reload") as server:
        found = server.visitor.asks("/nope")
        assert (found.status, found.header["content-type"]) == (404, "text/html; charset=utf-8")
        assert b"There is no page here" in found.body
        assert found.header["content-security-policy"] == CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example:80", "", "[::2]"]
)
def test_another_host_name_is_refused(table: Serving, host: str) -> None:
    assert asks_as(table.port, host) == 403


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8080", "site.localhost:1", "[::1]:8080", "127.0.0.1"]
)
def test_names_of_this_machine_are_not(table: Serving, host: str) -> None:
    assert asks_as(table.port, host) == 200


def asks_as(port: int, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", "/about", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status


def test_it_listens_on_this_machine_alone(table: Serving) -> None:
    listening = {
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{table.port:04X}")
    }
    assert listening == {f"0100007F:{table.port:04X}"}


def test_a_line_for_each_request_if_asked_for(site: Path) -> None:
    with serving(site, "--verbose", "--no-reload") as server:
        server.visitor.asks("/old?a=1")
        assert server.says("/old") == "GET /old 301"
        server.visitor.asks("/%1b%5b2J", method="HEAD")
        assert server.says("HEAD") == "HEAD /%1b%5b2J 404"
    with serving(site, "--no-reload") as server:
        server.visitor.asks("/")
        assert server.silent(0.3)


def test_a_change_is_served_and_told(site: Path) -> None:
    with serving(site) as server:
        first = server.visitor.asks("/")
        assert first.body.startswith(PAGE)
        script = re.search(rb'<script src="(/\.serve/reload\.js\?[^"]+)"></script>\n$', first.body)
        assert script
        assert first.header["content-security-policy"] == CONTENT_SECURITY_POLICY, "it has 'self' already"
        sent = server.visitor.asks(script[1].decode())
        assert sent.header["content-type"].startswith("text/javascript")
        assert b"EventSource('/.serve/events')" in sent.body
        with listening(server.port) as events:
            assert event(events) == script[1].decode().partition("?")[2]
            (site / "new.html").write_text("<!doctype html><title>new</title>")
            (site / "_redirects").write_text("/old /new 302\n")
            assert re.fullmatch(r"\d\d:\d\d:\d\d changed: .*", server.says("changed:"))
            assert event(events) != script[1].decode().partition("?")[2]
        found = server.visitor.asks("/old")
        assert (found.status, found.header["location"]) == (302, "/new")
        assert server.visitor.asks("/new").status == 200
        assert server.visitor.asks("/a.css").header["cache-control"] == "no-cache"
        assert server.visitor.asks("/", sent={"If-None-Match": first.header["etag"]}).status == 200
        assert b"reload.js" in server.visitor.asks("/nope").body


class listening:  # noqa: N801 - read as a word
    """A browser's connection for events."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def __enter__(self) -> http.client.HTTPResponse:
        self._connection.request("GET", "/.serve/events")
        return self._connection.getresponse()

    def __exit__(self, *_: object) -> None:
        self._connection.close()


def event(events: http.client.HTTPResponse) -> str:
    """The data of the next one."""
    assert events.readline() == b"event: version\n"
    data = events.readline().decode()
    assert events.readline() == b"\n"
    return data.removeprefix("data: ").strip()


def test_a_faulty_line_leaves_the_last_rules(site: Path) -> None:
    with serving(site) as server:
        (site / "_redirects").write_text("/old /old\n")
        assert server.says("_redirects:1") == (
            f"setting site: {site}/_redirects:1: /old /old: redirects to itself; let it end at a page"
        )
        server.says("the rules from before this change stay")
        assert server.visitor.asks("/old").header["location"] == "/a.css"
        (site / "index.html").write_bytes(b"<p>edited meanwhile")
        assert server.visitor.asks("/").body.startswith(b"<p>edited meanwhile")
        (site / "_redirects").write_text("/old /\n")
        server.says("changed:")
        assert server.visitor.asks("/old").header["location"] == "/"


def test_a_build_that_makes_the_folder_anew(site: Path) -> None:
    with serving(site) as server:
        for number in range(2):
            shutil.rmtree(site)
            server.says("the rules from before this change stay")
            assert server.visitor.asks("/").status == 404
            url_cases.write(site, {"index.html": PAGE, f"made{number}.txt": b"x"})
            server.says("changed:")
            wait_for(server, f"/made{number}.txt")


def wait_for(server: Serving, url: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while server.visitor.asks(url).status != 200:
        assert time.monotonic() < deadline, url
        time.sleep(0.05)


def test_what_is_not_published_is_no_change(site: Path) -> None:
    with serving(site) as server:
        time.sleep(1)  # the first look has been taken
        (site / ".index.html.swp").touch()
        (site / ".git").mkdir()
        (site / ".git" / "index").touch()
        assert server.silent(1)
        (site / "later.txt").touch()
        assert server.says("changed:").endswith("changed: later.txt")


def test_without_reloading_every_byte_is_the_files(site: Path) -> None:
    with serving(site, "--no-reload") as server:
        assert server.visitor.asks("/").body == PAGE
        for path in ("/.serve/reload.js", "/.serve/events"):
            assert server.visitor.asks(path).status == 404


@pytest.mark.parametrize(
    ("policy", "wanted"),
    [
        ("default-src 'self'", "default-src 'self'"),
        ("frame-ancestors 'none'", "frame-ancestors 'none'"),
        (
            "default-src 'none'",
            "default-src 'none'; script-src-elem 'self'; connect-src 'self'",
        ),
        (
            "default-src 'self'; script-src 'sha256-x'; connect-src https://api.example.org",
            "default-src 'self'; script-src 'sha256-x'; connect-src https://api.example.org 'self'; "
            "script-src-elem 'sha256-x' 'self'",
        ),
        (
            "script-src *, default-src 'none'",
            "script-src *, default-src 'none'; script-src-elem 'self'; connect-src 'self'",
        ),
    ],
)
def test_a_policy_gets_what_the_script_needs_and_no_more(policy: str, wanted: str) -> None:
    assert allowing_script(policy) == wanted


@pytest.mark.parametrize("policy", ["", "default-src 'none'"])
def test_an_open_page_reloads_in_a_browser(browser: Browser, site: Path, policy: str) -> None:
    with serving(site, "-c", f"content_security_policy={policy}") as server:
        context = browser.new_context()
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator("h1")).to_have_text("first")
        (site / "index.html").write_bytes(PAGE.replace(b"first", b"second"))
        expect(page.locator("h1")).to_have_text("second", timeout=PATIENCE_S * 1000)
        context.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_at_once(site: Path, number: int) -> None:
    with serving(site) as server, listening(server.port) as events:
        event(events)
        code, seconds = server.end(number)
        assert code == 130
        assert seconds < 2, "0.1 s on 2 idle cores"
        server.says("interrupted")
        assert "Traceback" not in "\n".join(server.said)


def output(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    process = start(*arguments, **environment)
    said, _ = process.communicate(timeout=PATIENCE_S)
    return process.returncode, said


def test_a_port_that_is_taken(site: Path, table: Serving) -> None:
    code, said = output("--site", site, PORT=str(table.port))
    assert code == 2
    assert re.search(
        rf"PORT={table.port}: port {table.port} is taken by .*; stop it, or name another: PORT=\d+", said
    )
    assert output("--site", site, "--port=80x")[0] == 2


def test_a_port_that_is_taken_and_was_not_named(site: Path) -> None:
    from local import ports  # the default may be taken or free on this machine

    if ports.is_free(8080):
        first = start("--site", site)
        assert first.stdout
        try:
            assert ":8080/" in first.stdout.readline()
            another_is_used(site)
        finally:
            first.kill()
            first.communicate()
    else:
        another_is_used(site)


def another_is_used(site: Path) -> None:
    process = start("--site", site)
    assert process.stdout
    try:
        assert re.match(r"! port 8080 is taken by .*; using \d+", process.stdout.readline())
        assert re.search(r"is served at http://127\.0\.0\.1:(?!8080)\d+/", process.stdout.readline())
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["--site", "/nowhere"], "setting site: /nowhere: there is no such folder"),
        (["-c", "routing=x"], 'setting routing: "x" is not legal'),
        (["-c", "routing"], "setting routing: no value; write -c routing=<value>"),
    ],
)
def test_bad_input_is_a_line_and_nothing_listens(arguments: list[str], wanted: str) -> None:
    port = any_free()
    code, said = output(*arguments, "--port", str(port))
    assert code == 2
    assert wanted in said
    assert said.strip().count("\n") == 0


def test_warnings_are_told_at_the_start(site: Path) -> None:
    (site / "index.html").write_bytes(b"<p onclick='x()'>")
    server = Serving(["--site", site])
    try:
        said = server.says("!")
        assert said.startswith(
            "! index.html:1: the attribute onclick needs 'unsafe-hashes' in the page's policy; "
        )
    finally:
        server.kill()


def test_make_serve_takes_site_and_port(tmp_path: Path) -> None:
    """The recipe itself, with a program in the interpreter's place: it would install what is missing."""
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text()
    recipe = re.search(r"^serve: .*\n\t(.*)$", makefile, re.MULTILINE)
    assert recipe
    assert recipe[1] == "@$(INSTALL) local && $(RUN) local serve $(ARGS)"
    assert re.search(r"^export .*SITE.*PORT", makefile, re.MULTILINE)
