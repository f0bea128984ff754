"""What may ask the customers' directory for tokens: the shop in a browser, and the back end."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_cognito as cognito
from constructs import Construct

_SCOPES: Final = {
    "orders.read": "See one's own orders",
    "orders.write": "Place and cancel orders",
    "admin": "What the back end does for no customer in particular",
}


class Clients(Construct):
    """The API's scopes and two clients; see "User pool app clients".

    `shop`: runs in browsers, so it has no secret: authorization code with PKCE. A stolen access token is
    good for an hour at most, a refresh token is revoked on signing out and renewed at each use. `back_end`:
    services without a person, with a secret, by client credentials.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        pool: cognito.UserPool,
        domain: str,
        providers: Sequence[cognito.IUserPoolIdentityProvider],
    ) -> None:
        super().__init__(scope, construct_id)
        scopes = {
            name: cognito.ResourceServerScope(scope_name=name, scope_description=told)
            for name, told in _SCOPES.items()
        }
        api = pool.add_resource_server(
            "Api",
            identifier=f"https://api.{domain}",
            scopes=list(scopes.values()),
            user_pool_resource_server_name="Api",
        )
        self.shop = pool.add_client(
            "Shop",
            generate_secret=False,
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[
                    cognito.OAuthScope.OPENID,
                    cognito.OAuthScope.EMAIL,
                    cognito.OAuthScope.resource_server(api, scopes["orders.read"]),
                    cognito.OAuthScope.resource_server(api, scopes["orders.write"]),
                ],
                callback_urls=[f"https://{domain}/signed-in"],
                logout_urls=[f"https://{domain}/"],
            ),
            supported_identity_providers=[
                cognito.UserPoolClientIdentityProvider.COGNITO,
                *(
                    cognito.UserPoolClientIdentityProvider.custom(provider.provider_name)
                    for provider in providers
                ),
            ],
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(30),
            refresh_token_rotation_grace_period=Duration.seconds(10),
        )
        for provider in providers:
            self.shop.node.add_dependency(provider)
        self.back_end = pool.add_client(
            "BackEnd",
            generate_secret=True,
            auth_flows=cognito.AuthFlow(),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(client_credentials=True),
                scopes=[cognito.OAuthScope.resource_server(api, scopes["admin"])],
            ),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            access_token_validity=Duration.hours(1),
        )
