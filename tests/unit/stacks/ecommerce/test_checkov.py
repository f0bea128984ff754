"""checkov finds nothing in the templates but what is acknowledged beside its resource."""

import json
from pathlib import Path

import pytest

from review.platform import acknowledgements
from review.platform.acknowledgements import Acknowledgement, Finding
from tests import checkov
from tests.unit.stacks.ecommerce.everything import everything
from tests.unit.stacks.ecommerce.platform import platform

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[checkov.Failed]]:
    """What it finds without the templates' own word on what is to be skipped."""
    found = {}
    for name, templates in (("defaults", platform()), ("everything", everything())):
        folder = tmp_path_factory.mktemp(name)
        for stack, template in templates.items():
            bare = {
                logical_id: {key: value for key, value in each.items() if key != "Metadata"}
                for logical_id, each in template["Resources"].items()
            }
            (folder / f"{stack}.template.json").write_text(json.dumps({**template, "Resources": bare}))
        found[name] = checkov.failed(folder)
    return found


@pytest.mark.parametrize("asked", ["defaults", "everything"])
def test_every_finding_is_acknowledged(asked: str, found: dict[str, list[checkov.Failed]]) -> None:
    templates = platform() if asked == "defaults" else everything()
    given = {(each.rule, each.path) for each in acknowledgements.of_checkov(templates)}
    left = [each for each in found[asked] if (each.rule, f"{each.stack}/{each.logical_id}") not in given]
    assert left == []


def test_every_acknowledgement_has_its_finding(found: dict[str, list[checkov.Failed]]) -> None:
    given: list[Acknowledgement] = []
    findings: list[Finding] = []
    for asked, templates in (("defaults", platform()), ("everything", everything())):
        given += acknowledgements.of_checkov(templates)
        findings += [Finding(f"{each.stack}/{each.logical_id}", each.rule) for each in found[asked]]
    assert acknowledgements.unneeded(given, findings) == []


def test_an_open_port_would_be_a_finding_and_a_skip_is_obeyed(tmp_path: Path) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0", "Description": "x"}
    group = {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "x", "VpcId": "vpc-1", "SecurityGroupIngress": [rule]},
    }
    skipped = {**group, "Metadata": {"checkov": {"skip": [{"id": "CKV_AWS_24", "comment": "x"}]}}}
    text = json.dumps({"Resources": {"Open": group, "Meant": skipped}})
    (tmp_path / "EcommerceKeys-us-east-1.template.json").write_text(text)
    assert checkov.Failed("CKV_AWS_24", "EcommerceKeys-us-east-1", "Open") in checkov.failed(tmp_path)
    assert "Meant" not in {each.logical_id for each in checkov.failed(tmp_path) if each.rule == "CKV_AWS_24"}
