"""The API: what it offers to whom, what it refuses, and what it writes down."""

import json

import pytest

from stacks.ecommerce.topology import DEFAULT, Region
from stacks.ecommerce.traffic.api_methods import OFFERED
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)
DOMAIN = "shop.example.org"


def api(region: str, **given: object) -> Template:
    return platform(**given)[f"EcommerceApi-{region}"]


def paths(found: Template) -> dict[str, str]:
    """The path of each resource by its logical id."""
    made = {
        name: each["Properties"]
        for name, each in found["Resources"].items()
        if each["Type"] == "AWS::ApiGateway::Resource"
    }

    def path(name: str) -> str:
        parent = made[name]["ParentId"]
        above = path(parent["Ref"]) if "Ref" in parent else ""
        return f"{above}/{made[name]['PathPart']}"

    return {name: path(name) for name in made}


def methods(found: Template) -> dict[tuple[str, str], Template]:
    known = paths(found)
    return {
        (each["HttpMethod"], known[each["ResourceId"]["Ref"]]): each
        for each in resources(found, "AWS::ApiGateway::Method")
    }


@every_region
def test_it_offers_its_table_and_writes_only_where_they_can_be_taken(region: Region) -> None:
    expected = {(each.method, each.path) for each in OFFERED if region.role != "tertiary" or not each.writes}
    if region.role != "tertiary":
        expected.add(("POST", "/events/payments"))
    assert methods(api(region.name)).keys() == expected
    assert ("GET", "/orders") not in expected, "the sample's has those of everybody"


@every_region
def test_only_the_health_is_for_anybody_and_what_is_somebodys_wants_who_asks(region: Region) -> None:
    for (_, path), each in methods(api(region.name)).items():
        assert each["ApiKeyRequired"] == (path != "/health")
        if path.startswith(("/cart", "/checkout", "/orders")):
            assert each["AuthorizationType"] in ("AWS_IAM", "COGNITO_USER_POOLS")
            assert each["AuthorizationType"] == "AWS_IAM" or each["AuthorizationScopes"] == ["partners/shop"]


@every_region
def test_requests_take_the_private_way_with_the_field_that_lets_the_api_in(region: Region) -> None:
    found = api(region.name)
    for (method, path), each in methods(found).items():
        if path == "/events/payments":
            continue
        way = each["Integration"]
        assert (way["Type"], way["ConnectionType"]) == ("HTTP_PROXY", "VPC_LINK")
        assert "LoadBalancer" in json.dumps(way["IntegrationTarget"])
        assert way["Uri"] == f"https://{region.name}.origin.{DOMAIN}/api{path}"
        assert way["IntegrationHttpMethod"] == method
        header = way["RequestParameters"]["integration.request.header.X-Shop-Entrance"]
        assert header == "'{{resolve:secretsmanager:ecommerce/entrance-api:SecretString:::}}'"
    link = only(found, "AWS::ApiGatewayV2::VpcLink")
    assert len(link["SubnetIds"]) == 3 and len(link["SecurityGroupIds"]) == 1


@every_region
def test_bodies_are_checked_and_nothing_unknown_is_in_them(region: Region) -> None:
    found = api(region.name)
    for (method, path), each in methods(found).items():
        if method == "POST" and not path.endswith("/submit"):
            assert each["RequestModels"].keys() == {"application/json"}
    for each in resources(found, "AWS::ApiGateway::Model"):
        assert each["Schema"]["additionalProperties"] is False
    for each in resources(found, "AWS::ApiGateway::RequestValidator"):
        assert each["ValidateRequestBody"] is each["ValidateRequestParameters"] is True


@every_region
def test_it_is_limited_by_the_regions_size_and_traced_and_logged_encrypted(region: Region) -> None:
    found = api(region.name)
    stage = only(found, "AWS::ApiGateway::Stage")
    (every,) = (each for each in stage["MethodSettings"] if each["ResourcePath"] == "/*")
    assert every["ThrottlingRateLimit"] == max(1, 50 * region.capacity_percent // 100 * 20 // 100)
    assert (every["LoggingLevel"], every["DataTraceEnabled"]) == ("ERROR", False)
    assert stage["TracingEnabled"] is True
    line = json.loads(stage["AccessLogSetting"]["Format"])
    assert not any("path" in str(value).lower() and "resourcePath" not in value for value in line.values())
    for each in resources(found, "AWS::Logs::LogGroup"):
        assert each.keys() >= {"KmsKeyId", "RetentionInDays"}
    assert only(found, "AWS::ApiGateway::RestApi")["DisableExecuteApiEndpoint"] is True


def test_a_cache_is_of_the_catalog_alone_and_encrypted() -> None:
    assert "CacheClusterSize" not in only(api("us-east-1"), "AWS::ApiGateway::Stage")
    stage = only(api("us-east-1", ecommerce_api_cache="0.5"), "AWS::ApiGateway::Stage")
    assert (stage["CacheClusterEnabled"], stage["CacheClusterSize"]) == (True, "0.5")
    cached = [each for each in stage["MethodSettings"] if each.get("CachingEnabled")]
    assert [each["ResourcePath"] for each in cached] == ["/~1catalog~1products", "/~1catalog~1products~1{id}"]
    assert all(each["CacheDataEncrypted"] for each in cached)


def test_another_page_of_the_catalog_is_another_answer_of_the_cache() -> None:
    made = methods(api("us-east-1"))
    way = made["GET", "/catalog/products"]["Integration"]
    keys = {f"method.request.querystring.{name}" for name in ("tags", "order", "page", "size")}
    assert set(way["CacheKeyParameters"]) == keys <= set(way["RequestParameters"].values())
    one = made["GET", "/catalog/products/{id}"]["Integration"]
    assert one["CacheKeyParameters"] == ["method.request.path.id"]


@every_region
def test_orders_leave_room_for_reads(region: Region) -> None:
    settings = only(api(region.name), "AWS::ApiGateway::Stage")["MethodSettings"]
    limits = {each["ResourcePath"]: each["ThrottlingRateLimit"] for each in settings}
    if region.role == "tertiary":
        assert limits.keys() == {"/*"}
    else:
        assert 1 <= limits["/~1orders"] <= max(1, limits["/*"] // 2)


def test_a_payments_event_goes_to_the_bus_of_the_region_and_to_no_other() -> None:
    found = api("eu-west-1")
    way = methods(found)["POST", "/events/payments"]["Integration"]
    assert way["PassthroughBehavior"] == "NEVER"
    template = way["RequestTemplates"]["application/json"]
    text = json.dumps(template)
    assert ":event-bus/ecommerce-orders" in text.replace('", "', "") or "event-bus/ecommerce" in text
    granted = [
        statement
        for each in resources(found, "AWS::IAM::ManagedPolicy")
        for statement in each["PolicyDocument"]["Statement"]
        if statement["Action"] == "events:PutEvents"
    ]
    assert len(granted) == 1 and "event-bus/" in json.dumps(granted[0]["Resource"])
    early = methods(api("eu-west-1", ecommerce_phase=3))
    assert ("POST", "/events/payments") not in early, "there is no bus before phase 4"


@every_region
def test_its_names_are_those_that_route_53_leads_to(region: Region) -> None:
    names = {each["DomainName"] for each in resources(api(region.name), "AWS::ApiGateway::DomainName")}
    assert names == {f"api.{DOMAIN}", f"writes.api.{DOMAIN}", f"{region.name}.api.{DOMAIN}"}
    for each in resources(api(region.name), "AWS::ApiGateway::DomainName"):
        assert each["SecurityPolicy"] == "TLS_1_2"
