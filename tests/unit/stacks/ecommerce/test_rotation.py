"""The rotation of passwords, step by step, with a Secrets Manager that keeps what it is told."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stacks.ecommerce.data.rotation.cache import CacheUser
from stacks.ecommerce.data.rotation.database import DatabaseInstance
from stacks.ecommerce.data.rotation.steps import PASSWORD_LENGTH, RotationError, rotate
from tests.unit.stacks.ecommerce.platform import compose
from tests.unit.stacks.synthesis import resources

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
OLD = {"username": "shop", "password": "old"}


class Manager:
    """What of Secrets Manager a rotation uses."""

    class exceptions:  # noqa: N801  # as boto3 calls it
        class ResourceNotFoundException(Exception):  # noqa: N818
            pass

    def __init__(self) -> None:
        self.enabled = True
        self.values = {"first": json.dumps(OLD)}
        self.stages = {"first": ["AWSCURRENT"], "second": ["AWSPENDING"]}

    def describe_secret(self, **_: str) -> dict[str, Any]:
        return {"RotationEnabled": self.enabled, "VersionIdsToStages": self.stages}

    def get_secret_value(self, **asked: str) -> dict[str, str]:
        version = asked.get("VersionId") or next(
            name for name, stages in self.stages.items() if asked["VersionStage"] in stages
        )
        if version not in self.values:
            raise self.exceptions.ResourceNotFoundException
        return {"SecretString": self.values[version]}

    def put_secret_value(self, **asked: Any) -> None:
        self.values[asked["ClientRequestToken"]] = asked["SecretString"]
        self.stages[asked["ClientRequestToken"]] = asked["VersionStages"]

    def update_secret_version_stage(self, **asked: str) -> None:
        self.stages[asked["RemoveFromVersionId"]].remove(asked["VersionStage"])
        self.stages[asked["MoveToVersionId"]].append(asked["VersionStage"])

    def current(self) -> dict[str, str]:
        value: dict[str, str] = json.loads(self.get_secret_value(VersionStage="AWSCURRENT")["SecretString"])
        return value


class Door:
    """Takes any password."""

    def __init__(self) -> None:
        self.passwords: list[tuple[str, str]] = []

    def set_password(self, *, current: str, pending: str) -> None:
        self.passwords.append((current, pending))

    def wait_until_set(self) -> None:
        assert self.passwords


def run(step: str, manager: Manager, door: Any, version: str = "second") -> None:
    rotate({"SecretId": "s", "ClientRequestToken": version, "Step": step}, manager=manager, target=door)


def test_a_rotation_ends_with_a_password_that_opens_and_keeps_the_user() -> None:
    manager, door = Manager(), Door()
    for step in STEPS:
        run(step, manager, door)
    new = manager.current()
    assert new["username"] == "shop"
    assert len(new["password"]) == PASSWORD_LENGTH
    assert new["password"].isalnum(), "it goes into a URL"
    assert door.passwords == [("old", new["password"])]


@pytest.mark.parametrize("failed", STEPS)
def test_a_step_that_is_called_again_does_no_harm(failed: str) -> None:
    manager, door = Manager(), Door()
    for step in STEPS:
        run(step, manager, door)
        if step == failed:
            before = dict(manager.values)
            run(step, manager, door)
            assert manager.values == before, "a second call must not make another password"
    assert set(door.passwords) == {("old", manager.current()["password"])}


def test_what_secrets_manager_must_not_ask_is_refused() -> None:
    manager = Manager()
    with pytest.raises(RotationError, match="neither current nor pending"):
        run("createSecret", manager, Door(), version="third")
    with pytest.raises(RotationError, match="no step"):
        run("dropSecret", manager, Door())
    manager.enabled = False
    with pytest.raises(RotationError, match="not to be rotated"):
        run("createSecret", manager, Door())
    assert manager.current() == OLD


class Rds:
    """An instance that takes its time."""

    def __init__(self, *answers: tuple[str, dict[str, str]]) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def modify_db_instance(self, **asked: Any) -> None:
        self.asked.append(asked)

    def describe_db_instances(self, **_: str) -> dict[str, Any]:
        status, waiting = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return {"DBInstances": [{"DBInstanceStatus": status, "PendingModifiedValues": waiting}]}


def test_a_database_is_asked_at_once_and_waited_for() -> None:
    rds = Rds(
        ("available", {"MasterUserPassword": "****"}), ("resetting-master-credentials", {}), ("available", {})
    )
    instance = DatabaseInstance(rds, "orders", pause=0)
    instance.set_password(current="old", pending="new")
    assert rds.asked == [
        {"DBInstanceIdentifier": "orders", "MasterUserPassword": "new", "ApplyImmediately": True}
    ]
    instance.wait_until_set()
    assert len(rds.answers) == 1, "it has waited for the last"


def test_a_database_that_does_not_come_back_fails_the_rotation() -> None:
    with pytest.raises(RotationError, match="database orders is failed"):
        DatabaseInstance(Rds(("failed", {})), "orders", patience=0, pause=0).wait_until_set()


class ElastiCache:
    """A user that is changed for a while."""

    def __init__(self, *statuses: str) -> None:
        self.statuses = list(statuses)
        self.asked: list[dict[str, Any]] = []

    def modify_user(self, **asked: Any) -> None:
        self.asked.append(asked)

    def describe_users(self, **_: str) -> dict[str, Any]:
        return {"Users": [{"Status": self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]}]}


def test_a_cache_takes_the_old_password_until_the_next_rotation() -> None:
    elasticache = ElastiCache("modifying", "active")
    user = CacheUser(elasticache, "checkout", pause=0)
    user.set_password(current="old", pending="new")
    (asked,) = elasticache.asked
    assert asked["AuthenticationMode"]["Passwords"] == ["old", "new"]
    user.wait_until_set()
    with pytest.raises(RotationError, match="user checkout is modifying"):
        CacheUser(ElastiCache("modifying"), "checkout", patience=0, pause=0).wait_until_set()


def test_the_asset_is_the_folder_and_lambda_finds_its_handlers(tmp_path: Path) -> None:
    """As Lambda does: the asset alone on the path, nothing of this project beside it."""
    compose(tmp_path, {"ecommerce_regions": "us-east-1"}).synth()
    handlers = set()
    for template in tmp_path.glob("Ecommerce*.template.json"):
        for function in resources(json.loads(template.read_text()), "AWS::Lambda::Function"):
            if function["Handler"].startswith("rotation."):
                handlers.add(function["Handler"])
                asset = tmp_path / f"asset.{function['Code']['S3Key'].removesuffix('.zip')}"
    assert handlers == {"rotation.database.handle", "rotation.cache.handle"}
    assert {str(path.relative_to(asset)) for path in asset.rglob("*") if path.is_file()} == {
        f"rotation/{name}.py" for name in ("__init__", "cache", "database", "steps")
    }
    code = "import rotation.cache, rotation.database; rotation.cache.handle, rotation.database.handle"
    moved = shutil.copytree(asset, tmp_path / "task")
    environment = {**os.environ, "PYTHONPATH": str(moved)}
    subprocess.run([sys.executable, "-c", code], cwd=moved, env=environment, check=True)
