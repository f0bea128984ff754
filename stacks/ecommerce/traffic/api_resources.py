"""The methods of the API, made of their table."""

import re

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.traffic.api_methods import OFFERED, SCOPE, Offered
from stacks.ecommerce.traffic.private_way import PrivateWay


class ApiResources(Construct):
    """Adds each method of `OFFERED` to `api`; those that write only where `takes_writes`.

    `customers`: whose tokens with the partners' scope let in; none: only who may by IAM, so nobody from outside.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: apigateway.RestApi,
        way: PrivateWay,
        takes_writes: bool,
        customers: cognito.IUserPool | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._api = api
        self._way = way
        self._validator = apigateway.RequestValidator(
            self, "Validator", rest_api=api, validate_request_body=True, validate_request_parameters=True
        )
        self._partners = (
            apigateway.CognitoUserPoolsAuthorizer(self, "Partners", cognito_user_pools=[customers])
            if customers
            else None
        )
        for offered in OFFERED:
            if takes_writes or not offered.writes:
                self._add(offered)

    def _add(self, offered: Offered) -> None:
        parameters = re.findall(r"{(\w+)}", offered.path)
        known: dict[str, bool] = {f"method.request.path.{name}": True for name in parameters}
        known |= {f"method.request.querystring.{name}": False for name in offered.query}
        if offered.body:
            known["method.request.header.Content-Type"] = True
        method = self._api.root.resource_for_path(offered.path).add_method(
            offered.method,
            self._way.to(f"/api{offered.path}", offered.method, parameters=parameters, query=offered.query),
            request_parameters=known,
            request_models={"application/json": self._model(offered.body)} if offered.body else None,
            request_validator=self._validator,
            api_key_required=offered.by != "anyone",
            **self._authorization(offered),  # type: ignore[arg-type]
        )
        self._way.take(method)
        if offered.by != "partner":
            acknowledge(
                method,
                "AwsSolutions-APIG4",
                "AwsSolutions-COG4",
                *(["CKV_AWS_59"] if offered.by == "anyone" else []),
                reason="It says that the region serves, to Route 53."
                if offered.by == "anyone"
                else "The catalog is public; the API key counts requests of a partner.",
            )
        elif not self._partners:
            acknowledge(
                method,
                "AwsSolutions-COG4",
                reason="Before phase 4 there is no user pool: callers are authorized by IAM.",
            )

    def _authorization(self, offered: Offered) -> dict[str, object]:
        if offered.by != "partner":
            return {"authorization_type": apigateway.AuthorizationType.NONE}
        if not self._partners:
            return {"authorization_type": apigateway.AuthorizationType.IAM}
        return {
            "authorization_type": apigateway.AuthorizationType.COGNITO,
            "authorizer": self._partners,
            "authorization_scopes": [SCOPE],
        }

    def _model(self, schema: apigateway.JsonSchema) -> apigateway.IModel:
        name = schema.title
        if name is None:
            raise ValueError("a model's schema needs a title, which is its name")
        return apigateway.Model(
            self, name, rest_api=self._api, content_type="application/json", model_name=name, schema=schema
        )
