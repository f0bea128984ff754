"""VisitorCounter with a name, a firewall, alarms and a dashboard: CloudFormation makes them and takes them away."""

from collections.abc import Iterator

import pytest

from local.emulator import fidelity
from local.emulator.cloudformation.alarms import EXPRESSIONS
from tests.deploy import inventory
from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess

STACK = "VisitorCounter"
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/01234567-89ab-cdef-0123-456789abcdef"
EXTRAS = (
    f"counter_domain=count.example.org counter_certificate_arn={CERTIFICATE} counter_waf=true "
    "counter_alarm_email=ops@example.org counter_dashboard=true"
)


@pytest.fixture
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verbs]:
    """The verbs, in an account that afterwards has to be as it was before."""
    before = inventory.without_bootstrap(bootstrapped.endpoint)
    found = Verbs(bootstrapped, tmp_path_factory.mktemp("extras") / "assembly")
    yield found
    destroyed = found(f"destroy {STACK} --force")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert inventory.without_bootstrap(bootstrapped.endpoint) == before


def deploy(verbs: Verbs, extras: str = "") -> None:
    given = " ".join(f"-c {setting}" for setting in ("removal_policy=destroy", *extras.split()))
    done = verbs(f"deploy {STACK} --require-approval never {given}")
    assert done.returncode == 0, done.stdout + done.stderr


def alarms(verbs: Verbs) -> set[str]:
    """Namespaces of what is watched."""
    return {each["Namespace"] for each in verbs.client("cloudwatch").describe_alarms()["MetricAlarms"]}


def test_a_plain_counter_gets_them_all_and_its_http_redirects(
    verbs: Verbs, bootstrapped: EmulatorProcess
) -> None:
    deploy(verbs)
    assert alarms(verbs) == {"AWS/ApplicationELB", EXPRESSIONS}
    deploy(verbs, EXTRAS)
    assert alarms(verbs) == {"AWS/ApplicationELB", "AWS/ECS", "AWS/ElastiCache", EXPRESSIONS}
    found = verbs.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    ids = {each["ResourceType"]: each["PhysicalResourceId"] for each in found}

    balancing = verbs.client("elbv2")
    (balancer,) = balancing.describe_load_balancers()["LoadBalancers"]
    listeners = balancing.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    assert {each["Port"] for each in listeners} == {80, 443}
    answer = bootstrapped.request("/api/visits", host=balancer["DNSName"])
    assert answer.status == 301
    assert answer.headers["Location"].startswith("https://")

    (service,) = verbs.client("ecs").describe_services(
        cluster=ids["AWS::ECS::Cluster"], services=[ids["AWS::ECS::Service"]]
    )["services"]
    watched = service["deploymentConfiguration"]["alarms"]
    assert (watched["enable"], watched["rollback"], len(watched["alarmNames"])) == (True, True, 2)

    recorded = {each["type"] for each in bootstrapped.json("/_local/recorded")}
    unexamined = {
        kind
        for kind in ids
        if not kind.startswith("Custom::") and kind not in recorded and kind not in fidelity.TABLE
    }
    assert unexamined == set()
