"""Other identity providers whose people can sign in to the shop."""

from aws_cdk import SecretValue
from aws_cdk import aws_cognito as cognito
from constructs import Construct

_EMAIL_OF_SAML = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"


class Federation(Construct):
    """A SAML 2.0 provider by its metadata's address, an OpenID Connect provider, or both. Exposes `providers`, as
    clients have to name and wait for them.

    `oidc`: issuer and client id. `oidc_secret`: name of the secret with the client's secret in its field
    `client_secret`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        pool: cognito.IUserPool,
        saml_metadata_url: str | None,
        oidc: tuple[str, str] | None,
        oidc_secret: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self.providers: list[cognito.IUserPoolIdentityProvider] = []
        if saml_metadata_url is not None:
            self.providers.append(
                cognito.UserPoolIdentityProviderSaml(
                    self,
                    "Saml",
                    user_pool=pool,
                    name="Saml",
                    metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(saml_metadata_url),
                    attribute_mapping=cognito.AttributeMapping(
                        email=cognito.ProviderAttribute.other(_EMAIL_OF_SAML)
                    ),
                    # signing out here signs out there
                    idp_signout=True,
                )
            )
        if oidc is not None:
            issuer, client_id = oidc
            self.providers.append(
                cognito.UserPoolIdentityProviderOidc(
                    self,
                    "Oidc",
                    user_pool=pool,
                    name="Oidc",
                    issuer_url=issuer,
                    client_id=client_id,
                    # read by CloudFormation when it deploys: it is in no template
                    client_secret=SecretValue.secrets_manager(
                        oidc_secret, json_field="client_secret"
                    ).unsafe_unwrap(),
                    scopes=["openid", "email"],
                    attribute_mapping=cognito.AttributeMapping(
                        email=cognito.ProviderAttribute.other("email")
                    ),
                )
            )
