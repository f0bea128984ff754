"""`smoke` on what is deployed to the emulator, and the way back of the deploy workflow."""

from pathlib import Path

import pytest

from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess

pytestmark = pytest.mark.thorough

STAGE = "-c stage=smoke"


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Verbs:
    return Verbs(bootstrapped, tmp_path_factory.mktemp("smoke") / "assembly")


def run(verbs: Verbs, words: str, code: int = 0) -> str:
    """Run a verb, which has to end with `code`; its standard output."""
    done = verbs(words)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_a_deploy_that_fails_its_smoke_test_goes_back(verbs: Verbs, tmp_path: Path) -> None:
    """What the workflow runs: note what is live, deploy, smoke, roll back to what was live, smoke."""
    site = tmp_path / "site"
    site.mkdir()
    deploy = f"deploy {STAGE} -c site={site} -c removal_policy=destroy --require-approval=never"
    smoke = f"smoke StaticSite-smoke {STAGE} -c site={site} --timeout 4"
    live = f"versions --live {STAGE}"

    assert run(verbs, live) == ""  # nothing is deployed yet, which is no failure
    assert "StaticSite-smoke: not deployed" in verbs(smoke).stderr

    (site / "index.html").write_text("<!doctype html><title>one</title><link rel=stylesheet href=main.css>")
    (site / "main.css").write_text("body { margin: 0 }")
    run(verbs, deploy)
    noted = run(verbs, live).strip()
    said = run(verbs, smoke)
    assert "✗" not in said
    assert f"expected {noted}; found {noted}" in said
    assert "✓ security headers" in said

    (site / "index.html").write_text("")  # what a build leaves that was killed
    run(verbs, deploy)
    assert run(verbs, live).strip() != noted
    assert "found 200, an empty page" in run(verbs, smoke, 1)

    run(verbs, f"rollback {noted} {STAGE}")
    assert run(verbs, live).strip() == noted
    assert "✗" not in run(verbs, smoke)

    # the workflow's next deploy: outputs from the file, without a credential
    (site / "index.html").write_text("<!doctype html><title>three</title>")
    outputs = tmp_path / "outputs.json"
    run(verbs, f"{deploy} --outputs-file={outputs}")
    assert "✓ home page" in run(verbs, f"smoke {STAGE} -c site={site} --outputs-file {outputs}")
    run(verbs, f"destroy StaticSite-smoke {STAGE} --force --app {verbs.assembly}")


def test_the_plain_website_endpoint(verbs: Verbs) -> None:
    settings = "-c stage=plain -c hosting=website"
    run(verbs, f"deploy {settings} -c removal_policy=destroy --require-approval=never")
    said = run(verbs, f"smoke {settings}")
    assert "✓ path without a file" in said
    assert "security headers" not in said
    none = verbs(f"versions --live {settings}")
    assert (none.returncode, none.stdout) == (0, "")
    assert "only hosting=cloudfront keeps them" in none.stderr
    run(verbs, f"destroy StaticSite-plain {settings} --force --app {verbs.assembly}")
