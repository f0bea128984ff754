"""The workload's stacks as CloudFormation gets them: who may ask AWS for what, and the settings about it."""

import json
from typing import Any

import pytest

from stacks import settings
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.synthesis import Template, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)


def workload(region: Region, **given: object) -> Template:
    return platform(**given)[stack_name("Workload", region.name, None)]


def statements(found: Template) -> dict[str, list[Any]]:
    """What each service account may do."""
    accounts = {
        each["RoleArn"]["Fn::GetAtt"][0]: each["ServiceAccount"]
        for each in resources(found, "AWS::EKS::PodIdentityAssociation")
    }
    return {
        accounts[each["Roles"][0]["Ref"]]: each["PolicyDocument"]["Statement"]
        for each in resources(found, "AWS::IAM::ManagedPolicy")
    }


@pytest.mark.parametrize(
    ("region", "accounts"),
    [
        (
            DEFAULT.regions[0],
            {"cart", "orders", "checkout-cache-keeper", "orders-report", "carts-report"},
        ),
        (DEFAULT.regions[1], {"cart", "orders", "checkout-cache-keeper"}),
        (DEFAULT.regions[2], {"cart"}),
    ],
)
def test_who_has_credentials(region: Region, accounts: set[str]) -> None:
    found = workload(region)
    assert statements(found).keys() == accounts
    for role in resources(found, "AWS::IAM::Role"):
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "pods.eks.amazonaws.com"}
        condition = trust["Condition"]["StringEquals"]
        assert condition["aws:RequestTag/kubernetes-namespace"] == "shop"
        assert condition["aws:RequestTag/kubernetes-service-account"] in accounts
        assert condition["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}


@every_region
def test_no_wildcard_but_for_numbers_in_one_namespace(region: Region) -> None:
    for account, made in statements(workload(region)).items():
        for statement in made:
            actions = statement["Action"]
            assert all("*" not in action for action in ([actions] if isinstance(actions, str) else actions))
            if statement["Resource"] == "*":
                assert account.endswith("-report")
                assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Ecommerce"}}
            if "kms" in json.dumps(actions):
                assert "kms:ViaService" in statement["Condition"]["StringEquals"]


@every_region
def test_the_cart_asks_its_regions_table(region: Region) -> None:
    text = json.dumps(statements(workload(region))["cart"])
    assert f"arn:aws:dynamodb:{region.name}:" in text
    assert ":table/ecommerce-carts/index/idx_global_customerId" in text
    assert "Scan" not in text


@every_region
def test_each_step_waits_for_the_one_before(region: Region) -> None:
    """Pods without their policies could be reached by everybody, and without credentials they would not start."""
    found = workload(region)["Resources"]
    ids = {name.rstrip("0123456789ABCDEF"): name for name in found}
    assert ids["Foundation"] in found[ids["Entrances"]]["DependsOn"]
    assert ids["Entrances"] in found[ids["Pods"]]["DependsOn"]
    associations = [
        name for name, each in found.items() if each["Type"] == "AWS::EKS::PodIdentityAssociation"
    ]
    assert set(associations) <= set(found[ids["Foundation"]]["DependsOn"])


def test_before_phase_3_there_is_none_and_before_phase_5_only_the_primary_takes_orders() -> None:
    assert not any(name.startswith("EcommerceWorkload") for name in platform(ecommerce_phase=2))
    orders = {
        region.name: "orders-database" in json.dumps(workload(region, ecommerce_phase=3))
        for region in DEFAULT.regions
    }
    assert orders == {"us-east-1": True, "eu-west-1": False, "ap-southeast-1": False}


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"ecommerce_writing_region": "ap-southeast-1"},
            "setting ecommerce_writing_region: 'ap-southeast-1' can take no writes; legal: us-east-1, eu-west-1",
        ),
        (
            {"ecommerce_writing_region": "eu-west-1", "ecommerce_regions": "us-east-1"},
            "setting ecommerce_writing_region: eu-west-1 is not among ecommerce_regions; add it there, or give "
            "us-east-1",
        ),
    ],
)
def test_a_region_that_cannot_write_is_refused(given: dict[str, object], line: str) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load({**NEEDED, **given})
    assert str(caught.value).splitlines() == [line]


def test_orders_may_send_to_its_queue_once_that_is_there() -> None:
    def sent(phase: int) -> list[Any]:
        made = statements(workload(DEFAULT.primary, ecommerce_phase=phase))["orders"]
        return [each for each in made if "sqs:SendMessage" in each["Action"]]

    assert sent(3) == []
    (statement,) = sent(5)
    assert json.dumps(statement["Resource"]).endswith(':ecommerce-order-events"]]}')
