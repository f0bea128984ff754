"""Which stacks there are for which settings, that none refers to another, and that they fit."""

import itertools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from aws_cdk import App

from stacks import settings
from stacks.ecommerce import parts
from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.topology import DEFAULT, topology
from stacks.ecommerce.zones import ZONES
from tests.unit.stacks.ecommerce.networks import networks
from tests.unit.stacks.ecommerce.platform import NEEDED, compose, platform, texts
from tests.unit.stacks.synthesis import FEATURE_FLAGS, ROOT, templates

NAMES = [region.name for region in DEFAULT.regions]
SUBSETS = [
    names
    for number in range(1, len(NAMES) + 1)
    for names in itertools.combinations(NAMES, number)
    if DEFAULT.primary.name in names
]
# "CloudFormation quotas"
MOST_RESOURCES = 500
MOST_BYTES = 1_000_000
# What one network may take of either: the other layers' stacks are of this size or larger, and each is on its own.
HEAD_ROOM = 0.20


def test_nothing_of_it_is_there_unless_asked_for() -> None:
    assert templates().keys() == {"StaticSite", "VisitorCounter"}


def test_whoever_does_not_ask_does_not_load_it() -> None:
    code = """
import sys, tempfile, app
from aws_cdk import App
from stacks import settings
from stacks.ecommerce import parts
chosen = settings.load({})
app.compose(App(outdir=tempfile.mkdtemp()), chosen, app.look_at_site(chosen))
sys.exit(any(name.startswith("stacks.ecommerce.") and name.endswith(("_stack", ".stage")) for name in sys.modules))
"""
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def by_the_app(**context: object) -> tuple[str, set[str]]:
    """What app.py says and which stacks it makes, in a process of its own as the CDK CLI runs it."""
    with tempfile.TemporaryDirectory() as outdir:
        environment = {
            **os.environ,
            "CDK_OUTDIR": outdir,
            "CDK_CONTEXT_JSON": json.dumps({**FEATURE_FLAGS, "nag": False, **context}),
            "CDK_VALIDATION": "false",
            "PYTHONPATH": str(ROOT),
        }
        ran = subprocess.run(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return ran.stderr, {path.name.split(".")[0] for path in Path(outdir).glob("*.template.json")}


def test_settings_without_effect_are_told() -> None:
    said, stacks = by_the_app(ecommerce_profile="peak")
    assert "ecommerce_profile: the e-commerce stacks are left alone" in said
    assert stacks == {"StaticSite", "VisitorCounter"}


@pytest.mark.thorough
def test_asked_for_it_is_beside_site_and_counter() -> None:
    said, stacks = by_the_app(ecommerce_profile="peak", ecommerce="true", ecommerce_domain="shop.example.org")
    assert "left alone" not in said
    assert stacks == {"StaticSite", "VisitorCounter", *parts.stack_names(DEFAULT, phase=1, stage=None)}


@pytest.mark.parametrize("names", SUBSETS, ids=",".join)
def test_a_subset_is_those_regions_as_they_are_among_all(names: tuple[str, ...]) -> None:
    some = networks(ecommerce_regions=",".join(names))
    everywhere = networks()
    assert some == {name: everywhere[name] for name in some}
    assert (
        platform(ecommerce_regions=",".join(names)).keys()
        == parts.stack_names(DEFAULT.only(names), phase=5, stage=None).keys()
    )


@pytest.mark.parametrize("phase", [1, 2, 3, 4, 5])
def test_each_phase_is_a_deployment_of_its_own(phase: int) -> None:
    assert (
        platform(ecommerce_phase=phase).keys() == parts.stack_names(DEFAULT, phase=phase, stage=None).keys()
    )


def test_no_stack_exports_what_an_update_could_be_stuck_on() -> None:
    """What a stack is given of another is weak: either can be updated, rolled back and deleted alone."""
    for name, text in texts().items():
        assert '"Export"' not in text, name
        assert "Fn::ImportValue" not in text, name


def test_a_network_refers_to_no_other_stack() -> None:
    for name, found in networks().items():
        text = json.dumps(found)
        assert not any(other in text for other in NAMES if not name.endswith(other))
        assert "Fn::GetStackOutput" not in text


@pytest.mark.thorough
def test_two_syntheses_give_the_same_bytes(tmp_path: Path) -> None:
    compose(tmp_path, {}).synth()
    for name, text in texts().items():
        assert (tmp_path / f"{name}.template.json").read_text() == text


@pytest.mark.thorough
def test_a_stage_is_a_copy_beside_it_and_an_account_needs_no_look_up(tmp_path: Path) -> None:
    compose(tmp_path, {"stage": "dev", "account": "123456789012"}).synth()
    found = {path.name.split(".")[0] for path in tmp_path.glob("*.template.json")}
    assert found == parts.stack_names(DEFAULT, phase=5, stage="dev").keys()
    assert "missing" not in json.loads((tmp_path / "manifest.json").read_text())


@pytest.mark.parametrize("endpoints", ["gateway", "interface"])
def test_every_template_stays_far_below_cloudformations_limits(endpoints: str) -> None:
    for name, text in texts(ecommerce_profile="peak", ecommerce_endpoints=endpoints).items():
        assert len(json.loads(text)["Resources"]) <= HEAD_ROOM * MOST_RESOURCES, name
        assert len(text.encode()) <= HEAD_ROOM * MOST_BYTES, name


def test_six_regions_are_six_entries(tmp_path: Path) -> None:
    """Adding a region is one entry of the topology, and the same resources once more."""
    six = topology(
        {"name": name, "role": "tertiary" if at else "primary", "cidr": f"10.{64 + at}.0.0/16"}
        for at, name in enumerate(sorted(ZONES)[:6])
    )
    app = App(context=FEATURE_FLAGS, outdir=str(tmp_path))
    chosen = settings.load(NEEDED)
    for region in six.regions:
        EcommerceNetwork(app, region=region, settings=chosen)
    app.synth()
    counts = [
        len(json.loads(path.read_text())["Resources"]) for path in sorted(tmp_path.glob("*.template.json"))
    ]
    assert counts == [len(networks()["EcommerceNetwork-us-east-1"]["Resources"])] * 6


@pytest.mark.thorough
def test_an_open_security_group_would_be_a_finding(tmp_path: Path) -> None:
    """Synth ends with an error where cdk-nag's finding has no reason, so the other tests say that there is none."""
    from aws_cdk import aws_ec2 as ec2

    app = compose(tmp_path, {"ecommerce_regions": "us-east-1"})
    stack = app.node.find_child("EcommerceNetwork-us-east-1")
    vpc = stack.node.find_child("Network").node.find_child("Vpc")
    assert isinstance(vpc, ec2.Vpc)
    group = ec2.SecurityGroup(vpc, "Open", vpc=vpc, allow_all_outbound=False)
    group.add_ingress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(22), "everybody")
    with pytest.raises(RuntimeError, match="AwsSolutions::AwsSolutions-EC23"):
        app.synth()
