"""The role that a job takes in one GitHub environment."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.github import names
from stacks.github.boundary import GrantsBoundary
from stacks.github.grants import Grant
from stacks.github.identity_provider import GitHubIdentityProvider

SESSION: Final = Duration.hours(1)
"""The shortest that IAM takes as a role's longest session, and the longest that a role taken from it has: "Role
chaining", IAM User Guide."""


class EnvironmentRole(Construct):
    """A role for jobs in `environment` of `repository` and for nobody else, bounded to the `grants` that it has.

    The token must be made out for AWS and name repository and environment, letter by letter: a branch, a pull
    request or another environment has another `sub`, a fork another repository ("OpenID Connect reference", GitHub
    Docs). Who gets into the environment is for its protection rules on GitHub to say. Exposes `role`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        provider: GitHubIdentityProvider,
        repository: str,
        environment: str,
        stage: str | None,
        description: str,
        grants: Sequence[Grant],
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=names.role(environment, stage),
            description=description,
            assumed_by=iam.WebIdentityPrincipal(
                provider.arn,
                {
                    "StringEquals": {
                        f"{names.ISSUER}:aud": names.AUDIENCE,
                        f"{names.ISSUER}:sub": names.subject(repository, environment),
                    }
                },
            ),
            max_session_duration=SESSION,
            permissions_boundary=GrantsBoundary(
                self, "Boundary", name=names.boundary(environment, stage), grants=grants
            ).policy,
        )
        statements = [
            iam.PolicyStatement(sid=grant.sid, actions=list(grant.actions), resources=list(grant.resources))
            for grant in grants
        ]
        policy = iam.Policy(self, "Policy", roles=[self.role], statements=statements)
        acknowledge_wildcards(
            policy,
            statements,
            reason="CloudFormation ends the id of a stack and the name of its function as it likes, and a preview "
            "is the site's stack with a stage of its own; each name begins with that of this app's stack.",
        )
