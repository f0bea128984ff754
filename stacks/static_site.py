"""StaticSite: the pages in S3, served by CloudFront or by the plain website endpoint."""

from aws_cdk import Annotations, CfnOutput, Environment, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks import provider_logs
from stacks.access_logs import DistributionAccessLogs
from stacks.alarm_topic import AlarmTopic
from stacks.api_origin import ApiOrigin
from stacks.firewall import Firewall
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings
from stacks.site_folder import SiteFolder
from stacks.site_hosting.alarms import SiteAlarms
from stacks.site_hosting.bucket import SiteBucket
from stacks.site_hosting.distribution import SiteDistribution
from stacks.site_hosting.domain import SiteDomain, names_of
from stacks.site_hosting.fallback_origin import FallbackOrigin
from stacks.site_hosting.headers import SiteHeaders
from stacks.site_hosting.upload import SiteUpload
from stacks.site_hosting.versions import SiteVersions
from stacks.site_hosting.website import WebsiteBucket


class StaticSite(Stack):
    """Publishes `site`. Outputs: SiteUrl, BucketName and, with hosting=cloudfront, DistributionId,
    DistributionDomain, Publisher; DnsRecords tells what to enter where DNS is not in Route 53.

    `api`: what answers `/api/*` of the site, if it has an API.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        settings: Settings,
        site: SiteFolder,
        api: ApiOrigin | None,
    ) -> None:
        super().__init__(scope, construct_id, env=env, description="Static site: S3 and CloudFront")
        for number, warning in enumerate(site.warnings):
            Annotations.of(self).add_warning_v2(f"site:rules{number}", warning)
        if settings.hosting == "cloudfront":
            bucket = self._behind_cloudfront(settings, site, api)
        else:
            bucket = self._website_endpoint(settings, site)
        provider_logs.keep_in_stack(self, log_retention=log_retention(settings))
        CfnOutput(self, "BucketName", value=bucket.bucket_name)

    def _behind_cloudfront(self, settings: Settings, site: SiteFolder, api: ApiOrigin | None) -> s3.Bucket:
        bucket = SiteBucket(self, "Site", removal_policy=removal_policy(settings)).bucket
        versions = SiteVersions(
            self,
            "Versions",
            bucket=bucket,
            versions_kept=settings.versions_kept,
            log_retention=log_retention(settings),
            removal_policy=removal_policy(settings),
        )
        headers = SiteHeaders(self, "Headers", headers=settings.security_headers)
        fallback = FallbackOrigin(
            self,
            "Fallback",
            bucket=bucket,
            routing=settings.routing,
            trailing_slash=settings.trailing_slash,
            log_retention=log_retention(settings),
            removal_policy=removal_policy(settings),
        )
        domain = None
        if settings.domain:
            domain = SiteDomain(
                self,
                "Domain",
                names=names_of(settings.domain, settings.www),
                hosted_zone_id=settings.hosted_zone_id,
                certificate_arn=settings.certificate_arn,
            )
        firewall = None
        if settings.waf:
            firewall = Firewall(
                self,
                "Firewall",
                acl_scope="CLOUDFRONT",
                protects="Static site",
                rate_limit=settings.waf_rate_limit,
            )
        edge = SiteDistribution(
            self,
            "Edge",
            bucket=bucket,
            versions=versions.store,
            headers=headers.policy,
            fallback=fallback.origin,
            routing=settings.routing,
            trailing_slash=settings.trailing_slash,
            price_class=settings.price_class,
            domain=domain,
            logged=settings.access_logs,
            origin_metrics=settings.alarm_email is not None,
            web_acl_arn=firewall.web_acl.attr_arn if firewall else None,
            api=api,
        ).distribution
        if settings.alarm_email:
            topic = AlarmTopic(self, "AlarmTopic", email=settings.alarm_email, of="site")
            SiteAlarms(self, "Alarms", distribution=edge, topic=topic)
        if settings.access_logs:
            logs = DistributionAccessLogs(
                self,
                "AccessLogs",
                distribution=edge,
                kept_days=settings.log_retention_days,
                removal_policy=removal_policy(settings),
            )
            CfnOutput(self, "AccessLogsBucket", value=logs.bucket.bucket_name)
        versions.publish(site, after=edge)
        edge_name = edge.distribution_domain_name
        CfnOutput(self, "SiteUrl", value=f"https://{domain.names.primary if domain else edge_name}/")
        CfnOutput(self, "DistributionDomain", value=edge_name)
        if domain and not settings.hosted_zone_id:
            # An apex cannot be a CNAME (RFC 1034 section 3.6.2): its DNS has ALIAS, ANAME or flattening.
            records = "; ".join(
                f"{name} CNAME (at an apex: ALIAS or ANAME) {edge_name}" for name in domain.names.all
            )
            CfnOutput(self, "DnsRecords", value=records)
        CfnOutput(self, "DistributionId", value=edge.distribution_id)
        CfnOutput(self, "Publisher", value=versions.publisher.function_name)
        return bucket

    def _website_endpoint(self, settings: Settings, site: SiteFolder) -> s3.Bucket:
        bucket = WebsiteBucket(self, "Website", removal_policy=removal_policy(settings)).bucket
        SiteUpload(
            self,
            "Upload",
            folder=str(site.path),
            bucket=bucket,
            log_retention=log_retention(settings),
            removal_policy=removal_policy(settings),
        )
        CfnOutput(self, "SiteUrl", value=bucket.bucket_website_url)
        return bucket
