"""The shop's public hosted zone, and who asked it for what."""

from typing import Final

from aws_cdk import Aws, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.parts import GLOBAL

# "Public DNS query logging", Amazon Route 53: a group of another name, or in another region, is refused.
_GROUP_PREFIX: Final = "/aws/route53"


class ShopZone(Construct):
    """The public hosted zone of `domain`, in which certificates are issued by Amazon alone. Exposes `zone`.

    Its queries are logged where Route 53 can do so, which is in us-east-1. `signed`: by DNSSEC, with a key of its
    own, which has to be in us-east-1 too. The zone is kept where `removal_policy` keeps: another zone of the same
    name has other name servers, and the registrar would have to be told anew.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        domain: str,
        signed: bool,
        log_key: kms.IKey,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        group = None
        if stack.region == GLOBAL:
            group = logs.LogGroup(
                self,
                "Queries",
                log_group_name=f"{_GROUP_PREFIX}/{domain}",
                encryption_key=log_key,
                retention=log_retention,
                removal_policy=removal_policy,
            )
            # The other way round it would be made after the zone, which needs it.
            allowed = logs.CfnResourcePolicy(
                self,
                "MayWrite",
                policy_name=f"{stack.stack_name}-queries",
                policy_document=stack.to_json_string(
                    iam.PolicyDocument(statements=[_may_write(group)]).to_json()
                ),
            )
        self.zone = route53.PublicHostedZone(
            self,
            "Zone",
            zone_name=domain,
            comment="Shop of the e-commerce platform",
            caa_amazon=True,
            query_logs_log_group_arn=group.log_group_arn if group else None,
        )
        self.zone.apply_removal_policy(removal_policy)
        if group:
            self.zone.node.add_dependency(allowed)
        else:
            acknowledge(
                self.zone,
                "Route53EnableDNSQueryLogging",
                reason="Route 53 logs queries in us-east-1 alone, and this stack is elsewhere.",
            )
        if signed:
            self._sign(removal_policy)

    def _sign(self, removal_policy: RemovalPolicy) -> None:
        """ "Configuring DNSSEC signing and establishing a chain of trust": a P-256 key in us-east-1 without
        rotation, which KMS does not offer for keys of this kind."""
        key = kms.Key(
            self,
            "SigningKey",
            description="Signs the key of the shop's zone",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=removal_policy,
        )
        self.zone.enable_dnssec(kms_key=key, key_signing_key_name="shop")


def _may_write(group: logs.ILogGroup) -> iam.PolicyStatement:
    """Only this account's Route 53: "Prevent the confused deputy problem"."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("route53.amazonaws.com")],
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[group.log_group_arn],
        conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
    )
