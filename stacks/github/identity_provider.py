"""GitHub as an identity provider of the account."""

from typing import Literal

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.github.names import AUDIENCE, ISSUER


class GitHubIdentityProvider(Construct):
    """Lets IAM check tokens that GitHub signed; which of them it obeys is each role's trust policy.

    `provider`: make it, or take the one that the account has already. No thumbprint: IAM checks GitHub's
    certificate against its own authorities ("Create an OpenID Connect (OIDC) identity provider in IAM", IAM User
    Guide). Exposes `arn`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, provider: Literal["create", "existing"]
    ) -> None:
        super().__init__(scope, construct_id)
        if provider == "create":
            # no OpenIdConnectProvider: its function would fetch a thumbprint over the internet
            self.arn = iam.OidcProviderNative(
                self,
                "Provider",
                url=f"https://{ISSUER}",
                client_ids=[AUDIENCE],
                removal_policy=RemovalPolicy.DESTROY,  # nothing is lost: its next deploy makes it again
            ).oidc_provider_arn
        else:
            self.arn = Stack.of(self).format_arn(
                service="iam", region="", resource="oidc-provider", resource_name=ISSUER
            )
