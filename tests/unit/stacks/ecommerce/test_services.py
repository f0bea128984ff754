"""The table of services: each has its resources, and each resource its service."""

import pytest

from review.platform import marked, service_tables
from review.platform.services import SERVICES, by_service, without_row
from stacks.ecommerce.settings import EcommerceSettings
from tests.unit.stacks.ecommerce.everything import everything, services
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import ROOT

OTHER = {"EcommerceKeys-us-east-1": {"Resources": {"Other": {"Type": "AWS::Braket::Job"}}}}


def test_every_service_of_the_table_has_a_resource() -> None:
    assert {service.name for service in SERVICES} == services().keys()


def test_every_resource_belongs_to_a_service() -> None:
    assert without_row(platform()) | without_row(everything()) == set()
    assert without_row(OTHER) == {"AWS::Braket::Job"}


def test_a_service_that_a_setting_brings_is_not_there_without_it() -> None:
    built = [service for service in SERVICES if service.setting]
    assert not {service.name for service in built} & by_service(platform()).keys()
    assert {service.setting for service in built} <= EcommerceSettings.model_fields.keys()


def test_rows_are_told_apart_by_name_and_their_folders_are_there() -> None:
    assert len({service.name for service in SERVICES}) == len(SERVICES)
    for service in SERVICES:
        assert (ROOT / service.folder).is_dir(), service.name


def test_what_is_special_comes_before_what_is_general() -> None:
    made = {
        "EcommerceKeys-us-east-1": {
            "Resources": {
                "A": {"Type": "AWS::EKS::Nodegroup", "Properties": {"CapacityType": "SPOT"}},
                "B": {"Type": "AWS::EKS::Nodegroup", "Properties": {"CapacityType": "ON_DEMAND"}},
                "C": {"Type": "AWS::RDS::DBInstance", "Properties": {"SourceDBInstanceIdentifier": "x"}},
                "D": {"Type": "AWS::RDS::DBInstance"},
                "E": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"ManagedPolicyName": "a-boundary"}},
            }
        }
    }
    assert {name: [each.logical_id for each in found] for name, found in by_service(made).items()} == {
        "EC2 Spot": ["A"],
        "EC2, Graviton, on demand": ["B"],
        "RDS for PostgreSQL, read replicas": ["C"],
        "RDS for PostgreSQL": ["D"],
        "IAM boundary": ["E"],
    }


def test_the_page_has_every_logical_id() -> None:
    page = service_tables.page(services())
    for name, template in platform().items():
        for logical_id in template["Resources"]:
            assert f"`{logical_id}`" in page, name


def test_only_what_is_between_its_comments_is_replaced() -> None:
    text = "a\n<!-- generated: x -->\nold\n<!-- end of x -->\nb\n"
    assert marked.replaced(text, "x", "new\n") == text.replace("old", "new")
    with pytest.raises(marked.MarkerError, match="the part y"):
        marked.replaced(text, "y", "new")
