"""VisitorCounter with what is off by default: CloudFormation makes it, changes it and takes it away.

The tests share one stack and go through its life in order; each leaves it deployed for the next.
"""

import http.server
import threading
from collections.abc import Iterator

import pytest

from local.emulator import fidelity
from local.emulator.cloudformation.alarms import EXPRESSIONS
from tests.deploy import inventory
from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_echo import EchoHandler
from tests.deploy.emulator_process import EmulatorProcess

pytestmark = pytest.mark.thorough

STACK = "VisitorCounter"
SERVICE = "counter_deployment=blue-green counter_exec=true counter_spot_percent=50 redis_engine=redis"
CERTIFICATE = "arn:aws:acm:us-east-1:000000000000:certificate/01234567-89ab-cdef-0123-456789abcdef"
EXTRAS = (
    f"counter_domain=count.example.org counter_certificate_arn={CERTIFICATE} counter_waf=true "
    "counter_alarm_email=ops@example.org counter_dashboard=true"
)
NETWORK = "egress=endpoints counter_exec=true redis_mode=serverless s3_prefix_list=pl-63a5400a"


@pytest.fixture(scope="module")
def verbs(bootstrapped: EmulatorProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verbs]:
    """The verbs, in an account that afterwards has to be as it was before."""
    before = inventory.without_bootstrap(bootstrapped.endpoint)
    found = Verbs(bootstrapped, tmp_path_factory.mktemp("choices") / "assembly")
    yield found
    destroyed = found(f"destroy {STACK} --force")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    assert inventory.without_bootstrap(bootstrapped.endpoint) == before


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    """A process that stands for a task."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield running
        running.shutdown()


def deploy(verbs: Verbs, choice: str) -> None:
    given = " ".join(f"-c {setting}" for setting in ("removal_policy=destroy", *choice.split()))
    done = verbs(f"deploy {STACK} --require-approval never {given}")
    assert done.returncode == 0, done.stdout + done.stderr


def deployed(verbs: Verbs) -> dict[str, str]:
    """Physical id by type; of a type that is there several times, one of them."""
    found = verbs.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {each["ResourceType"]: each["PhysicalResourceId"] for each in found}


def environment(verbs: Verbs) -> dict[str, str]:
    arn = deployed(verbs)["AWS::ECS::TaskDefinition"]
    definition = verbs.client("ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
    (container,) = definition["containerDefinitions"]
    return {each["name"]: each["value"] for each in container["environment"]}


def alarms(verbs: Verbs) -> set[str]:
    """Namespaces of what is watched."""
    return {each["Namespace"] for each in verbs.client("cloudwatch").describe_alarms()["MetricAlarms"]}


def unexamined(verbs: Verbs, emulator: EmulatorProcess) -> set[str]:
    """Types of the stack that docs/emulator.md says nothing of."""
    recorded = {each["type"] for each in emulator.json("/_local/recorded")}
    return {
        kind
        for kind in deployed(verbs)
        if not kind.startswith("Custom::") and kind not in recorded and kind not in fidelity.TABLE
    }


def test_isolated_tasks_with_a_serverless_redis(verbs: Verbs, bootstrapped: EmulatorProcess) -> None:
    deploy(verbs, NETWORK)
    found = deployed(verbs)
    cache = verbs.client("elasticache")
    (user,) = (
        each for each in cache.describe_users()["Users"] if each["UserId"] == found["AWS::ElastiCache::User"]
    )
    assert environment(verbs)["REDIS_USERNAME"] == user["UserName"]
    assert environment(verbs)["REDIS_HOST"]
    vpc = [{"Name": "vpc-id", "Values": [found["AWS::EC2::VPC"]]}]
    endpoints = verbs.client("ec2").describe_vpc_endpoints(Filters=vpc)["VpcEndpoints"]
    assert len(endpoints) == 7  # six interfaces and the gateway
    assert unexamined(verbs, bootstrapped) == set()


def test_it_becomes_one_on_nodes_with_blue_green_and_still_answers(
    verbs: Verbs, bootstrapped: EmulatorProcess, server: http.server.ThreadingHTTPServer
) -> None:
    deploy(verbs, SERVICE)
    found = deployed(verbs)
    assert "AWS::ECS::ClusterCapacityProviderAssociations" in found
    (service,) = verbs.client("ecs").describe_services(
        cluster=found["AWS::ECS::Cluster"], services=[found["AWS::ECS::Service"]]
    )["services"]
    balancing = verbs.client("elbv2")
    (target_group,) = (each["targetGroupArn"] for each in service["loadBalancers"])
    (listener,) = balancing.describe_listeners(
        LoadBalancerArn=found["AWS::ElasticLoadBalancingV2::LoadBalancer"]
    )["Listeners"]
    rules = balancing.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    assert "50000" in {rule["Priority"] for rule in rules}
    # Nothing but the rule leads to the tasks now: it has to be what answers.
    targets = [{"Id": "127.0.0.1", "Port": server.server_port}]
    balancing.register_targets(TargetGroupArn=target_group, Targets=targets)
    (balancer,) = balancing.describe_load_balancers(
        LoadBalancerArns=[found["AWS::ElasticLoadBalancingV2::LoadBalancer"]]
    )["LoadBalancers"]
    assert bootstrapped.get("/api/visits", host=balancer["DNSName"]).status == 200
    balancing.deregister_targets(TargetGroupArn=target_group, Targets=targets)


def test_it_gets_a_name_a_firewall_alarms_and_a_dashboard(
    verbs: Verbs, bootstrapped: EmulatorProcess
) -> None:
    assert alarms(verbs) == {"AWS/ApplicationELB", EXPRESSIONS}
    deploy(verbs, EXTRAS)
    assert alarms(verbs) == {"AWS/ApplicationELB", "AWS/ECS", "AWS/ElastiCache", EXPRESSIONS}
    ids = deployed(verbs)
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
    assert unexamined(verbs, bootstrapped) == set()
