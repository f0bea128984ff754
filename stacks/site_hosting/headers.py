"""The header fields that CloudFront adds to every answer."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from stacks.site_hosting.rules.security_headers import SecurityHeaders

_FRAME_OPTIONS: Final = {
    "deny": cloudfront.HeadersFrameOption.DENY,
    "sameorigin": cloudfront.HeadersFrameOption.SAMEORIGIN,
}


class SiteHeaders(Construct):
    """A response headers policy of `headers`; it overrides what the origin sends.

    But for the Content-Security-Policy: an error page may have one with hashes, see rules/page_policy.py. What
    edge/viewer_response.js sets comes later, and is stronger.
    """

    def __init__(self, scope: Construct, construct_id: str, *, headers: SecurityHeaders) -> None:
        super().__init__(scope, construct_id)
        csp = frame = None
        if headers.content_security_policy:
            csp = cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=headers.content_security_policy, override=False
            )
        if headers.frame_options != "none":
            frame = cloudfront.ResponseHeadersFrameOptions(
                frame_option=_FRAME_OPTIONS[headers.frame_options], override=True
            )
        others = {
            "permissions-policy": headers.permissions_policy,
            "cross-origin-opener-policy": headers.cross_origin_opener_policy,
        }
        self.policy = cloudfront.ResponseHeadersPolicy(
            self,
            "Policy",
            comment="Security headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=csp,
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=frame,
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy[
                        headers.referrer_policy.upper().replace("-", "_")
                    ],
                    override=True,
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(headers.hsts_max_age_days),
                    include_subdomains=headers.hsts_include_subdomains,
                    preload=headers.hsts_preload,
                    override=True,
                ),
            ),
            # What S3 says about its storage is no visitor's business.
            remove_headers=["x-amz-server-side-encryption", "x-amz-version-id"],
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(header=name, value=value, override=True)
                    for name, value in others.items()
                    if value
                ]
            ),
        )
