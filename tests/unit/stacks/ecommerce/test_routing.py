"""Where Route 53 leads a viewer, asked of the records as a resolver would, for each state of the regions."""

import pytest

from stacks.ecommerce.topology import DEFAULT
from stacks.ecommerce.traffic import host_names, timing
from stacks.ecommerce.traffic.shop_paths import API_HEALTH
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.resolver import Resolver, World, check_of
from tests.unit.stacks.synthesis import resources

US, EU, AP = (region.name for region in DEFAULT.regions)
DOMAIN = "shop.example.org"
TREES = [host_names.origin(DOMAIN), host_names.api(DOMAIN)]
both_trees = pytest.mark.parametrize("tree", TREES, ids=lambda tree: tree.of)
ROUTING = f"EcommerceRouting-{US}"


def world(**given: object) -> World:
    return World.of(platform(**given).values())


def switch(region: str, kind: str) -> str:
    """The logical id of the health check that an output of the routing stack names."""
    outputs = platform()[ROUTING]["Outputs"]
    name = f"{kind}{region.replace('-', '')}"
    found: str = outputs[name]["Value"]["Fn::GetAtt"][0]
    return found


@both_trees
@pytest.mark.parametrize(
    ("down", "america", "europe", "asia"),
    [
        ((), US, EU, AP),
        ((US,), EU, EU, AP),
        ((EU,), US, US, AP),
        ((AP,), US, EU, EU),
        ((US, EU), AP, AP, AP),
        ((US, AP), EU, EU, EU),
        ((EU, AP), US, US, US),
        # nothing is left: as if all were well, rather than no answer
        ((US, EU, AP), US, EU, AP),
    ],
)
def test_reads_go_to_the_nearest_healthy_region_and_europes_to_europe(
    down: tuple[str, ...], america: str, europe: str, asia: str, tree: host_names.Tree
) -> None:
    asked = Resolver(world(), down=down)
    answers = {viewer: asked.answer(tree.reads, viewer) for viewer in ("NA", "EU", "AS")}
    assert answers == {"NA": america, "EU": europe, "AS": asia}


@both_trees
def test_a_region_can_be_emptied_by_hand_while_it_is_well(tree: host_names.Tree) -> None:
    asked = Resolver(world(), inverted=[switch(EU, "NotEvacuated")])
    assert [asked.answer(tree.reads, viewer) for viewer in ("NA", "EU", "AS")] == [US, US, AP]


@both_trees
@pytest.mark.parametrize("down", [(), (US,), (US, EU, AP)])
def test_writes_do_not_move_by_themselves(down: tuple[str, ...], tree: host_names.Tree) -> None:
    """The secondary's database is a replica until somebody promotes it."""
    assert Resolver(world(), down=down).answer(tree.writes, "EU") == US


@both_trees
@pytest.mark.parametrize("phase", [3, 5])
def test_writes_move_to_the_secondary_and_back_by_the_switch(phase: int, tree: host_names.Tree) -> None:
    """From the last phase on the switches are the Region Switch plan's."""
    found = world(ecommerce_phase=phase)
    switches = {
        each["SetIdentifier"]: check_of(each) for each in found.records if each["Name"] == f"{tree.writes}."
    }
    assert switches.keys() == {US, EU}
    assert all((check in found.checks) == (phase < 5) for check in switches.values())
    over = [switches[US]]
    assert Resolver(found, inverted=over).answer(tree.writes, "NA") == EU
    assert Resolver(found, inverted=[*over, switches[EU]]).answer(tree.writes, "NA") == US
    assert Resolver(found).answer(tree.writes, "NA") == US


def test_the_tertiary_never_takes_writes() -> None:
    outputs = platform()[ROUTING]["Outputs"]
    assert f"Writes{AP.replace('-', '')}" not in outputs
    assert not any(each.get("Failover") and AP in str(each["SetIdentifier"]) for each in world().records)


@both_trees
def test_europe_stays_in_europe_when_that_is_asked_for(tree: host_names.Tree) -> None:
    asked = Resolver(world(ecommerce_europe_stays=True), down=[EU])
    assert [asked.answer(tree.reads, viewer) for viewer in ("NA", "EU", "AS")] == [US, EU, AP]


@both_trees
@pytest.mark.parametrize("regions", [(US,), (US, EU), (US, AP)])
def test_with_fewer_regions_the_others_answer(regions: tuple[str, ...], tree: host_names.Tree) -> None:
    asked = Resolver(world(ecommerce_regions=",".join(regions)))
    assert asked.answer(tree.reads, "EU") == (EU if EU in regions else US)
    assert asked.answer(tree.reads, "AS") == (AP if AP in regions else EU if EU in regions else US)
    assert asked.answer(tree.writes, "EU") == US


def test_each_region_is_asked_through_its_own_name_for_its_health() -> None:
    """By the path that a client's request takes, and for what the service says of itself."""
    asked = {
        each["HealthCheckConfig"]["FullyQualifiedDomainName"]: each["HealthCheckConfig"]
        for each in resources(platform()[ROUTING], "AWS::Route53::HealthCheck")
        if each["HealthCheckConfig"]["Type"] != "CALCULATED"
    }
    assert asked.keys() == {f"{name}.api.{DOMAIN}" for name in (US, EU, AP)}
    for config in asked.values():
        assert (config["Type"], config["Port"], config["EnableSNI"]) == ("HTTPS_STR_MATCH", 443, True)
        assert (config["ResourcePath"], config["SearchString"]) == (API_HEALTH, '"UP"')
        assert config["RequestInterval"] * config["FailureThreshold"] <= 90
    assert timing.REGION_CHECK_FAILURES > 1, "one lost packet is no outage"


def test_an_alias_is_made_after_what_it_leads_to() -> None:
    """Route 53 refuses an alias to a name of its zone that is not there."""
    made = {
        name: each
        for name, each in platform()[ROUTING]["Resources"].items()
        if each["Type"] == "AWS::Route53::RecordSet"
    }
    for each in made.values():
        target = f"{each['Properties']['AliasTarget']['DNSName']}."
        for other, record in made.items():
            if record["Properties"]["Name"] == target:
                assert other in each.get("DependsOn", [])
