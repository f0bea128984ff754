"""Where the payment provider tells what became of a payment: straight to the bus, without a program between."""

import json

from aws_cdk import Aws, Stack
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.operations.shop_events import PAYMENT_REPORTED
from stacks.ecommerce.traffic.api_models import PAYMENT_EVENT


class PaymentEvents(Construct):
    """`POST /events/payments` of `api`, with an API key: an event of the bus named `bus`, in this region.

    It answers 202 once EventBridge has the event, so that the provider tries again otherwise; 502 if it refused it.
    The body is checked before. Its signature is passed on for who handles the event, as API Gateway cannot
    check it.
    """

    def __init__(self, scope: Construct, construct_id: str, *, api: apigateway.RestApi, bus: str) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        arn = stack.format_arn(service="events", resource="event-bus", resource_name=bus)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "apigateway.amazonaws.com",
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
        )
        iam.ManagedPolicy(
            self,
            "Policy",
            roles=[role],
            statements=[iam.PolicyStatement(actions=["events:PutEvents"], resources=[arn])],
        )
        method = api.root.resource_for_path("/events/payments").add_method(
            "POST",
            apigateway.AwsIntegration(
                service="events",
                action="PutEvents",
                integration_http_method="POST",
                options=apigateway.IntegrationOptions(
                    credentials_role=role.without_policy_updates(),
                    passthrough_behavior=apigateway.PassthroughBehavior.NEVER,
                    request_parameters={
                        "integration.request.header.X-Amz-Target": "'AWSEvents.PutEvents'",
                        "integration.request.header.Content-Type": "'application/x-amz-json-1.1'",
                    },
                    request_templates={"application/json": _entry(arn)},
                    integration_responses=[
                        apigateway.IntegrationResponse(
                            status_code="202",
                            # an entry that is refused is an answer of 200 all the same
                            response_templates={
                                "application/json": "#if($input.path('$.FailedEntryCount') != 0)"
                                "#set($context.responseOverride.status = 502)#end{}"
                            },
                        ),
                        apigateway.IntegrationResponse(
                            status_code="502",
                            selection_pattern=r"(4|5)\d{2}",
                            response_templates={"application/json": "{}"},
                        ),
                    ],
                ),
            ),
            api_key_required=True,
            authorization_type=apigateway.AuthorizationType.NONE,
            request_parameters={"method.request.header.Content-Type": True},
            request_models={
                "application/json": apigateway.Model(
                    self,
                    "Model",
                    rest_api=api,
                    content_type="application/json",
                    model_name="PaymentEvent",
                    schema=PAYMENT_EVENT,
                )
            },
            request_validator=apigateway.RequestValidator(
                self, "Validator", rest_api=api, validate_request_body=True, validate_request_parameters=True
            ),
            method_responses=[
                apigateway.MethodResponse(status_code="202"),
                apigateway.MethodResponse(status_code="502"),
            ],
        )
        acknowledge(
            method,
            "AwsSolutions-APIG4",
            "AwsSolutions-COG4",
            reason="The provider has an API key and no account of ours; whoever handles the event checks the "
            "signature that it carries before it means anything.",
        )


def _entry(bus_arn: str) -> str:
    """The mapping template: an entry whose Detail is JSON within a string, so the signature, a string within that,
    is escaped twice. escapeJavaScript escapes ' too, which JSON does not know."""
    payment = r"""$util.escapeJavaScript($input.json('$')).replaceAll("\\'","'")"""
    signature = r"""$util.escapeJavaScript($util.escapeJavaScript($input.params('X-Signature')))"""
    detail = rf"""{{\"payment\":{payment},\"signature\":\"{signature}\"}}"""
    return (
        f'{{"Entries":[{{"Source":"{PAYMENT_REPORTED.source}","DetailType":"{PAYMENT_REPORTED.name}",'
        f'"EventBusName":{json.dumps(bus_arn)},"Detail":"{detail}"}}]}}'
    )
