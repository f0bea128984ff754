"""What single services do in the emulator: rotation, rewritten paths, customers; DNS and Kubernetes on paper."""

import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.deploy.emulator_echo import EchoHandler
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.templates import (
    ACCOUNT,
    NOBODY,
    SECONDARY,
    Resource,
    Stacks,
    att,
    client,
    ref,
    resource,
    stacks,
)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/any"

ROTATION = """
import boto3
def handler(event, context):
    secrets = boto3.client("secretsmanager")
    secret, token, step = event["SecretId"], event["ClientRequestToken"], event["Step"]
    if step == "createSecret":
        try:
            secrets.get_secret_value(SecretId=secret, VersionId=token, VersionStage="AWSPENDING")
        except secrets.exceptions.ResourceNotFoundException:
            secrets.put_secret_value(
                SecretId=secret, ClientRequestToken=token, SecretString="second", VersionStages=["AWSPENDING"]
            )
    if step == "testSecret" and FAILS:
        raise ValueError("the provider refuses it")
    if step == "finishSecret":
        versions = secrets.describe_secret(SecretId=secret)["VersionIdsToStages"]
        current = next(version for version, stages in versions.items() if "AWSCURRENT" in stages)
        secrets.update_secret_version_stage(
            SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )
"""


@pytest.fixture
def made(emulator: EmulatorProcess) -> Iterator[Stacks]:
    """Stacks of one test."""
    with stacks(emulator) as those:
        yield those


def eventually(look: Callable[[], Any], limit_s: float = 20.0) -> Any:
    """What `look` finds, asked again until it is something."""
    limit = time.monotonic() + limit_s
    while not (found := look()) and time.monotonic() < limit:
        time.sleep(0.1)
    return found


# --- rotation of secrets ---------------------------------------------------------------------------------


def rotated(*, fails: bool) -> dict[str, Resource]:
    """A secret, replicated, and a function that rotates it."""
    return {
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=NOBODY),
        "Function": resource(
            "AWS::Lambda::Function",
            Runtime="python3.13",
            Handler="index.handler",
            Role=att("Role", "Arn"),
            Code={"ZipFile": ROTATION.replace("FAILS", str(fails))},
        ),
        "Secret": resource(
            "AWS::SecretsManager::Secret",
            Name="provider",
            SecretString="first",
            ReplicaRegions=[{"Region": SECONDARY}],
        ),
        "Schedule": resource(
            "AWS::SecretsManager::RotationSchedule",
            SecretId=ref("Secret"),
            RotationLambdaARN=att("Function", "Arn"),
            RotationRules={"AutomaticallyAfterDays": "30"},
        ),
    }


def test_a_secret_is_rotated_by_its_function_in_every_region(made: Stacks, emulator: EmulatorProcess) -> None:
    made.create("rotation", rotated(fails=False))
    near, far = (client(emulator, "secretsmanager", region) for region in ("us-east-1", SECONDARY))
    assert near.describe_secret(SecretId="provider")["RotationEnabled"]
    assert near.get_secret_value(SecretId="provider")["SecretString"] == "first"
    near.rotate_secret(SecretId="provider")

    def value(secrets: Any) -> bool:
        return bool(secrets.get_secret_value(SecretId="provider")["SecretString"] == "second")

    assert eventually(lambda: value(near))
    assert value(far)
    assert near.get_secret_value(SecretId="provider", VersionStage="AWSPREVIOUS")["SecretString"] == "first"
    pending = eventually(lambda: "AWSPENDING" not in str(near.describe_secret(SecretId="provider")))
    assert pending


def test_a_rotation_that_fails_leaves_the_secret_as_it_was(made: Stacks, emulator: EmulatorProcess) -> None:
    made.create("rotation", rotated(fails=True))
    secrets = client(emulator, "secretsmanager")
    version = secrets.rotate_secret(SecretId="provider")["VersionId"]

    def pending() -> bool:
        return "rotation of provider failed at testSecret" in emulator.log.read_text()

    assert eventually(pending)
    assert secrets.get_secret_value(SecretId="provider")["SecretString"] == "first"
    assert secrets.describe_secret(SecretId="provider")["VersionIdsToStages"][version] == ["AWSPENDING"]


# --- load balancer ---------------------------------------------------------------------------------------


@pytest.fixture
def target() -> Iterator[http.server.ThreadingHTTPServer]:
    """A process that tells what reached it."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def balanced(prefix: str) -> dict[str, Resource]:
    """A load balancer whose rule takes `prefix` off the path; everything else is a 404 of its own."""
    forward = {"Type": "forward", "TargetGroupArn": ref("Group")}
    nothing = {
        "Type": "fixed-response",
        "FixedResponseConfig": {
            "StatusCode": "404",
            "ContentType": "text/plain",
            "MessageBody": "no service",
        },
    }
    rewrite = {"Rewrites": [{"Regex": f"^{prefix}(/.*)?$", "Replace": "/v1$1"}]}
    return {
        "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.9.0.0/16"),
        "A": resource("AWS::EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.9.0.0/24"),
        "B": resource("AWS::EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.9.1.0/24"),
        "Balancer": resource(
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            Name="rewriting",
            Type="application",
            Subnets=[ref("A"), ref("B")],
        ),
        "Group": resource(
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            Protocol="HTTP",
            Port=8080,
            TargetType="ip",
            VpcId=ref("Vpc"),
        ),
        "Listener": resource(
            "AWS::ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port=80,
            Protocol="HTTP",
            DefaultActions=[nothing],
        ),
        "Rule": resource(
            "AWS::ElasticLoadBalancingV2::ListenerRule",
            ListenerArn=ref("Listener"),
            Priority=10,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [prefix, f"{prefix}/*"]}}],
            Actions=[forward],
            Transforms=[{"Type": "url-rewrite", "UrlRewriteConfig": rewrite}],
        ),
    }


def test_a_rule_rewrites_the_path_and_the_rest_is_a_fixed_response(
    made: Stacks, emulator: EmulatorProcess, target: http.server.ThreadingHTTPServer
) -> None:
    found = made.create(
        "balancer", balanced("/api/cart"), SECONDARY, Dns=att("Balancer", "DNSName"), Group=ref("Group")
    )
    assert f".{SECONDARY}.elb.amazonaws.com" in found["Dns"]
    client(emulator, "elbv2", SECONDARY).register_targets(
        TargetGroupArn=found["Group"], Targets=[{"Id": "127.0.0.1", "Port": target.server_port}]
    )
    seen = emulator.get("/api/cart/items?full=1", host=found["Dns"])
    assert (seen.status, "/v1/items?full=1" in seen.text) == (200, True), seen.text
    other = emulator.get("/api/other", host=found["Dns"])
    assert (other.status, other.text) == (404, "no service")


# --- customers, DNS, Kubernetes --------------------------------------------------------------------------


def test_a_customer_signs_up_and_in(made: Stacks, emulator: EmulatorProcess) -> None:
    pool = resource("AWS::Cognito::UserPool", UserPoolName="customers", AutoVerifiedAttributes=["email"])
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    app = resource("AWS::Cognito::UserPoolClient", UserPoolId=ref("Pool"), ExplicitAuthFlows=flows)
    found = made.create(
        "customers",
        {"Pool": pool, "Client": app},
        Pool=ref("Pool"),
        Client=ref("Client"),
        Issuer=att("Pool", "ProviderURL"),
    )
    assert found["Issuer"] == f"https://cognito-idp.us-east-1.amazonaws.com/{found['Pool']}"
    cognito = client(emulator, "cognito-idp")
    name, password = "ada", "Correct-horse-7"
    email = [{"Name": "email", "Value": "ada@example.com"}]
    cognito.sign_up(ClientId=found["Client"], Username=name, Password=password, UserAttributes=email)
    cognito.admin_confirm_sign_up(UserPoolId=found["Pool"], Username=name)

    def sign_in(word: str) -> Any:
        return cognito.initiate_auth(
            ClientId=found["Client"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": word},
        )["AuthenticationResult"]

    assert {"AccessToken", "IdToken", "RefreshToken"} <= set(sign_in(password))
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        sign_in("wrong")


def test_records_and_health_checks_are_listed(made: Stacks, emulator: EmulatorProcess) -> None:
    check = {
        "Type": "HTTPS",
        "FullyQualifiedDomainName": "us.shop.example",
        "Port": "443",
        "ResourcePath": "/health",
    }
    found = made.create(
        "dns",
        {
            "Zone": resource("AWS::Route53::HostedZone", Name="shop.example."),
            "Check": resource("AWS::Route53::HealthCheck", HealthCheckConfig=check),
            "Record": resource(
                "AWS::Route53::RecordSet",
                HostedZoneId=ref("Zone"),
                Name="www.shop.example.",
                Type="A",
                SetIdentifier="us",
                Region="us-east-1",
                HealthCheckId=ref("Check"),
                TTL="60",
                ResourceRecords=["192.0.2.1"],
            ),
        },
        Zone=ref("Zone"),
        Check=ref("Check"),
        Servers={"Fn::Join": [",", att("Zone", "NameServers")]},
    )
    assert len(found["Servers"].split(",")) > 1
    route53 = client(emulator, "route53")
    assert found["Check"] in [each["Id"] for each in route53.list_health_checks()["HealthChecks"]]
    records = route53.list_resource_record_sets(HostedZoneId=found["Zone"])["ResourceRecordSets"]
    (record,) = (each for each in records if each["Name"] == "www.shop.example.")
    assert (record["Region"], record["HealthCheckId"]) == ("us-east-1", found["Check"])


def test_what_kubectl_would_apply_is_recorded_and_readable(made: Stacks, emulator: EmulatorProcess) -> None:
    manifest = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}]
    no_function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:kubectl"
    applied = {
        "Cluster": resource(
            "AWS::EKS::Cluster",
            Name="shop",
            RoleArn=ROLE,
            ResourcesVpcConfig={"SubnetIds": ["subnet-1"]},
            EncryptionConfig=[{"Resources": ["secrets"], "Provider": {"KeyArn": "arn:aws:kms:key"}}],
        ),
        "Namespace": resource(
            "Custom::AWSCDK-EKS-KubernetesResource",
            ServiceToken=no_function,
            Manifest=json.dumps(manifest),
            ClusterName=ref("Cluster"),
        ),
        "Value": resource(
            "Custom::AWSCDK-EKS-KubernetesObjectValue", ServiceToken=no_function, ObjectName="ui"
        ),
    }
    found = made.create(
        "kubernetes",
        applied,
        Issuer=att("Cluster", "OpenIdConnectIssuerUrl"),
        Endpoint=att("Cluster", "Endpoint"),
        Key=att("Cluster", "EncryptionConfigKeyArn"),
        Group=att("Cluster", "ClusterSecurityGroupId"),
        Value=att("Value", "Value"),
    )
    assert found["Issuer"].startswith("https://oidc.eks.us-east-1.amazonaws.com/id/")
    assert found["Endpoint"].endswith(".us-east-1.eks.amazonaws.com")
    assert (found["Key"], found["Group"][:3], bool(found["Value"])) == ("arn:aws:kms:key", "sg-", True)

    def recorded() -> list[Any]:
        return [each for each in emulator.json("/_local/recorded") if each["stack"] == "kubernetes"]

    (namespace,) = (each for each in recorded() if each["logical_id"] == "Namespace")
    assert namespace["properties"]["Manifest"] == manifest
    types = emulator.json("/_local/types")["deployed"]
    assert not types["Custom::AWSCDK-EKS-KubernetesResource"]["served"]
    made.delete("kubernetes")
    assert recorded() == []


def test_a_clusters_security_group_takes_rules_and_goes_with_it(
    made: Stacks, emulator: EmulatorProcess
) -> None:
    cluster = resource(
        "AWS::EKS::Cluster", Name="grouped", RoleArn=ROLE, ResourcesVpcConfig={"SubnetIds": [ref("Subnet")]}
    )
    found = made.create(
        "grouped",
        {
            "Vpc": resource("AWS::EC2::VPC", CidrBlock="10.8.0.0/16"),
            "Subnet": resource("AWS::EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.8.0.0/24"),
            "Cluster": cluster,
        },
        SECONDARY,
        Group=att("Cluster", "ClusterSecurityGroupId"),
    )
    rule = resource(
        "AWS::EC2::SecurityGroupIngress",
        GroupId=found["Group"],
        IpProtocol="tcp",
        FromPort=8080,
        ToPort=8080,
        CidrIp="10.8.0.0/16",
    )
    made.create("rule", {"Rule": rule}, SECONDARY)
    eks, ec2 = client(emulator, "eks", SECONDARY), client(emulator, "ec2", SECONDARY)
    settings = eks.describe_cluster(name="grouped")["cluster"]["resourcesVpcConfig"]
    assert settings["clusterSecurityGroupId"] == found["Group"]
    (group,) = ec2.describe_security_groups(GroupIds=[found["Group"]])["SecurityGroups"]
    assert [each["FromPort"] for each in group["IpPermissions"]] == [8080]
    made.delete("rule", SECONDARY)
    made.delete("grouped", SECONDARY)
    named = [each["GroupName"] for each in ec2.describe_security_groups()["SecurityGroups"]]
    assert "eks-cluster-sg-grouped" not in named


def test_a_plan_on_paper_tells_its_health_checks(made: Stacks, emulator: EmulatorProcess) -> None:
    switch = {"HostedZoneId": "Z1", "RecordName": "write.shop.example"}
    step = {
        "Name": "records",
        "ExecutionBlockType": "Route53HealthCheck",
        "ExecutionBlockConfiguration": {"Route53HealthCheckConfig": switch},
    }
    plan = resource(
        "AWS::ARCRegionSwitch::Plan",
        Name="shop",
        ExecutionRole=ROLE,
        RecoveryApproach="activePassive",
        Regions=["us-east-1", SECONDARY],
        PrimaryRegion="us-east-1",
        Workflows=[{"WorkflowTargetAction": "activate", "Steps": [step]}],
    )
    arn = made.create("plan", {"Plan": plan}, Arn=ref("Plan"))["Arn"]
    arc = client(emulator, "arc-region-switch")
    found = arc.list_route53_health_checks(arn=arn, recordName="write.shop.example")["healthChecks"]
    assert {each["region"] for each in found} == {"us-east-1", SECONDARY}
    assert len({each["healthCheckId"] for each in found}) == 2
    assert arc.list_route53_health_checks(arn=arn, recordName="other.example")["healthChecks"] == []
    with pytest.raises(arc.exceptions.ResourceNotFoundException):
        arc.list_route53_health_checks(arn=f"{arn}-other")


# --- attributes of what is not there ---------------------------------------------------------------------

ATTRIBUTES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "AWS::EKS::FargateProfile": (
        {"ClusterName": "shop", "PodExecutionRoleArn": ROLE, "Selectors": [{"Namespace": "batch"}]},
        {"Arn": f"arn:aws:eks:{SECONDARY}:"},
    ),
    "AWS::RDS::DBInstance": (
        {
            "DBInstanceIdentifier": "orders-replica",
            "SourceDBInstanceIdentifier": f"arn:aws:rds:us-east-1:{ACCOUNT}:db:orders",
            "DBInstanceClass": "db.t4g.medium",
        },
        {
            "Endpoint.Address": "orders-replica.",
            "Endpoint.Port": "5432",
            "DBInstanceArn": f"arn:aws:rds:{SECONDARY}:",
        },
    ),
    "AWS::ElastiCache::ReplicationGroup": (
        {
            "ReplicationGroupDescription": "carts",
            "Engine": "redis",
            "CacheNodeType": "cache.t4g.micro",
            "NumNodeGroups": 3,
            "ReplicasPerNodeGroup": 1,
            "AutomaticFailoverEnabled": True,
        },
        {"ConfigurationEndPoint.Address": "127.0.0.1", "ConfigurationEndPoint.Port": ""},
    ),
    "AWS::ApiGateway::DomainName": (
        {
            "DomainName": "api.shop.example",
            "RegionalCertificateArn": f"arn:aws:acm:{SECONDARY}:{ACCOUNT}:certificate/1",
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
        },
        {"RegionalDomainName": "", "RegionalHostedZoneId": "Z"},
    ),
    "AWS::CloudFront::VpcOrigin": (
        {"VpcOriginEndpointConfig": {"Arn": "arn:aws:elasticloadbalancing:::1", "Name": "balancer"}},
        {"Id": "", "Arn": f"arn:aws:cloudfront::{ACCOUNT}:vpcorigin/"},
    ),
    "AWS::ARCRegionSwitch::Plan": (
        {
            "Name": "shop",
            "ExecutionRole": ROLE,
            "RecoveryApproach": "activePassive",
            "Regions": ["us-east-1", SECONDARY],
            "Workflows": [],
        },
        {"Arn": f"arn:aws:arc-region-switch::{ACCOUNT}:plan/shop:"},
    ),
    "AWS::Backup::BackupVault": (
        {"BackupVaultName": "shop"},
        {"BackupVaultArn": f"arn:aws:backup:{SECONDARY}:{ACCOUNT}:backup-vault:shop"},
    ),
    "AWS::ApiGatewayV2::VpcLink": ({"Name": "shop", "SubnetIds": ["subnet-1"]}, {"VpcLinkId": ""}),
    "AWS::CloudTrail::Trail": (
        {"TrailName": "audit", "IsLogging": True, "S3BucketName": "logs"},
        {"Arn": f"arn:aws:cloudtrail:{SECONDARY}:{ACCOUNT}:trail/audit"},
    ),
    "AWS::IAM::OIDCProvider": (
        {"Url": "https://oidc.example/id/1", "ClientIdList": ["sts.amazonaws.com"]},
        {"Arn": f"arn:aws:iam::{ACCOUNT}:oidc-provider/"},
    ),
}


@pytest.mark.parametrize("kind", ATTRIBUTES)
def test_an_attribute_has_the_form_that_aws_gives_it(made: Stacks, kind: str) -> None:
    properties, expected = ATTRIBUTES[kind]
    shown = {name.replace(".", ""): att("It", name) for name in expected}
    found = made.create("it", {"It": resource(kind, **properties)}, SECONDARY, **shown)
    for name, beginning in expected.items():
        value = found[name.replace(".", "")]
        assert value, name
        assert value.startswith(beginning), (name, value)
