"""Versions of a site in the emulator's S3 and KeyValueStore: the publisher's code without a Lambda around it."""

import itertools
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.emulator.environment import REGION
from stacks import site_folder
from stacks.site_hosting import archives as at_synth
from stacks.site_hosting.publisher import pointer as pointers
from stacks.site_hosting.publisher.archives import Archives, read_index
from stacks.site_hosting.publisher.manifest import File
from stacks.site_hosting.publisher.pointer import MAX_CHANGED, MovedError, Pointer, path_hash
from stacks.site_hosting.publisher.publish import Publisher, RefusedError
from stacks.site_hosting.publisher.store import Source, Store
from tests.deploy.emulator_process import EmulatorProcess

Site = dict[str, bytes]
_numbers = itertools.count()


class Hosting:
    """A bucket and a store of a test's own, read as the edge reads them."""

    def __init__(self, emulator: EmulatorProcess) -> None:
        where: Any = {
            "endpoint_url": emulator.endpoint,
            "region_name": REGION,
            "aws_access_key_id": emulator.env["AWS_ACCESS_KEY_ID"],
            "aws_secret_access_key": emulator.env["AWS_SECRET_ACCESS_KEY"],
            "config": Config(max_pool_connections=32, retries={"max_attempts": 1}),
        }
        self.s3, self.values = boto3.client("s3", **where), pointers.client(**where)
        self.name = f"publisher-{next(_numbers)}"
        self.staging = f"{self.name}-staging"
        for bucket in (self.name, self.staging):
            self.s3.create_bucket(Bucket=bucket)
        self.arn: str = boto3.client("cloudfront", **where).create_key_value_store(Name=self.name)[
            "KeyValueStore"
        ]["ARN"]
        self.clock = 1_790_000_000.0

    def now(self) -> float:
        self.clock += 60
        return self.clock

    def publisher(self, store: Store | None = None, *, keep: int = 5) -> Publisher:
        return Publisher(
            store or Store(self.s3, self.name), Pointer(self.values, self.arn), keep=keep, now=self.now
        )

    def publish(self, site: Mapping[str, bytes], *, keep: int = 5, commit: str = "", policy: str = "") -> Any:
        with self.staged(site, policy) as archives:
            return self.publisher(keep=keep).publish(archives, commit=commit)

    def staged(self, site: Mapping[str, bytes], policy: str = "") -> Archives:
        """What the publisher gets for a site: written as at synth, staged as the CDK CLI does."""
        with TemporaryDirectory() as name:
            folder, outdir = Path(name, "site"), Path(name, "out")
            outdir.mkdir()
            for path, content in site.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(content)
            found = site_folder.inspect(str(folder), root=folder, content_security_policy=policy)
            written = at_synth.write(found, outdir)
            for file in (written.index, *written.archives):
                self.s3.upload_file(str(outdir / file.file_name), self.staging, file.file_name)
        index = read_index(self.s3, self.staging, written.index.file_name)
        return Archives(self.s3, self.staging, [each.file_name for each in written.archives], index)

    def value(self, key: str) -> str:
        found: str = self.values.get_key(KvsARN=self.arn, Key=key)["Value"]
        return found

    def keys(self) -> set[str]:
        return {item["Key"] for item in self.values.list_keys(KvsARN=self.arn)["Items"]}

    def objects(self, prefix: str = "", *, bucket: str = "") -> dict[str, int]:
        listing = self.s3.get_paginator("list_objects_v2")
        pages = listing.paginate(Bucket=bucket or self.name, Prefix=prefix)
        return {each["Key"]: each["Size"] for page in pages for each in page.get("Contents", [])}

    def read(self, key: str, *, bucket: str = "") -> bytes:
        content: bytes = self.s3.get_object(Bucket=bucket or self.name, Key=key)["Body"].read()
        return content

    def serves(self, paths: Iterable[str], version: str = "live") -> Site:
        """What the edge finds for each path, by the store's value: the rule of edge/viewer_request.js."""
        parts = self.value(version).split(" ")
        present = self.objects("versions/")
        found = {}
        for path in paths:
            own = len(parts) < 3 or path_hash(path) in [
                parts[2][i : i + 4] for i in range(0, len(parts[2]), 4)
            ]
            key = f"versions/{parts[0] if own else parts[1]}/{path}"
            if key in present:
                found[path] = self.read(key)
        return found


def pages(count: int) -> Site:
    return {"index.html": b"home"} | {f"posts/{number}.html": b"post %d" % number for number in range(count)}


@pytest.fixture
def hosting(emulator: EmulatorProcess) -> Hosting:
    return Hosting(emulator)


def test_the_first_version_is_whole_and_live(hosting: Hosting) -> None:
    site = pages(3)
    version = hosting.publish(site, commit="abc1234")
    assert hosting.serves(site) == site
    assert hosting.keys() == {"live", version.id}
    assert (version.base, version.uploaded_files) == (version.id, 4)
    (told,) = hosting.publisher().history()
    assert (told["commit"], told["files"], told["live"]) == ("abc1234", 4, True)
    assert told["bytes"] == told["uploaded_bytes"] == sum(map(len, site.values()))


def test_nothing_changed_moves_nothing(hosting: Hosting) -> None:
    first = hosting.publish(pages(3))
    before = hosting.objects()
    assert hosting.publish(pages(3)) == first
    assert hosting.objects() == before


def test_one_changed_page_is_all_that_is_uploaded_or_copied(hosting: Hosting) -> None:
    """Bytes uploaded are the changed bytes; what is the same stays where it is."""
    before = pages(40)
    first = hosting.publish(before)
    after = before | {"posts/7.html": b"a new post"}
    second = hosting.publish(after)
    assert second.uploaded_bytes == len(b"a new post")
    assert hosting.objects(f"versions/{second.id}/") == {f"versions/{second.id}/posts/7.html": 10}
    assert hosting.serves(after) == after
    assert hosting.serves(before, first.id) == before, "pages of the first version find what they name"


def test_changes_add_up_against_one_base(hosting: Hosting) -> None:
    """The third version holds the second's change too, copied inside S3 and not uploaded again."""
    site = pages(5)
    first = hosting.publish(site)
    hosting.publish(site := site | {"posts/1.html": b"changed"})
    third = hosting.publish(site := site | {"posts/2.html": b"changed too"})
    assert (third.base, third.uploaded_files) == (first.id, 1)
    assert hosting.serves(site) == site


def test_a_file_that_is_gone_is_not_found_and_one_that_comes_is(hosting: Hosting) -> None:
    site = pages(5)
    hosting.publish(site)
    after = {path: content for path, content in site.items() if path != "posts/3.html"} | {"new.html": b"new"}
    hosting.publish(after)
    assert hosting.serves(site | after) == after


def test_many_changes_make_a_whole_version_whose_rest_is_copied(hosting: Hosting) -> None:
    site = pages(MAX_CHANGED + 20)
    hosting.publish(site)
    changed = {f"posts/{number}.html": b"changed %d" % number for number in range(MAX_CHANGED + 1)}
    second = hosting.publish(site | changed)
    assert second.base == second.id
    assert second.uploaded_files == MAX_CHANGED + 1
    assert hosting.serves(site) == site | changed


def test_the_largest_difference_fits_into_the_store(hosting: Hosting) -> None:
    """1 KB a value ("Quotas on key value stores"); the emulator refuses more, as AWS does."""
    site = pages(MAX_CHANGED + 20)
    hosting.publish(site)
    changed = {f"posts/{number}.html": b"changed" for number in range(MAX_CHANGED)}
    second = hosting.publish(site | changed)
    assert second.base != second.id
    assert 1000 < len(hosting.value("live")) <= 1024


def test_a_path_with_the_same_hash_as_a_changed_one_is_found_too(
    hosting: Hosting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pointers, "path_hash", lambda path: "same" if "posts" in path else "diff")
    site = pages(3)
    hosting.publish(site)
    second = hosting.publish(site | {"posts/0.html": b"changed"})
    assert set(hosting.objects(f"versions/{second.id}/")) == {
        f"versions/{second.id}/posts/{number}.html" for number in range(3)
    }
    assert second.uploaded_files == 1, "the others are copied"


@pytest.mark.parametrize(
    "name",
    [
        "a b.html",
        "ünï/cödé.html",
        "100%.html",
        "a#b.html",
        "c++.html",
        "q?=&.html",
        "'\"<>.html",
        "日本/語.html",
        "~.html",
    ],
)
def test_awkward_names_and_an_empty_file(hosting: Hosting, name: str) -> None:
    site = {"index.html": b"", name: b"content"}
    hosting.publish(site)
    hosting.publish(site := site | {name: b"changed"})
    hosting.publish(site := site | {"other.html": b"other"})  # copies the awkward one
    assert hosting.serves(site) == site


def test_a_big_file_goes_in_parts(hosting: Hosting) -> None:
    site = {"index.html": b"home", "film.webm": bytes(range(256)) * 80_000}
    version = hosting.publish(site)
    assert hosting.serves(site) == site
    answer = hosting.s3.head_object(Bucket=hosting.name, Key=version.key("film.webm"))
    assert answer["ContentType"] == "video/webm"


def test_a_rule_is_on_the_object_and_goes_with_the_version(hosting: Hosting) -> None:
    """A changed rule copies the content inside S3, uploads nothing, and is rolled back."""
    site = {"index.html": b"<script>1</script>", "a/b.pdf": b"pdf"}
    first = hosting.publish(site, policy="script-src 'self'")

    def told(version: Any, path: str) -> dict[str, Any]:
        return dict(hosting.s3.head_object(Bucket=hosting.name, Key=version.key(path)))

    policy = told(first, "index.html")["Metadata"]["h-content-security-policy"]
    assert re.fullmatch(r"script-src 'self' 'sha256-[\w+/]{43}='", policy)
    rules = {"_headers": b"/a/*\n  X-Robots-Tag: noindex\n  Cache-Control: max-age=5\n  Content-Type: x/y"}
    second = hosting.publish(site | rules, policy="script-src 'self'")
    assert (second.uploaded_files, second.changed) == (0, {"a/b.pdf"})
    answer = told(second, "a/b.pdf")
    assert answer["Metadata"] == {"h-x-robots-tag": "noindex"}
    assert (answer["CacheControl"], answer["ContentType"]) == ("max-age=5", "x/y")
    assert hosting.serves([*site, "_headers"]) == site
    assert hosting.publisher().roll_back() == first
    assert told(first, "a/b.pdf")["Metadata"] == {}


def test_a_redirect_is_an_object_of_the_version(hosting: Hosting) -> None:
    rules = b"/old /index.html\n/old/ https://example.org/ 302\n/a.pdf /b.pdf 308"
    first = hosting.publish(pages(1))
    second = hosting.publish(pages(1) | {"_redirects": rules})
    wanted = {
        "old.html": "301 /index.html",
        "old/index.html": "302 https://example.org/",
        "a.pdf": "308 /b.pdf",
    }
    assert second.changed == wanted.keys()
    assert hosting.serves([*wanted, "index.html"]) == dict.fromkeys(wanted, b"") | {"index.html": b"home"}
    for path, redirect in wanted.items():
        answer = hosting.s3.head_object(Bucket=hosting.name, Key=second.key(path))
        assert answer["Metadata"] == {"redirect": redirect}
    hosting.publisher().roll_back()
    assert hosting.serves(wanted) == {}
    assert hosting.publish(pages(1) | {"_redirects": b""}).id == first.id


def test_only_the_archives_with_what_is_new_are_fetched(hosting: Hosting) -> None:
    site = pages(600)  # four archives
    with hosting.staged(site) as archives:
        hosting.publisher().publish(archives, commit="")
        assert archives.fetched == 4
    with hosting.staged(site) as archives:
        hosting.publisher().publish(archives, commit="")
        assert archives.fetched == 0, "what is live already"
    with hosting.staged(site | {"posts/7.html": b"a new post"}) as archives:
        hosting.publisher().publish(archives, commit="")
        assert archives.fetched == 1


def test_a_damaged_archive_stops_the_deploy_and_changes_nothing(hosting: Hosting) -> None:
    site = pages(3)
    hosting.publish(site)
    with hosting.staged(site | {"a.woff2": b"a font, which is stored as it is"}) as archives:
        for key in hosting.objects(bucket=hosting.staging):
            whole = hosting.read(key, bucket=hosting.staging)
            damaged = whole.replace(b"a font, which", b"a fant, which")
            hosting.s3.put_object(Bucket=hosting.staging, Key=key, Body=damaged)
        with pytest.raises(zipfile.BadZipFile, match="CRC"):
            hosting.publisher().publish(archives, commit="")
    assert hosting.serves([*site, "a.woff2"]) == site
    assert len(hosting.publisher().history()) == 1


class Broken(Store):
    """A store that loses its connection after some files."""

    after = 3

    def upload(self, version: str, files: Mapping[str, File], source: Source) -> None:
        super().upload(version, dict(itertools.islice(files.items(), self.after)), source)
        raise ConnectionError("the network is gone")


def test_a_deploy_that_dies_in_the_upload_changes_nothing_and_the_next_one_works(hosting: Hosting) -> None:
    site = pages(10)
    hosting.publish(site)
    after = {path: content + b"!" for path, content in site.items()}
    with hosting.staged(after) as archives, pytest.raises(ConnectionError):
        hosting.publisher(Broken(hosting.s3, hosting.name)).publish(archives, commit="")
    assert hosting.serves(site) == site
    left = len(hosting.objects("versions/"))
    assert left == len(site) + Broken.after
    assert len(hosting.publisher().history()) == 1, "half a version is none"
    hosting.publish(after)
    assert hosting.serves(site) == after
    assert len(hosting.objects("versions/")) == 2 * len(site), "what the dead deploy left is removed"


def test_roll_back_and_forward(hosting: Hosting) -> None:
    sites = [{"index.html": b"version %d" % number} for number in range(3)]
    versions = [hosting.publish(site) for site in sites]
    publisher = hosting.publisher()
    assert publisher.roll_back().id == versions[1].id
    assert hosting.serves(["index.html"]) == sites[1]
    assert publisher.roll_back().id == versions[0].id
    assert publisher.roll_back(versions[2].id).id == versions[2].id
    assert hosting.serves(["index.html"]) == sites[2]
    assert [told["live"] for told in publisher.history()] == [True, False, False]


def test_content_that_is_kept_is_made_live_again_without_a_new_version(hosting: Hosting) -> None:
    """What CloudFormation does when it rolls a failed update back: it asks for the old content."""
    first = hosting.publish(pages(3))
    hosting.publish(pages(4))
    assert hosting.publish(pages(3)).id == first.id
    assert hosting.serves(pages(4)) == pages(3)


def test_what_an_operator_went_back_from_stays_turned_down(hosting: Hosting) -> None:
    """CloudFormation asks for it again when it rolls a later, failed update back. New content ends that."""
    first = hosting.publish(pages(3))
    second = hosting.publish(pages(4))
    hosting.publisher().roll_back()
    assert hosting.publish(pages(4)) == first
    assert hosting.serves(pages(4)) == pages(3)
    hosting.publish(pages(5))
    assert hosting.publish(pages(4)) == second
    assert hosting.serves(pages(4)) == pages(4)


@pytest.mark.parametrize("version", ["", "20200101T000000Z-00000000", "nonsense"])
def test_no_roll_back_to_what_is_not_there(hosting: Hosting, version: str) -> None:
    first = hosting.publish(pages(1))
    with pytest.raises(RefusedError, match=first.id):
        hosting.publisher().roll_back(version)


def test_no_roll_back_to_a_version_that_is_not_whole(hosting: Hosting) -> None:
    site = pages(3)
    first = hosting.publish(site)
    second = hosting.publish(site | {"posts/1.html": b"changed"})
    hosting.s3.delete_object(Bucket=hosting.name, Key=first.key("posts/0.html"))
    with pytest.raises(RefusedError, match=r"not whole: 1 of 4 files .* posts/0\.html"):
        hosting.publisher().roll_back()
    assert hosting.value("live").startswith(second.id)


def test_a_damaged_base_is_not_built_upon(hosting: Hosting) -> None:
    """A deploy mends what somebody deleted from the bucket."""
    site = pages(3)
    first = hosting.publish(site)
    hosting.s3.delete_object(Bucket=hosting.name, Key=first.key("posts/0.html"))
    after = site | {"posts/1.html": b"changed"}
    hosting.publish(after)
    assert hosting.serves(after) == after
    hosting.publish(site)
    assert hosting.serves(site) == site


def test_old_versions_go_but_what_kept_ones_need_stays(hosting: Hosting) -> None:
    site = pages(5)
    first = hosting.publish(site, keep=2)
    for number in range(4):
        last = hosting.publish(site := site | {"posts/0.html": b"change %d" % number}, keep=2)
    ids = [told["version"] for told in hosting.publisher().history()]
    assert len(ids) == 3, "two kept, and their base"
    assert {first.id, last.id} < set(ids)
    assert hosting.keys() == {"live", *ids}
    assert hosting.serves(site) == site


def test_two_at_once_do_not_overwrite_each_other(hosting: Hosting, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store's ETag: who comes second is refused, or tries again on what the first has left."""
    version = hosting.publish(pages(1))
    describe = hosting.values.describe_key_value_store
    monkeypatch.setattr(
        hosting.values, "describe_key_value_store", lambda **given: {**describe(**given), "ETag": "stale"}
    )
    hosting.values.delete_key(KvsARN=hosting.arn, Key="live", IfMatch=describe(KvsARN=hosting.arn)["ETag"])
    with pytest.raises(MovedError):
        pointer = Pointer(hosting.values, hosting.arn)
        pointer.point(version, {}, pointer.read(), by_operator=False)
