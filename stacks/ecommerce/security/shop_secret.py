"""A secret of the platform, the same in every region."""

from collections.abc import Iterable

from aws_cdk import Aws, RemovalPolicy, SecretValue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct


class ShopSecret(Construct):
    """The secret `name`, with replicas of the same name in `replica_regions`, encrypted with the key that has
    `key_alias` in each. Exposes `secret`.

    `value`: what it holds before somebody sets it; none: a random key, for what is rotated. Nobody of another
    account reads or changes it, whatever else its policy says one day.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        value: dict[str, str] | None,
        key: kms.IKey,
        key_alias: str,
        replica_regions: Iterable[str],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=name,
            description=description,
            # by its ARN: the construct would write into the policy of a key that another stack has
            encryption_key=kms.Key.from_key_arn(self, "Key", key.key_arn),
            secret_object_value={each: SecretValue.unsafe_plain_text(text) for each, text in value.items()}
            if value
            else None,
            generate_secret_string=None
            if value
            else secretsmanager.SecretStringGenerator(
                secret_string_template="{}",  # noqa: S106  # an object without fields
                generate_string_key="key",
                password_length=64,
                exclude_punctuation=True,
            ),
            removal_policy=removal_policy,
        )
        made = self.secret.node.default_child
        if not isinstance(made, secretsmanager.CfnSecret):
            raise TypeError(f"the secret of {self.node.path} is no longer a CfnSecret")
        made.replica_regions = [
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=region, kms_key_id=f"alias/{key_alias}")
            for region in replica_regions
        ]
        for sid, conditions in (
            ("OtherAccounts", {"StringNotEquals": {"aws:PrincipalAccount": Aws.ACCOUNT_ID}}),
            ("Unencrypted", {"Bool": {"aws:SecureTransport": "false"}}),
        ):
            self.secret.add_to_resource_policy(
                iam.PolicyStatement(
                    sid=sid,
                    effect=iam.Effect.DENY,
                    principals=[iam.AnyPrincipal()],
                    actions=["secretsmanager:*"],
                    resources=["*"],
                    conditions=conditions,
                )
            )
