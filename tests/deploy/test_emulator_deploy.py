"""The real CDK CLI deploys, changes and destroys a stack with every kind of resource that the project uses."""

import gzip
import http.server
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from local.emulator import fidelity
from local.emulator.environment import REGION
from tests.deploy.emulator_echo import EchoHandler
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.key_values import KeyValues

pytestmark = pytest.mark.thorough  # `make up`, tests/deploy/test_up.py, deploys nearly all of these types too

APP = Path(__file__).parent / "emulator_app"
STACK = "EmulatorFixture"


def client(emulator: EmulatorProcess, service: str) -> Any:
    """A boto3 client of the emulator."""
    return boto3.client(  # type: ignore[call-overload]  # the service is a variable here
        service,
        endpoint_url=emulator.endpoint,
        region_name=REGION,
        aws_access_key_id=emulator.env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=emulator.env["AWS_SECRET_ACCESS_KEY"],
    )


def outputs(emulator: EmulatorProcess) -> dict[str, str]:
    """The deployed stack's outputs."""
    stack = client(emulator, "cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def assembly(emulator: EmulatorProcess, revision: int) -> str:
    """Synthesize a revision of the stack; return the folder that CDK takes in the app's place."""
    folder = str(emulator.log.parent / f"revision-{revision}")
    emulator.cdk("synth", "--quiet", "-c", f"revision={revision}", "--output", folder, app=APP)
    return folder


@pytest.fixture(scope="module")
def first(bootstrapped: EmulatorProcess) -> str:
    """The synthesized first revision."""
    return assembly(bootstrapped, 1)


@pytest.fixture(scope="module")
def deployed(bootstrapped: EmulatorProcess, first: str) -> EmulatorProcess:
    """The emulator with the first revision of the stack."""
    bootstrapped.cdk("deploy", "--require-approval", "never", "--app", first, app=APP)
    return bootstrapped


@pytest.fixture(scope="module")
def site(deployed: EmulatorProcess) -> str:
    """The distribution's host name as a browser on this machine would use it."""
    label = outputs(deployed)["DistributionDomain"].partition(".")[0]
    return f"{label}.cloudfront.localhost:{deployed.port}"


@pytest.fixture
def target(deployed: EmulatorProcess) -> Iterator[http.server.ThreadingHTTPServer]:
    """A process's port, registered in the deployed target group."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    elbv2, group = client(deployed, "elbv2"), outputs(deployed)["TargetGroup"]
    targets = [{"Id": "127.0.0.1", "Port": server.server_port}]
    elbv2.register_targets(TargetGroupArn=group, Targets=targets)
    yield server
    elbv2.deregister_targets(TargetGroupArn=group, Targets=targets)
    server.shutdown()
    server.server_close()


# --- the site --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status", "content"),
    [
        ("/", 200, "Home"),
        ("/docs", 200, "Docs"),
        ("/docs/", 200, "Docs"),
        ("/nowhere", 404, "Nothing here"),
        ("/nowhere.html", 404, "Nothing here"),
        ("/health", 404, "Nothing here"),  # not ministack's own page of this name
        ("/revision.txt", 200, "1"),
    ],
)
def test_the_distribution_serves_pages(
    deployed: EmulatorProcess, site: str, path: str, status: int, content: str
) -> None:
    answer = deployed.get(path, host=site)
    assert (answer.status, content in answer.text) == (status, True)
    assert answer.headers["x-revision"] == "1"


def test_head_has_the_fields_and_no_body(deployed: EmulatorProcess, site: str) -> None:
    answer = deployed.request("/", host=site, method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["cache-control"] == "max-age=300"
    assert int(answer.headers["content-length"]) > 0


def test_a_method_that_the_behaviour_does_not_allow_is_refused(deployed: EmulatorProcess, site: str) -> None:
    assert deployed.request("/", host=site, method="DELETE").status == 403


def test_what_compresses_is_compressed_and_validates(deployed: EmulatorProcess, site: str) -> None:
    plain = deployed.get("/site.css", host=site)
    packed = deployed.get("/site.css", host=site, headers={"Accept-Encoding": "gzip, br"})
    assert plain.headers["content-encoding"] is None
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body)
    assert gzip.decompress(packed.body) == plain.body
    for tag in (plain.headers["etag"], packed.headers["etag"]):
        again = deployed.get("/site.css", host=site, headers={"If-None-Match": tag})
        assert (again.status, again.body) == (304, b"")


def test_the_website_endpoint(deployed: EmulatorProcess) -> None:
    bucket = outputs(deployed)["WebsiteBucket"]
    host = f"{bucket}.s3-website-{REGION}.localhost:{deployed.port}"
    s3 = client(deployed, "s3")
    for key, text in (("index.html", "Start"), ("docs/index.html", "Docs"), ("404.html", "Not here")):
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType="text/html")
    assert deployed.get("/", host=host).text == "Start"
    assert deployed.get("/docs/", host=host).text == "Docs"
    redirect = deployed.get("/docs", host=host)
    assert (redirect.status, redirect.headers["location"]) == (302, "/docs/")
    missing = deployed.get("/nowhere", host=host)
    assert (missing.status, missing.text) == (404, "Not here")
    aws_name = f"{bucket}.s3-website-{REGION}.amazonaws.com"
    assert deployed.request("/", host=aws_name, method="HEAD").headers["content-type"] == "text/html"


def test_a_function_reads_its_key_value_store(deployed: EmulatorProcess, site: str) -> None:
    contents = KeyValues(deployed, outputs(deployed)["MovedArn"])
    assert deployed.get("/moved/a", host=site).status == 503  # as with every function that throws
    for target in ("/docs", "/site.css"):
        assert contents.update({"a": target}).status == 200
        answer = deployed.get("/moved/a", host=site)
        assert (answer.status, answer.headers["location"]) == (302, target)
    assert contents.put("a", "/").status == 200
    assert deployed.get("/moved/a", host=site).headers["location"] == "/"
    assert contents.delete("a").status == 200
    assert deployed.get("/moved/a", host=site).status == 503


def test_an_origin_group_asks_its_second_origin_for_what_the_first_lacks(
    deployed: EmulatorProcess, site: str
) -> None:
    s3, bucket = client(deployed, "s3"), outputs(deployed)["PagesBucket"]
    s3.put_object(Bucket=bucket, Key="files/a b.txt", Body=b"a file", ContentType="text/plain")
    assert deployed.get("/files/a%20b.txt", host=site).text == "a file"
    answer = deployed.get("/files/nope%20x.txt", host=site)
    # the distribution's own page for 404 comes after all origins
    assert (answer.status, "Nothing here" in answer.text) == (404, True)
    broken = deployed.get("/files/broken", host=site)
    assert (broken.status, broken.text) == (500, "GET /files/broken")


def test_an_origin_group_does_not_repeat_what_writes(deployed: EmulatorProcess, site: str) -> None:
    assert deployed.get("/files/broken", host=site).status == 500, "the second origin's answer"
    assert deployed.request("/files/broken", host=site, method="DELETE").status != 500


def test_a_function_url_answers_the_distributions_that_its_policy_names(
    deployed: EmulatorProcess, site: str
) -> None:
    functions, name = client(deployed, "lambda"), outputs(deployed)["FallbackName"]
    assert deployed.get("/files/broken", host=site).status == 500
    url = functions.get_function_url_config(FunctionName=name)["FunctionUrl"]
    host = url.removeprefix("https://").strip("/").replace("on.aws", f"localhost:{deployed.port}")
    assert deployed.get("/files/broken", host=host).status == 403, "not signed"
    policy = json.loads(functions.get_policy(FunctionName=name)["Policy"])
    (allowed,) = [one for one in policy["Statement"] if one["Action"] == "lambda:InvokeFunctionUrl"]
    functions.remove_permission(FunctionName=name, StatementId=allowed["Sid"])
    try:
        assert deployed.get("/files/broken", host=site).status == 403
    finally:
        functions.add_permission(
            FunctionName=name,
            StatementId=allowed["Sid"],
            Action=allowed["Action"],
            Principal="cloudfront.amazonaws.com",
            SourceArn=next(iter(allowed["Condition"].values()))["AWS:SourceArn"],
        )
    assert deployed.get("/files/broken", host=site).status == 500


def test_a_key_value_store_is_known_by_name_and_id(deployed: EmulatorProcess) -> None:
    found = outputs(deployed)
    assert found["MovedArn"] == f"arn:aws:cloudfront::000000000000:key-value-store/{found['MovedId']}"
    described = client(deployed, "cloudfront").describe_key_value_store(Name=found["MovedName"])
    store = described["KeyValueStore"]
    assert (store["ARN"], store["Id"], store["Status"]) == (found["MovedArn"], found["MovedId"], "READY")
    assert store["Comment"] == "revision 1"


# --- the counter -----------------------------------------------------------------------------------------


def test_without_targets_503_with_dead_targets_502(deployed: EmulatorProcess, site: str) -> None:
    group, elbv2 = outputs(deployed)["TargetGroup"], client(deployed, "elbv2")
    balancer = outputs(deployed)["CounterDnsName"]
    assert deployed.get("/", host=balancer).status == 503
    assert deployed.get("/api/visits", host=site).status == 503
    dead = [{"Id": "127.0.0.1", "Port": 1}]
    elbv2.register_targets(TargetGroupArn=group, Targets=dead)
    try:
        assert deployed.get("/", host=balancer).status == 502
    finally:
        elbv2.deregister_targets(TargetGroupArn=group, Targets=dead)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_requests_reach_the_target_through_both_names(
    deployed: EmulatorProcess, site: str, target: http.server.ThreadingHTTPServer, method: str
) -> None:
    balancer = outputs(deployed)["CounterDnsName"]
    body = None if method in ("GET", "DELETE") else b"n=1"
    for host in (site, balancer):
        answer = deployed.request("/api/visits/201?x=%2F&y", host=host, method=method, body=body)
        said = json.loads(answer.body)
        assert answer.status == 201
        assert (said["method"], said["path"]) == (method, "/api/visits/201?x=%2F&y")
        assert (said["body"], said["host"]) == ((body or b"").decode(), balancer)
        assert said["forwarded"].startswith("127.0.0.1")
        assert len(answer.headers.get_all("set-cookie") or []) == 2


def test_a_dead_target_beside_a_living_one_gets_no_requests(
    deployed: EmulatorProcess, target: http.server.ThreadingHTTPServer
) -> None:
    group, elbv2 = outputs(deployed)["TargetGroup"], client(deployed, "elbv2")
    dead = [{"Id": "127.0.0.1", "Port": 1}]
    elbv2.register_targets(TargetGroupArn=group, Targets=dead)
    try:
        health = elbv2.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        states = {one["Target"]["Port"]: one["TargetHealth"]["State"] for one in health}
        assert states == {1: "unhealthy", target.server_port: "healthy"}
        answers = {deployed.get("/", host=outputs(deployed)["CounterDnsName"]).status for _ in range(12)}
    finally:
        elbv2.deregister_targets(TargetGroupArn=group, Targets=dead)
    assert answers == {200}


def test_the_api_s_errors_are_answered_like_the_distribution_s(
    deployed: EmulatorProcess, site: str, target: http.server.ThreadingHTTPServer
) -> None:
    """Custom error responses hold for every behaviour, as on AWS: an API's 404 becomes the page, its 500 stays."""
    assert "Nothing here" in deployed.get("/api/404", host=site).text
    error = deployed.get("/api/500", host=site)
    assert (error.status, json.loads(error.body)["path"]) == (500, "/api/500")


def test_the_task_definition_is_read_back_whole(deployed: EmulatorProcess) -> None:
    arn = outputs(deployed)["TaskDefinition"]
    definition = client(deployed, "ecs").describe_task_definition(taskDefinition=arn)["taskDefinition"]
    container = definition["containerDefinitions"][0]
    assert definition["runtimePlatform"] == {"cpuArchitecture": "ARM64"}
    assert container["environment"] == [{"name": "GREETING", "value": "hello"}]
    assert container["secrets"] == [{"name": "TOKEN", "valueFrom": outputs(deployed)["SecretArn"]}]
    assert container["stopTimeout"] == 30
    assert container["healthCheck"]["command"] == ["CMD", "true"]
    assert container["logConfiguration"]["options"]["awslogs-stream-prefix"] == "main"


def test_the_generated_secret_obeys_its_settings(deployed: EmulatorProcess) -> None:
    arn = outputs(deployed)["SecretArn"]
    assert arn.startswith(f"arn:aws:secretsmanager:{REGION}:")
    value = client(deployed, "secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    assert len(value) == 64
    assert value.isalnum()


def test_the_cache_s_endpoint_is_the_given_redis(deployed: EmulatorProcess) -> None:
    found = outputs(deployed)
    assert (found["CacheHost"], found["CachePort"]) == ("127.0.0.1", "6379")


def test_the_service_starts_nothing(deployed: EmulatorProcess) -> None:
    group = outputs(deployed)["TargetGroup"]
    health = client(deployed, "elbv2").describe_target_health(TargetGroupArn=group)
    assert health["TargetHealthDescriptions"] == []


def test_security_group_rules_are_in_their_groups(deployed: EmulatorProcess) -> None:
    ec2 = client(deployed, "ec2")
    groups = {group["GroupName"]: group for group in ec2.describe_security_groups()["SecurityGroups"]}
    cache = next(group for name, group in groups.items() if "CacheSg" in name)
    assert [rule["FromPort"] for rule in cache["IpPermissions"]] == [6379]
    assert [rule["FromPort"] for rule in cache["IpPermissionsEgress"]] == [443]
    vpc_default = next(
        group for name, group in groups.items() if name == "default" and group["VpcId"] == cache["VpcId"]
    )
    assert vpc_default["IpPermissions"] == []  # CDK's custom resource has emptied it


# --- what is said about it -------------------------------------------------------------------------------


def test_the_status_pages_tell_what_is_served(deployed: EmulatorProcess) -> None:
    health = deployed.json("/_local/health")
    assert (health["ministack"], health["images"], health["pid"]) == ("1.5.33", "skip", deployed.pid)
    types = deployed.json("/_local/types")["deployed"]
    assert types["AWS::CloudFront::Distribution"]["support"] == "native"
    assert types["AWS::CloudFront::Distribution"]["served"] is True
    assert types["AWS::EC2::NatGateway"]["support"] == "api"
    assert types["AWS::ElastiCache::ReplicationGroup"]["served"] is False
    recorded = {one["type"] for one in deployed.json("/_local/recorded") if one["stack"] == STACK}
    assert recorded == {name for name, entry in types.items() if entry["support"] == "recorded"}
    assert recorded == {
        "AWS::ApplicationAutoScaling::ScalableTarget",
        "AWS::ApplicationAutoScaling::ScalingPolicy",
    }
    examined = [name for name in types if not name.startswith("Custom::") and name not in recorded]
    assert [name for name in examined if name not in fidelity.TABLE] == []


# --- its life: these run in order, after all others ------------------------------------------------------


def test_a_diff_after_the_deploy_shows_nothing(deployed: EmulatorProcess, first: str) -> None:
    assert "Number of stacks with differences: 0" in deployed.cdk("diff", "--app", first, app=APP)


def test_an_update_takes_effect(deployed: EmulatorProcess, site: str) -> None:
    before = outputs(deployed)
    second = assembly(deployed, 2)
    deployed.cdk("deploy", "--require-approval", "never", "--app", second, app=APP)
    after = outputs(deployed)
    assert after["DistributionDomain"] == before["DistributionDomain"]
    assert after["SecretArn"] == before["SecretArn"]
    store = client(deployed, "cloudfront").describe_key_value_store(Name=after["MovedName"])["KeyValueStore"]
    assert (store["ARN"], store["Comment"]) == (before["MovedArn"], "revision 2")
    assert deployed.get("/", host=site).headers["x-revision"] == "2"
    assert deployed.get("/revision.txt", host=site).text == "2"
    ecs = client(deployed, "ecs")
    definition = ecs.describe_task_definition(taskDefinition=after["TaskDefinition"])["taskDefinition"]
    assert definition["containerDefinitions"][0]["environment"][0]["value"] == "good day"
    service = ecs.describe_services(cluster=after["ClusterName"], services=[after["ServiceName"]])[
        "services"
    ][0]
    assert service["taskDefinition"] == after["TaskDefinition"]
    groups = client(deployed, "logs").describe_log_groups()["logGroups"]
    assert not [group for group in groups if "GoneInTheNextRevision" in group["logGroupName"]]


def test_destroy_leaves_nothing(deployed: EmulatorProcess, first: str) -> None:
    found = outputs(deployed)
    deployed.cdk("destroy", "--force", "--app", first, app=APP)
    stacks = client(deployed, "cloudformation").list_stacks()["StackSummaries"]
    assert [one["StackStatus"] for one in stacks if one["StackName"] == STACK] == ["DELETE_COMPLETE"]
    buckets = [bucket["Name"] for bucket in client(deployed, "s3").list_buckets()["Buckets"]]
    assert found["PagesBucket"] not in buckets
    assert found["WebsiteBucket"] not in buckets
    ec2 = client(deployed, "ec2")
    assert [vpc for vpc in ec2.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]] == []
    assert ec2.describe_addresses()["Addresses"] == []
    assert client(deployed, "elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert client(deployed, "elbv2").describe_target_groups()["TargetGroups"] == []
    assert client(deployed, "elasticache").describe_replication_groups()["ReplicationGroups"] == []
    assert client(deployed, "cloudfront").list_distributions()["DistributionList"].get("Items", []) == []
    stores = client(deployed, "cloudfront").list_key_value_stores()["KeyValueStoreList"]
    assert stores.get("Items", []) == []
    assert KeyValues(deployed, found["MovedArn"]).describe().status == 404
    assert client(deployed, "secretsmanager").list_secrets()["SecretList"] == []
    assert client(deployed, "ecs").list_clusters()["clusterArns"] == []
    assert [r for r in client(deployed, "iam").list_roles()["Roles"] if STACK in r["RoleName"]] == []
    assert client(deployed, "cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert [r for r in deployed.json("/_local/recorded") if r["stack"] == STACK] == []
