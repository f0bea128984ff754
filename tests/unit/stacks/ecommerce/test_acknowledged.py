"""What is acknowledged is needed, reasoned, and beside its resource."""

import tempfile

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_s3 as s3

from review.platform import acknowledgements
from review.platform.acknowledgements import Acknowledgement, Finding, of_checkov
from stacks.ecommerce.acknowledged import acknowledge
from tests.unit.stacks.ecommerce.findings import all_of_it

PATH = "EcommerceNetwork-us-east-1/Network/Vpc/PublicSubnet1"


@pytest.mark.thorough
def test_every_acknowledgement_is_still_needed() -> None:
    """One that is not needed hides the finding that comes back. checkov's are asked for in test_checkov.py."""
    given, found = all_of_it()
    own = [each for each in given if each.pack != "checkov"]
    assert own
    assert acknowledgements.unneeded(own, found) == []


@pytest.mark.thorough
def test_no_stack_acknowledges_as_a_whole() -> None:
    assert [each for each in all_of_it()[0] if "/" not in each.path] == []


@pytest.mark.thorough
def test_a_reason_is_a_sentence() -> None:
    short = [each for each in all_of_it()[0] if len(each.reason) < 40 or not each.reason.endswith(".")]
    assert short == []


def test_what_has_no_finding_is_told_once_for_all_regions() -> None:
    elsewhere = PATH.replace("us-east-1", "eu-west-1")
    given = [Acknowledgement(PATH, "R", "x"), Acknowledgement(elsewhere, "R", "x")]
    assert acknowledgements.unneeded(given, [Finding(f"{PATH}/DefaultRoute", "R")]) == []
    assert acknowledgements.unneeded(given, [Finding(PATH, "Q"), Finding(f"{PATH}0", "R")]) == [
        "R at EcommerceNetwork-*/Network/Vpc/PublicSubnet*"
    ]


def test_checkov_reads_the_reason_in_the_template() -> None:
    with tempfile.TemporaryDirectory() as outdir:
        stack = Stack(App(outdir=outdir), "EcommerceKeys-us-east-1")
        bucket = s3.Bucket(stack, "B")
        acknowledge(bucket, "CKV_AWS_18", reason="First.")
        acknowledge(bucket.node.default_child or bucket, "CKV_AWS_21", "AwsSolutions-S1", reason="Second.")
        template = App.of(stack).synth().stacks[0].template  # type: ignore[union-attr]
        assert [(each.rule, each.reason) for each in of_checkov({"EcommerceKeys-us-east-1": template})] == [
            ("CKV_AWS_18", "First."),
            ("CKV_AWS_21", "Second."),
        ]
        with pytest.raises(TypeError, match="is no resource"):
            acknowledge(stack, "CKV_AWS_18", reason="x")
