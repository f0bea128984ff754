"""The multi-Region key of what customers leave: databases, tables, caches, buckets, secrets, backups."""

from collections.abc import Iterable

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.security.key_statements import PENDING, no_hasty_deletion, no_replica_outside


class DataKey(Construct):
    """The primary of a multi-Region key, or with `replica_of`, the primary's ARN, its replica in this region.

    What is encrypted in one region can be decrypted in another with the same key material, without a call to the
    region that may be down ("Multi-Region keys in AWS KMS"). IAM policies of the account decide who uses it: of
    services CloudFront alone is named here, as each other that encrypts with it does so for a role that may.
    `regions`: the only ones that may have a replica. Exposes `key`, by its ARN:
    so no grant of another stack ends in this policy, which would be a circle.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: str,
        replica_of: str | None,
        regions: Iterable[str],
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        self.key: kms.IKey
        if replica_of is None:
            key = kms.Key(
                self,
                "Key",
                description="Data of the e-commerce platform",
                multi_region=True,
                enable_key_rotation=True,
                alias=alias,
                pending_window=PENDING,
                removal_policy=removal_policy,
            )
            key.add_to_resource_policy(_for_distributions())
            key.add_to_resource_policy(no_hasty_deletion())
            key.add_to_resource_policy(no_replica_outside(regions))
            self.key = kms.Key.from_key_arn(self, "ByArn", key.key_arn)
            return
        replica = kms.CfnReplicaKey(
            self,
            "Replica",
            description="Data of the e-commerce platform",
            primary_key_arn=replica_of,
            pending_window_in_days=int(PENDING.to_days()),
            key_policy=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        principals=[iam.AccountRootPrincipal()], actions=["kms:*"], resources=["*"]
                    ),
                    _for_distributions(),
                    no_hasty_deletion(),
                ]
            ),
        )
        replica.apply_removal_policy(removal_policy)
        # CfnAlias, as an imported key cannot be given an alias by the L2 construct
        kms.CfnAlias(self, "Alias", alias_name=f"alias/{alias}", target_key_id=replica.attr_key_id)
        self.key = kms.Key.from_key_arn(self, "Key", replica.attr_arn)


def _for_distributions() -> iam.PolicyStatement:
    """CloudFront decrypts the assets by the key's policy alone, for distributions of this account: "Restrict access
    to an Amazon S3 origin", SSE-KMS. Their ids would be a circle."""
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("cloudfront.amazonaws.com")],
        actions=["kms:Decrypt"],
        resources=["*"],
        conditions={
            "ArnLike": {"aws:SourceArn": f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/*"}
        },
    )
