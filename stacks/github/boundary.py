"""The most that a workflow's role can do, whatever is attached to it later."""

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge
from stacks.github.grants import Grant


class GrantsBoundary(Construct):
    """A managed policy called `name` that lets `grants` pass and denies all else; it grants nothing by itself.

    It denies by name what it does not list, as a resource policy that names a role's session passes a boundary that
    only does not allow ("Permissions boundaries for IAM entities", IAM User Guide). Exposes `policy`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, grants: Sequence[Grant]) -> None:
        super().__init__(scope, construct_id)
        actions = [action for grant in grants for action in grant.actions]
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            managed_policy_name=name,
            description="The most that a workflow of GitHub Actions can do by itself",
            statements=[
                iam.PolicyStatement(sid="Ceiling", actions=actions, resources=["*"]),
                iam.PolicyStatement(
                    sid="NothingElse", effect=iam.Effect.DENY, not_actions=actions, resources=["*"]
                ),
                *(
                    iam.PolicyStatement(
                        sid=f"{grant.sid}Alone",
                        effect=iam.Effect.DENY,
                        actions=list(grant.actions),
                        not_resources=list(grant.resources),
                    )
                    for grant in grants
                ),
            ],
        )
        acknowledge(
            self.policy,
            "AwsSolutions-IAM5[Resource::*]",
            reason="A boundary grants nothing: it is the intersection with what a role's own policies grant. What "
            "its list of actions leaves open, the denials beside it close: each action on all but the named "
            "resources, and every other action.",
        )
