"""What the fallback answers for what is no file, by the manifests and objects of the versions."""

import json

import pytest

from stacks.site_hosting.fallback.answer import Answers, Object
from stacks.site_hosting.publisher.manifest import File, Version
from stacks.site_hosting.rules.content import FOREVER
from stacks.site_hosting.rules.not_found_page import PAGE

OLD, LIVE = "20260101T000000Z-00000000", "20260102T000000Z-11111111"


class Versions:
    """The bucket's part: two versions, the newer stored as a difference to the older."""

    def __init__(self, *live: str, wildcards: tuple[tuple[str, str, int], ...] = ()) -> None:
        old = ("index.html", "about.html", "app.0a1b2c3d.js", "404.html", "big.0a1b2c3d.js")
        sizes = {"big.0a1b2c3d.js": 5_000_000}
        files = {path: File("", sizes.get(path, 1)) for path in old}
        self.all = {
            OLD: _version(OLD, files, OLD),
            LIVE: _version(LIVE, {path: File("", 1) for path in live}, OLD, wildcards),
        }
        self.objects = {
            f"versions/{OLD}/404.html": Object(
                b"<style>", "text/html; charset=utf-8", {"h-x-a": "1", "other": "2"}
            ),
            f"versions/{OLD}/app.0a1b2c3d.js": Object(b"js", "text/javascript", {}),
            f"versions/{OLD}/big.0a1b2c3d.js": Object(b"big", "text/javascript", {}),
        }

    def version(self, version: str) -> Version | None:
        return self.all.get(version)

    def versions(self) -> list[Version]:
        return [self.all[LIVE], self.all[OLD]]

    def read(self, key: str) -> Object | None:
        return self.objects.get(key)


def _version(
    name: str, files: dict[str, File], base: str, wildcards: tuple[tuple[str, str, int], ...] = ()
) -> Version:
    none: frozenset[str] = frozenset()
    return Version(id=name, digest="", files=files, base=base, stored=none, changed=none, wildcards=wildcards)


def answers(store: Versions) -> Answers:
    return Answers(store, single_page=False, trailing_slash="by-file")


def test_a_page_for_what_is_not_found_is_the_versions_with_its_own_fields() -> None:
    found = answers(Versions("index.html", "404.html")).to("/nope", LIVE)
    assert (found.status, found.body) == (404, b"<style>")
    assert found.header["x-a"] == "1"
    assert "other" not in found.header
    assert "s-maxage=10" in found.header["cache-control"]


@pytest.mark.parametrize("version", [LIVE, "20200101T000000Z-99999999", ""])
def test_without_one_there_is_a_plain_page(version: str) -> None:
    found = answers(Versions("index.html")).to("/nope", version)
    assert (found.status, found.body) == (404, PAGE)
    json.dumps(found.for_lambda())


def test_a_page_that_is_listed_and_lost_is_replaced_by_the_plain_one() -> None:
    store = Versions("index.html", "404.html")
    store.objects.clear()
    assert answers(store).to("/nope", LIVE).body == PAGE


def test_a_file_that_is_there_and_could_not_be_had_is_no_404() -> None:
    """S3 failed: who is told 404 forgets the page, a search engine for good."""
    found = answers(Versions("index.html", "about.html")).to("/about", LIVE)
    assert (found.status, found.header["cache-control"]) == (503, "no-store")
    assert int(found.header["retry-after"]) > 0


def test_the_other_form_is_stronger_than_a_wildcard() -> None:
    store = Versions("about.html", wildcards=(("/*", "https://example.org/:splat", 302),))
    assert answers(store).to("/about/", LIVE).header["location"] == "/about"
    found = answers(store).to("/more/x", LIVE)
    assert (found.status, found.header["location"]) == (302, "https://example.org/more/x")


def test_a_fingerprinted_file_of_an_older_kept_version_is_found() -> None:
    """A page that was left open names it, and its reader's programs may keep no cookies."""
    found = answers(Versions("index.html", "404.html")).to("/app.0a1b2c3d.js", LIVE)
    assert (found.status, found.body, found.header["cache-control"]) == (200, b"js", FOREVER)


def test_but_not_one_whose_name_does_not_tell_its_content_nor_one_over_lambdas_limit() -> None:
    store = Versions("index.html")
    assert answers(store).to("/about.html", LIVE).status == 404
    assert answers(store).to("/big.0a1b2c3d.js", LIVE).status == 404
