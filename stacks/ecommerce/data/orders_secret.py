"""The credentials of the orders' database."""

from collections.abc import Mapping

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce.data import database_engine


class OrdersSecret(Construct):
    """`{"username", "password"}`, readable under the same name in each region of `replica_keys`.

    No host: a copy in another region is to be used with that region's instance, which has the same users as its
    source. See docs/decisions/0014. Exposes `secret`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key: kms.IKey,
        replica_keys: Mapping[str, kms.IKey],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=name,
            description="Master user of the orders' database, in all regions",
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=f'{{"username": "{database_engine.USERNAME}"}}',
                generate_string_key="password",
                # letters and digits: it goes into URLs and files of others
                exclude_punctuation=True,
                password_length=48,
            ),
            replica_regions=[
                secretsmanager.ReplicaRegion(region=region, encryption_key=each)
                for region, each in replica_keys.items()
            ],
            removal_policy=removal_policy,
        )
