"""Shield Advanced for one resource."""

from collections.abc import Sequence

from aws_cdk import aws_shield as shield
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge


class ShieldProtection(Construct):
    """`resource_arn` under the account's subscription to Shield Advanced, which has to be there before: only
    a person can subscribe (`aws shield create-subscription`), as CloudFormation has no resource for it. That
    is where the year and its 12 × 3,000 USD are agreed to, once for all accounts of the organization.

    `health_checks`: ARNs of Route 53's, by which an attack is told sooner and with fewer false alarms
    ("Health-based detection using health checks"). `block_floods`: let Shield add rules against floods of
    requests to the resource's web ACL; only where there is one.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        resource_arn: str,
        block_floods: bool,
        health_checks: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        protection = shield.CfnProtection(
            self,
            "Protection",
            name=name,
            resource_arn=resource_arn,
            health_check_arns=list(health_checks) or None,
            application_layer_automatic_response_configuration=(
                shield.CfnProtection.ApplicationLayerAutomaticResponseConfigurationProperty(
                    action={"Block": {}}, status="ENABLED"
                )
                if block_floods
                else None
            ),
        )
        if block_floods:
            acknowledge(
                protection,
                "CloudFormation-Validate::F3018",
                reason="The resource's schema lets Block match the branch of Count too, as neither requires its "
                "own name; one of them is given, as the documentation asks.",
            )
