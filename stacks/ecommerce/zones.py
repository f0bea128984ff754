"""The regions that can be part of the platform, and the three zones that it uses in each.

Zones go by their id. Their names differ between accounts (one account's us-east-1a is another's us-east-1c), so
neither a name nor a position tells which zone it is, and some zones have no EKS: "Amazon EKS VPC and subnet
requirements and considerations" rules out use1-az3, usw1-az2 and cac1-az3. A subnet's zone cannot be
changed without replacing the subnet and all that is in it, so this has to be right from the first deploy.
"""

from collections.abc import Mapping
from typing import Final

ZONES: Final[Mapping[str, tuple[str, str, str]]] = {
    "ap-northeast-1": ("apne1-az1", "apne1-az2", "apne1-az4"),
    "ap-northeast-2": ("apne2-az1", "apne2-az2", "apne2-az3"),
    "ap-south-1": ("aps1-az1", "aps1-az2", "aps1-az3"),
    "ap-southeast-1": ("apse1-az1", "apse1-az2", "apse1-az3"),
    "ap-southeast-2": ("apse2-az1", "apse2-az2", "apse2-az3"),
    "ca-central-1": ("cac1-az1", "cac1-az2", "cac1-az4"),
    "eu-central-1": ("euc1-az1", "euc1-az2", "euc1-az3"),
    "eu-north-1": ("eun1-az1", "eun1-az2", "eun1-az3"),
    "eu-west-1": ("euw1-az1", "euw1-az2", "euw1-az3"),
    "eu-west-2": ("euw2-az1", "euw2-az2", "euw2-az3"),
    "eu-west-3": ("euw3-az1", "euw3-az2", "euw3-az3"),
    "sa-east-1": ("sae1-az1", "sae1-az2", "sae1-az3"),
    "us-east-1": ("use1-az1", "use1-az2", "use1-az4"),
    "us-east-2": ("use2-az1", "use2-az2", "use2-az3"),
    "us-west-2": ("usw2-az1", "usw2-az2", "usw2-az3"),
}
"""Regions that are on in every account and have three zones; "AWS Availability Zones", table of zone ids."""
