"""EcommerceApi: the shop for partners' systems, in one region."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.ecommerce.traffic import host_names, origin_header
from stacks.ecommerce.traffic.api_logging_role import ApiLoggingRole
from stacks.ecommerce.traffic.api_names import ApiNames
from stacks.ecommerce.traffic.api_resources import ApiResources
from stacks.ecommerce.traffic.load_balancer_stack import EcommerceLoadBalancer
from stacks.ecommerce.traffic.payment_events import PaymentEvents
from stacks.ecommerce.traffic.private_way import PrivateWay
from stacks.ecommerce.traffic.shop_api import ShopApi
from stacks.ecommerce.traffic.sizes import API_SHARE_PERCENT, SIZES
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings

# The phase that brings the bus of events.
_EVENTS = 4


class EcommerceApi(PlatformStack):
    """The REST API of `region`.

    Exposes `api`, `api_stage`, and `partners`, the usage plan to which a person adds each partner's API key.
    `customers`: the user pool; none before phase 4.
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
        entrance: EcommerceLoadBalancer,
        keys: EcommerceKeys,
        customers: cognito.IUserPool | None,
    ) -> None:
        super().__init__(
            scope,
            "Api",
            region=region,
            settings=settings,
            purpose=f"API of the {region.role} region {region.name}",
        )
        size = SIZES[settings.ecommerce_profile]
        sized_for = settings.ecommerce_topology.requests_per_second(region.name, settings.ecommerce_size)
        requests = max(1, sized_for * API_SHARE_PERCENT // 100)
        burst = requests * size.api_burst_seconds
        shop = ShopApi(
            self,
            "Shop",
            name=names.api(settings.stage),
            requests_per_second=requests,
            burst=burst,
            takes_writes=region.role != "tertiary",
            cache_gb=None if settings.ecommerce_api_cache == "none" else settings.ecommerce_api_cache,
            log_key=keys.operations_key,
            log_retention=log_retention(settings),
            removal_policy=removal_policy(settings),
        )
        role = ApiLoggingRole(self, "Logging", removal_policy=removal_policy(settings))
        shop.stage.node.add_dependency(role.settings)
        ApiResources(
            self,
            "Resources",
            api=shop.api,
            way=PrivateWay(
                self,
                "Way",
                vpc=vpc,
                load_balancer=entrance.load_balancer,
                group=entrance.group,
                host=host_names.origin(domain).region(region.name),
                header=origin_header.value("api", settings.stage),
            ),
            takes_writes=region.role != "tertiary",
            customers=customers,
        )
        if settings.ecommerce_phase >= _EVENTS and region.role != "tertiary":
            PaymentEvents(self, "Payments", api=shop.api, bus=names.event_bus(settings.stage))
        self.partners = shop.api.add_usage_plan(
            "Partners",
            name=names.named("partners", settings.stage),
            description="Each partner has an API key of its own in this plan",
            throttle=apigateway.ThrottleSettings(rate_limit=requests, burst_limit=burst),
            quota=apigateway.QuotaSettings(limit=size.partner_requests_per_day, period=apigateway.Period.DAY),
            api_stages=[apigateway.UsagePlanPerApiStage(api=shop.api, stage=shop.stage)],
        )
        ApiNames(
            self,
            "Names",
            api=shop.api,
            tree=host_names.api(domain),
            region=region.name,
            zone=zone,
        )
        self.api: apigateway.IRestApi = shop.api
        self.api_stage: apigateway.Stage = shop.stage
