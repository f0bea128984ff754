"""Copies what comes into a bucket to buckets of other regions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge_wildcards

# "Meeting compliance requirements with S3 Replication Time Control": the only value that there is.
_MINUTES: Final = 15


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket at one end: its name, its region and the key of its objects."""

    name: str
    region: str
    key: kms.IKey

    @property
    def arn(self) -> str:
        """Buckets' names are of the whole partition."""
        return f"arn:{Aws.PARTITION}:s3:::{self.name}"


class BucketReplication(Construct):
    """The role with which S3 replicates `source` to `destinations`, and the rules for it.

    Exposes `role_arn` and `rules`, in the words of PutBucketReplication. What is deleted by a delete marker is
    deleted in the copies too; a version that is deleted for good is not, in case that somebody means harm. Objects
    that were there before are not replicated: "Replicating existing objects with Batch Replication" does that once.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        source: Bucket,
        destinations: Sequence[Bucket],
        time_control: bool,
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal(
                "s3.amazonaws.com",
                # "Prevent the confused deputy problem": for this bucket of this account and no other.
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnEquals": {"aws:SourceArn": source.arn},
                },
            ),
        )
        policy = iam.ManagedPolicy(
            self, "Policy", roles=[role], statements=[*_reads(source), *_writes(destinations)]
        )
        acknowledge_wildcards(
            policy,
            [f"{bucket.arn}/*" for bucket in (source, *destinations)],
            reason="S3 replicates whatever object comes: all of them in these buckets, and in no other.",
        )
        self.role_arn: str = role.role_arn
        self.rules: Sequence[Mapping[str, Any]] = [
            _rule(destination, priority, time_control=time_control)
            for priority, destination in enumerate(destinations, start=1)
        ]


def _reads(source: Bucket) -> list[iam.PolicyStatement]:
    """ "Setting up permissions for live replication", Amazon S3 User Guide."""
    return [
        iam.PolicyStatement(
            actions=["s3:GetReplicationConfiguration", "s3:ListBucket"], resources=[source.arn]
        ),
        iam.PolicyStatement(
            actions=[
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            resources=[f"{source.arn}/*"],
        ),
        _keys(["kms:Decrypt"], source),
    ]


def _writes(destinations: Sequence[Bucket]) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            actions=["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            resources=[f"{destination.arn}/*" for destination in destinations],
        ),
        *(_keys(["kms:Encrypt", "kms:GenerateDataKey"], destination) for destination in destinations),
    ]


def _keys(actions: list[str], bucket: Bucket) -> iam.PolicyStatement:
    """With a bucket key the encryption context is the bucket ("Using encryption with S3 Bucket Keys")."""
    return iam.PolicyStatement(
        actions=actions,
        resources=[bucket.key.key_arn],
        conditions={
            "StringEquals": {
                "kms:ViaService": f"s3.{bucket.region}.{Aws.URL_SUFFIX}",
                "kms:EncryptionContext:aws:s3:arn": bucket.arn,
            }
        },
    )


def _rule(destination: Bucket, priority: int, *, time_control: bool) -> dict[str, Any]:
    threshold = {"Time": {"Minutes": _MINUTES}}
    return {
        "ID": f"To-{destination.region}",
        "Priority": priority,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "DeleteMarkerReplication": {"Status": "Enabled"},
        "SourceSelectionCriteria": {
            "SseKmsEncryptedObjects": {"Status": "Enabled"},
            # tags and such that are changed in a copy
            "ReplicaModifications": {"Status": "Enabled"},
        },
        "Destination": {
            "Bucket": destination.arn,
            "EncryptionConfiguration": {"ReplicaKmsKeyID": destination.key.key_arn},
            # Without them nobody could see that replication lags or fails.
            "Metrics": {
                "Status": "Enabled",
                **({"EventThreshold": threshold["Time"]} if time_control else {}),
            },
            **({"ReplicationTime": {"Status": "Enabled", **threshold}} if time_control else {}),
        },
    }
