"""Cloning with the real git: what is taken, what is refused, and that nothing of it runs."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from deploy import built_site, repository
from deploy.errors import RefusedError
from tests.unit.deploy.repositories import PAGE, commit, git, write
from tests.unit.deploy.repositories import repository as make

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("--upload-pack=touch /tmp/x", "is no address"),
        ("-x", "is no address"),
        ("https://example.org/a\nb", "is no address"),
        ("http://example.org/site.git", "http is not used; legal: https, ssh, file, or a folder"),
        ("git://example.org/site.git", "git is not used"),
        ("ext::sh -c touch% /tmp/x", "a transport of git that runs a program is not used"),
        ("no/such/folder", "there is no such folder; an address begins with https://"),
        ("./a:b", "there is no such folder"),
    ],
)
def test_what_is_no_address(address: str, says: str) -> None:
    with pytest.raises(RefusedError) as refused:
        repository.check(address, "")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/a.git", "ssh://git@example.org/a", "git@example.org:a/b.git", "file:///a", "."],
)
def test_what_is_one(address: str) -> None:
    repository.check(address, "v1.2")


def test_a_ref_is_no_option() -> None:
    with pytest.raises(RefusedError, match=r"REF='--upload-pack=x': is no name of a branch or tag"):
        repository.check("https://example.org/a.git", "--upload-pack=x")


def test_the_last_commit_of_a_branch_and_a_tag(tmp_path: Path) -> None:
    origin = make(tmp_path / "a site", {"index.html": PAGE.format("one")})
    git(origin, "tag", "v1")
    second = commit(origin, {"index.html": PAGE.format("two")})
    write(origin, {"index.html": "not committed"})
    assert repository.is_git(str(origin))
    assert repository.clone(str(origin), "", tmp_path / "now") == second
    assert (tmp_path / "now" / "index.html").read_text() == PAGE.format("two")
    assert git(tmp_path / "now", "rev-list", "--count", "HEAD") == "1"  # shallow, of a local repository too
    repository.clone(origin.as_uri(), "v1", tmp_path / "then")
    assert (tmp_path / "then" / "index.html").read_text() == PAGE.format("one")


def test_no_hook_and_no_submodule_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hooks that the user has for all of his clones do not run for somebody else's site."""
    hooks = tmp_path / "hooks"
    write(hooks, {"post-checkout": f"#!/bin/sh\ntouch {tmp_path}/ran\n"})
    (hooks / "post-checkout").chmod(0o755)
    part = make(tmp_path / "part", {"secret.html": "x"})
    origin = make(tmp_path / "origin", {"index.html": PAGE})
    git(origin, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", part.as_uri(), "part")
    commit(origin, {})
    write(tmp_path, {"gitconfig": f"[core]\n\thooksPath = {hooks}\n[submodule]\n\trecurse = true\n"})
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    repository.clone(str(origin), "", tmp_path / "clone")
    assert not (tmp_path / "ran").exists()
    assert list((tmp_path / "clone" / "part").iterdir()) == []


def test_another_gits_variables_do_not_lead_it_astray(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a hook, or below `git rebase --exec`."""
    origin = make(tmp_path / "origin", {"index.html": PAGE})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    repository.clone(str(origin), "", tmp_path / "clone")
    assert not (tmp_path / "elsewhere").exists()
    assert not (tmp_path / "index").exists()


@pytest.mark.parametrize(
    ("ref", "says"),
    [("", "cannot be cloned: fatal: "), ("nothing", "cannot be cloned: fatal: ")],
)
def test_gits_own_reason_is_one_line(tmp_path: Path, ref: str, says: str) -> None:
    origin = make(tmp_path / "origin", {"index.html": PAGE}) if ref else tmp_path / "nowhere"
    with pytest.raises(RefusedError) as refused:
        repository.clone(origin.as_uri(), ref, tmp_path / "clone")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "empty")
    with pytest.raises(RefusedError, match="has no commit yet"):
        repository.clone(str(tmp_path / "empty"), "", tmp_path / "clone")


def test_a_password_in_the_address_is_not_shown(tmp_path: Path) -> None:
    address = "https://me:hunter2@127.0.0.1:9/site.git"  # the discard port: refused at once
    with pytest.raises(RefusedError) as refused:
        repository.clone(address, "", tmp_path / "clone")
    assert "hunter2" not in str(refused.value)
    assert "https://127.0.0.1:9/site.git" in str(refused.value)


def test_the_end_of_the_command_ends_git(tmp_path: Path) -> None:
    """A server that says nothing: Ctrl-C, and no git is left."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}/site.git"
        call = f"repository.clone({address!r}, '', Path('c'))"
        code = f"from deploy import repository; from pathlib import Path; {call}"
        with subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stderr=subprocess.DEVNULL,
        ) as process:
            silent.settimeout(20)
            connection, _ = silent.accept()
            process.send_signal(signal.SIGINT)
            process.wait(10)
            connection.settimeout(10)
            with connection:
                while connection.recv(4096):  # until git's end closes it
                    pass


def test_a_plain_folder_is_copied_and_left_as_it_is(tmp_path: Path) -> None:
    write(tmp_path / "plain", {"index.html": PAGE, "README.md": "x", "css/main.css": "a{}"})
    (tmp_path / "plain" / "link").symlink_to("index.html")
    assert not repository.is_git(str(tmp_path / "plain"))
    repository.copy(str(tmp_path / "plain"), tmp_path / "copy")
    for path in built_site.about_the_repository(tmp_path / "copy"):
        repository.leave_out(path, tmp_path / "copy")
    assert sorted(each.name for each in (tmp_path / "copy").iterdir()) == ["css", "index.html", "link"]
    assert (tmp_path / "copy" / "link").readlink() == Path("index.html")
    assert (tmp_path / "plain" / "README.md").read_text() == "x"


def test_what_is_left_out_is_no_change_to_git(tmp_path: Path) -> None:
    """The version's commit has no plus sign for it."""
    origin = make(
        tmp_path / "origin", {"index.html": PAGE, "readme.md": "x", "CONTRIBUTING.md": "y", "LICENSE": "z"}
    )
    clone = tmp_path / "clone"
    repository.clone(str(origin), "", clone)
    left_out = built_site.about_the_repository(clone)
    assert [each.name for each in left_out] == ["CONTRIBUTING.md", "readme.md"]
    for path in left_out:
        repository.leave_out(path, clone)
    assert git(clone, "status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("files", "folder", "found"),
    [
        (["index.html", "docs/index.html"], "", "."),
        (["dist/index.html", "src/index.html"], "", "dist"),
        (["a/b/index.html"], "a/b", "a/b"),
        (["index.html", "docs/index.html"], "docs", "docs"),
    ],
)
def test_where_the_site_is(tmp_path: Path, files: list[str], folder: str, found: str) -> None:
    write(tmp_path, dict.fromkeys(files, PAGE))
    assert built_site.find(tmp_path, folder, "it") == tmp_path / found


@pytest.mark.parametrize(
    ("files", "folder", "says"),
    [
        (
            ["src/main.js"],
            "",
            "it: no index.html at its top, nor in public, dist, build, docs, site, _site; name",
        ),
        (["src/main.js"], "", "FOLDER=…; it has the folders out, src"),
        (
            ["dist/index.html", "docs/index.html"],
            "",
            "dist and docs have an index.html each; name the one that",
        ),
        (["index.html"], "docs", "FOLDER=docs: there is no such folder in it"),
        (["src/main.js"], "src", "FOLDER=src: has no index.html"),
        (["index.html"], "..", "FOLDER=..: leads out of it"),
        (["index.html"], "/etc", "FOLDER=/etc: leads out of it"),
        (["index.html"], "out", "FOLDER=out: leads out of it"),
    ],
)
def test_where_no_site_is(tmp_path: Path, files: list[str], folder: str, says: str) -> None:
    write(tmp_path / "it", dict.fromkeys(files, PAGE))
    (tmp_path / "it" / "out").symlink_to(tmp_path)
    with pytest.raises(RefusedError) as refused:
        built_site.find(tmp_path / "it", folder, "it")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_terminated_and_the_folder_goes(tmp_path: Path) -> None:
    code = (
        "from deploy import terminated; import time\n"
        "with terminated.raised(), terminated.temporary_folder('site-') as folder:\n"
        "    print(folder, flush=True); time.sleep(60)\n"
    )
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        with subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as process:
            assert process.stdout
            folder = Path(process.stdout.readline().strip())
            assert folder.is_dir()
            process.send_signal(number)
            begun = time.monotonic()
            assert process.wait(10) != 0
            assert time.monotonic() - begun < 5
        assert list(tmp_path.iterdir()) == []
