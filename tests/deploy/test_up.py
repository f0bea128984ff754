"""`make up` as a whole: the real CDK CLI deploys the real stacks, and what it says is up is used."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from local.deployed import Deployed
from local.emulator import client_environment
from local.web import request
from tests.browser import journey
from tests.conftest import FirstUp
from tests.deploy import inventory
from tests.deploy.emulator_process import clean_environment
from tests.local_run import LocalRun

FILES = 1200


@pytest.fixture(scope="module")
def run(first_up: FirstUp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRun]:
    """The local run, up again after the first `up` and its `down`; down again afterwards."""
    folder = tmp_path_factory.mktemp("up") / "a state folder with spaces"
    local_run = LocalRun.prepared(folder, first_up.data)
    local_run.up()
    yield local_run
    local_run("down")


def test_what_the_first_up_says_is_what_a_user_needs(first_up: FirstUp) -> None:
    """What it did, the URLs, what is real and what is not, how to go on."""
    for expected in (
        "✓ cdk bootstrap",
        "✓ cdk deploy",
        "visit 2 was counted through the site's /api",
        ".cloudfront.localhost:",
        ".alb.localhost:",
        "make down",
    ):
        assert expected in first_up.said
    assert re.search(r"VisitorCounter.*\bSubnet\b", first_up.said.split("Only recorded")[1])


def test_what_was_deployed_is_still_there_after_down_and_up(run: LocalRun) -> None:
    """The data of the first run is enough: nothing is deployed anew."""
    assert "cdk deploy" not in run.log("cdk")


def test_the_page_comes_through_the_distribution_with_its_headers(run: LocalRun) -> None:
    """The deployed response headers policy is in force, and the counter's API has its own answer."""
    answer = request("GET", run.state["site_url"])
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "max-age" in answer.headers["strict-transport-security"]
    assert request("GET", run.state["site_url"] + "about").status_code == 200
    missing = request("GET", run.state["site_url"] + "no/such/page")
    assert (missing.status_code, "text/html" in missing.headers["content-type"]) == (404, True)


def test_a_visit_goes_through_the_load_balancer_to_redis(run: LocalRun) -> None:
    """Each page view of the counter is one more, and the site's own /api sees the same number."""
    first = request("POST", run.state["counter_url"] + "api/visits").json()["visits"]
    page = request("GET", run.state["counter_url"])
    assert re.search(rf"{first + 1:,}|{first + 1}", page.text)
    assert request("GET", run.state["site_url"] + "api/visits").json()["visits"] == first + 1


def test_the_load_balancer_answers_for_the_metrics_itself(run: LocalRun) -> None:
    """They are for what runs beside the task: no target is asked."""
    answer = request("GET", run.state["counter_url"] + "metrics")
    assert (answer.status_code, answer.text) == (404, "Not Found")


def test_the_counter_runs_from_the_deployed_task_definition(run: LocalRun) -> None:
    """Its command and environment are the task's; what differs is the list in local/counter.py."""
    deployed = Deployed(run.state["endpoint"])
    outputs = deployed.outputs("VisitorCounter")
    task = deployed.task(outputs["ClusterName"], outputs["ServiceName"])
    counter = run.process("counter")
    environment = counter.environ()
    wanted = {**task.environment, **task.secrets}
    differs = {name for name, value in wanted.items() if environment.get(name) != value}
    assert differs <= {"HOST", "PORT", "REDIS_PORT", "REDIS_TLS", "FORWARDED_ALLOW_IPS"}, differs
    added = set(environment) - set(wanted) - {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}
    assert added <= {"REDIS_CA_FILE"}, added
    assert counter.cmdline()[-2:] == list(task.command[-2:])


def test_a_browser_makes_the_whole_journey(run: LocalRun, page: Page) -> None:
    """Styled, every link works, one more visit per reload, fits a phone, says nothing on the console."""
    url: str = run.state["site_url"]
    with journey.no_console_errors(page), journey.no_foreign_requests(page, url):
        page.goto(url)
        journey.is_styled(page)
        journey.no_horizontal_scroll(page, 360)
        journey.follow_every_link(page, url)
        journey.count_goes_up_by_one_per_reload(page, url)


def test_the_smoke_test_of_what_runs_here(run: LocalRun) -> None:
    """`make smoke` against the emulator: the site with its count, and the counter, which counts one visit."""

    def smoke(words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "deploy", "smoke", "-c", "visitor_count=true", *words.split()],
            cwd=run.folder.parent,
            env=clean_environment() | client_environment(run.state["endpoint"]),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    done = smoke("--timeout 10")
    assert done.returncode == 0, done.stdout + done.stderr
    names = [line[2:23].strip() for line in done.stdout.splitlines() if line.startswith("✓")]
    assert names[:3] == ["home page", "security headers", "live version"]
    assert names[-3:] == ["count on the site", "counter health", "one visit"]
    count = request("GET", run.state["counter_url"] + "api/visits").json()["visits"]
    assert smoke("VisitorCounter --no-visit").returncode == 0
    assert request("GET", run.state["counter_url"] + "api/visits").json()["visits"] == count


def test_a_second_up_deploys_nothing(run: LocalRun) -> None:
    """Nothing is started or deployed anew; the same processes go on."""
    before = run.state["processes"]
    cdk_before = run.log("cdk")
    run.up()
    assert run.state["processes"] == before
    assert run.log("cdk") == cdk_before


def test_cdk_sees_no_difference(run: LocalRun) -> None:
    """`cdk diff` right after the deploy: the templates that are deployed are the ones of the checkout."""
    done = run("cdk", "--", "diff", "--fail")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Number of stacks with differences: 0" in done.stdout + done.stderr


def test_down_stops_all_and_the_count_goes_on_after_the_next_up(run: LocalRun) -> None:
    """No process is left, a second `down` is no error, the visits are kept."""
    before = request("POST", run.state["counter_url"] + "api/visits").json()["visits"]
    assert run("status").returncode == 0
    assert run("down").returncode == 0
    assert run.processes() == []
    assert not (run.folder / "run.json").exists()
    again = run("down")
    assert (again.returncode, again.stderr) == (0, "")
    assert run("status").returncode == 3

    run.up()
    assert request("POST", run.state["counter_url"] + "api/visits").json()["visits"] > before


@pytest.mark.thorough
def test_another_site_is_served_and_a_broken_one_changes_nothing(run: LocalRun, tmp_path: Path) -> None:
    """1,200 files that are not ours, in nested folders, with awkward names; then a folder without a page."""
    site = tmp_path / "some built site"
    for number in range(FILES):
        page = site / f"post {number // 100}" / f"ünïcode & plus+{number}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<!doctype html><title>{number}</title>")
    (site / "index.html").write_text("<!doctype html><title>Not ours</title><script>1</script>")
    (site / "_redirects").write_text("/old /post%201/?x=1#y\n/gone/ https://example.org/a 302\n")
    (site / "_headers").write_text("/*\n  X-Robots-Tag: noindex\n/\n  X-Frame-Options: SAMEORIGIN\n")
    run.up("--site", str(site))
    url = run.state["site_url"]
    assert "Not ours" in request("GET", url).text
    last = f"post%20{(FILES - 1) // 100}/%C3%BCn%C3%AFcode%20%26%20plus%2B{FILES - 1}.html"
    assert f"<title>{FILES - 1}</title>" in request("GET", url + last).text
    _assert_rules(url)

    (site / "index.html").rename(site / "home.html")
    done = run("up", "--site", str(site))
    (site / "home.html").rename(site / "index.html")
    assert done.returncode == 2
    assert "index.html" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Not ours" in request("GET", url).text


def _assert_rules(url: str) -> None:
    """The site's `_redirects`, `_headers` and inline script, as a visitor has them."""
    page, missing = request("GET", url), request("GET", url + "no/such/page")
    assert "script-src 'self' 'sha256-" in page.headers["content-security-policy"]
    assert "script-src" not in missing.headers["content-security-policy"]
    assert (page.headers["x-robots-tag"], page.headers["x-frame-options"]) == ("noindex", "SAMEORIGIN")
    assert not [name for name in page.headers if name.startswith("x-amz-meta")]
    moved, gone = request("GET", url + "old"), request("GET", url + "gone/?q=2")
    assert (moved.status_code, moved.headers["location"]) == (301, "/post%201/?x=1#y")
    assert (gone.status_code, gone.headers["location"]) == (302, "https://example.org/a?q=2")
    assert (
        request("GET", url + "_redirects").status_code == request("GET", url + "_headers").status_code == 404
    )


@pytest.mark.thorough
def test_destroy_leaves_nothing_in_the_emulator(run: LocalRun) -> None:
    """`cdk destroy` of both stacks: no stack, no bucket but the CDK's own, no function, no load balancer."""
    done = run("cdk", "--", "destroy", "--all", "--force")
    assert done.returncode == 0, done.stdout + done.stderr
    assert inventory.without_bootstrap(run.state["endpoint"]) == {}
