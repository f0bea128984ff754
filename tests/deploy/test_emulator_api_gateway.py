"""A REST API of API Gateway refuses what it should, and puts an order's event on a bus without a function."""

import json
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from tests.deploy.emulator_process import Answer, EmulatorProcess
from tests.deploy.templates import NOBODY, PRIMARY, SECONDARY, Stacks, att, client, ref, resource, stacks

pytestmark = pytest.mark.thorough

KEY = "key-0123456789abcdef0123456789"
TEMPLATE = """
#set($context.requestOverride.header.X-Amz-Target = "AWSEvents.PutEvents")
#set($context.requestOverride.header.Content-Type = "application/x-amz-json-1.1")
#set($detail = $util.escapeJavaScript($input.json('$')).replaceAll("\\\\'", "'"))
{"Entries": [{"Source": "shop", "DetailType": "OrderPlaced", "Detail": "$detail", "EventBusName": "api-orders"}]}
"""


def events_api(region: str) -> dict[str, Any]:
    """POST /orders goes to the bus, with a key and a valid body; GET / is open, and slow to be asked again."""
    mock = {
        "Type": "MOCK",
        "RequestTemplates": {"application/json": '{"statusCode": 200}'},
        "IntegrationResponses": [{"StatusCode": "200", "ResponseTemplates": {"application/json": "{}"}}],
    }
    put = {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": f"arn:aws:apigateway:{region}:events:action/PutEvents",
        "Credentials": att("Role", "Arn"),
        "PassthroughBehavior": "NEVER",
        "RequestTemplates": {"application/json": TEMPLATE},
        "IntegrationResponses": [
            {"StatusCode": "202", "ResponseTemplates": {"application/json": '{"accepted": true}'}}
        ],
    }
    order = {"type": "object", "required": ["order"], "properties": {"order": {"type": "string"}}}
    api = ref("Api")
    return {
        "Bus": resource("AWS::Events::EventBus", Name="api-orders"),
        "Queue": resource("AWS::SQS::Queue", QueueName="api-orders"),
        "Rule": resource(
            "AWS::Events::Rule",
            EventBusName=ref("Bus"),
            EventPattern={"detail-type": ["OrderPlaced"]},
            Targets=[{"Id": "queue", "Arn": att("Queue", "Arn")}],
        ),
        "Role": resource("AWS::IAM::Role", AssumeRolePolicyDocument=NOBODY),
        "Api": resource("AWS::ApiGateway::RestApi", Name="shop"),
        "Orders": resource(
            "AWS::ApiGateway::Resource",
            RestApiId=api,
            ParentId=att("Api", "RootResourceId"),
            PathPart="orders",
        ),
        "Order": resource(
            "AWS::ApiGateway::Model", RestApiId=api, ContentType="application/json", Schema=order
        ),
        "Validator": resource("AWS::ApiGateway::RequestValidator", RestApiId=api, ValidateRequestBody=True),
        "Post": resource(
            "AWS::ApiGateway::Method",
            RestApiId=api,
            ResourceId=ref("Orders"),
            HttpMethod="POST",
            AuthorizationType="NONE",
            ApiKeyRequired=True,
            RequestValidatorId=ref("Validator"),
            RequestModels={"application/json": ref("Order")},
            MethodResponses=[{"StatusCode": "202"}],
            Integration=put,
        ),
        "Get": resource(
            "AWS::ApiGateway::Method",
            RestApiId=api,
            ResourceId=att("Api", "RootResourceId"),
            HttpMethod="GET",
            AuthorizationType="NONE",
            MethodResponses=[{"StatusCode": "200"}],
            Integration=mock,
        ),
        "Deployment": {
            **resource("AWS::ApiGateway::Deployment", RestApiId=api),
            "DependsOn": ["Post", "Get"],
        },
        "Stage": resource(
            "AWS::ApiGateway::Stage",
            RestApiId=api,
            DeploymentId=ref("Deployment"),
            StageName="live",
            MethodSettings=[
                {"HttpMethod": "*", "ResourcePath": "/*", "ThrottlingRateLimit": 2, "ThrottlingBurstLimit": 3}
            ],
        ),
        "Key": resource("AWS::ApiGateway::ApiKey", Enabled=True, Value=KEY),
        "Plan": resource("AWS::ApiGateway::UsagePlan", ApiStages=[{"ApiId": api, "Stage": ref("Stage")}]),
        "PlanKey": resource(
            "AWS::ApiGateway::UsagePlanKey", KeyId=ref("Key"), KeyType="API_KEY", UsagePlanId=ref("Plan")
        ),
        "Filter": resource(
            "AWS::WAFv2::WebACL",
            Name="api",
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            VisibilityConfig={
                "CloudWatchMetricsEnabled": True,
                "MetricName": "api",
                "SampledRequestsEnabled": True,
            },
        ),
        "Filtered": resource(
            "AWS::WAFv2::WebACLAssociation",
            WebACLArn=att("Filter", "Arn"),
            ResourceArn={"Fn::Sub": f"arn:aws:apigateway:{region}::/restapis/${{Api}}/stages/${{Stage}}"},
        ),
    }


class Api(NamedTuple):
    """The deployed API of a region."""

    emulator: EmulatorProcess
    region: str
    id: str
    queue: str
    stacks: Stacks

    def ask(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        """Send a request as a shop's page would."""
        fields = {"Content-Type": "application/json"} | ({"x-api-key": key} if key else {})
        data = None if body is None else json.dumps(body).encode()
        host = f"{self.id}.execute-api.{self.region}.amazonaws.com"
        return self.emulator.request(f"/live{path}", host=host, method=method, headers=fields, body=data)


@pytest.fixture(scope="module", params=[PRIMARY, SECONDARY])
def api(request: pytest.FixtureRequest, emulator: EmulatorProcess) -> Iterator[Api]:
    """The API, deployed to a region."""
    region = request.param
    with stacks(emulator) as made:
        found = made.create("api", events_api(region), region, Api=ref("Api"), Queue=ref("Queue"))
        yield Api(emulator, region, found["Api"], found["Queue"], made)


@pytest.mark.parametrize("key", [None, "wrong-0123456789abcdef0123456789"])
def test_without_a_key_of_its_plan_it_forbids(api: Api, key: str | None) -> None:
    assert api.ask("POST", "/orders", {"order": "1"}, key=key).status == 403


@pytest.mark.parametrize("body", [{}, {"order": 7}, ["order"]])
def test_what_does_not_fit_the_model_is_a_bad_request(api: Api, body: Any) -> None:
    time.sleep(0.6)  # the stage lets two through a second
    assert api.ask("POST", "/orders", body, key=KEY).status == 400


def test_an_order_becomes_an_event_on_the_bus(api: Api) -> None:
    time.sleep(2)
    order = {"order": "it's", "note": 'a "quoted" \\ word'}
    answer = api.ask("POST", "/orders", order, key=KEY)
    assert (answer.status, json.loads(answer.body)) == (202, {"accepted": True})
    sqs = client(api.emulator, "sqs", api.region)
    (message,) = sqs.receive_message(QueueUrl=api.queue, WaitTimeSeconds=5)["Messages"]
    event = json.loads(message["Body"])
    assert (event["detail"], event["region"]) == (order, api.region)


def test_more_than_its_burst_is_throttled(api: Api) -> None:
    time.sleep(2)
    answers = [api.ask("GET", "/").status for _ in range(20)]
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers


def test_its_web_acl_is_readable_back_until_it_is_taken_away(api: Api) -> None:
    waf = client(api.emulator, "wafv2", api.region)
    stage = f"arn:aws:apigateway:{api.region}::/restapis/{api.id}/stages/live"
    assert waf.get_web_acl_for_resource(ResourceArn=stage)["WebACL"]["Name"] == "api"
    without = {name: each for name, each in events_api(api.region).items() if name != "Filtered"}
    api.stacks.update("api", without, api.region, Api=ref("Api"), Queue=ref("Queue"))
    with pytest.raises(waf.exceptions.WAFNonexistentItemException):
        waf.get_web_acl_for_resource(ResourceArn=stage)
