"""What is staged for the publisher: the same bytes for the same site, and no more of it anew than what changed."""

import errno
import gzip
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

from stacks import site_folder
from stacks.site_folder import SiteFolderError
from stacks.site_hosting import archives
from stacks.site_hosting.archives import ALONE_BYTES, MOST, archives_for
from stacks.site_hosting.publisher.site_index import SiteIndex
from tests.unit.stacks.synthesis import ROOT, compose

FILES = 600  # four archives


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    for number in range(FILES - 1):
        page = folder / f"section-{number % 7}" / f"page-{number}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<p>page {number}</p>" * 20)
    (folder / "index.html").write_text("home")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def write(site: Path, out: Path) -> archives.WrittenSite:
    return archives.write(site_folder.inspect(str(site), root=site), out)


def index(written: archives.WrittenSite, out: Path) -> SiteIndex:
    return SiteIndex.from_json(gzip.decompress((out / written.index.file_name).read_bytes()))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("asset.*") if path.is_file()}


def content(path: str, written: archives.WrittenSite, out: Path) -> bytes:
    """As the publisher finds it."""
    entry = index(written, out).entries[path]
    assert entry.archive is not None
    with zipfile.ZipFile(out / written.archives[entry.archive].file_name) as archive:
        return archive.read(entry.digest)


@pytest.mark.parametrize(
    ("files", "megabytes", "number"),
    [
        (0, 0, 1),
        (1, 0, 1),
        (256, 4, 1),
        (257, 1, 2),
        (512, 8, 2),
        (513, 2, 4),
        (4096, 20, 16),
        (20_000, 80, MOST),
        (100, 5, 2),
        (100, 100, MOST),
    ],
)
def test_number_of_archives(files: int, megabytes: int, number: int) -> None:
    """By files or by bytes: one changed page does not bring all the pictures along."""
    assert archives_for(files, megabytes * 1024 * 1024) == number


def test_every_file_is_in_the_archive_that_the_index_names(site: Path, out: Path) -> None:
    written = write(site, out)
    assert len(written.archives) == 4
    assert len(index(written, out).entries) == FILES
    for path in ("index.html", "section-0/page-0.html", "section-3/page-500.html"):
        assert content(path, written, out) == (site / path).read_bytes()


def test_the_same_site_gives_the_same_bytes(site: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another order of the file system, other dates and modes, another folder."""
    write(site, out)
    copy = site.parent / "copy"
    shutil.copytree(site, copy, copy_function=shutil.copyfile)
    os.utime(copy / "index.html", (1, 1))
    (copy / "index.html").chmod(0o600)
    scandir = os.scandir
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", lambda path: list(scandir(path))[::-1])
        found = site_folder.inspect(str(copy), root=copy)
    again = site.parent / "again"
    again.mkdir()
    archives.write(found, again)
    assert bytes_of(out) == bytes_of(again)


def test_two_synths_stage_under_the_same_keys(site: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        compose(folder, {}, site=site).synth()
    for name in ("StaticSite.template.json", "StaticSite.assets.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert bytes_of(first) == bytes_of(second)


def written(path: Path) -> tuple[int, int, int]:
    """What changes with a file, and not when somebody reads it."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def test_one_changed_file_writes_one_archive_and_the_index(site: Path, out: Path) -> None:
    first = write(site, out)
    before = {path: written(path) for path in out.iterdir()}
    (site / "section-1" / "page-1.html").write_text("changed")
    second = write(site, out)
    new = {path.name for path in out.iterdir() if path not in before}
    assert new == {second.index.file_name, *({each.file_name for each in second.archives} - _names(first))}
    assert len(new) == 2
    assert {path: written(path) for path in before} == before, "the others are not touched"
    assert content("section-1/page-1.html", second, out) == b"changed"


def test_a_rule_changes_the_index_alone(site: Path, out: Path) -> None:
    first = write(site, out)
    (site / "_headers").write_text("/section-1/*\n  X-Robots-Tag: noindex\n")
    second = write(site, out)
    assert first.archives == second.archives
    assert first.index != second.index
    entries = index(second, out).entries
    assert entries["section-1/page-1.html"].fields.metadata == {"h-x-robots-tag": "noindex"}
    assert entries["index.html"].fields.metadata == {}


def test_files_stay_where_they_are_when_others_come_and_go(site: Path, out: Path) -> None:
    first = write(site, out)
    (site / "new.html").write_text("new")
    (site / "section-2" / "page-2.html").unlink()
    second = write(site, out)
    assert len(_names(first) - _names(second)) <= 2
    before, after = index(first, out).entries, index(second, out).entries
    assert all(before[path] == entry for path, entry in after.items() if path != "new.html")


def test_a_big_file_is_an_archive_by_itself(site: Path, out: Path) -> None:
    film = os.urandom(ALONE_BYTES)
    (site / "film.mp4").write_bytes(film)
    (site / "the same.mp4").write_bytes(film)
    (site / "almost.bin").write_bytes(film[:-1])
    written = write(site, out)
    assert len(written.archives) == 5, "four by their number and their bytes, and the film's"
    entries = index(written, out).entries
    assert entries["film.mp4"].archive == entries["the same.mp4"].archive == 4
    assert content("film.mp4", written, out) == film
    assert content("almost.bin", written, out) == film[:-1]
    (site / "index.html").write_text("changed")
    assert written.archives[4] in write(site, out).archives


def test_what_is_compressed_already_is_stored(site: Path, out: Path) -> None:
    for name in ("a.jpg", "b.js", "c.woff2", "d.bin", "e.svg"):
        (site / name).write_bytes(name.encode() + bytes(1000))
    written = write(site, out)
    methods = {}
    for path, entry in index(written, out).entries.items():
        assert entry.archive is not None
        with zipfile.ZipFile(out / written.archives[entry.archive].file_name) as archive:
            methods[path] = archive.getinfo(entry.digest).compress_type
    stored, deflated = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
    assert [methods[name] for name in ("a.jpg", "b.js", "c.woff2", "d.bin", "e.svg")] == [
        stored,
        deflated,
        stored,
        deflated,
        deflated,
    ]


@pytest.mark.parametrize("name", ["a b.html", "ünï/cödé.html", "100%.html", "日本/語.html", "a\nb.html"])
def test_awkward_names_and_an_empty_file(site: Path, out: Path, name: str) -> None:
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).touch()
    written = write(site, out)
    assert content(name, written, out) == b""


def test_a_redirect_is_in_no_archive(site: Path, out: Path) -> None:
    (site / "_redirects").write_text("/old / 301\n/blog/* /posts/:splat 302\n")
    found = index(write(site, out), out)
    assert (found.entries["old.html"].archive, found.entries["old.html"].size) == (None, 0)
    assert found.entries["old.html"].fields.metadata == {"redirect": "301 /"}
    assert found.wildcards == (("/blog/*", "/posts/:splat", 302),)
    assert not {"_redirects", "_headers"} & found.entries.keys()


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.999])
def test_half_an_archive_is_written_anew(site: Path, out: Path, kept: float) -> None:
    """Of a machine that lost its power: a killed synth leaves no file under the name."""
    written = write(site, out)
    whole = bytes_of(out)
    for file in (written.index, *written.archives):
        path = out / file.file_name
        os.truncate(path, int(kept * path.stat().st_size) if kept < 1 else int(kept))
    assert bytes_of(out) != whole
    write(site, out)
    assert bytes_of(out) == whole


_KILLED: Final = """
import os, pathlib, signal, sys
from stacks import site_folder
from stacks.site_hosting import archives
site, out = map(pathlib.Path, sys.argv[1:])
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
archives.write(site_folder.inspect(str(site), root=site), out)
"""


def test_a_killed_synth_leaves_nothing_under_an_archives_name(site: Path, out: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(site), str(out)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = out.iterdir()
    assert left.name.endswith(".part")
    write(site, out)
    assert not left.exists()


def test_a_full_disk_is_one_line_and_leaves_nothing(
    site: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(SiteFolderError) as caught:
        write(site, out)
    line = str(caught.value)
    assert line.startswith(f"site archives: {out}/asset.")
    assert "No space left on device; make room there" in line
    assert line.isprintable()
    assert list(out.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_line(site: Path, tmp_path: Path) -> None:
    with pytest.raises(
        SiteFolderError, match=r"^site archives: .*cannot be written: No such file or directory"
    ):
        write(site, tmp_path / "missing")


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_file_that_changes_while_it_is_staged(
    site: Path, out: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A build that still runs: what was looked at is not what would be published."""
    found = site_folder.inspect(str(site), root=site)
    page = site / "section-1" / "page-1.html"
    page.write_text("changed") if change == "changed" else page.unlink()
    with pytest.raises(SiteFolderError) as caught:
        archives.write(found, out)
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"setting site: {page}: ")
    assert {"changed": "changed while it was read", "gone": "cannot be read"}[change] in line
    assert not [path for path in out.iterdir() if path.name.endswith(".part")]


def test_the_index_is_read_as_it_was_written(site: Path, out: Path) -> None:
    written = write(site, out)
    found = index(written, out)
    assert SiteIndex.from_json(found.to_json()) == found
    shuffled = SiteIndex(dict(sorted(found.entries.items(), reverse=True)), found.wildcards)
    assert shuffled.to_json() == found.to_json()
    assert shuffled.files() == found.files()


def _names(written: archives.WrittenSite) -> set[str]:
    return {each.file_name for each in written.archives}
