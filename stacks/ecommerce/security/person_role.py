"""A role that a person takes, for an hour, with a second factor."""

from typing import Final

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from constructs import Construct

SESSION: Final = Duration.hours(1)
"""The shortest that IAM takes as a role's longest session."""


class PersonRole(Construct):
    """A role called `name` that identities of this account may take if their own policies let them.

    The second factor must have been given within the last hour ("Configuring MFA-protected API access"). Who comes
    through IAM Identity Center has no such mark in his session: he is given permission sets there, and not these
    roles. `boundary`: none for those that must be able to mend the boundary, or that only read. Exposes `role`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        boundary: iam.IManagedPolicy | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.role = iam.Role(
            self,
            "Role",
            role_name=name,
            description=description,
            assumed_by=iam.AccountRootPrincipal().with_conditions(
                {
                    "Bool": {"aws:MultiFactorAuthPresent": "true"},
                    "NumericLessThan": {"aws:MultiFactorAuthAge": str(SESSION.to_seconds())},
                }
            ),
            max_session_duration=SESSION,
            permissions_boundary=boundary,
        )
