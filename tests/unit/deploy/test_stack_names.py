"""Names of stacks among options and their values."""

import pytest

from deploy import stack_names
from deploy.errors import RefusedError


@pytest.mark.parametrize(
    ("words", "stage", "stacks"),
    [
        ("", None, []),
        ("--require-approval never", None, []),
        ("--require-approval never VisitorCounter --force", None, ["VisitorCounter"]),
        ("VisitorCounter StaticSite VisitorCounter", None, ["VisitorCounter", "StaticSite"]),
        ("--all", "dev", ["StaticSite-dev", "VisitorCounter-dev"]),
        ("*-dev", "dev", ["StaticSite-dev", "VisitorCounter-dev"]),
        ("Static*", None, ["StaticSite"]),
        ("--toolkit-stack-name=StaticSiteTools", None, []),
    ],
)
def test_named(words: str, stage: str | None, stacks: list[str]) -> None:
    assert stack_names.named(words.split(), stage) == stacks


@pytest.mark.parametrize("word", ["StaticSit", "static_site", "VisitorsCounter", "StaticSite-dev"])
def test_a_misspelt_name_is_refused(word: str) -> None:
    with pytest.raises(RefusedError, match=f'stack "{word}": unknown; did you mean "'):
        stack_names.named(["--force", word], None)


def test_they_are_the_applications() -> None:
    from tests.unit.stacks.synthesis import assembly

    for stage in (None, "full"):
        given = {"stage": stage} if stage else {}
        made = {path.name.partition(".")[0] for path in assembly(**given).glob("*.template.json")}
        assert made == set(stack_names.of_stage(stage))
