"""A preview's life by `make preview`, `versions`, `rollback` and `preview-remove`, in the emulator."""

import re
from pathlib import Path

import pytest

from local import urls, web
from tests.deploy import inventory
from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess

pytestmark = pytest.mark.thorough

SETTINGS = "-c stage=pr-42 --require-approval=never"
KEPT = "-c stage=kept --require-approval=never"


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Verbs:
    return Verbs(bootstrapped, tmp_path_factory.mktemp("preview") / "assembly")


def done(verbs: Verbs, arguments: str) -> list[str]:
    """Run a verb, which must succeed; returns the lines of its standard output."""
    finished = verbs(arguments)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout.splitlines()


def there(verbs: Verbs, emulator: EmulatorProcess) -> dict[str, list[str]]:
    """All that exists in the account, by kind."""
    cdn = verbs.client("cloudfront")
    edge = {
        "key value stores": [
            s["Name"] for s in cdn.list_key_value_stores()["KeyValueStoreList"].get("Items", [])
        ],
        "edge functions": [f["Name"] for f in cdn.list_functions()["FunctionList"].get("Items", [])],
    }
    return inventory.without_bootstrap(emulator.endpoint) | {
        kind: names for kind, names in edge.items() if names
    }


def write(site: Path, text: str) -> None:
    site.mkdir(exist_ok=True)
    (site / "index.html").write_text(f"<!doctype html><title>{text}</title>")


def test_preview_again_back_and_gone(verbs: Verbs, bootstrapped: EmulatorProcess, tmp_path: Path) -> None:
    before = there(verbs, bootstrapped)
    write(tmp_path / "site", "one")
    settings = f"{SETTINGS} -c site={tmp_path / 'site'}"

    said = done(verbs, f"preview {settings}")
    assert re.fullmatch(
        r"deploy: account 0{12}, region us-east-1, bootstrap version \d+, stage pr-42", said[0]
    )
    url, how_it_goes = said[-2:]
    assert url.startswith("https://")
    assert how_it_goes == "`make preview-remove STAGE=pr-42` removes it"
    assert verbs.stacks() == {"StaticSite-pr-42"}
    address = urls.of_site(url, bootstrapped.endpoint)
    answer = web.request("GET", address)
    assert (answer.status_code, answer.text) == (200, "<!doctype html><title>one</title>")
    made = there(verbs, bootstrapped)
    assert made.keys() >= {"buckets", "functions", "log groups", "key value stores", "edge functions"}

    write(tmp_path / "site", "two")
    assert done(verbs, f"preview {settings}")[-2] == url
    assert "two" in web.request("GET", address).text
    told = done(verbs, "versions -c stage=pr-42")
    assert told[0] == "versions: account 000000000000, region us-east-1, stage pr-42"
    assert [line[:1] for line in told[2:4]] == ["*", " "]
    done(verbs, "rollback -c stage=pr-42")
    assert "one" in web.request("GET", address).text

    said = done(verbs, f"preview-remove -c stage=pr-42 --force --app {verbs.assembly}")
    assert "  StaticSite-pr-42 DELETES 1 bucket, 2 log groups with all data" in said
    assert said[-1] == "StaticSite-pr-42 is gone, and nothing of it stays"
    assert there(verbs, bootstrapped) == before
    assert done(verbs, "preview-remove -c stage=pr-42")[-1] == "  StaticSite-pr-42 is not deployed here"


def test_a_copy_that_was_to_keep_its_data_keeps_it(verbs: Verbs, bootstrapped: EmulatorProcess) -> None:
    before = there(verbs, bootstrapped)
    done(verbs, f"deploy {KEPT}")

    refused = verbs(f"preview {KEPT}")
    assert refused.returncode == 2
    assert "StaticSite-kept was deployed with removal_policy=retain, so it is no preview" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1

    told = done(verbs, f"preview-remove -c stage=kept --force --app {verbs.assembly}")
    assert "  StaticSite-kept keeps 1 bucket, 2 log groups (billed until deleted by hand)" in told
    why, *named = told[-4:]
    assert why.startswith("StaticSite-kept is gone; this stays, and is billed until it is deleted by hand")
    assert why.endswith("because the stack's last deploy had removal_policy=retain:")
    left = there(verbs, bootstrapped)
    (bucket,) = set(left["buckets"]) - set(before.get("buckets", []))
    log_groups = set(left["log groups"]) - set(before.get("log groups", []))
    assert len(log_groups) == 2
    assert set(named) == {f"  bucket {bucket}", *(f"  log group {each}" for each in log_groups)}
    assert verbs.client("s3").list_objects_v2(Bucket=bucket)["KeyCount"] > 0
    assert verbs.stacks() == set()
