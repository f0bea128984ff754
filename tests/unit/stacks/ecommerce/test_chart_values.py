"""What Helm is told in the templates, against a schema of what the charts know.

Neither chart carries a schema in its pinned release, so Helm takes a misspelt key without a word. These are ours,
of the keys that the platform uses: the charts' READMEs, "Values" (Karpenter) and "Configuration" (AWS Load Balancer
Controller).
"""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from stacks.ecommerce.compute import charts
from stacks.ecommerce.topology import DEFAULT
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import resources

jsonschema: Any = pytest.importorskip("jsonschema")


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


TEXT = {"type": "string", "minLength": 1}
FLAG = {"type": "boolean"}
# Kubernetes, "Resource Management for Pods and Containers"
QUANTITIES = _object(
    cpu={"type": "string", "pattern": r"^\d+m?$"}, memory={"type": "string", "pattern": r"^\d+(Ki|Mi|Gi)$"}
)
RESOURCES = _object(requests=QUANTITIES, limits=QUANTITIES)
SCHEMAS = {
    charts.KARPENTER.chart: _object(
        serviceAccount=_object(name=TEXT),
        settings=_object(clusterName=TEXT, interruptionQueue=TEXT, isolatedVPC=FLAG, enableZonalShift=FLAG),
        controller=_object(resources=RESOURCES),
    ),
    charts.LOAD_BALANCER_CONTROLLER.chart: _object(
        clusterName=TEXT,
        region={"type": "string", "pattern": r"^[a-z]{2}(-[a-z]+)+-\d$"},
        vpcId=TEXT,
        serviceAccount=_object(name=TEXT),
        resources=RESOURCES,
        podDisruptionBudget=_object(maxUnavailable={"type": "integer", "minimum": 0}),
        createIngressClassResource=FLAG,
        enableServiceMutatorWebhook=FLAG,
        enableShield=FLAG,
        enableWaf=FLAG,
        enableWafv2=FLAG,
        enableBackendSecurityGroup=FLAG,
    ),
    charts.KARPENTER_CRDS.chart: {"type": "object", "maxProperties": 0},
}


def told(region: str) -> dict[str, Any]:
    """Each chart's values; an attribute of another resource as CloudFormation's expression for it."""
    found = {}
    for each in resources(platform()[f"EcommerceCluster-{region}"], "Custom::AWSCDK-EKS-HelmChart"):
        values = each.get("Values", "{}")
        if not isinstance(values, str):
            ((_, (separator, parts)),) = values.items()
            values = separator.join(part if isinstance(part, str) else "<attribute>" for part in parts)
        found[each["Chart"]] = json.loads(values)
    return found


@pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
def test_every_chart_is_told_what_it_knows(region: Any) -> None:
    values = told(region.name)
    assert values.keys() == SCHEMAS.keys()
    for chart, schema in SCHEMAS.items():
        jsonschema.Draft202012Validator(schema).validate(values[chart])


def _misspelt(values: dict[str, Any]) -> None:
    values["settings"]["interruptionQueueName"] = values["settings"].pop("interruptionQueue")


def _no_quantity(values: dict[str, Any]) -> None:
    values["controller"]["resources"]["limits"]["memory"] = "512MB"


def _a_word(values: dict[str, Any]) -> None:
    values["settings"]["isolatedVPC"] = "true"


@pytest.mark.parametrize("change", [_misspelt, _no_quantity, _a_word])
def test_what_it_does_not_know_is_seen(change: Callable[[dict[str, Any]], None]) -> None:
    values = copy.deepcopy(told(DEFAULT.primary.name)[charts.KARPENTER.chart])
    change(values)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMAS[charts.KARPENTER.chart]).validate(values)
