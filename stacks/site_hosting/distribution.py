"""The CloudFront distribution in front of the private bucket, and of the API where there is one."""

from pathlib import Path
from typing import Final, Literal

from aws_cdk import Acknowledgment, Validations
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.api_origin import ApiOrigin
from stacks.site_hosting.domain import SiteDomain, SiteNames
from stacks.site_hosting.fallback.asked import ASKED
from stacks.site_hosting.rules.urls import TrailingSlash

_EDGE: Final = Path(__file__).parent / "edge"
_PRICE_CLASSES: Final = {
    "100": cloudfront.PriceClass.PRICE_CLASS_100,
    "200": cloudfront.PriceClass.PRICE_CLASS_200,
    "all": cloudfront.PriceClass.PRICE_CLASS_ALL,
}


class SiteDistribution(Construct):
    """HTTPS, HTTP/2 and 3, IPv6, compression, security headers and page routing at the edge.

    `versions`: the KeyValueStore that says which version is live, see publisher/pointer.py.
    `fallback`: the origin that answers where the bucket has no file.
    `trailing_slash`: of the paths of pages, see rules/urls.py.
    `domain`: the site's own name; none: CloudFront's, with CloudFront's certificate.
    `logged`: DistributionAccessLogs keeps a log of the requests.
    `web_acl_arn`: of scope CLOUDFRONT; none: no firewall.
    `origin_metrics`: CloudFront's additional metrics, of which one is the origin's latency.
    `api`: what answers `/api/*`, uncached, all methods; none: no such behaviour.

    There is no custom error response: it would hold for the whole distribution, the API included, which keeps every
    status code and every body so. Nor may CloudFront list the bucket: S3 answers 403 for a key that is not there,
    which the fallback turns into what it is.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        bucket: s3.IBucket,
        versions: cloudfront.KeyValueStore,
        headers: cloudfront.IResponseHeadersPolicy,
        fallback: cloudfront.IOrigin,
        routing: Literal["clean-urls", "spa"],
        trailing_slash: TrailingSlash,
        price_class: Literal["100", "200", "all"],
        domain: SiteDomain | None,
        logged: bool,
        web_acl_arn: str | None,
        origin_metrics: bool,
        api: ApiOrigin | None,
    ) -> None:
        super().__init__(scope, construct_id)
        request = cloudfront.Function(
            self,
            "ViewerRequest",
            code=cloudfront.FunctionCode.from_inline(
                viewer_request(routing, domain.names if domain else None, trailing_slash)
            ),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            key_value_store=versions,
            comment=f"Page routing: {routing}, version by the key value store",
        )
        response = cloudfront.Function(
            self,
            "ViewerResponse",
            code=cloudfront.FunctionCode.from_file(file_path=str(_EDGE / "viewer_response.js")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="A page's version, in a cookie",
        )
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Static site {scope.node.path}",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.OriginGroup(
                    primary_origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
                    fallback_origin=fallback,
                    fallback_status_codes=[403, 404],
                ),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                cache_policy=cloudfront.CachePolicy.CACHING_OPTIMIZED,
                # For the fallback; a header field of the request that is no part of the cache's key.
                origin_request_policy=cloudfront.OriginRequestPolicy(
                    self,
                    "Asked",
                    comment="What was asked for, and of which version of the site",
                    header_behavior=cloudfront.OriginRequestHeaderBehavior.allow_list(ASKED),
                ),
                response_headers_policy=headers,
                compress=True,
                function_associations=[
                    cloudfront.FunctionAssociation(
                        function=request, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                    ),
                    cloudfront.FunctionAssociation(
                        function=response, event_type=cloudfront.FunctionEventType.VIEWER_RESPONSE
                    ),
                ],
            ),
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            price_class=_PRICE_CLASSES[price_class],
            web_acl_id=web_acl_arn,
            publish_additional_metrics=origin_metrics,
            domain_names=domain.names.all if domain else None,
            certificate=domain.certificate if domain else None,
            # Of the policies that still speak TLS 1.2, the newest.
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025 if domain else None,
        )
        if api:
            self._add_api(api, headers)
        Validations.of(self.distribution).acknowledge(
            Acknowledgment(id="AwsSolutions-CFR1", reason="The site is public in every country."),
            Acknowledgment(
                id="AwsSolutions-CFR3",
                reason="Requests are logged by standard logging v2, which is no property of the distribution."
                if logged
                else "No access log: CloudFront's own metrics count requests and errors, at no cost and "
                "without keeping visitors' addresses.",
            ),
        )

        if not web_acl_arn:
            Validations.of(self.distribution).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-CFR2",
                    reason="No web ACL, unless the setting waf asks for one: the pages are static and cached; AWS "
                    "WAF costs at least 6 USD a month.",
                )
            )
        if domain:
            domain.point_to(self.distribution)
        else:
            Validations.of(self.distribution).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-CFR4",
                    reason="Without a domain of its own the site has CloudFront's certificate, for which "
                    "CloudFront fixes the TLS policy.",
                )
            )

    def _add_api(self, api: ApiOrigin, headers: cloudfront.IResponseHeadersPolicy) -> None:
        protocol = (
            cloudfront.OriginProtocolPolicy.HTTPS_ONLY
            if api.https
            else cloudfront.OriginProtocolPolicy.HTTP_ONLY
        )
        self.distribution.add_behavior(
            "/api/*",
            origins.HttpOrigin(
                api.domain_name,
                protocol_policy=protocol,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=headers,
        )
        if not api.https:
            Validations.of(self.distribution).acknowledge(
                Acknowledgment(
                    id="AwsSolutions-CFR5",
                    reason="Without counter_domain the counter's load balancer has no certificate, and listens on "
                    "HTTP; what passes is a public number.",
                )
            )


def viewer_request(
    routing: Literal["clean-urls", "spa"],
    names: SiteNames | None = None,
    trailing_slash: TrailingSlash = "by-file",
) -> str:
    """The code of the viewer request function; of two `names`, one redirects to the other."""
    code = (_EDGE / "viewer_request.js").read_text()
    code = _switched(code, "SINGLE_PAGE = false", f"SINGLE_PAGE = {'true' if routing == 'spa' else 'false'}")
    code = _switched(code, "TRAILING_SLASH = 'by-file'", f"TRAILING_SLASH = '{trailing_slash}'")
    if names and names.redirected:
        code = _switched(code, "REDIRECTED_HOST = ''", f"REDIRECTED_HOST = '{names.redirected}'")
        code = _switched(code, "PRIMARY_HOST = ''", f"PRIMARY_HOST = '{names.primary}'")
    return code


def _switched(code: str, default: str, chosen: str) -> str:
    if code.count(f"const {default};") != 1:
        raise ValueError(f"viewer_request.js must have one `const {default};`")
    return code.replace(f"const {default};", f"const {chosen};")
