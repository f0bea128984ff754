"""CloudFront's addresses towards origins, `com.amazonaws.global.cloudfront.origin-facing`, by region.

AWS keeps the list up to date; its id is the same in every account, and another in each region ("AWS-managed prefix
lists", Amazon VPC User Guide). A look-up at synth would need credentials. The ids were compared with what several
public repositories have; a wrong one fails the first deploy, as there is no such list. Knows no construct.
"""

from collections.abc import Mapping
from typing import Final

CLOUDFRONT: Final[Mapping[str, str]] = {
    "ap-south-1": "pl-9aa247f3",
    "ap-southeast-1": "pl-31a34658",
    "ap-southeast-2": "pl-b8a742d1",
    "ca-central-1": "pl-38a64351",
    "eu-central-1": "pl-a3a144ca",
    "eu-north-1": "pl-fab65393",
    "eu-west-1": "pl-4fa04526",
    "eu-west-2": "pl-93a247fa",
    "eu-west-3": "pl-75b1541c",
    "sa-east-1": "pl-5da64334",
    "us-east-1": "pl-3b927c52",
    "us-east-2": "pl-b6a144df",
    "us-west-2": "pl-82a045eb",
}


class UnknownPrefixListError(ValueError):
    """The list's id in a region is not here."""


def cloudfront(region: str) -> str:
    """The id of the list in `region`; raises UnknownPrefixListError."""
    try:
        return CLOUDFRONT[region]
    except KeyError:
        raise UnknownPrefixListError(
            f"region {region}: the id of CloudFront's prefix list is not known; add it in "
            "stacks/ecommerce/traffic/prefix_lists.py"
        ) from None
