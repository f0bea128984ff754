"""The REST API of one region, with its stage, its limits and its logs."""

import json
from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge

# "In a private integration, API Gateway includes the stage in the path" ("Private integrations for REST APIs"): so
# called, /orders of the API is /api/orders of the load balancer whether it does or not.
STAGE: Final = "api"
CATALOG_TTL: Final = Duration.seconds(60)

# A method with settings of its own has none of the stage's.
_WATCHED: Final = {
    "metrics_enabled": True,
    "logging_level": apigateway.MethodLoggingLevel.ERROR,
    "data_trace_enabled": False,
}


class ShopApi(Construct):
    """A regional REST API that answers under its own host names alone. Exposes `api` and `stage`.

    `requests_per_second` and `burst`: of all callers. `cache_gb`: none or API Gateway's sizes; encrypted, and only
    for reads of the catalog (`/catalog/…`), which are the same for everybody.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        requests_per_second: int,
        burst: int,
        takes_writes: bool,
        cache_gb: str | None,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        access = logs.LogGroup(
            self, "Access", encryption_key=log_key, retention=log_retention, removal_policy=removal_policy
        )
        self.api = apigateway.RestApi(
            self,
            "Api",
            rest_api_name=name,
            description="The shop for partners' systems",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            disable_execute_api_endpoint=True,
            min_compression_size=None,
            cloud_watch_role=False,
            policy=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        principals=[iam.AnyPrincipal()],
                        actions=["execute-api:Invoke"],
                        resources=["execute-api:/*"],
                    ),
                    iam.PolicyStatement(
                        effect=iam.Effect.DENY,
                        principals=[iam.AnyPrincipal()],
                        actions=["execute-api:Invoke"],
                        resources=["execute-api:/*"],
                        conditions={"Bool": {"aws:SecureTransport": "false"}},
                    ),
                ]
            ),
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                throttling_rate_limit=requests_per_second,
                throttling_burst_limit=burst,
                metrics_enabled=True,
                tracing_enabled=True,
                # Errors only, and never data: bodies hold names and addresses.
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                data_trace_enabled=False,
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.custom(_access_line()),
                cache_cluster_enabled=cache_gb is not None,
                cache_cluster_size=cache_gb,
                cache_data_encrypted=True,
                caching_enabled=False if cache_gb else None,
                method_options=_by_method(
                    requests_per_second, burst, cached=cache_gb is not None, takes_writes=takes_writes
                ),
            ),
        )
        self.stage = self.api.deployment_stage
        # API Gateway makes it otherwise, without a key and for ever ("Set up CloudWatch logging for REST APIs").
        execution = logs.LogGroup(
            self,
            "Execution",
            log_group_name=f"API-Gateway-Execution-Logs_{self.api.rest_api_id}/{STAGE}",
            encryption_key=log_key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        self.stage.node.add_dependency(execution)
        acknowledge(
            self.stage,
            "AwsSolutions-APIG3",
            "APIGWAssociatedWithWAF",
            reason="The regional web ACL is associated by the stack EcommerceFirewall, phase 4.",
        )
        acknowledge(
            self.stage,
            "APIGWSSLEnabled",
            reason="A client certificate tells a public backend that API Gateway asks. Here the way is a "
            "VPC link, and the load balancer wants a secret header field.",
        )
        if not cache_gb:
            acknowledge(
                self.stage,
                "APIGWCacheEnabledAndEncrypted",
                "CKV_AWS_120",
                reason="There is no cache, so nothing is kept; with ecommerce_api_cache it is encrypted.",
            )
        else:
            acknowledge(
                self.stage,
                "APIGWCacheEnabledAndEncrypted",
                reason="Only the catalog's methods are cached, which is public, and that encrypted; the others are "
                "not, as their answers are one caller's.",
            )


def _by_method(
    requests_per_second: int, burst: int, *, cached: bool, takes_writes: bool
) -> dict[str, apigateway.MethodDeploymentOptions]:
    """A partner's orders take at most half of what the API takes: the rest is left for reads."""
    options = {}
    if takes_writes:
        options["/orders/POST"] = apigateway.MethodDeploymentOptions(
            throttling_rate_limit=max(1, requests_per_second // 2),
            throttling_burst_limit=max(1, burst // 2),
            **_WATCHED,  # type: ignore[arg-type]
        )
    if cached:
        for path in ("products", "products/{id}"):
            options[f"/catalog/{path}/GET"] = apigateway.MethodDeploymentOptions(
                caching_enabled=True,
                cache_data_encrypted=True,
                cache_ttl=CATALOG_TTL,
                throttling_rate_limit=requests_per_second,
                throttling_burst_limit=burst,
                **_WATCHED,  # type: ignore[arg-type]
            )
    return options


def _access_line() -> str:
    """One JSON object for each request: who, what, how long; no query, no body, no token."""
    return json.dumps(
        {
            "requestId": "$context.requestId",
            "extendedRequestId": "$context.extendedRequestId",
            "traceId": "$context.xrayTraceId",
            "time": "$context.requestTime",
            "ip": "$context.identity.sourceIp",
            "userAgent": "$context.identity.userAgent",
            "apiKeyId": "$context.identity.apiKeyId",
            "caller": "$context.identity.caller",
            "clientId": "$context.authorizer.claims.client_id",
            "host": "$context.domainName",
            "method": "$context.httpMethod",
            "resource": "$context.resourcePath",
            "status": "$context.status",
            "bytes": "$context.responseLength",
            "milliseconds": "$context.responseLatency",
            "backendMilliseconds": "$context.integrationLatency",
            "backendStatus": "$context.integration.status",
            "error": "$context.error.message",
            "validation": "$context.error.validationErrorString",
        }
    )
