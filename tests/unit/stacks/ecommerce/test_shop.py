"""What the shop's pods may do, who reaches them, and that nothing refers to what is not there."""

import dataclasses
import itertools
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from stacks.ecommerce.services import PORT, SERVICES
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.ecommerce.traffic.timing import DEREGISTRATION_DELAY
from stacks.ecommerce.workload import shop
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.places import Places
from stacks.ecommerce.workload.programs import PROGRAMS
from tests.unit.stacks.ecommerce.shops import (
    BALANCER,
    DATA,
    containers,
    everywhere,
    objects,
    of_kind,
    places,
    pod_specs,
)

PRIMARY, SECONDARY, TERTIARY = DEFAULT.regions
every_place = pytest.mark.parametrize(
    "given", everywhere(), ids=lambda each: f"{each.region.name}-{each.profile}-{each.writes}"
)


@every_place
def test_every_pod_is_held_to_the_restricted_profile_and_a_read_only_root(given: Places) -> None:
    found = objects(given)
    for name, pod in pod_specs(found).items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        assert spec["enableServiceLinks"] is False, name
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & spec.keys(), name
        assert all("hostPath" not in volume for volume in spec["volumes"]), name
    for name, container in containers(found):
        security = container["securityContext"]
        assert security["runAsUser"] >= 1000, name
        assert security["readOnlyRootFilesystem"] is True, name
        assert security["allowPrivilegeEscalation"] is False, name
        assert security["capabilities"] == {"drop": ["ALL"]}, name


@every_place
def test_every_container_is_pinned_and_limited(given: Places) -> None:
    for name, container in containers(objects(given)):
        assert re.fullmatch(r"public\.ecr\.aws/[a-z/-]+:\d+\.\d+\.\d+", container["image"]), name
        resources = container["resources"]
        assert resources["limits"]["memory"] == resources["requests"]["memory"], name
        assert {"cpu", "memory"} <= resources["limits"].keys(), name


@every_place
def test_every_service_has_all_that_it_needs(given: Places) -> None:
    found = objects(given)
    deployments = of_kind(found, "Deployment")
    for kind in ("PodDisruptionBudget", "ServiceAccount"):
        assert deployments.keys() <= of_kind(found, kind).keys(), kind
    here = {each.name for each in shop.services(given)}
    for kind in ("HorizontalPodAutoscaler", "Service", "TargetGroupBinding", "NetworkPolicy"):
        assert here <= of_kind(found, kind).keys(), kind
    for name in here:
        (container,) = deployments[name]["spec"]["template"]["spec"]["containers"]
        assert {"startupProbe", "readinessProbe", "livenessProbe"} <= container.keys()
        assert container["readinessProbe"]["httpGet"]["path"] == next(
            each.health for each in SERVICES if each.name == name
        )


@every_place
def test_selectors_names_and_ports_meet(given: Places) -> None:
    found = objects(given)
    pods = pod_specs(found)
    labels = {name: pod["metadata"]["labels"].items() for name, pod in pods.items()}
    for name, each in of_kind(found, "Deployment").items():
        assert each["spec"]["selector"]["matchLabels"].items() <= labels[name]
    for name, each in of_kind(found, "PodDisruptionBudget").items():
        assert each["spec"]["selector"]["matchLabels"].items() <= labels[name]
    for name, each in of_kind(found, "Service").items():
        assert each["spec"]["selector"].items() <= labels[name]
        (port,) = each["spec"]["ports"]
        (own,) = pods[name]["spec"]["containers"][0]["ports"]
        # the VPC CNI's network policies want the same number on both sides
        assert (port["port"], port["targetPort"]) == (own["containerPort"], own["name"])
    for each in of_kind(found, "HorizontalPodAutoscaler").values():
        assert each["spec"]["scaleTargetRef"]["name"] in pods
    for each in of_kind(found, "TargetGroupBinding").values():
        assert each["spec"]["serviceRef"]["name"] in of_kind(found, "Service")
    accounts, maps = of_kind(found, "ServiceAccount"), of_kind(found, "ConfigMap")
    classes = of_kind(found, "SecretProviderClass")
    priorities = of_kind(found, "PriorityClass")
    made = {secret["secretName"] for each in classes.values() for secret in each["spec"]["secretObjects"]}
    for name, pod in pods.items():
        spec = pod["spec"]
        assert spec["serviceAccountName"] == name
        assert name in accounts
        assert spec["priorityClassName"] in priorities
        volumes = {volume["name"]: volume for volume in spec["volumes"]}
        for volume in volumes.values():
            if "configMap" in volume:
                assert volume["configMap"]["name"] in maps
            if "csi" in volume:
                assert volume["csi"]["volumeAttributes"]["secretProviderClass"] in classes
            if "secret" in volume:
                assert volume["secret"]["secretName"] in made
        for container in spec["containers"]:
            assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys()
            for variable in container.get("env", []):
                if "valueFrom" in variable:
                    assert variable["valueFrom"]["secretKeyRef"]["name"] in made


@every_place
def test_no_two_objects_have_one_name_and_each_comes_after_its_namespace(given: Places) -> None:
    found = objects(given)
    names = [(each["kind"], each["metadata"]["name"]) for each in found]
    assert len(names) == len(set(names))
    assert names[0] == ("Namespace", "shop")
    assert all(
        each["metadata"].get("namespace", "shop") == "shop" or each["kind"] in ("Namespace", "PriorityClass")
        for each in found
    )


def allowed(found: list[Manifest], source: str, target: str) -> bool:
    """Whether the pods of `source` reach those of `target`: both ends have to say so, where there is a policy."""
    policies = of_kind(found, "NetworkPolicy")

    def named(rules: list[Any], key: str, name: str) -> bool:
        return any(
            {"podSelector": {"matchLabels": {"app.kubernetes.io/name": name}}} in rule[key]
            and {"port": PORT, "protocol": "TCP"} in rule["ports"]
            for rule in rules
        )

    return named(policies[source]["spec"]["egress"], "to", target) and named(
        policies[target]["spec"]["ingress"], "from", source
    )


def test_exactly_the_flows_of_the_sample() -> None:
    found = objects(places(PRIMARY))
    pods = [name for name in pod_specs(found) if not name.endswith("-keeper")]
    flows = {(one, other) for one, other in itertools.permutations(pods, 2) if allowed(found, one, other)}
    assert flows == {
        ("ui", "catalog"),
        ("ui", "cart"),
        ("ui", "checkout"),
        ("checkout", "orders"),
        ("orders-report", "orders"),
    }


@every_place
def test_what_no_policy_names_is_refused(given: Places) -> None:
    policies = of_kind(objects(given), "NetworkPolicy")
    assert policies["deny-all"]["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    open_to_all = {"0.0.0.0/0"}
    for name, policy in policies.items():
        for rule in policy["spec"].get("ingress", []):
            assert rule["from"], f"{name}: an empty list is everybody"
            assert {each["ipBlock"]["cidr"] for each in rule["from"] if "ipBlock" in each} <= set(BALANCER)
        for rule in policy["spec"].get("egress", []):
            assert rule["to"], name
            blocks = {each["ipBlock"]["cidr"] for each in rule["to"] if "ipBlock" in each}
            if blocks & open_to_all:
                assert name in ("cart", "carts-report", "orders", "orders-report")
                assert rule["ports"] == [{"port": 443, "protocol": "TCP"}]


@pytest.mark.parametrize(("name", "port"), [("orders", 5432), ("checkout", 6379)])
def test_data_is_reached_at_its_port_in_the_isolated_subnets(name: str, port: int) -> None:
    rules = of_kind(objects(places(PRIMARY)), "NetworkPolicy")[name]["spec"]["egress"]
    (rule,) = (each for each in rules if {"ipBlock": {"cidr": DATA[0]}} in each["to"])
    assert [each["ipBlock"]["cidr"] for each in rule["to"]] == list(DATA)
    assert rule["ports"] == [{"port": port, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("region", "writing", "expected"),
    [
        (PRIMARY, "us-east-1", {"checkout": None, "orders": None}),
        (SECONDARY, "us-east-1", {"checkout": 0, "orders": 0}),
        (TERTIARY, "us-east-1", {}),
        (PRIMARY, "eu-west-1", {"checkout": 0, "orders": 0}),
        (SECONDARY, "eu-west-1", {"checkout": None, "orders": None}),
    ],
)
def test_only_the_region_that_writes_has_pods_that_write(
    region: Region, writing: str, expected: dict[str, int | None]
) -> None:
    """A Deployment without a number is the autoscaler's; one of 0 waits for the failover."""
    found = objects(places(region, writing=writing))
    deployments = of_kind(found, "Deployment")
    assert {
        name: each["spec"].get("replicas")
        for name, each in deployments.items()
        if name in ("checkout", "orders")
    } == expected
    assert all("replicas" not in deployments[name]["spec"] for name in ("ui", "catalog", "cart"))
    assert bool(of_kind(found, "CronJob")) == (region.name == writing)


def variables(found: list[Manifest], name: str) -> dict[str, Any]:
    (container,) = pod_specs(found)[name]["spec"]["containers"]
    return {each["name"]: each.get("value", each.get("valueFrom")) for each in container["env"]}


@pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
def test_the_ui_is_never_left_without_an_address(region: Region) -> None:
    """Without one the sample takes the order into its memory, and the customer never gets anything."""
    given = variables(objects(places(region)), "ui")
    for name in ("CATALOG", "CARTS", "CHECKOUT"):
        assert given[f"RETAIL_UI_ENDPOINTS_{name}"].endswith(f".shop.svc.cluster.local:{PORT}")
    assert given["RETAIL_UI_ENDPOINTS_ORDERS"] == "false", "/proxy/orders would list every customer's orders"


@pytest.mark.parametrize("region", [PRIMARY, SECONDARY], ids=lambda region: region.name)
def test_the_database_is_asked_by_verified_tls_with_the_regions_authorities(region: Region) -> None:
    found = objects(places(region))
    given = variables(found, "orders")
    assert given["RETAIL_ORDERS_PERSISTENCE_ENDPOINT"] == "orders.example.org:5432"
    name, _, query = given["RETAIL_ORDERS_PERSISTENCE_NAME"].partition("?")
    options = dict(each.split("=") for each in query.split("&"))
    assert (name, options["sslmode"]) == ("orders", "verify-full")
    (mount,) = (
        each["mountPath"]
        for each in pod_specs(found)["orders"]["spec"]["containers"][0]["volumeMounts"]
        if each["name"] == "database-certificates"
    )
    file = options["sslrootcert"].removeprefix(f"{mount}/")
    authorities = of_kind(found, "ConfigMap")["database-certificates"]["data"][file]
    assert authorities.count("BEGIN CERTIFICATE") == 3


def test_the_caches_password_is_before_the_url_that_has_it() -> None:
    """`$(NAME)` is filled in only when NAME comes earlier."""
    given = variables(objects(places(PRIMARY)), "checkout")
    url = given["RETAIL_CHECKOUT_PERSISTENCE_REDIS_URL"]
    assert url == "rediss://$(CACHE_USERNAME):$(CACHE_PASSWORD)@cache.example.org:6379"
    order = list(given)
    for name in re.findall(r"\$\((\w+)\)", url):
        assert order.index(name) < order.index("RETAIL_CHECKOUT_PERSISTENCE_REDIS_URL")
    assert given["CACHE_PASSWORD"]["secretKeyRef"]["name"] == "checkout-cache"


def test_orders_are_told_to_the_queue_where_there_is_one() -> None:
    told = variables(objects(places(PRIMARY)), "orders")
    assert told["RETAIL_ORDERS_MESSAGING_PROVIDER"] == "sqs"
    assert told["RETAIL_ORDERS_MESSAGING_SQS_TOPIC"] == "ecommerce-order-events"
    assert told["AWS_REGION"] == "us-east-1"
    without = variables(objects(dataclasses.replace(places(PRIMARY), order_events=None)), "orders")
    assert without["RETAIL_ORDERS_MESSAGING_PROVIDER"] == "in-memory"


def test_no_secret_is_text() -> None:
    text = json.dumps(objects(places(PRIMARY)))
    assert '"kind": "Secret"' not in text
    for variable in ("RETAIL_ORDERS_PERSISTENCE_PASSWORD", "CACHE_PASSWORD"):
        assert re.search(rf'"name": "{variable}", "valueFrom"', text)


@pytest.mark.parametrize("name", ["orders", "checkout"])
def test_a_rotated_password_restarts_the_program(name: str) -> None:
    found = objects(places(PRIMARY))
    (container,) = pod_specs(found)[name]["spec"]["containers"]
    *_, command = container["livenessProbe"]["exec"]["command"]
    (variable,) = re.findall(r'= "\$(\w+)"', command)
    assert variable in variables(found, name)
    (folder,) = re.findall(r"cat (\S+)/password", command)
    assert folder in [mount["mountPath"] for mount in container["volumeMounts"]]


def test_fargates_pods_ask_for_nothing_that_fargate_has_not() -> None:
    pod = pod_specs(objects(places(PRIMARY)))["checkout"]
    assert pod["metadata"]["labels"]["compute"] == "fargate"
    assert not {"nodeSelector", "topologySpreadConstraints", "affinity", "tolerations"} & pod["spec"].keys()
    assert all("csi" not in volume for volume in pod["spec"]["volumes"])
    others = [each for name, each in pod_specs(objects(places(PRIMARY))).items() if name != "checkout"]
    assert all("compute" not in each["metadata"]["labels"] for each in others)
    assert all(each["spec"]["nodeSelector"]["kubernetes.io/arch"] == "arm64" for each in others)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_pod_answers_until_the_load_balancer_has_let_it_go(name: str) -> None:
    spec = pod_specs(objects(places(PRIMARY)))[name]["spec"]
    waits = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert waits > DEREGISTRATION_DELAY
    assert spec["terminationGracePeriodSeconds"] > waits + PROGRAMS[name].stop_seconds


def test_batch_runs_on_spot_alone_after_everybody_else() -> None:
    found = objects(places(PRIMARY))
    for name in of_kind(found, "CronJob"):
        spec = pod_specs(found)[name]["spec"]
        assert spec["tolerations"] == [
            {"key": "workload", "operator": "Equal", "value": "batch", "effect": "NoSchedule"}
        ]
        assert spec["nodeSelector"]["workload"] == "batch"
        assert of_kind(found, "PriorityClass")[spec["priorityClassName"]]["value"] < 0


def test_the_quota_admits_every_autoscaler_at_its_most() -> None:
    for given in everywhere():
        found = objects(given)
        hard = of_kind(found, "ResourceQuota")["shop"]["spec"]["hard"]
        pods = sum(each["spec"]["maxReplicas"] for each in of_kind(found, "HorizontalPodAutoscaler").values())
        assert int(hard["pods"]) > pods
        assert (hard["services.loadbalancers"], hard["services.nodeports"]) == ("0", "0")


@pytest.mark.parametrize("profile", ["standard", "peak"])
def test_a_zone_may_fail_in_every_region(profile: Any) -> None:
    for region in DEFAULT.regions:
        found = objects(places(region, profile=profile))
        for each in of_kind(found, "HorizontalPodAutoscaler").values():
            assert each["spec"]["minReplicas"] >= 3


def test_any_region_can_grow_to_what_the_primary_needs() -> None:
    def bounds(region: Region) -> dict[str, tuple[int, int]]:
        found = of_kind(
            objects(places(region, profile="peak", writing=region.name)), "HorizontalPodAutoscaler"
        )
        return {
            name: (each["spec"]["minReplicas"], each["spec"]["maxReplicas"]) for name, each in found.items()
        }

    primary, secondary, tertiary = (bounds(region) for region in DEFAULT.regions)
    for name, (least, _) in primary.items():
        assert secondary[name][1] >= least
        assert secondary[name][0] <= least
    assert all(tertiary[name][1] >= primary[name][0] for name in tertiary)
    assert (primary["ui"][0], secondary["ui"][0], tertiary["ui"][0]) == (20, 10, 5)


@every_place
def test_every_service_can_send_its_traces_to_where_it_is_told(given: Places) -> None:
    found = objects(given)
    for each in shop.services(given):
        told = variables(found, each.name)
        assert told["OTEL_SERVICE_NAME"] == each.name
        _, namespace, *_ = told["OTEL_EXPORTER_OTLP_ENDPOINT"].split(".")
        port = int(told["OTEL_EXPORTER_OTLP_ENDPOINT"].rsplit(":", 1)[1])
        rules = of_kind(found, "NetworkPolicy")[each.name]["spec"]["egress"]
        assert any(
            namespace in json.dumps(rule["to"]) and rule["ports"] == [{"port": port, "protocol": "TCP"}]
            for rule in rules
        )


def test_it_is_made_without_the_cdk() -> None:
    code = "import sys, stacks.ecommerce.workload.shop; sys.exit('aws_cdk' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
