"""Who may enter the cache of a region, and with which password."""

from typing import Final

from aws_cdk import RemovalPolicy
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

USERNAME: Final = "checkout"
# Data, connections and transactions; of what is dangerous only what a client asks when it connects: INFO, and the
# layout of a cluster. Nothing that lists all keys, empties or configures the cache. All keys: the sample uses its
# customers' ids as they are.
RIGHTS: Final = (
    "on ~* -@all +@read +@write +@connection +@transaction -@dangerous "
    "+info +cluster|slots +cluster|shards +cluster|nodes"
)


class CacheUser(Construct):
    """The only user of the cache, with a secret `{"username", "password"}` of this region.

    A group without the user `default` lets nobody in who gives no name: Valkey allows that ("Role-Based Access
    Control (RBAC)", Amazon ElastiCache User Guide). Exposes `secret`, `user` and `group_id`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        user_id: str,
        group_id: str,
        secret_name: str,
        key: kms.IKey,
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=secret_name,
            description="User of the checkout's cache in this region",
            encryption_key=key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=f'{{"username": "{USERNAME}"}}',
                generate_string_key="password",
                exclude_punctuation=True,  # it becomes part of a URL
                password_length=48,
            ),
            # It opens nothing once the cache is gone.
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.user = elasticache.CfnUser(
            self,
            "User",
            user_id=user_id,
            user_name=USERNAME,
            engine="valkey",
            access_string=RIGHTS,
            authentication_mode={
                "Type": "password",
                "Passwords": [self.secret.secret_value_from_json("password").unsafe_unwrap()],
            },
        )
        self.group_id: str = elasticache.CfnUserGroup(
            self, "Users", user_group_id=group_id, engine="valkey", user_ids=[self.user.ref]
        ).ref
