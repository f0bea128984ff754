"""What CloudFront keeps, what it passes on, and what it adds to answers."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct


class EdgePolicies(Construct):
    """`catalog`: cached for half a minute, by query alone. `headers`: of every answer."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.catalog = cloudfront.CachePolicy(
            self,
            "Catalog",
            comment="The catalog, the same for everybody",
            min_ttl=Duration.seconds(0),
            default_ttl=Duration.seconds(30),
            max_ttl=Duration.minutes(5),
            query_string_behavior=cloudfront.CacheQueryStringBehavior.all(),
            enable_accept_encoding_gzip=True,
            enable_accept_encoding_brotli=True,
        )
        self.headers = cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="Security header fields of the shop",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
                    override=True,
                ),
                # Payment pages must not be framed or posted elsewhere; the pages have scripts of their own inline.
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy="frame-ancestors 'none'; base-uri 'self'; form-action 'self'; "
                    "object-src 'none'",
                    override=False,
                ),
            ),
            remove_headers=["Server", "X-Powered-By"],
        )
