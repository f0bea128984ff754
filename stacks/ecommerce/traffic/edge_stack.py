"""EcommerceEdge: the shop's distribution, and its names."""

from aws_cdk import CfnOutput
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from stacks import provider_logs
from stacks.access_logs import DistributionAccessLogs
from stacks.ecommerce import providers
from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic import host_names, origin_header
from stacks.ecommerce.traffic.distribution import ShopDistribution
from stacks.ecommerce.traffic.edge_origins import EdgeOrigins
from stacks.ecommerce.traffic.sizes import SIZES
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceEdge(PlatformStack):
    """CloudFront for the shop. `region`: us-east-1's entry, where CloudFront's certificate has to be.

    Exposes `distribution`. `web_acl_arn`: of scope CLOUDFRONT; none before phase 4. Output: ShopUrl.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        domain: str,
        zone: route53.IHostedZone,
        keys: EcommerceKeys,
        web_acl_arn: str | None,
    ) -> None:
        super().__init__(
            scope, "Edge", region=region, settings=settings, purpose=f"CloudFront distribution of {domain}"
        )
        topology = settings.ecommerce_topology
        secondary = next((each.name for each in topology.regions if each.role == "secondary"), None)
        shop = host_names.shop(domain)
        self.distribution: cloudfront.IDistribution = ShopDistribution(
            self,
            "Shop",
            domains=shop,
            certificate=acm.Certificate(
                self,
                "Certificate",
                domain_name=shop[0],
                subject_alternative_names=shop[1:],
                validation=acm.CertificateValidation.from_dns(zone),
            ),
            tree=host_names.origin(domain),
            fallback=secondary,
            origins=EdgeOrigins(
                self,
                "Origins",
                header=origin_header.value("distribution", settings.stage),
                stage=settings.stage,
                shield_region=topology.primary.name if settings.ecommerce_origin_shield else None,
            ),
            asset_regions=[topology.primary.name, *([secondary] if secondary else [])],
            price_class=SIZES[settings.ecommerce_profile].price_class,
            blocked_countries=settings.ecommerce_blocked_countries or (),
            web_acl_arn=web_acl_arn,
            metrics=settings.ecommerce_edge_metrics,
        ).distribution
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(self.distribution))
        for construct_id, name in zip(("Apex", "Www"), shop, strict=True):
            records = Construct(self, construct_id)
            route53.ARecord(records, "A", zone=zone, record_name=f"{name}.", target=target)
            route53.AaaaRecord(records, "Aaaa", zone=zone, record_name=f"{name}.", target=target)
            route53.HttpsRecord(records, "Https", zone=zone, record_name=f"{name}.", target=target)
        logs = DistributionAccessLogs(
            self,
            "AccessLogs",
            distribution=self.distribution,
            kept_days=settings.log_retention_days,
            removal_policy=removal_policy(settings),
        )
        acknowledge(
            logs.bucket,
            "S3BucketLoggingEnabled",
            "S3BucketReplicationEnabled",
            "S3BucketVersioningEnabled",
            "S3DefaultEncryptionKMS",
            "CKV_AWS_18",
            "CKV_AWS_21",
            reason="A bucket of access logs, which CloudFront alone writes, each object once under a new "
            "name: no data of customers but their addresses, deleted after log_retention_days.",
        )
        provider_logs.keep_in_stack(
            self, log_retention=log_retention(settings), encryption_key=keys.operations_key
        )
        providers.acknowledge_in_stack(self)
        CfnOutput(self, "ShopUrl", value=f"https://{domain}")
