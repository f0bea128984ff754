"""EcommerceLoadBalancer: the shop's entrance in one region."""

from collections.abc import Mapping
from typing import get_args

from aws_cdk import Duration
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks import provider_logs
from stacks.ecommerce import names, providers
from stacks.ecommerce.log_bucket import LogBucket
from stacks.ecommerce.parts import GLOBAL
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic import host_names, origin_header, prefix_lists
from stacks.ecommerce.traffic.entrance import Entrance
from stacks.ecommerce.traffic.origin_header import OriginHeaderSecret
from stacks.ecommerce.traffic.path_routing import PathRouting
from stacks.ecommerce.traffic.records import point_to_load_balancer
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings


class EcommerceLoadBalancer(PlatformStack):
    """The load balancer of `region`, its certificate, its own host name, and the paths to the shop's services.

    Exposes `load_balancer`, `listener`, `group` and `target_groups` by service. The primary's has the secret header
    field's value too, which the others' get by replication, so it is deployed before them. Raises
    UnknownPrefixListError for a region whose prefix list is not known.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        domain: str,
        vpc: ec2.IVpc,
        zone: route53.IHostedZone,
        workload_group: ec2.ISecurityGroup,
        keys: EcommerceKeys,
    ) -> None:
        super().__init__(
            scope,
            "LoadBalancer",
            region=region,
            settings=settings,
            purpose=f"load balancer of the {region.role} region {region.name}",
        )
        removal = removal_policy(settings)
        tree = host_names.origin(domain)
        if region.role == "primary":
            everywhere = {GLOBAL, *(each.name for each in settings.ecommerce_topology.regions)}
            for by in get_args(origin_header.By):
                OriginHeaderSecret(
                    self,
                    f"HeaderOf{by.title()}",
                    by=by,
                    stage=settings.stage,
                    key=keys.data_key,
                    key_alias=names.data_key_alias(settings.stage),
                    replica_regions=sorted(everywhere - {region.name}),
                    removal_policy=removal,
                )
        certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=domain,
            # CloudFront asks with the shop's own name, or with that of the origin
            subject_alternative_names=[
                *host_names.shop(domain)[1:],
                tree.reads,
                tree.writes,
                tree.region(region.name),
            ],
            validation=acm.CertificateValidation.from_dns(zone),
        )
        entrance = Entrance(
            self,
            "Entrance",
            vpc=vpc,
            certificate=certificate,
            cloudfront=prefix_lists.cloudfront(region.name),
            workload_group=workload_group,
            logs=LogBucket(
                self, "Logs", kept=Duration.days(settings.log_retention_days), removal_policy=removal
            ).bucket,
            deletion_protection=settings.removal_policy == "retain",
        )
        routing = PathRouting(
            self,
            "Routing",
            vpc=vpc,
            listener=entrance.listener,
            by_distribution=origin_header.value("distribution", settings.stage),
            by_api=origin_header.value("api", settings.stage),
        )
        point_to_load_balancer(
            self, "Record", zone=zone, name=tree.region(region.name), load_balancer=entrance.load_balancer
        )
        provider_logs.keep_in_stack(
            self, log_retention=log_retention(settings), encryption_key=keys.operations_key
        )
        providers.acknowledge_in_stack(self)
        self.load_balancer: elbv2.IApplicationLoadBalancer = entrance.load_balancer
        self.listener: elbv2.IApplicationListener = entrance.listener
        self.group: ec2.ISecurityGroup = entrance.group
        self.target_groups: Mapping[str, elbv2.IApplicationTargetGroup] = routing.target_groups
