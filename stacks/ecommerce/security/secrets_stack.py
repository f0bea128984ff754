"""EcommerceSecrets: what opens doors to others, and what the shop signs with."""

from pathlib import Path
from typing import Final

from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.secret_rotation import SecretRotation
from stacks.ecommerce.security.secret_ages import SecretAges
from stacks.ecommerce.security.shop_secret import ShopSecret
from stacks.ecommerce.topology import Region
from stacks.retention import kept, removal_policy
from stacks.settings import Settings

_FUNCTIONS: Final = Path(__file__).parent / "functions"
UNSET: Final = "not set: put the provider's own here"


class EcommerceSecrets(PlatformStack):
    """Secrets in the primary `region`, with replicas in the others; databases' and caches' are with these.

    `payments`: the payment provider's API key, and with an OpenID Connect provider `oidc_client`, its client
    secret. A person puts them in with `aws secretsmanager put-secret-value`; they pass no template, command
    line of ours or pipeline. Deploying again leaves them as they are. `signing_key`: what the shop signs
    sessions and notifications with, renewed every month. `data_key`, `operations_key`: of this region.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        region: Region,
        settings: Settings,
        data_key: kms.IKey,
        operations_key: kms.IKey,
        alarm_topic: sns.ITopic | None,
    ) -> None:
        super().__init__(
            scope,
            "Secrets",
            region=region,
            settings=settings,
            purpose="secrets, with replicas in each region",
        )
        self._settings, self._key = settings, data_key
        self.payments: secretsmanager.ISecret = self._others(
            "payments", "API key of the payment provider", "api_key"
        )
        others = {names.secret("payments", settings.stage): self.payments}
        if settings.ecommerce_oidc_issuer is not None:
            others[names.secret("oidc-client", settings.stage)] = self._others(
                "oidc-client", "Client secret at the OpenID Connect provider", "client_secret"
            )
        SecretAges(
            self,
            "Ages",
            secrets=others,
            metric_namespace=f"{names.metric_namespace(settings.stage)}/Secrets",
            alarm_topic=alarm_topic,
            log_key=operations_key,
            **kept(settings),
        )
        signing_key = self._secret("signing-key", "Key with which the shop signs", None)
        self.signing_key: secretsmanager.ISecret = signing_key
        SecretRotation(
            self,
            "Rotation",
            folder=_FUNCTIONS,
            handler="rotate_signing_key.handle",
            of="key with which the shop signs",
            secret=signing_key,
            key=data_key,
            operations_key=operations_key,
            # the generated value is replaced at once by a key of the right form
            at_once=True,
            **kept(settings),
        )

    def _others(self, name: str, description: str, field: str) -> secretsmanager.Secret:
        secret = self._secret(name, description, {field: UNSET})
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "SecretsManagerRotationEnabled",
            reason="It is made by somebody else, who alone can renew it: rotating it here would store one "
            "that opens "
            "nothing. Its age is looked at daily, and an alarm asks for a new one after 90 days.",
        )
        return secret

    def _secret(self, name: str, description: str, value: dict[str, str] | None) -> secretsmanager.Secret:
        regions = self._settings.ecommerce_topology.regions
        return ShopSecret(
            self,
            name.title().replace("-", ""),
            name=names.secret(name, self._settings.stage),
            description=description,
            value=value,
            key=self._key,
            key_alias=names.data_key_alias(self._settings.stage),
            replica_regions=[each.name for each in regions if each.role != "primary"],
            removal_policy=removal_policy(self._settings),
        ).secret
