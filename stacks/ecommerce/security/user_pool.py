"""The customers' directory."""

from typing import Literal

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge


class CustomersPool(Construct):
    """A Cognito user pool called `name`, encrypted with `data_key`, a multi-Region key. Exposes `pool`.

    Customers register and sign in with their e-mail address, which is verified; forgotten passwords come back by it
    alone, as text messages can be redirected. An unknown address is not told from a wrong password.
    `mfa`: optional or required, by an authenticator app and never by text message. `plan`: plus looks for leaked
    passwords and risky sign-ins. `replica_region`: where a read-only replica stands by.

    A regional outage: without a replica nobody can sign in anywhere until the region is back; tokens that
    were issued go on being valid for their hour wherever their signature can be checked from a kept copy of
    the keys. With one, customers sign in there, after it was activated ("Multi-Region replication for user
    pools"); registering, and changing a password, wait for the primary. The replica needs the key and the
    issuer that this pool has from the start, so that it can be added later: a changed issuer would make
    every token invalid.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        data_key: kms.IKey,
        mfa: Literal["optional", "required"],
        plan: Literal["essentials", "plus"],
        replica_region: str | None,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        plus = plan == "plus"
        self.pool = cognito.UserPool(
            self,
            "Pool",
            user_pool_name=name,
            feature_plan=cognito.FeaturePlan.PLUS if plus else cognito.FeaturePlan.ESSENTIALS,
            standard_threat_protection_mode=cognito.StandardThreatProtectionMode.FULL_FUNCTION
            if plus
            else None,
            self_sign_up_enabled=True,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            # the former address stays valid until the new one is verified: else a stolen session takes the account
            keep_original=cognito.KeepOriginalAttrs(email=True),
            standard_attributes=cognito.StandardAttributes(
                email=cognito.StandardAttribute(required=True, mutable=True)
            ),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            mfa=cognito.Mfa.REQUIRED if mfa == "required" else cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            # PCI DSS 4.0, requirement 8.3.6: twelve characters, of letters and digits
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True,
                require_lowercase=True,
                require_uppercase=True,
                require_symbols=True,
                password_history_size=4,
                temp_password_validity=Duration.days(1),
            ),
            device_tracking=cognito.DeviceTracking(
                challenge_required_on_new_device=True, device_only_remembered_on_user_prompt=True
            ),
            deletion_protection=removal_policy == RemovalPolicy.RETAIN,
            removal_policy=removal_policy,
        )
        made = self.pool.node.default_child
        if not isinstance(made, cognito.CfnUserPool):
            raise TypeError(f"the pool of {self.node.path} is no longer a CfnUserPool")
        made.key_configuration = cognito.CfnUserPool.KeyConfigurationProperty(
            key_type="CUSTOMER_MANAGED_KEY", kms_key_arn=data_key.key_arn
        )
        made.issuer_configuration = cognito.CfnUserPool.IssuerConfigurationProperty(type="UPDATED")
        if replica_region is not None:
            replica = cognito.CfnUserPoolReplica(
                self, "Replica", region_name=replica_region, user_pool_id=self.pool.user_pool_id
            )
            replica.apply_removal_policy(removal_policy)
        if mfa == "optional":
            acknowledge(
                self.pool,
                "AwsSolutions-COG2",
                reason="Customers choose a second factor for their own account. PCI DSS 4.0 asks for one of "
                "whoever "
                "reaches cardholder data of others (8.4), which no customer can; people's roles have it enforced.",
            )
        if not plus:
            acknowledge(
                self.pool,
                "AwsSolutions-COG8",
                reason="Threat protection is a paid plan, ecommerce_customers_plan=plus. Without it a rate "
                "limit and "
                "AWS's list of attackers' addresses stand before the sign-in, and passwords have twelve "
                "characters.",
            )
