"""`python -m deploy smoke` against a site and a counter of this test: real HTTP, no AWS."""

import http.server
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deploy.verbs import main
from stacks.site_hosting.rules.security_headers import SecurityHeaders

ROOT = Path(__file__).resolve().parents[3]
PAGE = "<!doctype html><title>Home</title><link rel=stylesheet href=main.css><script src=/a.js?v=1></script>"
VERSION = "20261125T010544Z-5b417fb3"


@dataclass
class Sites:
    """What the server answers: (method, path) -> status, media type and text; and what it was asked."""

    answers: dict[tuple[str, str], tuple[int, str, str]] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=lambda: SecurityHeaders().fields())
    live: str = VERSION
    count: int = 41
    counts: bool = True
    single_page: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        self.answers[("GET", "/")] = (200, "text/html; charset=utf-8", PAGE)
        self.answers[("GET", "/main.css")] = (200, "text/css", "a{}")
        self.answers[("GET", "/a.js?v=1")] = (200, "text/javascript", "1")
        self.answers[("GET", "/healthz")] = (200, "text/plain", "ok")

    def answer(self, method: str, path: str) -> tuple[int, str, str]:
        """The next answer."""
        self.asked.append((method, path))
        if self.refused:
            self.refused -= 1
            return 503, "text/plain", "not yet"
        if path == "/api/visits":
            self.count += method == "POST" and self.counts
            return 200, "application/json", json.dumps({"visits": self.count})
        if self.single_page and path.startswith("/no-such-page-"):
            return self.answers[("GET", "/")]
        return self.answers.get((method, path), (404, "text/html", "<!doctype html>nothing here"))


@dataclass
class Deployed:
    """A server, the file of outputs that names it, and the settings of the command."""

    sites: Sites
    outputs: Path
    url: str
    capture: pytest.CaptureFixture[str]

    def smoke(self, words: str = "StaticSite --timeout 0") -> tuple[int, str]:
        """The exit code, and all that was said."""
        code = main(["smoke", "--outputs-file", str(self.outputs), *words.split()])
        told = self.capture.readouterr()
        return code, told.out + told.err

    def failing(self, words: str = "StaticSite --timeout 0") -> list[str]:
        """The lines of the checks that failed; the exit code has to say so."""
        code, said = self.smoke(words)
        lines = [line for line in said.splitlines() if line.startswith("✗")]
        assert code == (1 if lines else 0), said
        return lines


@pytest.fixture
def deployed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployed]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    sites = Sites()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, media_type, text = sites.answer(self.command, self.path)
            self.send_response(status)
            for name, value in sites.header.items():
                self.send_header(name, value)
            if sites.live:
                self.send_header("Set-Cookie", "seen=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT")
                self.send_header("Set-Cookie", f"site-version={sites.live}; Path=/; Secure; HttpOnly")
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        do_POST = do_GET  # noqa: N815  # the server's own name

        def log_message(self, *_: object) -> None:
            pass

    class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}/"
    outputs = tmp_path / "outputs.json"
    outputs.write_text(
        json.dumps({"StaticSite": {"SiteUrl": url, "Publisher": "p"}, "VisitorCounter": {"CounterUrl": url}})
    )
    yield Deployed(sites, outputs, url, capsys)
    server.shutdown()
    server.server_close()
    thread.join()


def test_all_is_well_and_each_check_has_its_line(deployed: Deployed) -> None:
    code, said = deployed.smoke(f"-c visitor_count=true --site-version {VERSION} --contains Home")
    assert code == 0, said
    names = [line[2:23].strip() for line in said.splitlines() if line.startswith("✓")]
    assert names == [
        *("home page", "security headers", "live version", "what the page needs", "path without a file"),
        *("count on the site", "counter health", "one visit"),
    ]
    assert (
        f"✓ home page             {deployed.url}  expected 200, HTML, with 'Home'; found 200, text/html, "
        in said
    )
    assert said.splitlines()[-1] == "smoke: 8 of 8 checks passed"
    assert deployed.sites.asked.count(("POST", "/api/visits")) == 1


def test_without_a_visit_nothing_is_counted(deployed: Deployed) -> None:
    assert deployed.failing("VisitorCounter --no-visit --timeout 0") == []
    assert deployed.sites.count == 41
    assert deployed.sites.asked == [("GET", "/healthz"), ("GET", "/api/visits")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "200, an empty page"),
        (" \n", "200, an empty page"),
        ("version https://git-lfs.github.com/spec/v1", "no HTML: it begins 'version https://git-lfs"),
        ("<<<<<<< HEAD", None),
    ],
)
def test_a_home_page_that_is_none(deployed: Deployed, text: str, found: str | None) -> None:
    deployed.sites.answers[("GET", "/")] = (200, "text/html", text)
    failing = deployed.failing()
    assert bool(failing) == (found is not None)
    assert all(line.startswith("✗ home page") and (found or "") in line for line in failing)


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ((503, "text/html", PAGE), "found 503"),
        ((200, "application/xml", PAGE), "found 200, application/xml"),
        ((302, "text/html", PAGE), "found 302"),
    ],
)
def test_a_home_page_of_another_kind(deployed: Deployed, answer: tuple[int, str, str], found: str) -> None:
    deployed.sites.answers[("GET", "/")] = answer
    (line,) = deployed.failing()
    assert line.endswith(found)


def test_the_text_that_is_expected_is_not_there(deployed: Deployed) -> None:
    (line,) = deployed.failing("StaticSite --timeout 0 --contains Welcome")
    assert line.endswith("expected 200, HTML, with 'Welcome'; found 200, HTML without it")


def test_a_style_sheet_that_is_missing(deployed: Deployed) -> None:
    del deployed.sites.answers[("GET", "/main.css")]
    (line,) = deployed.failing()
    assert line.startswith("✗ what the page needs")
    assert line.endswith(f"found {deployed.url}main.css: 404")


@pytest.mark.parametrize("name", sorted(SecurityHeaders().fields()))
def test_a_header_field_that_is_missing_or_weaker(deployed: Deployed, name: str) -> None:
    promised = deployed.sites.header.pop(name)
    (line,) = deployed.failing()
    assert line.endswith(f"found {name}: missing")
    deployed.sites.header[name] = f"{promised}; script-src 'sha256-x'" if "policy" in name else "0"
    weaker = deployed.failing()
    # the policy of a page has its scripts' hashes besides
    assert bool(weaker) == (name != "content-security-policy")


def test_the_fields_are_those_of_the_settings(deployed: Deployed) -> None:
    deployed.sites.header["x-frame-options"] = "SAMEORIGIN"
    (line,) = deployed.failing()
    assert "x-frame-options: SAMEORIGIN" in line
    csp = "frame-ancestors 'self'"
    deployed.sites.header["content-security-policy"] = csp
    given = ["-c", "frame_options=sameorigin", "-c", f"content_security_policy={csp}"]
    assert main(["smoke", "--outputs-file", str(deployed.outputs), "StaticSite", *given]) == 0


def test_another_version_is_live(deployed: Deployed) -> None:
    (line,) = deployed.failing("StaticSite --timeout 0 --site-version 20261126T010544Z-00000000")
    assert line.endswith(f"expected 20261126T010544Z-00000000; found {VERSION}")


def test_a_path_without_a_file_is_the_index_of_a_single_page_alone(deployed: Deployed) -> None:
    spa = "StaticSite --timeout 0 -c routing=spa"
    (line,) = deployed.failing(spa)
    assert line.endswith("expected 200, the index (routing=spa); found 404")
    deployed.sites.single_page = True
    assert deployed.failing(spa) == []
    (line,) = deployed.failing()
    assert line.endswith("expected 404; found 200")


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (lambda sites: setattr(sites, "counts", False), "found 41, then 41, then 41"),
        (lambda sites: sites.answers.pop(("GET", "/healthz")), "expected 200; found 404"),
    ],
)
def test_a_counter_that_does_not_count(
    deployed: Deployed, breaks: Callable[[Sites], object], found: str
) -> None:
    breaks(deployed.sites)
    (line,) = deployed.failing("VisitorCounter --timeout 0")
    assert line.endswith(found)


def test_it_waits_until_it_answers_and_says_for_what(deployed: Deployed) -> None:
    deployed.sites.refused = 1
    code, said = deployed.smoke("StaticSite --timeout 20")
    assert code == 0, said
    assert "  waiting, 0 s of 20 s: home page: 503\n" in said


def test_it_ends_when_its_time_is_up(deployed: Deployed) -> None:
    deployed.sites.refused = 1000
    begun = time.monotonic()
    assert len(deployed.failing("StaticSite --timeout 0.5")) == 2
    assert 0.4 < time.monotonic() - begun < 5


def test_ctrl_c_while_it_waits(deployed: Deployed) -> None:
    deployed.sites.refused = 1000
    with subprocess.Popen(
        [
            sys.executable,
            "-P",
            "-m",
            "deploy",
            "smoke",
            "StaticSite",
            "--outputs-file",
            str(deployed.outputs),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout
        for line in process.stdout:
            if "waiting" in line:
                process.send_signal(signal.SIGINT)
                break
        assert "Traceback" not in process.stdout.read()
        assert process.wait(10) == 130


def test_nobody_listens(deployed: Deployed, free_port: Callable[[], int]) -> None:
    deployed.outputs.write_text(json.dumps({"StaticSite": {"SiteUrl": f"http://127.0.0.1:{free_port()}/"}}))
    lines = deployed.failing()
    assert [line.startswith("✗") and "refused" in line for line in lines] == [True, True]


@pytest.mark.parametrize(
    ("words", "outputs", "says"),
    [
        ("StaticSite", {}, "StaticSite: not deployed (file "),
        ("", {}, "nothing to check: no stack is deployed (file "),
        ("-c stage=pr-42", {"StaticSite": {"SiteUrl": "https://x"}}, "nothing to check"),
        ("EcommerceNetwork-us-east-1", {}, "it needs ecommerce=true"),
        ("Site", {}, 'stack "Site": there is no check for it; legal: StaticSite, VisitorCounter'),
        ("--timeout soon", {}, "argument --timeout: soon is not legal; legal: 0 to 3600 seconds"),
        ("--timeout nan", {}, "argument --timeout: nan is not legal"),
        ("", {"StaticSite": {"BucketName": "b"}}, "output SiteUrl: missing"),
        ("--site-version x", {"StaticSite": {"SiteUrl": "http://x"}}, "StaticSite keeps none"),
        ("", [], "holds no outputs by stack"),
    ],
)
def test_what_is_refused(deployed: Deployed, words: str, outputs: object, says: str) -> None:
    deployed.outputs.write_text(json.dumps(outputs))
    code, said = deployed.smoke(words)
    assert code == 2, said
    assert says in said.splitlines()[-1]


def test_the_url_alone(deployed: Deployed) -> None:
    assert deployed.smoke("--url") == (0, f"{deployed.url}\n")
    assert deployed.sites.asked == []
    deployed.outputs.write_text(json.dumps({"VisitorCounter": {"CounterUrl": deployed.url}}))
    code, said = deployed.smoke("--url")
    assert (code, said.partition(":")[0]) == (2, "StaticSite")


def test_a_file_of_outputs_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["smoke", "--outputs-file", "/nowhere.json"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(
        "--outputs-file /nowhere.json: No such file or directory; name the file of `cdk deploy"
    )
