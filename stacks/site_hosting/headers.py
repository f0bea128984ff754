"""The headers that CloudFront adds to every answer."""

from aws_cdk import Duration
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct


class SecurityHeaders(Construct):
    """A response headers policy after the OWASP Secure Headers Project; it overrides what the origin sends.

    `content_security_policy`: of what has none of its own; none is sent if it is empty. A page with scripts or
    styles in itself has one with their hashes, see publisher/rules.py.
    """

    def __init__(self, scope: Construct, construct_id: str, *, content_security_policy: str) -> None:
        super().__init__(scope, construct_id)
        csp = None
        if content_security_policy:
            csp = cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=content_security_policy, override=False
            )
        self.policy = cloudfront.ResponseHeadersPolicy(
            self,
            "Policy",
            comment="Security headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=csp,
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.STRICT_ORIGIN_WHEN_CROSS_ORIGIN,
                    override=True,
                ),
                # No preload: that binds a domain's owner for years, who has to ask for it himself.
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), include_subdomains=True, override=True
                ),
            ),
            # What S3 says about its storage is no visitor's business.
            remove_headers=["x-amz-server-side-encryption", "x-amz-version-id"],
            custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
                custom_headers=[
                    cloudfront.ResponseCustomHeader(
                        header="permissions-policy",
                        value="camera=(), geolocation=(), microphone=(), payment=(), usb=()",
                        override=True,
                    ),
                    cloudfront.ResponseCustomHeader(
                        header="cross-origin-opener-policy", value="same-origin", override=True
                    ),
                ]
            ),
        )
