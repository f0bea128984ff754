"""The settings of the platform's security layer. Knows no construct."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field

from stacks.ecommerce.security import prices
from stacks.ecommerce.topology import DEFAULT
from stacks.prices import WAF_RULE
from stacks.setting_fields import NONE_IF_EMPTY, WHOLE_NUMBER, Effect, Flag

COMMITMENT: Final = "i-commit-to-a-year"
_URL: Final = r"^https://[a-zA-Z0-9.-]+(:[0-9]+)?(/[^\s?#]*)?$"
_REGIONS: Final = len(DEFAULT.regions)
_WEB_ACLS: Final = (
    f"{prices.web_acls(regions=_REGIONS):.2f} for the web ACLs of phase 4 in {_REGIONS} regions"
)


class SecuritySettings(BaseModel):
    """What is asked of the security layer."""

    ecommerce_waf_rate_limit: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=10,
            le=2_000_000_000,
            description="Requests to the shop in five minutes after which an address is blocked until it "
            "asks for less",
        ),
        Effect(cost=f"none by itself; {_WEB_ACLS}", unit="requests in 5 minutes"),
    ] = 2000
    ecommerce_waf_sensitive_rate_limit: Annotated[
        int,
        WHOLE_NUMBER,
        Field(
            ge=10,
            le=2_000_000_000,
            description="The same for signing in, checkout and payments: against stolen passwords and cards "
            "tried out",
        ),
        Effect(cost="none", unit="requests in 5 minutes"),
    ] = 100
    ecommerce_waf_anonymous: Annotated[
        Literal["count", "block"],
        Field(
            description="What becomes of requests from anonymizing proxies, Tor and hosting providers: "
            "counted, or blocked, with the customers among them; the partners' API only counts"
        ),
        Effect(cost="none"),
    ] = "count"
    ecommerce_waf_sign_in_path: Annotated[
        Annotated[str, Field(pattern=r"^/[A-Za-z0-9/_.-]{1,200}$")] | None,
        NONE_IF_EMPTY,
        Field(
            description="Path of a sign-in form of the shop's own, which posts JSON with username and "
            "password: there AWS WAF looks for stolen passwords (account takeover prevention). Cognito's own "
            "pages, which the shop has by default, cannot have it; they have the stricter rate limit"
        ),
        Effect(
            cost=f"{prices.TAKEOVER.usd + WAF_RULE.usd:.2f} with its rule, and "
            f"{prices.SIGN_INS_LOOKED_AT.usd:.2f} per {prices.SIGN_INS_LOOKED_AT.unit}",
            legal="a path as /login",
        ),
    ] = None
    ecommerce_shield_advanced: Annotated[
        Literal["i-commit-to-a-year"] | None,
        NONE_IF_EMPTY,
        Field(
            description="Protect distribution, load balancers and hosted zone with Shield Advanced. The "
            "value says that you know: the account has to be subscribed by hand before, for at least a year, "
            "and that cannot be taken back"
        ),
        Effect(
            cost=f"{COMMITMENT}: {prices.SHIELD_ADVANCED.usd:,.0f} for twelve months "
            f"({12 * prices.SHIELD_ADVANCED.usd:,.0f} in all), once for an organization, and transfer",
            legal=f"{COMMITMENT}, or none",
        ),
    ] = None
    ecommerce_customers_mfa: Annotated[
        Literal["optional", "required"],
        Field(
            description="Whether customers need a second factor (an authenticator app) to sign in. Changing "
            "it later is possible; required keeps out who has none"
        ),
        Effect(cost="none"),
    ] = "optional"
    ecommerce_customers_plan: Annotated[
        Literal["essentials", "plus"],
        Field(
            description="Cognito's feature plan: plus looks for leaked passwords and risky sign-ins, and "
            "blocks these or asks for a second factor"
        ),
        Effect(
            cost=f"essentials: {prices.ESSENTIALS.usd} per {prices.ESSENTIALS.unit}; plus: {prices.PLUS.usd} "
            f"per {prices.PLUS.unit}"
        ),
    ] = "essentials"
    ecommerce_customers_replica: Annotated[
        Flag,
        Field(
            description="Whether customers can sign in in the secondary region while the primary fails: a "
            "read-only replica of the user pool, which is activated there once by hand. Nobody can register "
            "or change a password meanwhile"
        ),
        Effect(
            cost="an add-on to the feature plan for each customer who signs in; see Amazon Cognito Pricing"
        ),
    ] = False
    ecommerce_saml_metadata_url: Annotated[
        Annotated[str, Field(pattern=_URL, max_length=1024)] | None,
        NONE_IF_EMPTY,
        Field(description="Metadata document of an identity provider whose people sign in by SAML"),
        Effect(cost="0.015 for each of them who signs in, after the first 50", legal="an https:// address"),
    ] = None
    ecommerce_oidc_issuer: Annotated[
        Annotated[str, Field(pattern=_URL, max_length=1024)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Issuer of an OpenID Connect provider whose people sign in; its client secret is put "
            "into the secret ecommerce/oidc-client"
        ),
        Effect(
            cost="0.015 for each of them who signs in, after the first 50, and 0.40 for each region's secret",
            legal="an https:// address",
        ),
    ] = None
    ecommerce_oidc_client_id: Annotated[
        Annotated[str, Field(pattern=r"^[^\s]{1,255}$")] | None,
        NONE_IF_EMPTY,
        Field(description="What that provider calls this shop"),
        Effect(cost="none", legal="at most 255 characters without spaces"),
    ] = None
    ecommerce_guardduty: Annotated[
        Flag,
        Field(
            description="GuardDuty in every region, with its plans for EKS, S3, RDS and Lambda. Leave it out "
            "where the organization's administrator has it on already: an account has one detector in a "
            "region"
        ),
        Effect(
            cost=f"by use: {prices.AUDIT_EVENTS.usd:.2f} per {prices.AUDIT_EVENTS.unit}, and by volume of "
            f"flow logs, "
            "audit logs of EKS, requests to S3 and processors watched; a month of it is free and says how much"
        ),
    ] = False
    ecommerce_config: Annotated[
        Flag,
        Field(
            description="AWS Config in every region: what changed when, and rules for what PCI DSS asks of "
            "it. One recorder is all that a region can have"
        ),
        Effect(
            cost=f"by use: {prices.CONFIGURATION_ITEM.usd} per {prices.CONFIGURATION_ITEM.unit} and "
            f"{prices.RULE_EVALUATION.usd} per {prices.RULE_EVALUATION.unit}; nodes that come and go make "
            f"many"
        ),
    ] = False
    ecommerce_security_hub: Annotated[
        Flag,
        Field(
            description="Security Hub in every region with the standards of AWS and of PCI DSS; needs "
            "ecommerce_config"
        ),
        Effect(cost=f"by use: {prices.SECURITY_CHECK.usd} per {prices.SECURITY_CHECK.unit}"),
    ] = False

    def security_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        conflicts = []
        if self.ecommerce_waf_sensitive_rate_limit > self.ecommerce_waf_rate_limit:
            conflicts.append(
                f"setting ecommerce_waf_sensitive_rate_limit: {self.ecommerce_waf_sensitive_rate_limit} is "
                f"more than ecommerce_waf_rate_limit={self.ecommerce_waf_rate_limit}, which blocks first; "
                f"give at most that"
            )
        if self.ecommerce_security_hub and not self.ecommerce_config:
            conflicts.append(
                "setting ecommerce_security_hub: true needs ecommerce_config=true, from which it has most of "
                "what it checks; give both, or leave it out"
            )
        if (self.ecommerce_oidc_issuer is None) != (self.ecommerce_oidc_client_id is None):
            missing = (
                "ecommerce_oidc_issuer" if self.ecommerce_oidc_issuer is None else "ecommerce_oidc_client_id"
            )
            conflicts.append(
                f"setting {missing}: missing; an OpenID Connect provider needs both ecommerce_oidc_issuer and "
                "ecommerce_oidc_client_id"
            )
        return conflicts
