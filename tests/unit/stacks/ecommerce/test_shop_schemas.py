"""Each Kubernetes object against the API's schema of the cluster's version, unknown fields refused."""

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
import yaml

from review import kubernetes
from stacks.ecommerce.topology import DEFAULT
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.places import Places
from tests.unit.stacks.ecommerce.kubernetes_schemas import SCHEMAS, SECRET_OBJECTS
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.shops import VERSION, everywhere, objects, of_kind, places

validator: Any = pytest.importorskip("kubernetes_validate.utils")
jsonschema: Any = pytest.importorskip("jsonschema")

every_place = pytest.mark.parametrize(
    "given", everywhere(), ids=lambda each: f"{each.region.name}-{each.profile}-{each.writes}"
)


def check(manifest: Manifest) -> None:
    """Raises jsonschema's ValidationError."""
    _check(json.dumps(manifest, sort_keys=True))


@cache  # most objects are alike in all places, and each takes a hundredth of a second
def _check(written: str) -> None:
    manifest = json.loads(written)
    if schema := SCHEMAS.get(manifest["kind"]):
        jsonschema.Draft202012Validator(schema).validate(manifest)
        if manifest["kind"] == "SecretProviderClass":
            listed = yaml.safe_load(manifest["spec"]["parameters"]["objects"])
            jsonschema.Draft202012Validator(SECRET_OBJECTS).validate(listed)
    else:
        assert validator.validate(manifest, VERSION, strict=True) == VERSION


@every_place
def test_every_object_is_what_the_api_takes(given: Places) -> None:
    for manifest in objects(given):
        check(manifest)


@pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
def test_so_is_what_the_templates_have(region: Any) -> None:
    steps = kubernetes.manifests(platform()[f"EcommerceWorkload-{region.name}"])
    assert [name.rstrip("0123456789ABCDEF") for name in steps] == ["Foundation", "Entrances", "Pods"]
    for manifest in (each for step in steps.values() for each in step):
        check(manifest)


def _set(*path: Any, to: Any) -> Callable[[Manifest], None]:
    def change(manifest: Manifest) -> None:
        found: Any = manifest
        for key in path[:-1]:
            found = found[key]
        found[path[-1]] = to

    return change


CONTAINER = ("spec", "template", "spec", "containers", 0)


@pytest.mark.parametrize(
    ("kind", "name", "change"),
    [
        ("Deployment", "ui", _set(*CONTAINER, "readOnlyRoot", to=True)),
        ("Deployment", "ui", _set(*CONTAINER, "ports", 0, "containerPort", to="8080")),
        ("Deployment", "ui", _set("spec", "replica", to=2)),
        ("Deployment", "cart", _set(*CONTAINER, "lifecycle", "preStop", "sleep", to=25)),
        (
            "HorizontalPodAutoscaler",
            "ui",
            _set("spec", "behavior", "scaleUp", "policies", 0, "period", to=15),
        ),
        ("PodDisruptionBudget", "ui", _set("spec", "unhealthyPodEvictionPolicy", to=True)),
        ("NetworkPolicy", "ui", _set("spec", "egres", to=[])),
        ("CronJob", "carts-report", _set("spec", "jobTemplate", "spec", "backoffLimit", to="3")),
        ("Namespace", "shop", _set("metadata", "labels", "x", to=1)),
        ("ServiceAccount", "ui", _set("automountServiceAccountToken", to="false")),
        ("TargetGroupBinding", "ui", _set("spec", "targetGroupArn", to="arn:x")),
        ("TargetGroupBinding", "ui", _set("spec", "targetType", to="pod")),
        ("SecretProviderClass", "orders-database", _set("spec", "parameters", "usePodIdentity", to=True)),
        (
            "SecretProviderClass",
            "orders-database",
            _set("spec", "parameters", "objects", to='[{"name": "x"}]'),
        ),
    ],
)
def test_a_mistake_would_be_found(kind: str, name: str, change: Callable[[Manifest], None]) -> None:
    manifest = copy.deepcopy(of_kind(objects(places(DEFAULT.primary)), kind)[name])
    check(manifest)
    change(manifest)
    with pytest.raises((jsonschema.ValidationError, validator.ValidationError)):
        check(manifest)


def test_the_yaml_is_what_the_template_has(tmp_path: Any) -> None:
    template = platform()["EcommerceWorkload-us-east-1"]
    (tmp_path / "EcommerceWorkload-us-east-1.template.json").write_text(json.dumps(template))
    (tmp_path / "Other-eu-west-1.template.json").write_text('{"Resources": {}}')
    documents = list(yaml.safe_load_all("---\n".join(kubernetes.of_assembly(tmp_path, "us-east-1"))))
    assert documents == [each for step in kubernetes.manifests(template).values() for each in step]
    assert documents[0]["kind"] == "Namespace"
    assert list(kubernetes.of_assembly(tmp_path, "eu-west-1")) == []
