"""The table of URLs against the distribution that the real CDK CLI deployed to the emulator."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import FirstUp
from tests.local_run import LocalRun
from tests.site_serving import url_cases
from tests.site_serving.url_cases import Case, Visitor

Deploy = Callable[..., Visitor]


@pytest.fixture(scope="module")
def deploy(first_up: FirstUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deploy]:
    """Deploys a site with settings to one local run; what was deployed before is replaced."""
    run = LocalRun.prepared(tmp_path_factory.mktemp("distribution") / "state", first_up.data)
    folders = tmp_path_factory.mktemp("sites")

    def deployed(name: str, site: Mapping[str, bytes], *settings: str) -> Visitor:
        folder: Path = url_cases.write(folders / name, site)
        run.up("--site", str(folder), *(word for setting in settings for word in ("-c", setting)))
        return Visitor.of(run.state["site_url"])

    yield deployed
    run("down")


@pytest.fixture(scope="module")
def visitor(deploy: Deploy) -> Visitor:
    """Of the big table's site, with the default settings."""
    return deploy("default", url_cases.SITE)


@pytest.mark.parametrize("case", url_cases.CASES, ids=str)
def test_default_settings(visitor: Visitor, case: Case) -> None:
    url_cases.check(visitor, case)


def test_conditions_ranges_and_compression(visitor: Visitor) -> None:
    url_cases.check_conditions(visitor)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_pages_are_read_only(visitor: Visitor, method: str) -> None:
    assert visitor.asks("/about", method=method).status in (403, 405)


def test_the_api_keeps_its_own_not_found(visitor: Visitor) -> None:
    """It is behind the same distribution, and its 404 is no page of the site."""
    answer = visitor.asks("/api/nope")
    assert answer.status == 404
    assert answer.header["content-type"] == "application/json"
    assert b"Not found" not in answer.body


def test_what_the_edge_tells_the_fallback_does_not_get_out(visitor: Visitor) -> None:
    for url in ("/", "/nope", "/old/x", "/moved"):
        header = visitor.asks(url, sent={"x-site-request": "forged /manifests/"}).header
        assert not [name for name in header if name.startswith(("x-site", "x-amz-meta"))]


@pytest.mark.parametrize("policy", ["always", "never"])
@pytest.mark.thorough
def test_slashes(deploy: Deploy, policy: str) -> None:
    visitor = deploy(policy, url_cases.SLASH_SITE, f"trailing_slash={policy}")
    for case in url_cases.SLASH_CASES[policy]:
        url_cases.check(visitor, case, url_cases.SLASH_SITE)


@pytest.mark.thorough
def test_a_site_without_a_page_for_what_is_not_found(deploy: Deploy) -> None:
    visitor = deploy("bare", {"index.html": b"home"})
    answer = visitor.asks("/nope")
    assert (answer.status, answer.header["content-type"]) == (404, "text/html; charset=utf-8")
    assert b"There is no page here" in answer.body


@pytest.mark.thorough
def test_single_page_application(deploy: Deploy) -> None:
    visitor = deploy("spa", url_cases.SPA_SITE, "routing=spa")
    for case in url_cases.SPA_CASES:
        url_cases.check(visitor, case, url_cases.SPA_SITE)
