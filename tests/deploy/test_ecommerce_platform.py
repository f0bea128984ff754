"""The whole e-commerce platform in three regions of the emulator, by the real CLI, and its end.

Deployed in steps, as the runbook has it: phase 2, then all five. What is asked is behaviour: that what one region
writes another reads, that a request finds its way from the distribution and the API to a target, that an order's
event reaches its queues, and that nothing is left afterwards. docs/emulator.md says what of it is not real.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from stacks.ecommerce.services import SERVICES, Service
from tests.deploy.ecommerce_platform import (
    DOMAIN,
    PRIMARY,
    REGIONS,
    SECONDARY,
    TERTIARY,
    Platform,
    synthesize,
)
from tests.deploy.emulator_echo import EchoHandler
from tests.deploy.emulator_process import Answer, EmulatorProcess
from tests.deploy.templates import ACCOUNT
from tests.unit.stacks.ecommerce.test_shop_schemas import check

pytestmark = pytest.mark.thorough

every_region = pytest.mark.parametrize("region", REGIONS)
HEADER = "X-Shop-Entrance"
CORE, WHOLE = 2, 5
"""The phases that are deployed one after the other."""


def eventually(look: Callable[[], Any], limit_s: float = 15.0) -> Any:
    """What `look` finds, asked again until it is something."""
    limit = time.monotonic() + limit_s
    while not (found := look()) and time.monotonic() < limit:
        time.sleep(0.2)
    return found


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All five phases."""
    return synthesize(tmp_path_factory.mktemp("whole") / "assembly", ecommerce_phase=WHOLE)


@pytest.fixture(scope="module")
def platform(
    emulator: EmulatorProcess, assembly: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Platform]:
    """The platform; afterwards it is destroyed, and all is as before."""
    folder = tmp_path_factory.mktemp("platform")
    deployed = Platform(emulator, folder)
    deployed.bootstrap()
    before = deployed.exists()
    core = synthesize(folder / "core", ecommerce_phase=CORE)
    deployed.deploy(core)
    assert set(deployed.stacks()) == _names(core)
    deployed.deploy(assembly)
    yield deployed
    deployed.destroy(assembly)
    assert deployed.exists() == before


def _names(assembly: Path) -> set[str]:
    return {path.name.removesuffix(".template.json") for path in assembly.glob("*.template.json")}


@pytest.fixture(scope="module")
def target(platform: Platform) -> Iterator[str]:
    """A local program in the place of every service's pods, in each region."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), EchoHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    targets = [{"Id": "127.0.0.1", "Port": server.server_port}]
    for region in REGIONS:
        elb = platform.client("elbv2", region)
        for group in elb.describe_target_groups()["TargetGroups"]:
            elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=targets)
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


# --- the deployment --------------------------------------------------------------------------------------


def test_every_stack_of_every_phase_is_there(platform: Platform, assembly: Path) -> None:
    stacks = platform.stacks()
    assert set(stacks) == _names(assembly)
    assert {each["StackStatus"] for each in stacks.values()} <= {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def test_nothing_is_to_outlive_its_stack(assembly: Path) -> None:
    """As removal_policy=destroy says: by the templates, as well as by what is found after the destroy."""
    kept = [
        f"{path.name}: {name}"
        for path in assembly.glob("*.template.json")
        for name, resource in json.loads(path.read_text())["Resources"].items()
        if resource.get("DeletionPolicy", "Delete") != "Delete"
    ]
    assert kept == []


def test_the_outputs_say_what_a_person_needs(platform: Platform) -> None:
    assert platform.outputs(f"EcommerceDns-{PRIMARY}")["NameServers"].count("awsdns") >= 2  # AWS gives four
    assert platform.outputs(f"EcommerceEdge-{PRIMARY}")["ShopUrl"] == f"https://{DOMAIN}"
    assert re.fullmatch(
        rf"arn:aws:arc-region-switch::{ACCOUNT}:plan/shop:\w+",
        platform.outputs(f"EcommerceRecovery-{PRIMARY}")["PlanArn"],
    )
    for region in REGIONS:
        outputs = platform.outputs(f"EcommerceCluster-{region}")
        assert outputs["ClusterName"] == "ecommerce-shop"
        assert outputs["AdministratorRoleArn"].startswith(f"arn:aws:iam::{ACCOUNT}:role/")


@every_region
def test_the_default_group_of_each_network_was_closed_by_its_function(
    platform: Platform, region: str
) -> None:
    ec2 = platform.client("ec2", region)
    vpc = platform.outputs(f"EcommerceNetwork-{region}")["VpcId"]
    (group,) = ec2.describe_security_groups(
        Filters=[{"Name": "vpc-id", "Values": [vpc]}, {"Name": "group-name", "Values": ["default"]}]
    )["SecurityGroups"]
    assert (group["IpPermissions"], group["IpPermissionsEgress"]) == ([], [])


@every_region
def test_each_service_runs_in_each_region_behind_its_target_group(platform: Platform, region: str) -> None:
    recorded = platform.emulator.json("/_local/recorded")
    steps = [
        each["properties"]["Manifest"]
        for each in recorded
        if each["stack"] == f"EcommerceWorkload-{region}"
        and each["type"] == "Custom::AWSCDK-EKS-KubernetesResource"
        and each["region"] == region
    ]
    found = [manifest for step in steps for manifest in step]
    for manifest in found:
        check(manifest)
    names = {service.name for service in SERVICES}
    deployments = {each["metadata"]["name"] for each in found if each["kind"] == "Deployment"}
    groups = {
        each["TargetGroupArn"]
        for each in platform.client("elbv2", region).describe_target_groups()["TargetGroups"]
    }
    bound = {
        each["metadata"]["name"]: each["spec"]["targetGroupARN"]
        for each in found
        if each["kind"] == "TargetGroupBinding"
    }
    assert set(bound) == deployments & names
    assert names - set(bound) == (set() if region != TERTIARY else {"checkout", "orders"})
    assert set(bound.values()) <= groups
    assert len(set(bound.values())) == len(bound)


# --- data ------------------------------------------------------------------------------------------------


def test_carts_are_in_every_region_whoever_writes_them(platform: Platform) -> None:
    tables = {region: platform.client("dynamodb", region) for region in REGIONS}
    for origin in REGIONS:
        item = {"id": {"S": f"cart-{origin}"}, "itemId": {"S": "d4edfedb"}, "customerId": {"S": "7"}}
        tables[origin].put_item(TableName="ecommerce-carts", Item=item)
        for table in tables.values():
            assert table.get_item(TableName="ecommerce-carts", Key={"id": item["id"]})["Item"] == item


@pytest.mark.parametrize(
    ("of", "written", "read"),
    [
        ("assets", PRIMARY, {PRIMARY, SECONDARY, TERTIARY}),
        ("assets", SECONDARY, {SECONDARY}),
        *(("uploads", region, set(REGIONS)) for region in REGIONS),
    ],
)
def test_objects_go_where_they_should(platform: Platform, of: str, written: str, read: set[str]) -> None:
    s3 = {region: platform.client("s3", region) for region in REGIONS}
    key = f"from-{written}.png"
    s3[written].put_object(Bucket=f"ecommerce-{of}-{ACCOUNT}-{written}", Key=key, Body=b"png")

    def holders() -> set[str]:
        return {
            region
            for region in REGIONS
            if s3[region]
            .list_objects_v2(Bucket=f"ecommerce-{of}-{ACCOUNT}-{region}", Prefix=key)
            .get("Contents")
        }

    assert holders() == read


def test_the_data_key_is_one_key_in_all_regions_and_the_operations_key_is_not(platform: Platform) -> None:
    keys = {region: platform.client("kms", region) for region in REGIONS}

    def encrypted(of: str) -> bytes:
        answer = keys[PRIMARY].encrypt(KeyId=f"alias/ecommerce/{of}", Plaintext=b"card")
        return bytes(answer["CiphertextBlob"])

    data, operations = encrypted("data"), encrypted("operations")
    for region in REGIONS:
        assert keys[region].decrypt(CiphertextBlob=data)["Plaintext"] == b"card"
    for region in (SECONDARY, TERTIARY):
        with pytest.raises(ClientError, match="InvalidCiphertext"):
            keys[region].decrypt(CiphertextBlob=operations)


@pytest.mark.parametrize("of", ["orders-database", "payments", "signing-key", "entrance-api"])
def test_secrets_are_read_in_the_other_regions(platform: Platform, of: str) -> None:
    assert {platform.secret(of, region) for region in REGIONS} == {platform.secret(of)}


@pytest.mark.parametrize("of", ["orders-database", "signing-key"])
def test_a_rotation_makes_another_secret_and_the_replicas_have_it(platform: Platform, of: str) -> None:
    before = platform.secret(of)
    platform.client("secretsmanager").rotate_secret(SecretId=f"ecommerce/{of}")
    assert eventually(lambda: platform.secret(of) != before)
    assert platform.secret(of, SECONDARY) == platform.secret(of)
    assert json.loads(platform.secret(of)).keys() == json.loads(before).keys()


# --- events ----------------------------------------------------------------------------------------------


def _drained(platform: Platform, queue: str, region: str) -> list[Mapping[str, Any]]:
    """The events that wait in a queue; they are taken out."""
    sqs = platform.client("sqs", region)
    url = sqs.get_queue_url(QueueName=f"ecommerce-{queue}")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"]) for message in messages]


def test_an_order_goes_from_its_queue_to_who_packs_it_in_its_region_alone(platform: Platform) -> None:
    """Through the pipe and the bus; the other regions' buses have it once, and send it nowhere else."""
    order = {"order": {"id": "4f9d", "orderItems": [{"productId": "d4ed", "quantity": 2}]}, "card": "4111"}
    sqs = platform.client("sqs")
    for region in REGIONS:
        for queue in ("fulfilment", "notifications"):
            _drained(platform, queue, region)
    url = sqs.get_queue_url(QueueName="ecommerce-order-events")["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=json.dumps(order))
    found: dict[str, list[Mapping[str, Any]]] = {region: [] for region in REGIONS}

    def look() -> bool:
        for region, events in found.items():
            events.extend(_drained(platform, "fulfilment", region))
        return bool(found[PRIMARY])

    assert eventually(look)
    time.sleep(2)  # for what would go in a circle
    look()
    assert [(e["detail-type"], e["region"], e["detail"]) for e in found[PRIMARY]] == [
        ("Order Placed", PRIMARY, {"order": order["order"]})
    ]
    assert (found[SECONDARY], found[TERTIARY]) == ([], [])


def test_an_event_is_on_each_bus_once(platform: Platform) -> None:
    """A queue of the test's own beside the platform's, on each bus."""
    urls = {}
    for region in REGIONS:
        sqs, events = platform.client("sqs", region), platform.client("events", region)
        urls[region] = sqs.create_queue(QueueName="seen")["QueueUrl"]
        pattern = json.dumps({"source": ["shop.fulfilment"]})
        events.put_rule(Name="seen", EventBusName="ecommerce-orders", EventPattern=pattern)
        arn = f"arn:aws:sqs:{region}:{ACCOUNT}:seen"
        events.put_targets(Rule="seen", EventBusName="ecommerce-orders", Targets=[{"Id": "seen", "Arn": arn}])
    platform.client("events", SECONDARY).put_events(
        Entries=[
            {
                "Source": "shop.fulfilment",
                "DetailType": "Order Shipped",
                "Detail": '{"orderId": "4f9d"}',
                "EventBusName": "ecommerce-orders",
            }
        ]
    )
    time.sleep(2)
    for region in REGIONS:
        sqs, events = platform.client("sqs", region), platform.client("events", region)
        messages = sqs.receive_message(QueueUrl=urls[region], MaxNumberOfMessages=10).get("Messages", [])
        assert [json.loads(each["Body"])["region"] for each in messages] == [SECONDARY]
        events.remove_targets(Rule="seen", EventBusName="ecommerce-orders", Ids=["seen"])
        events.delete_rule(Name="seen", EventBusName="ecommerce-orders")
        sqs.delete_queue(QueueUrl=urls[region])


# --- traffic ---------------------------------------------------------------------------------------------


def _balancer(platform: Platform, region: str) -> Mapping[str, Any]:
    (balancer,) = platform.client("elbv2", region).describe_load_balancers()["LoadBalancers"]
    found: Mapping[str, Any] = balancer
    return found


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_the_load_balancer_leads_to_each_service_whoever_comes_in_by_the_entrance(
    platform: Platform, target: str, service: Service, region: str
) -> None:
    host = _balancer(platform, region)["DNSName"]
    path = service.paths[0].rstrip("*") + ("" if service.name == "ui" else "/x")
    assert platform.emulator.get(path, host=host).status == 404
    assert platform.emulator.get(path, host=host, headers={HEADER: "guessed"}).status == 404
    answer = platform.emulator.get(path, host=host, headers={HEADER: platform.secret("entrance-api", region)})
    assert answer.status == 200
    own = service.own_path + ("" if service.name == "ui" else "/x")
    assert json.loads(answer.body)["path"] == own


@pytest.mark.parametrize(
    "path", ["/actuator/health", "/api/catalog/../actuator", "/api/catalog%2f..", "/api/x"]
)
def test_what_is_closed_stays_closed(platform: Platform, target: str, path: str) -> None:
    headers = {HEADER: platform.secret("entrance-api")}
    assert (
        platform.emulator.get(path, host=_balancer(platform, PRIMARY)["DNSName"], headers=headers).status
        == 404
    )


@pytest.fixture(scope="module")
def partner(platform: Platform) -> Iterator[Mapping[str, str]]:
    """An API key of a partner in each region, as a person makes it."""
    made = {}
    for region in REGIONS:
        api = platform.client("apigateway", region)
        (plan,) = api.get_usage_plans()["items"]
        key = api.create_api_key(name="partner", enabled=True)
        api.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
        made[region] = (plan["id"], key["id"], key["value"])
    yield {region: value for region, (_plan, _key, value) in made.items()}
    for region, (_plan, key, _value) in made.items():
        platform.client("apigateway", region).delete_api_key(apiKey=key)


def _api(platform: Platform, region: str) -> tuple[str, str]:
    """The API's id and the name of its stage."""
    api = platform.client("apigateway", region)
    (found,) = api.get_rest_apis()["items"]
    (stage,) = api.get_stages(restApiId=found["id"])["item"]
    return found["id"], stage["stageName"]


def _ask(
    platform: Platform, region: str, path: str, *, key: str = "", method: str = "GET", body: Any = None
) -> Answer:
    api, stage = _api(platform, region)
    headers = {"Content-Type": "application/json"} | ({"x-api-key": key} if key else {})
    return platform.emulator.request(
        f"/{stage}{path}",
        host=f"{api}.execute-api.{region}.amazonaws.com",
        method=method,
        headers=headers,
        body=None if body is None else json.dumps(body).encode(),
    )


@every_region
def test_the_api_tells_whether_its_region_serves(platform: Platform, target: str, region: str) -> None:
    """From the API by the load balancer to the ui's own health, with no key."""
    answer = _ask(platform, region, "/health")
    assert (answer.status, json.loads(answer.body)["path"]) == (200, "/actuator/health/readiness")


@every_region
def test_the_api_serves_partners_alone(
    platform: Platform, target: str, partner: Mapping[str, str], region: str
) -> None:
    assert _ask(platform, region, "/catalog/size").status == 403
    assert _ask(platform, region, "/catalog/size", key="guessed").status == 403
    answer = _ask(platform, region, "/catalog/products/7f?x=1", key=partner[region])
    assert (answer.status, json.loads(answer.body)["path"].partition("?")[0]) == (200, "/catalog/products/7f")
    assert _ask(platform, region, "/cart/7", key=partner[region]).status == 401  # a customer's, who signs in


def test_what_a_payment_provider_tells_is_checked_and_an_event(
    platform: Platform, partner: Mapping[str, str]
) -> None:
    def told(body: Any, key: str = partner[PRIMARY]) -> int:
        return _ask(platform, PRIMARY, "/events/payments", key=key, method="POST", body=body).status

    payment = {
        "id": "evt-1",
        "type": "payment.succeeded",
        "orderId": "4f9d",
        "amount": 10900,
        "currency": "EUR",
        "createdAt": "2026-11-27T08:00:00Z",
    }
    assert told(payment, key="") == 403
    assert told({**payment, "type": "payment.invented"}) == 400
    assert told({name: value for name, value in payment.items() if name != "orderId"}) == 400
    assert told(payment) == 202
    (event,) = eventually(lambda: _drained(platform, "payments", PRIMARY))
    assert event["detail-type"] == "Payment Reported"
    assert event["detail"]["payment"]["orderId"] == "4f9d"


def test_the_tertiary_takes_no_order(platform: Platform, partner: Mapping[str, str]) -> None:
    for path in ("/orders", "/events/payments"):
        assert _ask(platform, TERTIARY, path, key=partner[TERTIARY], method="POST", body={}).status == 403


def _shop(platform: Platform) -> str:
    """The distribution's host name on this machine."""
    (distribution,) = platform.client("cloudfront").list_distributions()["DistributionList"]["Items"]
    return str(distribution["DomainName"]).replace(".net", ".localhost")


def test_the_distribution_leads_to_the_shop(platform: Platform, target: str) -> None:
    """By the names of the hosted zone, with the field that the load balancers ask for."""
    host = _shop(platform)
    for path in ("/catalog", "/checkout"):
        answer = platform.emulator.get(path, host=host)
        assert (answer.status, json.loads(answer.body)["path"]) == (200, path)
    assert platform.emulator.get("/api/orders", host=host).status == 404
    assert platform.emulator.get("/actuator/health", host=host).status == 404


def test_the_distribution_has_the_assets_from_the_bucket_and_else_from_the_shop(
    platform: Platform, target: str
) -> None:
    s3 = platform.client("s3")
    s3.put_object(Bucket=f"ecommerce-assets-{ACCOUNT}-{PRIMARY}", Key="assets/logo.svg", Body=b"<svg/>")
    host = _shop(platform)
    assert platform.emulator.get("/assets/logo.svg", host=host).body == b"<svg/>"
    answer = platform.emulator.get("/assets/other.svg", host=host)
    assert (answer.status, json.loads(answer.body)["path"]) == (200, "/assets/other.svg")


@every_region
def test_a_firewall_stands_before_load_balancer_and_api(platform: Platform, region: str) -> None:
    firewall = platform.client("wafv2", region)
    api, stage = _api(platform, region)
    before = [
        firewall.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
        for arn in (
            _balancer(platform, region)["LoadBalancerArn"],
            f"arn:aws:apigateway:{region}::/restapis/{api}/stages/{stage}",
        )
    ]
    assert [len(each["Rules"]) > 3 for each in before] == [True, True]


def test_a_customer_signs_up_with_a_good_password(platform: Platform) -> None:
    cognito = platform.client("cognito-idp")
    pool = platform.outputs(f"EcommerceCustomers-{PRIMARY}")["UserPoolId"]
    clients = cognito.list_user_pool_clients(UserPoolId=pool, MaxResults=10)["UserPoolClients"]
    (shop,) = (
        each["ClientId"]
        for each in clients
        if "ClientSecret"
        not in cognito.describe_user_pool_client(UserPoolId=pool, ClientId=each["ClientId"])["UserPoolClient"]
    )

    def sign_up(password: str) -> Any:
        return cognito.sign_up(
            ClientId=shop,
            Username="ada@example.org",
            Password=password,
            UserAttributes=[{"Name": "email", "Value": "ada@example.org"}],
        )

    with pytest.raises(ClientError, match="InvalidPassword"):
        sign_up("short")
    assert sign_up("Correct-Horse-7-Battery")["UserConfirmed"] is False
    cognito.admin_delete_user(UserPoolId=pool, Username="ada@example.org")


# --- recovery and operations -----------------------------------------------------------------------------


def test_writes_follow_the_plan_and_reads_the_health_of_a_region(platform: Platform) -> None:
    route53 = platform.client("route53")
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    records = route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
    plan = platform.outputs(f"EcommerceRecovery-{PRIMARY}")["PlanArn"]
    listed = platform.client("arc-region-switch").list_route53_health_checks(arn=plan)["healthChecks"]
    switches = {(each["recordName"].rstrip("."), each["region"]): each["healthCheckId"] for each in listed}
    writes = {
        (each["Name"], each["SetIdentifier"]): (each["Failover"], each["HealthCheckId"])
        for each in records
        if each["Name"].startswith("writes.")
    }
    assert {name for name, _region in writes} == {f"writes.api.{DOMAIN}.", f"writes.origin.{DOMAIN}."}
    for (_name, region), (role, check_id) in writes.items():
        assert role == ("PRIMARY" if region == PRIMARY else "SECONDARY")
        assert check_id == switches[f"writes.origin.{DOMAIN}", region]
    checks = {each["Id"]: each["HealthCheckConfig"] for each in route53.list_health_checks()["HealthChecks"]}
    nearest = {each["Region"]: each for each in records if each["Name"] == f"nearest.origin.{DOMAIN}."}
    assert nearest.keys() == set(REGIONS)
    for region, record in nearest.items():
        configuration = checks[record["HealthCheckId"]]
        children = [checks[child] for child in configuration["ChildHealthChecks"]]
        assert f"{region}.api.{DOMAIN}" in [child.get("FullyQualifiedDomainName") for child in children]
        assert configuration["HealthThreshold"] == len(children) == 2


@every_region
def test_every_alarm_of_the_platform_tells_somebody_or_is_part_of_one_that_does(
    platform: Platform, region: str
) -> None:
    alarms = platform.client("cloudwatch", region).describe_alarms()["MetricAlarms"]
    topic = f"arn:aws:sns:{region}:{ACCOUNT}:ecommerce-alarms"
    rules = [
        json.dumps(each["properties"])
        for each in platform.emulator.json("/_local/recorded")
        if each["type"] == "AWS::CloudWatch::CompositeAlarm" and each["region"] == region
    ]
    told = [each for each in alarms if topic in each["AlarmActions"]]
    silent = [each["AlarmName"] for each in alarms if not each["AlarmActions"]]
    assert len(told) > 10
    assert [name for name in silent if not any(name in rule for rule in rules)] == []


def test_a_second_deploy_of_one_stack_leaves_the_others_alone(platform: Platform, tmp_path: Path) -> None:
    def changed() -> dict[str, Any]:
        return {name: stack.get("LastUpdatedTime") for name, stack in platform.stacks().items()}

    before = changed()
    other = synthesize(tmp_path / "assembly", ecommerce_phase=WHOLE, log_retention_days=7)
    stack = f"EcommerceNetwork-{SECONDARY}"
    platform.deploy(other, stack, "--exclusively")
    assert {name for name, when in changed().items() if when != before[name]} == {stack}
