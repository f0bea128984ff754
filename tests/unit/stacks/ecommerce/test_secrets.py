"""Secrets: in every region, closed to other accounts, rotated where that is true and watched where it is not."""

import inspect
import json
from typing import Any

import pytest

from stacks.ecommerce import names
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.security.functions import report_secret_age
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.policies import ACCOUNT, decide
from tests.unit.stacks.ecommerce.test_customers import EVERYTHING
from tests.unit.stacks.synthesis import Template, only, resources

SECRET = "AWS::SecretsManager::Secret"
REPLICAS = [region.name for region in DEFAULT.regions if region.role != "primary"]


def found(**given: object) -> Template:
    return platform(**given)[stack_name("Secrets", DEFAULT.primary.name, None)]


def secrets(**given: object) -> dict[str, tuple[str, dict[str, Any]]]:
    return {
        each["Properties"]["Name"]: (logical_id, each)
        for logical_id, each in found(**given)["Resources"].items()
        if each["Type"] == SECRET
    }


def test_their_names_and_logical_ids_stay() -> None:
    """A replaced secret is an empty one, and its replicas' names are taken for days."""
    assert {name: logical_id for name, (logical_id, _) in secrets(**EVERYTHING).items()} == {
        "ecommerce/payments": "PaymentsSecret026AFB96",
        "ecommerce/oidc-client": "OidcClientSecretEFCE5BF5",
        "ecommerce/signing-key": "SigningKeySecretDAB0A568",
    }
    assert {each["DeletionPolicy"] for _, each in secrets().values()} == {"Retain"}


def test_each_is_in_every_region_with_the_key_of_that_region() -> None:
    for _, each in secrets(**EVERYTHING).values():
        replicas = each["Properties"]["ReplicaRegions"]
        assert [one["Region"] for one in replicas] == REPLICAS
        assert {one["KmsKeyId"] for one in replicas} == {f"alias/{names.data_key_alias(None)}"}
        assert "EcommerceKeys-us-east-1" in json.dumps(each["Properties"]["KmsKeyId"])


def test_the_keys_know_nothing_of_them() -> None:
    """A grant on a key of another stack would be in that stack, which could not be updated alone any more."""
    for region in DEFAULT.regions:
        name = stack_name("Keys", region.name, None)
        assert platform()[name]["Resources"] == platform(ecommerce_phase=1)[name]["Resources"]


def test_a_provider_secret_is_no_secret_until_somebody_sets_it() -> None:
    of = secrets(**EVERYTHING)
    for name in ("payments", "oidc-client"):
        (value,) = json.loads(of[names.secret(name, None)][1]["Properties"]["SecretString"]).values()
        assert value.startswith("not set")
        assert "GenerateSecretString" not in of[names.secret(name, None)][1]["Properties"]
    assert "ecommerce/oidc-client" not in secrets()


@pytest.mark.parametrize(
    ("context", "decision"),
    [
        ({"aws:PrincipalAccount": "999999999999", "aws:SecureTransport": "true"}, "deny"),
        ({"aws:PrincipalAccount": ACCOUNT, "aws:SecureTransport": "false"}, "deny"),
        # the policy grants nothing by itself
        ({"aws:PrincipalAccount": ACCOUNT, "aws:SecureTransport": "true"}, "nothing"),
    ],
)
def test_no_other_account_reads_them_whatever_is_granted(context: dict[str, str], decision: str) -> None:
    template = found(**EVERYTHING)
    policies = resources(template, "AWS::SecretsManager::ResourcePolicy")
    assert {each["SecretId"]["Ref"] for each in policies} == {
        logical_id for logical_id, _ in secrets(**EVERYTHING).values()
    }
    for each in policies:
        assert decide(each["ResourcePolicy"], "secretsmanager:GetSecretValue", "*", context) == decision


def test_what_is_ours_is_rotated_and_nothing_else() -> None:
    template = found(**EVERYTHING)
    schedule = only(template, "AWS::SecretsManager::RotationSchedule")
    assert schedule["SecretId"] == {"Ref": secrets()[names.secret("signing-key", None)][0]}
    assert schedule["RotationRules"]["ScheduleExpression"] == "cron(0 8 1 * ? *)"
    assert schedule["RotateImmediatelyOnUpdate"] is True
    function = template["Resources"][schedule["RotationLambdaARN"]["Fn::GetAtt"][0]]["Properties"]
    assert function["Handler"] == "functions.rotate_signing_key.handle"


def test_the_rotation_may_change_that_secret_alone() -> None:
    template = found()
    (document,) = (
        each["PolicyDocument"]
        for each in resources(template, "AWS::IAM::ManagedPolicy")
        if "PutSecretValue" in json.dumps(each)
    )
    secret = secrets()[names.secret("signing-key", None)][0]
    for action in ("GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage", "DescribeSecret"):
        assert decide(document, f"secretsmanager:{action}", f"<{secret}>") == "allow"
        assert decide(document, f"secretsmanager:{action}", "<PaymentsSecret026AFB96>") == "nothing"
    assert decide(document, "secretsmanager:DeleteSecret", f"<{secret}>") == "nothing"


def test_others_secrets_are_watched_by_metrics_that_the_function_writes() -> None:
    template = found(**EVERYTHING)
    watched = {
        (each["Dimensions"][0]["Value"], each["MetricName"]): each
        for each in resources(template, "AWS::CloudWatch::Alarm")
    }
    assert watched.keys() == {
        (names.secret(name, None), metric)
        for name in ("payments", "oidc-client")
        for metric in ("AgeDays", "Unset")
    }
    for (name, metric), each in watched.items():
        assert each["Namespace"] == "Ecommerce/Secrets"
        assert f'"{metric}"' in inspect.getsource(report_secret_age), name
        assert each["TreatMissingData"] == "breaching", "a reporter that has stopped says nothing"
        assert {one["Name"] for one in each["Dimensions"]} == {"Secret"}
    (function,) = (
        each for each in resources(template, "AWS::Lambda::Function") if "report" in each["Handler"]
    )
    told = function["Environment"]["Variables"]
    assert set(told["SECRETS"].split(",")) == {name for name, _ in watched}
    assert told["NAMESPACE"] == "Ecommerce/Secrets"
