"""`deploy-site` from real git repositories to the emulator: live, refused, failed, ended half way."""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from local import urls, web
from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.test_deploy_verbs import until
from tests.unit.deploy.repositories import PAGE, commit, git, repository

pytestmark = pytest.mark.thorough

OPTIONS = "-c stage=cloned -c removal_policy=destroy --require-approval=never --timeout 4"


@dataclass
class Here:
    """The verbs, with a folder of the test's own for what is temporary."""

    verbs: Verbs
    emulator: EmulatorProcess
    temporary: Path
    site: Path

    def __call__(self, words: str, code: int = 0) -> str:
        """Run a verb, which has to end with `code`, and leave nothing; all that it said."""
        done = self.verbs(words)
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert self.clones() == []
        return said

    def clones(self) -> list[Path]:
        """What is left of the clones."""
        return list(self.temporary.glob("deploy-site-*"))

    def live(self) -> str:
        """The live version."""
        return self.verbs("versions --live -c stage=cloned").stdout.strip()

    def page(self, url: str, path: str = "") -> tuple[int, str]:
        """What a visitor gets."""
        answer = web.request("GET", urls.of_site(url, self.emulator.endpoint) + path)
        return answer.status_code, answer.text


@pytest.fixture
def here(bootstrapped: EmulatorProcess, tmp_path: Path) -> Here:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    emulator = _with(bootstrapped, {"TMPDIR": str(temporary)})
    origin = repository(
        tmp_path / "origin",
        {
            "dist/index.html": PAGE.format("one"),
            "dist/README.md": "about it",
            "dist/.gitattributes": "*.html text",
            "src/main.js": "1",
        },
    )
    git(origin, "tag", "v1")
    return Here(Verbs(emulator, tmp_path / "assembly"), emulator, temporary, origin)


def _with(emulator: EmulatorProcess, variables: Mapping[str, str]) -> EmulatorProcess:
    other = object.__new__(EmulatorProcess)
    other.__dict__.update(emulator.__dict__)
    other.env = {**emulator.env, **variables}
    return other


def test_from_a_repository_to_a_live_site_and_its_failures(here: Here) -> None:
    said = here(f"deploy-site {here.site} {OPTIONS}")
    assert "  the site is its folder dist\n" in said
    assert "  not published: README.md\n" in said
    assert "✓ live version" in said
    url = next(line for line in said.splitlines() if line.startswith("live: ")).removeprefix("live: ")
    assert here.page(url) == (200, PAGE.format("one"))
    assert [here.page(url, path)[0] for path in ("README.md", ".gitattributes", ".git/HEAD")] == [404] * 3
    one = here.live()
    listed = here("versions -c stage=cloned")
    assert (
        f" {git(here.site, 'rev-parse', '--short', 'HEAD')} " in listed
    )  # no plus sign: nothing was changed

    # a page that the check refuses: the one before is live again
    commit(here.site, {"dist/index.html": "version https://git-lfs.github.com/spec/v1"})
    said = here(f"deploy-site {here.site.as_uri()} {OPTIONS}", 1)
    assert "✗ home page" in said
    assert f"deploy-site: the check failed; live again: {one}" in said
    assert here.live() == one
    assert here.page(url) == (200, PAGE.format("one"))

    # what cannot be published
    (here.site / "dist/broken").symlink_to("/etc/passwd")
    commit(here.site, {})
    said = here(f"deploy-site {here.site} {OPTIONS}", 2)
    assert f"setting site: {here.site}/dist/broken: a link to /etc/passwd, outside of the folder" in said
    assert "deploying" not in said
    assert here.live() == one

    # a tag, and the folder by name
    assert "commit " in here(f"deploy-site {here.site} --ref=v1 --folder=dist {OPTIONS}")
    assert here.live() == one
    refused = here(f"deploy-site {here.site} --ref=v2 {OPTIONS}", 2)
    assert "cannot be cloned: fatal: Remote branch v2 not found" in refused
    here(f"destroy StaticSite-cloned -c stage=cloned --force --app {here.verbs.assembly}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_while_it_synthesizes(here: Here, tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C, which all get, and kill, which the command alone gets: neither leaves the clone or a process."""
    words = f"deploy-site {here.site} {OPTIONS.replace('cloned', 'never')}"
    with here.verbs.job(words, tmp_path / "log") as job:
        until(lambda: any(here.verbs.assembly.glob("asset.*")) or not job.runs())
        assert len(here.clones()) == 1
        if number == signal.SIGINT:
            job.interrupt()
        else:
            family = job.children()
            os.kill(job.process.pid, number)
            assert job.process.wait(15) == 130
            until(lambda: not any(each.is_running() for each in family))
        assert "Traceback" not in job.log.read_text()
    assert here.clones() == []
    assert "StaticSite-never" not in here.verbs.stacks()


def test_a_plain_folder_without_git(here: Here, tmp_path: Path) -> None:
    """git is not needed, and nothing in the folder is touched."""
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain/index.html").write_text(PAGE.format("plain"))
    (tmp_path / "plain/README.md").write_text("mine")
    options = OPTIONS.replace("cloned", "plainly")
    said = here(f"deploy-site {tmp_path / 'plain'} {options}")
    assert "live: https://" in said
    assert (tmp_path / "plain/README.md").read_text() == "mine"
    here(f"destroy StaticSite-plainly -c stage=plainly --force --app {here.verbs.assembly}")

    without = Verbs(_with(here.emulator, {"PATH": str(tmp_path / "nowhere")}), tmp_path / "assembly")
    done = without(f"deploy-site {here.site} {OPTIONS}")
    assert (done.returncode, done.stderr.startswith("git is not installed")) == (2, True), done.stderr
    assert replace(here, verbs=without).clones() == []
