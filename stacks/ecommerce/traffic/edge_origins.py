"""Whom CloudFront asks: the regions' load balancers by name, and the buckets of static assets."""

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.ecommerce import buckets, names
from stacks.ecommerce.traffic import origin_header, timing

_UNAVAILABLE = (500, 502, 503, 504)


class EdgeOrigins(Construct):
    """Makes origins; `header`: by which the load balancers know this distribution."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        header: str,
        stage: str | None,
        shield_region: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._header = header
        self._stage = stage
        self._shield = shield_region
        self._access = cloudfront.S3OriginAccessControl(
            self, "Access", signing=cloudfront.Signing.SIGV4_ALWAYS
        )

    def balancer(self, host: str) -> cloudfront.IOrigin:
        """The load balancer that `host` leads to, over HTTPS alone."""
        return origins.HttpOrigin(
            host,
            protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
            origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            custom_headers={origin_header.NAME: self._header},
            connection_attempts=2,
            connection_timeout=Duration.seconds(3),
            read_timeout=Duration.seconds(timing.ORIGIN_READ_TIMEOUT),
            keepalive_timeout=Duration.seconds(timing.ORIGIN_KEEPALIVE),
        )

    def assets(self, region: str) -> cloudfront.IOrigin:
        """The bucket of assets of `region`, which the data layer makes and lets this account's distributions
        read."""
        bucket = s3.Bucket.from_bucket_attributes(
            self,
            f"Assets-{region}",
            bucket_name=names.bucket(buckets.ASSETS, self._stage, account=Aws.ACCOUNT_ID, region=region),
            region=region,
        )
        return origins.S3BucketOrigin.with_origin_access_control(
            bucket,
            origin_access_control=self._access,
            origin_shield_region=self._shield,
            origin_shield_enabled=self._shield is not None,
        )

    @staticmethod
    def either(
        first: cloudfront.IOrigin, then: cloudfront.IOrigin, *, also: tuple[int, ...] = ()
    ) -> cloudfront.IOrigin:
        """`first`, and for a read that it does not answer, or answers with a code of `also`, `then`."""
        return origins.OriginGroup(
            primary_origin=first, fallback_origin=then, fallback_status_codes=[*also, *_UNAVAILABLE]
        )
