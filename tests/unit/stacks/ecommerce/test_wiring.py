"""What holds all stacks together, asked of whatever stacks there are: a new one is under these tests by itself."""

import itertools
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from aws_cdk import App

from review.platform import (
    alarms,
    encryption,
    iam,
    limits,
    physical_names,
    places,
    references,
    security_groups,
)
from review.platform.templates import PLACES, Templates
from stacks import settings
from stacks.ecommerce import names, parts, stage
from stacks.ecommerce.topology import DEFAULT, topology
from stacks.ecommerce.traffic.prefix_lists import CLOUDFRONT
from stacks.ecommerce.zones import ZONES
from tests.unit.stacks.ecommerce import reasons
from tests.unit.stacks.ecommerce.everything import everything
from tests.unit.stacks.ecommerce.everything import settings as everything_asked
from tests.unit.stacks.ecommerce.platform import NEEDED, platform, texts
from tests.unit.stacks.synthesis import FEATURE_FLAGS

SETS: Mapping[str, Callable[[], Templates]] = {"defaults": lambda: platform(), "everything": everything}
each_set = pytest.mark.parametrize("asked", SETS)


@each_set
def test_every_reference_leads_somewhere(asked: str) -> None:
    assert references.unresolved(SETS[asked]()) == []


@each_set
def test_no_circle_of_stacks(asked: str) -> None:
    assert references.cycle(references.used_by(SETS[asked]())) == []


@each_set
def test_no_stack_needs_one_of_a_later_phase(asked: str) -> None:
    found = {
        (PLACES[stack].name, PLACES[other].name)
        for stack, others in references.used_by(SETS[asked]()).items()
        for other in others
        if PLACES[other].part.phase > PLACES[stack].part.phase
    }
    assert found == reasons.OF_A_LATER_PHASE.keys()


@pytest.mark.parametrize("phase", [1, 2, 3, 4])
def test_each_phase_is_whole_by_itself(phase: int) -> None:
    found = platform(ecommerce_phase=phase)
    assert found.keys() == parts.stack_names(DEFAULT, phase=phase, stage=None).keys()
    assert references.unresolved(found) == []


def test_a_later_phase_moves_no_resource_that_keeps_data() -> None:
    """Whoever deploys phase by phase gets new resources and changed properties, and loses none with data in it."""
    kept = {"AWS::RDS::DBInstance", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::DynamoDB::GlobalTable"}
    for phase in range(1, 5):
        before, after = platform(ecommerce_phase=phase), platform(ecommerce_phase=phase + 1)
        for stack, template in before.items():
            for logical_id, resource in template["Resources"].items():
                if resource["Type"] in kept:
                    assert logical_id in after[stack]["Resources"], f"phase {phase + 1}: {stack}"


@each_set
def test_what_keeps_data_is_encrypted_with_a_key_of_its_region(asked: str) -> None:
    assert _left(asked, encryption.unencrypted(SETS[asked]()), reasons.WITHOUT_OWN_KEY) == []
    assert encryption.in_the_clear(SETS[asked]()) == []


@each_set
def test_no_log_is_kept_for_ever(asked: str) -> None:
    assert encryption.without_end(SETS[asked]()) == []


@each_set
def test_somebody_hears_of_every_alarm(asked: str) -> None:
    assert _left(asked, alarms.unheard(SETS[asked]()), reasons.UNHEARD) == []
    assert alarms.told_elsewhere(SETS[asked]()) == []


@each_set
def test_every_security_group_has_a_user(asked: str) -> None:
    assert security_groups.unused(SETS[asked]()) == []


@each_set
def test_the_internet_is_let_in_at_443_where_that_is_meant(asked: str) -> None:
    found = security_groups.open_to_all(SETS[asked]())
    assert [str(each) for each, first, last in found if (first, last) != (443, 443)] == []
    assert _left(asked, [str(each) for each, _, _ in found], reasons.OPEN_TO_ALL) == []


@each_set
def test_every_role_is_bounded(asked: str) -> None:
    found = iam.without_boundary(SETS[asked](), names.boundary(None))
    assert reasons.excused(found, reasons.UNBOUNDED) == []


@each_set
def test_what_is_of_one_region_is_there(asked: str) -> None:
    assert places.misplaced(SETS[asked]()) == []


def test_no_name_is_given_twice_in_regions_and_stages() -> None:
    main = everything()
    assert physical_names.clashes(main) == []
    stage_too = {
        name.removesuffix("-dev"): each
        for name, each in platform(stage="dev", ecommerce_domain="dev.example.org").items()
    }
    both = physical_names.names(platform()).keys() & physical_names.names(stage_too).keys()
    assert sorted(both) == []


@pytest.mark.parametrize("profile", ["demo", "peak"])
def test_every_template_has_head_room(profile: str) -> None:
    given = everything_asked() | ({} if profile == "demo" else {"ecommerce_profile": profile})
    few = {
        name: f"{limits.left(len(template['Resources']), len(texts(**given)[name].encode())):.0%} left"
        for name, template in platform(**given).items()
        if limits.left(len(template["Resources"]), len(texts(**given)[name].encode())) < limits.HEAD_ROOM
    }
    assert few == {}


@pytest.mark.thorough
def test_another_region_brings_as_much_as_the_one_before(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """From the third on: with the second come the replicas of what is in the primary alone until then."""
    monkeypatch.setenv("CDK_VALIDATION", "false")
    totals = []
    for number in (3, 4, 5):
        regions = topology(
            {"name": name, "role": "tertiary" if at else "primary", "cidr": f"10.{64 + at}.0.0/16"}
            for at, name in enumerate(
                ["us-east-1", *sorted(CLOUDFRONT.keys() & ZONES.keys() - {"us-east-1"})]
            )
            if at < number
        )
        monkeypatch.setattr("stacks.ecommerce.settings.DEFAULT", regions)
        app = App(context=FEATURE_FLAGS, outdir=str(tmp_path / str(number)))
        stage.compose(app, settings.load({**NEEDED, "ecommerce_phase": 5}))
        made = app.synth().stacks
        assert len(made) == len(parts.stack_names(regions, phase=5, stage=None))
        totals.append(sum(len(each.template["Resources"]) for each in made))
    # Each sends its events to every other: a rule or two more for each pair is all that is not linear.
    steps = [later - earlier for earlier, later in itertools.pairwise(totals)]
    assert 0 <= steps[1] - steps[0] <= 0.02 * steps[0]


def test_no_region_is_named_in_another_ones_template_but_by_reference() -> None:
    """A region's code in another's template is a wire: it has to be one that a reader can find, in a property that
    names a region. A stack of one region that names another in a description or tag was made from the wrong one."""
    wrong = []
    for stack, template in platform().items():
        here = PLACES[stack].region
        for region in DEFAULT.regions:
            told = f"{template.get('Description', '')} {stack}"
            if region.name != here and re.search(rf"\b{region.name}\b", told):
                wrong.append(f"{stack}: {told}")
    assert wrong == []


def _left(asked: str, faults: list[str], allowed: Mapping[str, str]) -> list[str]:
    """What has no reason. Only the full set can say that a reason is no longer needed."""
    found = reasons.excused(faults, allowed)
    return found if asked == "everything" else [line for line in found if not line.startswith("no longer")]
