"""The functions that renew a key and tell the age of others', against what Secrets Manager answers."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import botocore.session
import pytest
from botocore.stub import ANY, Stubber

from stacks.ecommerce.security.functions import report_secret_age
from stacks.ecommerce.security.functions.rotate_signing_key import KEY_BYTES, RotationError, rotate

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecommerce/signing-key-AbCdEf"
OLD, NEW = "0" * 32, "1" * 32


def client() -> Any:
    return botocore.session.get_session().create_client(
        "secretsmanager", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none"
    )


@pytest.fixture
def secrets() -> Iterator[tuple[Any, Stubber]]:
    made = client()
    with Stubber(made) as stubber:
        yield made, stubber
        stubber.assert_no_pending_responses()


def described(stubber: Stubber, stages: dict[str, list[str]], *, enabled: bool = True) -> None:
    stubber.add_response(
        "describe_secret", {"RotationEnabled": enabled, "VersionIdsToStages": stages}, {"SecretId": ARN}
    )


PENDING = {OLD: ["AWSCURRENT"], NEW: ["AWSPENDING"]}


def holds(stubber: Stubber, key: str, *, version: str | None, stage: str) -> None:
    asked = {"SecretId": ARN, "VersionStage": stage, **({"VersionId": version} if version else {})}
    stubber.add_response("get_secret_value", {"SecretString": json.dumps({"key": key})}, asked)


def test_a_new_key_is_made_once(secrets: tuple[Any, Stubber]) -> None:
    made, stubber = secrets
    described(stubber, PENDING)
    stubber.add_client_error("get_secret_value", "ResourceNotFoundException")
    stubber.add_response(
        "put_secret_value",
        {},
        {
            "SecretId": ARN,
            "ClientRequestToken": NEW,
            "SecretString": ANY,
            "VersionStages": ["AWSPENDING"],
        },
    )
    rotate(made, ARN, NEW, "createSecret")
    described(stubber, PENDING)
    holds(stubber, "ab" * KEY_BYTES, version=NEW, stage="AWSPENDING")
    rotate(made, ARN, NEW, "createSecret")  # Secrets Manager tries again: the key that is there stays


def test_what_is_made_is_a_key_of_full_length_and_another_each_time(secrets: tuple[Any, Stubber]) -> None:
    made, stubber = secrets
    texts = []
    made.meta.events.register(
        "provide-client-params.secretsmanager.PutSecretValue",
        lambda params, **_: texts.append(params["SecretString"]),
    )
    for _ in range(2):
        described(stubber, PENDING)
        stubber.add_client_error("get_secret_value", "ResourceNotFoundException")
        stubber.add_response("put_secret_value", {})
        rotate(made, ARN, NEW, "createSecret")
    keys = [bytes.fromhex(json.loads(text)["key"]) for text in texts]
    assert {len(key) for key in keys} == {KEY_BYTES}
    assert len(set(keys)) == 2


def test_another_error_is_no_reason_to_make_one(secrets: tuple[Any, Stubber]) -> None:
    made, stubber = secrets
    described(stubber, PENDING)
    stubber.add_client_error("get_secret_value", "AccessDeniedException")
    with pytest.raises(made.exceptions.ClientError, match="AccessDenied"):
        rotate(made, ARN, NEW, "createSecret")


def test_nothing_outside_has_to_be_set(secrets: tuple[Any, Stubber]) -> None:
    made, stubber = secrets
    described(stubber, PENDING)
    rotate(made, ARN, NEW, "setSecret")


@pytest.mark.parametrize(
    ("pending", "current", "wrong"),
    [
        ("ab" * KEY_BYTES, "cd" * KEY_BYTES, ""),
        ("ab" * KEY_BYTES, "what was generated at first", ""),
        ("ab" * 8, "cd" * KEY_BYTES, "no key of 32 bytes"),
        ("not hexadecimal", "cd" * KEY_BYTES, "no key of 32 bytes"),
        ("ab" * KEY_BYTES, "ab" * KEY_BYTES, "the current key once more"),
    ],
)
def test_a_bad_key_does_not_become_current(
    secrets: tuple[Any, Stubber], pending: str, current: str, wrong: str
) -> None:
    made, stubber = secrets
    described(stubber, PENDING)
    holds(stubber, pending, version=NEW, stage="AWSPENDING")
    if "no key" not in wrong:
        holds(stubber, current, version=None, stage="AWSCURRENT")
    if not wrong:
        rotate(made, ARN, NEW, "testSecret")
        return
    with pytest.raises(RotationError, match=wrong) as caught:
        rotate(made, ARN, NEW, "testSecret")
    assert pending not in str(caught.value), "the log would have it"


def test_the_new_one_becomes_current(secrets: tuple[Any, Stubber]) -> None:
    made, stubber = secrets
    described(stubber, PENDING)
    stubber.add_response(
        "update_secret_version_stage",
        {},
        {
            "SecretId": ARN,
            "VersionStage": "AWSCURRENT",
            "MoveToVersionId": NEW,
            "RemoveFromVersionId": OLD,
        },
    )
    rotate(made, ARN, NEW, "finishSecret")


@pytest.mark.parametrize("step", ["createSecret", "setSecret", "testSecret", "finishSecret"])
def test_a_step_that_comes_late_changes_nothing(secrets: tuple[Any, Stubber], step: str) -> None:
    made, stubber = secrets
    described(stubber, {NEW: ["AWSCURRENT", "AWSPENDING"]})
    rotate(made, ARN, NEW, step)


@pytest.mark.parametrize(
    ("stages", "enabled", "step", "wrong"),
    [
        (PENDING, False, "createSecret", "is off"),
        ({OLD: ["AWSCURRENT"]}, True, "createSecret", "is not there"),
        ({NEW: ["AWSPREVIOUS"]}, True, "finishSecret", "is not pending"),
        (PENDING, True, "other", "'other' is not known"),
    ],
)
def test_what_is_no_rotation_is_refused(
    secrets: tuple[Any, Stubber], stages: dict[str, list[str]], enabled: bool, step: str, wrong: str
) -> None:
    made, stubber = secrets
    described(stubber, stages, enabled=enabled)
    with pytest.raises(RotationError, match=wrong):
        rotate(made, ARN, NEW, step)


NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("created", "changed", "age", "unset"),
    [
        (100, None, 100, 1),
        (100, 100, 100, 1),
        (100, 99, 99, 0),
        (100, 0, 0, 0),
    ],
)
def test_a_secrets_age_is_that_of_its_last_change(
    secrets: tuple[Any, Stubber], created: int, changed: int | None, age: int, unset: int
) -> None:
    made, stubber = secrets
    answer = {"CreatedDate": NOW - timedelta(days=created)}
    if changed is not None:
        answer["LastChangedDate"] = NOW - timedelta(days=changed)
    stubber.add_response("describe_secret", answer, {"SecretId": "ecommerce/payments"})
    (line,) = report_secret_age.report(made, "Ours", ["ecommerce/payments"], NOW)
    told = json.loads(line)
    assert (told["Secret"], told["AgeDays"], told["Unset"]) == ("ecommerce/payments", age, unset)
    assert told["_aws"]["Timestamp"] == NOW.timestamp() * 1000
    (metrics,) = told["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "Ours"
    assert {metric["Name"] for metric in metrics["Metrics"]} <= told.keys()
    assert all(name in told for names in metrics["Dimensions"] for name in names)
