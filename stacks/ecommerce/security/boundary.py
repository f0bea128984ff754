"""The permissions boundary: the most that any role of the platform can do, whatever is attached to it."""

from collections.abc import Iterable

from aws_cdk import Aws
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.ecommerce.security import boundary_actions as actions


class Boundary(Construct):
    """A managed policy called `name`; it grants nothing by itself. `regions`: those in which roles may act.

    A role that is taken over, or given too much by mistake, still cannot step out of it: no new identities, no role
    without it, no blinding of the audit, no destruction of the last copy, no machines in a region where nobody
    looks. "Permissions boundaries for IAM entities", IAM User Guide; at most 6,144 characters. Exposes `policy`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, regions: Iterable[str]) -> None:
        super().__init__(scope, construct_id)
        own = f"arn:{Aws.PARTITION}:iam::{Aws.ACCOUNT_ID}:policy/{name}"
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=name,
            description="The most that a role of the e-commerce platform can do",
            statements=[
                iam.PolicyStatement(sid="Services", actions=list(actions.ALLOWED), resources=["*"]),
                _never("Identities", actions.IDENTITIES),
                _never("Unbinding", actions.UNBINDING),
                _never("Rewriting", actions.REWRITING, resource=own),
                iam.PolicyStatement(
                    sid="Unbounded",
                    effect=iam.Effect.DENY,
                    actions=list(actions.BOUNDED),
                    resources=["*"],
                    # true also where a request names no boundary at all
                    conditions={"StringNotEquals": {"iam:PermissionsBoundary": own}},
                ),
                _never("Evidence", actions.EVIDENCE),
                _never("LastCopy", actions.LAST_COPY),
                iam.PolicyStatement(
                    sid="Elsewhere",
                    effect=iam.Effect.DENY,
                    not_actions=list(actions.IN_NO_REGION),
                    resources=["*"],
                    conditions={"StringNotEquals": {"aws:RequestedRegion": list(regions)}},
                ),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5[Resource::*]",
            *(f"AwsSolutions-IAM5[Action::{each}]" for each in actions.ALLOWED if "*" in each),
            "IAMPolicyNoStatementsWithFullAccess",
            *(f"CKV_AWS_{number}" for number in (107, 108, 109, 110, 111)),
            reason="A boundary grants nothing: it is the intersection with what a role's own policies grant, which "
            "name single actions and resources. It lists services because it has to hold for every role.",
        )


def _never(sid: str, denied: Iterable[str], *, resource: str = "*") -> iam.PolicyStatement:
    return iam.PolicyStatement(sid=sid, effect=iam.Effect.DENY, actions=list(denied), resources=[resource])
