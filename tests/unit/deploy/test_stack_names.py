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


PLATFORM = ["EcommerceNetwork-us-east-1", "EcommerceNetwork-eu-west-1"]


@pytest.mark.parametrize(
    ("words", "stacks"),
    [
        ("EcommerceNetwork-eu-west-1 --force", ["EcommerceNetwork-eu-west-1"]),
        ("Ecommerce*", PLATFORM),
        ("--all", ["StaticSite", "VisitorCounter", *PLATFORM]),
    ],
)
def test_the_platforms_stacks_are_known_when_they_are_asked_for(words: str, stacks: list[str]) -> None:
    assert stack_names.named(words.split(), None, PLATFORM) == stacks


@pytest.mark.parametrize("word", ["EcommerceNetwork-ap-southeast-1", "EcommerceNetwork-ap-*"])
def test_a_stack_of_the_platform_that_is_not_asked_for_is_no_word_for_the_cli(word: str) -> None:
    """Which would deploy the site instead, as no stack is named then."""
    with pytest.raises(RefusedError, match=r"not there with these settings; it needs ecommerce=true"):
        stack_names.named([word], None, PLATFORM)


@pytest.mark.parametrize("stage", [None, "dev"])
def test_the_roles_for_github_are_known_when_they_are_asked_for(stage: str | None) -> None:
    asked = stack_names.of_delivery(stage, "us-east-1")
    (name,) = asked
    assert asked == {name: "us-east-1"}
    assert stack_names.named([name, "--force"], stage, asked) == [name]
    assert stack_names.named(["--all"], stage, asked) == [*stack_names.of_stage(stage), name]
    assert stack_names.named(["--require-approval", "never"], stage, asked) == []
    with pytest.raises(RefusedError, match=f'stack "Deliver": unknown; .*did you mean "{name}"'):
        stack_names.named(["Deliver"], stage, asked)


@pytest.mark.parametrize("word", ["Delivery", "delivery", "Deliver", "Deliv*"])
def test_they_are_no_word_for_the_cli_when_they_are_not_asked_for(word: str) -> None:
    """Which would deploy the site instead, as no stack is named then."""
    with pytest.raises(RefusedError, match="Delivery needs delivery_repository=owner/name"):
        stack_names.named([word], None, PLATFORM)


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


def test_with_a_repository_there_is_one_more() -> None:
    from tests.golden import CASES
    from tests.unit.stacks.synthesis import assembly

    made = {path.name.partition(".")[0] for path in assembly(**CASES["delivery"]).glob("*.template.json")}
    assert made == {*stack_names.of_stage(None), *stack_names.of_delivery(None, "us-east-1")}


def test_the_platforms_are_the_applications_too() -> None:
    from stacks.ecommerce.topology import DEFAULT
    from tests.unit.stacks.ecommerce.platform import platform

    for phase in range(1, 6):
        assert platform(ecommerce_phase=phase).keys() == stack_names.of_platform(DEFAULT, None, phase).keys()
