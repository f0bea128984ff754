"""The password of Redis, made by Secrets Manager and seen by nobody."""

from aws_cdk import Acknowledgment, RemovalPolicy, Validations
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct


def make(scope: Construct, *, description: str) -> secretsmanager.Secret:
    """A secret "Password" in `scope`: 64 letters and digits.

    "Authenticating with the Valkey and Redis OSS AUTH command" and "Role-Based Access Control (RBAC)" (Amazon
    ElastiCache User Guide) both allow 16 to 128 characters, few signs among them.
    """
    secret = secretsmanager.Secret(
        scope,
        "Password",
        description=description,
        generate_secret_string=secretsmanager.SecretStringGenerator(
            password_length=64, exclude_punctuation=True
        ),
        # It opens nothing once Redis is gone.
        removal_policy=RemovalPolicy.DESTROY,
    )
    Validations.of(secret).acknowledge(
        Acknowledgment(
            id="AwsSolutions-SMG4",
            reason="A new password has to reach Redis and the tasks together, which is a deployment; Secrets "
            "Manager has no rotation that does both. Nothing outside the tasks' security group reaches Redis.",
        )
    )
    return secret
