"""The health checks of a recorded Region Switch plan, as boto3 reads them."""

import io

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ClientError
from urllib3 import HTTPResponse

from local.emulator import region_switch
from local.emulator.cloudformation import recorded

ARN = "arn:aws:arc-region-switch::000000000000:plan/shop:abc123"


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> None:
    routing = {
        "HostedZoneId": "Z1",
        "RecordName": "write.example.org",
        "RecordSets": [{"Region": "us-east-1"}, {"Region": "eu-west-1"}],
    }
    steps = [
        {"ExecutionBlockConfiguration": {"ExecutionApprovalConfig": {}}},
        {"ExecutionBlockConfiguration": {"Route53HealthCheckConfig": routing}},
    ]
    one = recorded.Record(
        type="AWS::ARCRegionSwitch::Plan",
        physical_id=ARN,
        region="us-east-1",
        stack="Recovery",
        logical_id="Plan",
        properties={"Regions": ["us-east-1", "eu-west-1"], "Workflows": [{"Steps": steps}]},
    )
    monkeypatch.setattr(recorded, "_records", {"one": one})


def listed(**asked: str) -> dict[str, str]:
    """What boto3 makes of the answer, by region."""
    client = boto3.client(
        "arc-region-switch", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        target = request.headers["X-Amz-Target"]
        assert isinstance(target, bytes)
        fields = {"x-amz-target": target.decode()}
        assert region_switch.is_asked(fields)
        assert isinstance(request.body, bytes)
        status, headers, body = region_switch.answer(fields, request.body)
        raw = HTTPResponse(io.BytesIO(body), headers, status, preload_content=False)
        return AWSResponse(request.url, status, raw.headers, raw)  # type: ignore[arg-type]  # urllib3's own

    client.meta.events.register("before-send", send)
    found = client.list_route53_health_checks(**asked)["healthChecks"]
    return {each["region"]: each["healthCheckId"] for each in found}


@pytest.mark.usefixtures("plan")
def test_each_region_of_the_records_has_one_that_stays() -> None:
    found = listed(arn=ARN, hostedZoneId="Z1", recordName="write.example.org")
    assert found.keys() == {"us-east-1", "eu-west-1"}
    assert len(set(found.values())) == 2
    assert listed(arn=ARN) == found


@pytest.mark.usefixtures("plan")
def test_another_name_has_none_and_another_plan_is_not_there() -> None:
    assert listed(arn=ARN, recordName="other.example.org") == {}
    with pytest.raises(ClientError, match="there is no plan"):
        listed(arn=ARN.replace("abc123", "zzzzzz"))
