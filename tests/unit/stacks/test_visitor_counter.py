"""VisitorCounter as CloudFormation gets it."""

import json
from pathlib import Path

import pytest
from aws_cdk import App, Environment

from stacks.settings import Settings
from stacks.visitor_counter import VisitorCounter
from tests.unit.stacks.synthesis import FEATURE_FLAGS, Template, assembly, only, resources, template

STACK = "VisitorCounter"


def group_id(found: Template, description: str) -> str:
    """Logical id of the security group with this description."""
    names: list[str] = [
        name
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::EC2::SecurityGroup" and each["Properties"]["GroupDescription"] == description
    ]
    (name,) = names
    return name


def test_nothing_is_looked_up_even_with_an_account() -> None:
    manifest = json.loads((assembly(account="123456789012") / "manifest.json").read_text())
    assert "missing" not in manifest


def test_two_zones_with_public_and_isolated_subnets() -> None:
    found = template(STACK)
    subnets = resources(found, "AWS::EC2::Subnet")
    zones = {json.dumps(each["AvailabilityZone"]) for each in subnets}
    assert (len(subnets), len(zones)) == (4, 2)
    assert resources(found, "AWS::EC2::NatGateway") == []
    assert only(found, "AWS::EC2::FlowLog")["TrafficType"] == "REJECT"
    assert only(found, "Custom::VpcRestrictDefaultSG")


def test_with_nat_tasks_have_no_public_address() -> None:
    found = template(STACK, egress="nat")
    network = only(found, "AWS::ECS::Service")["NetworkConfiguration"]["AwsvpcConfiguration"]
    assert network["AssignPublicIp"] == "DISABLED"
    names = {
        tag["Value"]
        for subnet in network["Subnets"]
        for tag in found["Resources"][subnet["Ref"]]["Properties"]["Tags"]
        if tag["Key"] == "aws-cdk:subnet-name"
    }
    assert (len(network["Subnets"]), names) == (2, {"Tasks"})
    assert len(resources(found, "AWS::EC2::NatGateway")) == 1


@pytest.mark.parametrize("egress", ["public-ip", "nat", "endpoints"])
def test_each_security_group_admits_one_port_from_one_side(egress: str) -> None:
    found = template(STACK, egress=egress)
    entrance, tasks, redis = (
        group_id(found, description)
        for description in (
            "Visitors to the load balancer",
            "Tasks of the visitor counter",
            "Redis of the visitor counter",
        )
    )
    rules = {
        (
            each["GroupId"]["Fn::GetAtt"][0],
            each["FromPort"],
            each["ToPort"],
            each["SourceSecurityGroupId"]["Fn::GetAtt"][0],
        )
        for each in resources(found, "AWS::EC2::SecurityGroupIngress")
    }
    expected = {(tasks, 8000, 8000, entrance), (redis, 6379, 6379, tasks)}
    if egress == "endpoints":
        expected.add((group_id(found, "Endpoints of AWS services for the visitor counter"), 443, 443, tasks))
    assert rules == expected
    inline = {
        name: [
            (rule["FromPort"], rule["CidrIp"])
            for rule in found["Resources"][name]["Properties"].get("SecurityGroupIngress", [])
        ]
        for name in (entrance, tasks, redis)
    }
    assert inline == {entrance: [(80, "0.0.0.0/0")], tasks: [], redis: []}


def test_nothing_may_send_where_it_need_not() -> None:
    found = template(STACK)
    everywhere = {
        (each["GroupDescription"], rule["FromPort"])
        for each in resources(found, "AWS::EC2::SecurityGroup")
        for rule in each.get("SecurityGroupEgress", [])
        if rule["CidrIp"] == "0.0.0.0/0"
    }
    assert everywhere == {("Tasks of the visitor counter", 443)}


def test_the_container_keeps_to_the_contract() -> None:
    task = only(template(STACK), "AWS::ECS::TaskDefinition")
    (container,) = task["ContainerDefinitions"]
    environment = {each["Name"]: each["Value"] for each in container["Environment"]}
    assert container["Command"] == ["python", "-m", "visitor_counter"]
    assert [each["ContainerPort"] for each in container["PortMappings"]] == [8000]
    assert set(environment) == {
        *("HOST", "PORT", "REDIS_HOST", "REDIS_PORT", "REDIS_TLS", "FORWARDED_ALLOW_IPS", "LOG_LEVEL")
    }
    assert (environment["PORT"], environment["REDIS_TLS"]) == ("8000", "true")
    assert [each["Name"] for each in container["Secrets"]] == ["REDIS_PASSWORD"]
    assert container["StopTimeout"] == 30


@pytest.mark.parametrize("egress", ["public-ip", "nat", "endpoints"])
def test_the_load_balancers_subnets_are_whose_forwarded_headers_are_believed(egress: str) -> None:
    found = template(STACK, egress=egress)
    (container,) = only(found, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    environment = {each["Name"]: each["Value"] for each in container["Environment"]}
    subnets = [
        found["Resources"][subnet["Ref"]]["Properties"]["CidrBlock"]
        for subnet in only(found, "AWS::ElasticLoadBalancingV2::LoadBalancer")["Subnets"]
    ]
    assert len(subnets) == 2
    assert environment["FORWARDED_ALLOW_IPS"].split(",") == subnets


def test_the_container_can_do_little() -> None:
    (container,) = only(template(STACK), "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True
    assert container["LinuxParameters"] == {"Capabilities": {"Drop": ["ALL"]}, "InitProcessEnabled": True}
    assert not container.get("Privileged")


@pytest.mark.parametrize(("architecture", "platform"), [("arm64", "linux/arm64"), ("x86_64", "linux/amd64")])
def test_image_and_task_are_of_one_architecture(architecture: str, platform: str) -> None:
    found = template(STACK, counter_architecture=architecture)
    task = only(found, "AWS::ECS::TaskDefinition")
    assert task["RuntimePlatform"]["CpuArchitecture"] == architecture.upper()
    assets = json.loads((assembly(counter_architecture=architecture) / f"{STACK}.assets.json").read_text())
    (image,) = assets["dockerImages"].values()
    assert image["source"]["platform"] == platform


def test_a_deployment_keeps_all_tasks_and_rolls_back() -> None:
    service = only(template(STACK, counter_alarms_rollback=False), "AWS::ECS::Service")
    assert service["DeploymentConfiguration"] == {
        "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        "MaximumPercent": 200,
        "MinimumHealthyPercent": 100,
    }


def test_a_deployment_does_not_reset_the_number_of_tasks_that_autoscaling_chose() -> None:
    assert "DesiredCount" not in only(template(STACK), "AWS::ECS::Service")


def test_autoscaling_bounds_are_the_settings() -> None:
    target = only(
        template(STACK, counter_tasks=3, counter_max_tasks=9), "AWS::ApplicationAutoScaling::ScalableTarget"
    )
    assert (target["MinCapacity"], target["MaxCapacity"]) == (3, 9)


@pytest.mark.parametrize(("replicas", "spread"), [(0, False), (1, True), (2, True)])
def test_redis_fails_over_from_one_replica_on(replicas: int, spread: bool) -> None:
    group = only(template(STACK, redis_replicas=replicas), "AWS::ElastiCache::ReplicationGroup")
    assert group["NumCacheClusters"] == 1 + replicas
    assert (group["AutomaticFailoverEnabled"], group["MultiAZEnabled"]) == (spread, spread)


def test_redis_demands_tls_and_a_password_that_no_template_holds() -> None:
    found = template(STACK)
    group = only(found, "AWS::ElastiCache::ReplicationGroup")
    assert (group["TransitEncryptionEnabled"], group["TransitEncryptionMode"]) == (True, "required")
    assert group["AtRestEncryptionEnabled"] is True
    assert "{{resolve:secretsmanager:" in json.dumps(group["AuthToken"])
    secret = only(found, "AWS::SecretsManager::Secret")
    assert secret["GenerateSecretString"] == {"ExcludePunctuation": True, "PasswordLength": 64}
    assert only(found, "AWS::ElastiCache::ParameterGroup")["Properties"] == {"maxmemory-policy": "noeviction"}


@pytest.mark.parametrize(
    ("policy", "redis", "data"), [("retain", "Snapshot", "Retain"), ("destroy", "Delete", "Delete")]
)
def test_removal_policy(policy: str, redis: str, data: str) -> None:
    deletion: dict[str, set[str]] = {}
    for name, each in template(STACK, removal_policy=policy)["Resources"].items():
        if "CustomResourceProvider" not in name:  # the CDK's own, which hold no data: see provider_logs.py
            deletion.setdefault(each["Type"], set()).add(each.get("DeletionPolicy", ""))
    assert deletion["AWS::ElastiCache::ReplicationGroup"] == {redis}
    assert deletion["AWS::Logs::LogGroup"] == deletion["AWS::S3::Bucket"] == {data}


def test_outputs() -> None:
    assert set(template(STACK)["Outputs"]) == {
        "CounterUrl",
        "LoadBalancerDnsName",
        "ClusterName",
        "ServiceName",
    }


def image_hash(folder: Path, outdir: Path) -> str:
    app = App(context=FEATURE_FLAGS, outdir=str(outdir))
    VisitorCounter(app, STACK, env=Environment(region="us-east-1"), settings=Settings(), image_folder=folder)
    app.synth()
    assets = json.loads((outdir / f"{STACK}.assets.json").read_text())
    (name,) = assets["dockerImages"]
    return str(name)


def test_what_a_run_leaves_behind_does_not_change_the_image(tmp_path: Path) -> None:
    source = tmp_path / "visitor_counter"
    source.mkdir()
    (source / "Dockerfile").write_text("FROM scratch\n")
    (source / "app.py").write_text("x = 1\n")
    clean = image_hash(source, tmp_path / "clean")
    for left in ("__pycache__/app.cpython-311.pyc", "a/__pycache__/b.pyc", ".mypy_cache/x", ".DS_Store"):
        (source / left).parent.mkdir(parents=True, exist_ok=True)
        (source / left).write_text("left behind")
    assert image_hash(source, tmp_path / "used") == clean
    (source / "app.py").write_text("x = 2\n")
    assert image_hash(source, tmp_path / "changed") != clean
