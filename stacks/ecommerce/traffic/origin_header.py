"""What tells the load balancers by which of this platform's own entrances a request came."""

from collections.abc import Iterable
from typing import Final, Literal

from aws_cdk import RemovalPolicy, SecretValue
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.acknowledged import acknowledge

NAME: Final = "X-Shop-Entrance"
"""Of the header field that CloudFront and API Gateway add to what they send to a load balancer."""

By = Literal["distribution", "api"]
"""The distribution lets everybody in, the API only who has shown who he is."""


class OriginHeaderSecret(Construct):
    """The value of that header field for one entrance, here and, by replication, in `replica_regions`.

    CloudFront's prefix list admits the distributions of everybody: whoever learns a load balancer's name could put
    one of his own before it, without our firewall. `key`: of this region, and `key_alias` the alias that its
    counterpart has in every region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        by: By,
        stage: str | None,
        key: kms.IKey,
        key_alias: str,
        replica_regions: Iterable[str],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=_name(by, stage),
            description=f"Header field by which load balancers know the {by} of this platform",
            # By its ARN, as a grant to the service would be written into the key's stack; the account's
            # policies do.
            encryption_key=kms.Key.from_key_arn(self, "Key", key.key_arn),
            # in a header field, and in a condition in which * and ? are wildcards
            generate_secret_string=secretsmanager.SecretStringGenerator(
                password_length=48, exclude_punctuation=True
            ),
            removal_policy=removal_policy,
        )
        made = secret.node.default_child
        if not isinstance(made, secretsmanager.CfnSecret):
            raise TypeError(f"the secret of {secret.node.path} is no longer a CfnSecret")
        # The L2 construct would give the alias an ARN of this region.
        made.replica_regions = [
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=name, kms_key_id=f"alias/{key_alias}")
            for name in replica_regions
        ]
        acknowledge(
            secret,
            "AwsSolutions-SMG4",
            "SecretsManagerRotationEnabled",
            reason="It opens no data: it is a second lock behind the security group, which admits "
            "CloudFront alone. A change has to reach distribution, API and listeners in order, "
            "which a deployment does and a timer would not.",
        )


def value(by: By, stage: str | None) -> str:
    """What CloudFormation puts in when it deploys, from the secret of the stack's own region."""
    return SecretValue.secrets_manager(_name(by, stage)).unsafe_unwrap()


def _name(by: By, stage: str | None) -> str:
    return names.secret(f"entrance-{by}", stage)
