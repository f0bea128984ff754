"""Folders that can be published, and the one line for each reason why one cannot."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from stacks import site_folder
from stacks.site_folder import SiteFolder, SiteFolderError


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "my site"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>x</title>")
    return folder


def inspect(folder: Path) -> SiteFolder:
    return site_folder.inspect(str(folder), root=folder.parent)


def refused(folder: Path) -> str:
    with pytest.raises(SiteFolderError) as caught:
        inspect(folder)
    line = str(caught.value)
    assert line.startswith("setting site: ")
    assert line.isprintable(), "a newline or control character would make it more than one line"
    return line


def test_says_what_is_in_it(site: Path) -> None:
    (site / "docs").mkdir()
    (site / "docs" / "ünï cödé #1.html").write_bytes(b"12345")
    assert inspect(site) == SiteFolder(site, files=2, bytes=36, commit="")


def test_is_looked_for_below_the_root_and_not_the_working_directory(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    assert site_folder.inspect("my site", root=site.parent).path == site


def test_missing(tmp_path: Path) -> None:
    assert "no such folder" in refused(tmp_path / "nowhere")


def test_a_file(site: Path) -> None:
    assert "not a folder" in refused(site / "index.html")


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "is empty" in refused(tmp_path / "empty")


def test_no_index_at_its_top(site: Path) -> None:
    (site / "public").mkdir()
    (site / "index.html").rename(site / "public" / "index.html")
    assert "no index.html" in refused(site)


def test_a_name_that_is_not_utf8(site: Path) -> None:
    (Path(os.fsdecode(os.fsencode(site) + b"/caf\xe9.html"))).touch()
    line = refused(site)
    assert "caf\\xe9.html" in line
    assert "UTF-8" in line


def test_a_newline_in_a_name_does_not_break_the_line(site: Path) -> None:
    (site / "a\nb").symlink_to("/etc/passwd")
    assert "a\\nb" in refused(site)


@pytest.mark.parametrize("target", ["/etc/passwd", "../..", "../other/secret.txt"])
def test_a_link_that_leaves_the_folder(site: Path, target: str) -> None:
    (site.parent / "other").mkdir()
    (site.parent / "other" / "secret.txt").touch()
    (site / "link").symlink_to(target)
    line = refused(site)
    assert f"{site}/link" in line
    assert f"a link to {target}, outside" in line


def test_a_link_over_a_neighbour_whose_name_begins_alike(site: Path) -> None:
    (site.parent / "my site 2").mkdir()
    (site / "link").symlink_to("../my site 2")
    assert "outside" in refused(site)


def test_a_broken_link_and_a_circle(site: Path) -> None:
    (site / "link").symlink_to("gone.html")
    assert "not there" in refused(site)
    (site / "link").unlink()
    (site / "link").symlink_to("link")
    assert "not there" in refused(site)
    (site / "link").unlink()
    (site / "link").symlink_to(".")
    assert "a folder that it is in" in refused(site)


def test_a_link_inside_is_fine(site: Path) -> None:
    (site / "home.html").symlink_to("index.html")
    assert inspect(site).files == 2


def test_a_pipe(site: Path) -> None:
    os.mkfifo(site / "pipe")
    assert "neither a file nor a folder" in refused(site)


def test_a_path_longer_than_a_key_of_s3(site: Path) -> None:
    deep = site
    for _ in range(5):
        deep = deep / ("d" * 250)
        deep.mkdir()
    (deep / "index.html").touch()
    assert "989 bytes" in refused(site)


def test_more_bytes_than_the_deployment_takes(site: Path) -> None:
    with (site / "film.mp4").open("wb") as film:
        film.truncate(site_folder.MAX_BYTES + 1)  # a hole: takes no room on the disk
    assert "2,000,000,000" in refused(site)


@contextmanager
def without_roots_rights() -> Iterator[None]:
    """Root may read everything: be nobody for a while, where the tests run as root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("what", ["secret.html", "private"])
def test_what_cannot_be_read(what: str) -> None:
    with TemporaryDirectory() as folder:  # pytest's own temporary folders are closed to nobody
        site = Path(folder)
        site.chmod(0o755)
        (site / "index.html").touch()
        (site / "index.html").chmod(0o644)  # whatever the umask
        unreadable = site / what
        if what.endswith(".html"):
            unreadable.touch()
        else:
            unreadable.mkdir()
        unreadable.chmod(0)
        with without_roots_rights():
            assert f"{unreadable}: cannot be read" in refused(site)
        unreadable.chmod(0o755)


def test_hidden_names_are_not_looked_at_except_well_known(site: Path) -> None:
    (site / ".git").mkdir()
    (site / ".git" / "objects").symlink_to("/etc")
    (site / ".env").write_text("SECRET=1")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").touch()
    assert inspect(site).files == 2


def test_a_dockerfile_is_not_published_at_the_top_alone(site: Path) -> None:
    for name in ("Dockerfile", "docs/Dockerfile", "Dockerfile.html", ".dockerignore"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).touch()
    assert sorted(site_folder.published_files(site)) == ["Dockerfile.html", "docs/Dockerfile", "index.html"]
    assert inspect(site).files == 3


def test_five_thousand_files_take_little_time(site: Path) -> None:
    for number in range(5000):
        page = site / f"section-{number % 50}" / f"page-{number}.html"
        page.parent.mkdir(exist_ok=True)
        page.touch()
    begin = time.perf_counter()
    assert inspect(site).files == 5001
    assert time.perf_counter() - begin < 3, "0.2 s on 2 idle cores"


def test_rules_are_not_published_and_their_faults_are_a_line_each(site: Path) -> None:
    (site / "_headers").write_text("/*\n  X-Robots-Tag: noindex\n")
    assert inspect(site).files == 1
    (site / "_headers").write_text("/*\n  X-Robots-Tagg: noindex\n  Set-Cookie: a=b\n")
    with pytest.raises(SiteFolderError) as caught:
        inspect(site)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"setting site: {site}/_headers:2: X-Robots-Tagg: noindex: ")
    assert first.endswith("did you mean X-Robots-Tag?")
    assert f"{site}/_headers:3: Set-Cookie" in second


def test_what_a_policy_stops_in_a_page_is_a_warning(site: Path) -> None:
    (site / "_headers").write_text("/missing\n  X-Robots-Tag: noindex\n")
    (site / "index.html").write_text("<p onclick='a()'>\n<script src=https://cdn.example/a.js></script>")
    found = site_folder.inspect(str(site), root=site, content_security_policy="default-src 'self'").warnings
    unused, handler, loaded = found
    assert unused.startswith("_headers:2: ")
    assert handler.startswith("index.html:1: the attribute onclick")
    assert loaded.startswith("index.html:2: https://cdn.example/a.js is blocked by default-src")
    assert inspect(site).warnings == (unused,), "no policy, nothing is stopped"
