"""The AWS services that a private network of the platform can reach by an interface endpoint of its own."""

from typing import Final

# What nodes and pods call by themselves: "Deploy private clusters with limited internet access", Amazon EKS.
# Without these endpoints they take the NAT gateway.
INTERFACE_ENDPOINTS: Final = (
    "ec2",
    "ecr.api",
    "ecr.dkr",
    "eks-auth",
    "kms",
    "logs",
    "secretsmanager",
    "sts",
)
