"""Key value stores: their API's limits, their life as resources, and what a restart leaves of them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.emulator_process import Answer, EmulatorProcess
from tests.deploy.key_values import KeyValues
from tests.deploy.test_emulator_failures import Stacks

# The answer is the key's value; the path names the key.
_READ = """
import cf from 'cloudfront';
async function handler(event) {
    const kvs = cf.kvs();
    return {statusCode: 200, body: await kvs.get(event.request.uri.slice(1))};
}
"""


def _function(store: object, *, runtime: str = "cloudfront-js-2.0") -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFront::Function",
        "Properties": {
            "Name": "reader",
            "AutoPublish": True,
            "FunctionCode": _READ,
            "FunctionConfig": {
                "Comment": "",
                "Runtime": runtime,
                "KeyValueStoreAssociations": [{"KeyValueStoreARN": store}],
            },
        },
    }


def _resources(name: str = "values", comment: str = "first") -> dict[str, Any]:
    return {
        "Values": {
            "Type": "AWS::CloudFront::KeyValueStore",
            "Properties": {"Name": name, "Comment": comment},
        },
        "Reader": _function({"Fn::GetAtt": ["Values", "Arn"]}),
        "Cdn": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "Origins": [
                        {
                            "Id": "none",
                            "DomainName": "origin.invalid",
                            "CustomOriginConfig": {"OriginProtocolPolicy": "http-only"},
                        }
                    ],
                    "DefaultCacheBehavior": {
                        "TargetOriginId": "none",
                        "ViewerProtocolPolicy": "allow-all",
                        "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
                        "FunctionAssociations": [
                            {
                                "EventType": "viewer-request",
                                "FunctionARN": {"Fn::GetAtt": ["Reader", "FunctionARN"]},
                            }
                        ],
                    },
                }
            },
        },
    }


def _store(stacks: Stacks, name: str = "values") -> dict[str, Any]:
    found: dict[str, Any] = stacks.client("cloudfront").describe_key_value_store(Name=name)["KeyValueStore"]
    return found


def _read(emulator: EmulatorProcess, key: str) -> Answer:
    """What the one distribution answers for a key."""
    cloudfront = Stacks(emulator).client("cloudfront")
    (distribution,) = cloudfront.list_distributions()["DistributionList"]["Items"]
    label = distribution["DomainName"].partition(".")[0]
    return emulator.get(f"/{key}", host=f"{label}.cloudfront.localhost:{emulator.port}")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    """An emulator of this module alone, to be restarted; a stack with a store, its reader and a distribution."""
    folder: Path = tmp_path_factory.mktemp("key-values")
    process = EmulatorProcess(folder)
    process.start()
    assert Stacks(process).create("values", _resources()) == "CREATE_COMPLETE"
    yield process
    process.kill()


@pytest.fixture
def stacks(own: EmulatorProcess) -> Stacks:
    """The emulator's stacks."""
    return Stacks(own)


@pytest.fixture
def values(own: EmulatorProcess, stacks: Stacks) -> KeyValues:
    """The contents of the stack's store."""
    return KeyValues(own, _store(stacks)["ARN"])


def _error(answer: Answer) -> tuple[int, str]:
    return answer.status, json.loads(answer.body)["__type"]


@pytest.mark.parametrize("key", ["plain", "a/b c", "100%41", "ключ", "keys/keys"])
@pytest.mark.parametrize("encoded", [True, False], ids=["encoded", "plain"])
def test_every_key_is_found_under_its_own_name(
    own: EmulatorProcess, stacks: Stacks, key: str, encoded: bool
) -> None:
    contents = KeyValues(own, _store(stacks)["ARN"], encoded=encoded)
    assert contents.put(key, "value").status == 200
    assert json.loads(contents.get(key).body)["Key"] == key
    assert contents.delete(key).status == 200
    assert _error(contents.get(key)) == (404, "ResourceNotFoundException")


def test_a_change_of_another_version_is_a_conflict(values: KeyValues) -> None:
    old = str(values.describe().headers["etag"])
    changed = values.update({"a": "1"}, etag=old)
    assert changed.status == 200
    assert changed.headers["etag"] == values.describe().headers["etag"] != old
    assert _error(values.update({"a": "2"}, etag=old)) == (409, "ConflictException")
    assert _error(values.put("a", "2", etag=old)) == (409, "ConflictException")


def test_limits(values: KeyValues) -> None:
    before = values.describe()
    refused = 400, "ValidationException"
    assert _error(values.put("a", "x" * 1025)) == refused
    assert _error(values.update({"fits": "", "a": "ü" * 513})) == refused
    assert _error(values.update({"k" * 513: ""})) == refused
    assert _error(values.update({f"k{n}": "" for n in range(50)}, "one-more")) == refused
    assert values.describe().headers["etag"] == before.headers["etag"]
    assert values.describe().body == before.body
    assert values.update({"k" * 512: "x" * 1024, **{f"k{n}": "" for n in range(49)}}).status == 200
    assert json.loads(values.describe().body)["ItemCount"] >= 50


def test_a_store_may_hold_five_megabytes(own: EmulatorProcess, stacks: Stacks) -> None:
    assert stacks.create("large", {"Large": _resources("large")["Values"]}) == "CREATE_COMPLETE"
    large = KeyValues(own, _store(stacks, "large")["ARN"])
    for batch in range(102):
        assert large.update({f"{batch * 50 + n:010}": "x" * 1014 for n in range(50)}).status == 200
    assert _error(large.update({f"last-{n}": "x" * 1024 for n in range(50)})) == (
        402,
        "ServiceQuotaExceededException",
    )
    stacks.delete("large")


def test_the_function_sees_each_change_at_once(own: EmulatorProcess, values: KeyValues) -> None:
    for n in range(25):
        assert values.put("count", str(n)).status == 200
        assert _read(own, "count").text == str(n)
    assert _read(own, "nowhere").status == 503


def test_a_store_in_use_cannot_be_deleted(stacks: Stacks) -> None:
    cloudfront = stacks.client("cloudfront")
    etag = cloudfront.describe_key_value_store(Name="values")["ETag"]
    with pytest.raises(cloudfront.exceptions.CannotDeleteEntityWhileInUse):
        cloudfront.delete_key_value_store(Name="values", IfMatch=etag)


@pytest.mark.parametrize(
    ("resources", "said"),
    [
        ({"Other": _resources()["Values"]}, "already exists"),
        (
            {"Reader": _function("arn:aws:cloudfront::000000000000:key-value-store/" + "0" * 36)},
            "was not found",
        ),
        ({"Reader": _function({"Ref": "Old"}, runtime="cloudfront-js-1.0")}, "cloudfront-js-2.0"),
    ],
    ids=["a name that is taken", "no such store", "old runtime"],
)
def test_what_aws_refuses(stacks: Stacks, resources: dict[str, Any], said: str, request: Any) -> None:
    parts = json.loads(json.dumps(resources).replace('{"Ref": "Old"}', json.dumps(_store(stacks)["ARN"])))
    for part in parts.values():
        if part["Type"].endswith("Function"):
            part["Properties"]["Name"] = "another-reader"
    stack = f"refused-{request.node.callspec.indices['resources']}"
    assert stacks.create(stack, parts) == "ROLLBACK_COMPLETE"
    assert said in stacks.reasons(stack)


def test_a_store_of_the_api_has_its_id_in_its_arn(own: EmulatorProcess, stacks: Stacks) -> None:
    cloudfront = stacks.client("cloudfront")
    created = cloudfront.create_key_value_store(Name="by-api", Comment="c")
    store = created["KeyValueStore"]
    assert store["ARN"].endswith(f":key-value-store/{store['Id']}")
    assert store == _store(stacks, "by-api")
    assert cloudfront.list_tags_for_resource(Resource=store["ARN"])["Tags"]["Items"] == []
    contents = KeyValues(own, store["ARN"])
    assert contents.put("a", "1").status == 200
    cloudfront.delete_key_value_store(Name="by-api", IfMatch=created["ETag"])
    assert contents.get("a").status == 404


# --- its life: these run in order, after all others ------------------------------------------------------


def test_the_contents_are_there_after_a_restart(
    own: EmulatorProcess, stacks: Stacks, values: KeyValues
) -> None:
    assert values.put("kept", "over a restart").status == 200
    described, etag = values.describe().body, values.describe().headers["etag"]
    own.stop()
    own.start()
    assert (values.describe().body, values.describe().headers["etag"]) == (described, etag)
    assert _read(own, "kept").text == "over a restart"
    assert _store(stacks)["Comment"] == "first"


def test_a_comment_changes_in_place(own: EmulatorProcess, stacks: Stacks) -> None:
    before = _store(stacks)
    assert stacks.update("values", _resources(comment="second")) == "UPDATE_COMPLETE"
    assert (_store(stacks)["ARN"], _store(stacks)["Comment"]) == (before["ARN"], "second")
    assert _read(own, "kept").text == "over a restart"


def test_a_new_name_is_a_new_store(own: EmulatorProcess, stacks: Stacks, values: KeyValues) -> None:
    assert stacks.update("values", _resources("renamed")) == "UPDATE_COMPLETE"
    assert values.describe().status == 404
    assert _read(own, "kept").status == 503
    assert KeyValues(own, _store(stacks, "renamed")["ARN"]).put("kept", "anew").status == 200
    assert _read(own, "kept").text == "anew"


def test_a_deleted_stack_leaves_no_contents(own: EmulatorProcess, stacks: Stacks) -> None:
    contents = KeyValues(own, _store(stacks, "renamed")["ARN"])
    stacks.delete("values")
    assert contents.get("kept").status == 404
    assert stacks.create("values", {"Values": _resources("renamed")["Values"]}) == "CREATE_COMPLETE"
    assert KeyValues(own, _store(stacks, "renamed")["ARN"]).get("kept").status == 404
