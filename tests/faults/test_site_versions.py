"""A site under load while it is deployed, rolled back, and while a deploy of it dies: no visitor sees half of it.

The tests share one local run and go through its life in order.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.deployed import Deployed
from local.emulator.environment import ACCOUNT, REGION
from tests.conftest import FirstUp
from tests.faults.visitors import Seen, visiting
from tests.local_run import LocalRun, wait_for

PAGES = 300
PATHS = ["/", *(f"/posts/{number}" for number in range(0, PAGES, 7))]
RATE = 100
"""Requests per second that the visitors must reach, or the test says nothing."""


def write(site: Path, version: str, pages: int = PAGES) -> None:
    """Write the whole site anew: every file differs, and one is there in this version alone."""
    site.mkdir(exist_ok=True)
    for folder in ("posts", "css", "js"):
        (site / folder).mkdir(exist_ok=True)
    for old in (site / "js").iterdir():
        old.unlink()
    mark = f"version-{version}"
    (site / "css" / "site.css").write_text(f"/* {mark} */")
    (site / "js" / f"only-{version}.js").write_text(f"// {mark}")
    named = f'<link rel="stylesheet" href="/css/site.css"><script src="/js/only-{version}.js"></script>'
    for page in ("index.html", *(f"posts/{number}.html" for number in range(pages))):
        (site / page).write_text(f"<!doctype html><title>{mark}</title>{named}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions") / "site"
    write(folder, "one")
    return folder


@pytest.fixture(scope="module")
def run(first_up: FirstUp, site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalRun]:
    """A local run that serves the first version."""
    local_run = LocalRun.prepared(tmp_path_factory.mktemp("versions") / "state", first_up.data)
    local_run.up("--site", str(site))
    yield local_run
    local_run("down")


def _is_well(seen: Seen) -> None:
    assert not seen.complaints, f"{len(seen.complaints)} of {seen.requests}: {seen.complaints[:3]}"
    assert seen.rate >= RATE, f"only {seen.rate:.0f} requests per second"


@pytest.mark.thorough
def test_a_deploy_under_load(run: LocalRun, site: Path) -> None:
    """Every page is whole, of one version, before, during and after."""
    write(site, "two")
    with visiting(run.state["site_url"], PATHS) as seen:
        run.up("--site", str(site))
    _is_well(seen)
    assert set(seen.pages) == {"one", "two"}
    with visiting(run.state["site_url"], PATHS) as after:
        wait_for(lambda: sum(after.pages.values()) > len(PATHS))
    assert set(after.pages) == {"two"}


@pytest.mark.thorough
def test_a_rollback_under_load(run: LocalRun) -> None:
    with visiting(run.state["site_url"], PATHS) as seen:
        done = run("rollback")
        wait_for(lambda: seen.pages["one"] > len(PATHS))
    assert done.returncode == 0, done.stderr
    _is_well(seen)
    listed = run("versions").stdout.splitlines()
    assert [line.startswith("*") for line in listed[1:3]] == [False, True]


def _uploaded(run: LocalRun) -> Counter[str]:
    """Number of objects by version, whole or not."""
    endpoint = run.state["endpoint"]
    bucket = Deployed(endpoint).outputs("StaticSite")["BucketName"]
    s3 = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="local",
    )
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="versions/")
    return Counter(each["Key"].split("/")[1] for page in pages for each in page.get("Contents", []))


@pytest.mark.thorough
def test_a_deploy_that_dies_in_the_upload(run: LocalRun, site: Path) -> None:
    """The publisher is killed while it uploads: the visitors see nothing of it, and the next deploy works."""
    write(site, "three", pages=5 * PAGES)  # time enough to be killed in
    before = _uploaded(run)

    def the_upload_is_half_done() -> bool:
        return (
            any(10 < count < 4 * PAGES for count in (_uploaded(run) - before).values())
            or up.poll() is not None
        )

    with visiting(run.state["site_url"], PATHS) as seen:
        up = run.start("up", "--site", str(site))
        wait_for(the_upload_is_half_done)
        workers = run.process("emulator").children(recursive=True)
        killed = [worker for worker in workers if "VersionsPublisher" in " ".join(worker.cmdline())]
        for process in killed:
            process.kill()
        output, _ = up.communicate(timeout=120)
    assert killed, output
    assert up.returncode == 1, output
    assert not seen.complaints, seen.complaints[:3]
    assert set(seen.pages) == {"one"}, "what was live stays live"
    run.up("--site", str(site))
    with visiting(run.state["site_url"], PATHS) as after:
        wait_for(lambda: sum(after.pages.values()) > len(PATHS))
    assert not after.complaints
    assert set(after.pages) == {"three"}
