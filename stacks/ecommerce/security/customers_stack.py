"""EcommerceCustomers: who the customers are, and how they sign in."""

from typing import Final

from aws_cdk import Aws, CfnOutput, Fn
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security import web_acl_rules
from stacks.ecommerce.security.customers_clients import Clients
from stacks.ecommerce.security.customers_federation import Federation
from stacks.ecommerce.security.user_pool import CustomersPool
from stacks.ecommerce.security.web_acl import WebAcl
from stacks.ecommerce.topology import Region
from stacks.retention import log_retention, removal_policy
from stacks.settings import Settings

_GROUPS: Final = {
    "customers": "Buy",
    "support": "See customers' orders and help",
    "merchants": "Keep the catalog",
}


class EcommerceCustomers(PlatformStack):
    """The customers' user pool in the primary `region`, its sign-in pages, clients, groups and web ACL.

    Exposes `user_pool`, `shop_client`. Outputs: UserPoolId, SignInUrl. `replica_region`: where it may have a
    replica; none: there is no secondary. `data_key`, `operations_key`: of this region.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        data_key: kms.IKey,
        operations_key: kms.IKey,
        replica_region: str | None,
    ) -> None:
        removal = removal_policy(settings)
        super().__init__(
            scope, "Customers", region=region, settings=settings, purpose="customers' directory and sign-in"
        )
        if settings.ecommerce_domain is None:
            raise ValueError("ecommerce_domain is needed: the sign-in leads back to it")
        self.user_pool: cognito.UserPool = CustomersPool(
            self,
            "Directory",
            name=names.customers(settings.stage),
            data_key=data_key,
            mfa=settings.ecommerce_customers_mfa,
            plan=settings.ecommerce_customers_plan,
            replica_region=replica_region if settings.ecommerce_customers_replica else None,
            removal_policy=removal,
        ).pool
        # Of all accounts of the region nobody else can have it: it ends with a part of the stack's own id.
        domain = self.user_pool.add_domain(
            "Domain",
            cognito_domain=cognito.CognitoDomainOptions(
                domain_prefix=f"{names.customers(settings.stage)}-"
                + Fn.select(4, Fn.split("-", Fn.select(2, Fn.split("/", Aws.STACK_ID))))
            ),
            # the newer pages pass a web ACL's rules by ("Associate an AWS WAF web ACL with a user pool")
            managed_login_version=cognito.ManagedLoginVersion.CLASSIC_HOSTED_UI,
        )
        issuer, client_id = settings.ecommerce_oidc_issuer, settings.ecommerce_oidc_client_id
        federation = Federation(
            self,
            "Federation",
            pool=self.user_pool,
            saml_metadata_url=settings.ecommerce_saml_metadata_url,
            oidc=(issuer, client_id) if issuer and client_id else None,
            oidc_secret=names.secret("oidc-client", settings.stage),
        )
        clients = Clients(
            self,
            "Clients",
            pool=self.user_pool,
            domain=settings.ecommerce_domain,
            providers=federation.providers,
        )
        self.shop_client: cognito.IUserPoolClient = clients.shop
        for name, description in _GROUPS.items():
            cognito.UserPoolGroup(
                self, name.title(), user_pool=self.user_pool, group_name=name, description=description
            )
        WebAcl(
            self,
            "SignIn",
            acl_scope="REGIONAL",
            protects="Sign-in of the customers",
            rules=web_acl_rules.of_sign_in(
                sensitive_rate_limit=settings.ecommerce_waf_sensitive_rate_limit,
                block_anonymous=settings.ecommerce_waf_anonymous == "block",
            ),
            log_group=names.firewall_log("sign-in", settings.stage),
            log_retention=log_retention(settings),
            log_key=operations_key,
            removal_policy=removal,
            redact_query=True,
        ).protect("UserPool", self.user_pool.user_pool_arn)
        CfnOutput(self, "UserPoolId", value=self.user_pool.user_pool_id)
        CfnOutput(self, "SignInUrl", value=domain.base_url())
