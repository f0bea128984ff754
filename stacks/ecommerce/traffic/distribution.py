"""The CloudFront distribution of the shop."""

from collections.abc import Sequence
from typing import Final, Literal

from aws_cdk import Annotations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.traffic.edge_functions import ONE_NAME
from stacks.ecommerce.traffic.edge_origins import EdgeOrigins
from stacks.ecommerce.traffic.edge_policies import EdgePolicies
from stacks.ecommerce.traffic.host_names import Tree

_PRICE_CLASSES: Final = {
    "100": cloudfront.PriceClass.PRICE_CLASS_100,
    "200": cloudfront.PriceClass.PRICE_CLASS_200,
    "all": cloudfront.PriceClass.PRICE_CLASS_ALL,
}
# Of S3 for a key that is not there, as CloudFront may not list the bucket; and of a bucket that is still empty.
_MISSING: Final = (403, 404)

CHECKOUT: Final = ("/checkout", "/checkout/*")
"""Pages of ui by which an order is placed: its state is in the cache of the region that takes writes."""


class ShopDistribution(Construct):
    """HTTPS for `host_names`, HTTP/2 and 3, IPv6. Exposes `distribution`.

    Reads go to `tree`'s reads, which Route 53 leads to the nearest region, or Europe's; the checkout to its writes.
    A read of the catalog that gets no answer is asked once more of `fallback`, a region's name, before Route 53
    notices anything. `asset_regions`: whose buckets have the static files, the first before the second.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domains: Sequence[str],
        certificate: acm.ICertificate,
        tree: Tree,
        fallback: str | None,
        origins: EdgeOrigins,
        asset_regions: Sequence[str],
        price_class: Literal["100", "200", "all"],
        blocked_countries: Sequence[str],
        web_acl_arn: str | None,
        metrics: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        Annotations.of(self).acknowledge_warning(
            "@aws-cdk/aws-cloudfront-origins:updateImportedBucketPolicyOac",
            "The stack that has a bucket of assets writes its policy too.",
        )
        policies = EdgePolicies(self, "Policies")
        function = cloudfront.Function(
            self,
            "OneName",
            code=cloudfront.FunctionCode.from_inline(ONE_NAME),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            comment="One name for the shop",
        )
        self._common = {
            "viewer_protocol_policy": cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            "response_headers_policy": policies.headers,
            "compress": True,
            "function_associations": [
                cloudfront.FunctionAssociation(
                    function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
                )
            ],
        }
        reads = origins.balancer(tree.reads)
        writes = origins.balancer(tree.writes)
        sure = origins.either(reads, origins.balancer(tree.region(fallback))) if fallback else reads
        first = origins.assets(asset_regions[0])
        media = origins.either(first, origins.assets(asset_regions[1])) if len(asset_regions) > 1 else first
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"Shop {domains[0]}",
            domain_names=list(domains),
            certificate=certificate,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2025,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
            enable_ipv6=True,
            price_class=_PRICE_CLASSES[price_class],
            web_acl_id=web_acl_arn,
            publish_additional_metrics=metrics,
            geo_restriction=cloudfront.GeoRestriction.denylist(*blocked_countries)
            if blocked_countries
            else None,
            default_behavior=self._dynamic(reads, writes=True),
            additional_behaviors={
                # Files that somebody has put there; the others are in ui's image.
                "/assets/*": self._static(origins.either(first, reads, also=_MISSING)),
                "/media/*": self._static(media),
                **{pattern: self._dynamic(writes, writes=True) for pattern in CHECKOUT},
                "/api/catalog/*": self._cached(sure, policies.catalog),
                "/catalog*": self._dynamic(sure, writes=False),
            },
        )
        self._say_why(web_acl=web_acl_arn is not None, blocked=bool(blocked_countries))

    def _dynamic(self, origin: cloudfront.IOrigin, *, writes: bool) -> cloudfront.BehaviorOptions:
        """Nothing is kept, everything passed on, the host's name too: ui makes its redirects of it."""
        return cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL
            if writes
            else cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER,
            **self._common,  # type: ignore[arg-type]
        )

    def _cached(
        self, origin: cloudfront.IOrigin, policy: cloudfront.ICachePolicy
    ) -> cloudfront.BehaviorOptions:
        return cloudfront.BehaviorOptions(
            origin=origin,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS,
            cache_policy=policy,
            **self._common,  # type: ignore[arg-type]
        )

    def _static(self, origin: cloudfront.IOrigin) -> cloudfront.BehaviorOptions:
        return self._cached(origin, cloudfront.CachePolicy.CACHING_OPTIMIZED)

    def _say_why(self, *, web_acl: bool, blocked: bool) -> None:
        acknowledge(
            self.distribution,
            "AwsSolutions-CFR3",
            "CKV_AWS_86",
            reason="Requests are logged by standard logging v2, which is no property of the distribution.",
        )
        if not blocked:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR1",
                reason="The shop sells to every country, unless ecommerce_blocked_countries names some.",
            )
        if not web_acl:
            acknowledge(
                self.distribution,
                "AwsSolutions-CFR2",
                reason="The web ACL comes with phase 4, before which the shop has no customers.",
            )
