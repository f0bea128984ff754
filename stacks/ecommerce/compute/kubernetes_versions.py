"""The versions of Kubernetes that a cluster can be asked for, and until when AWS supports each. Knows no construct.

A date is compared with `AS_OF`, not with today's: the same source gives the same templates next year. The test of
this table looks at the clock, and fails two months before the default version leaves standard support.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Name = Literal["1.33", "1.34", "1.35", "1.36"]

AS_OF: Final = date(2026, 11, 25)
"""When the table was last compared with AWS's."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version. `standard_until`, `extended_until`: the last days of standard and of extended support."""

    standard_until: date
    extended_until: date

    @property
    def in_standard_support(self) -> bool:
        """Whether it was in standard support on `AS_OF`."""
        return self.standard_until >= AS_OF


# "Understand the Kubernetes version lifecycle on EKS", release calendar: 14 months of standard support, then 12 of
# extended. 1.33 to 1.35 are as AWS announced them to account holders; that of 1.36 is from a table of others.
VERSIONS: Final[Mapping[Name, Version]] = {
    "1.33": Version(date(2026, 7, 29), date(2027, 7, 29)),
    "1.34": Version(date(2026, 12, 2), date(2027, 12, 2)),
    "1.35": Version(date(2027, 3, 27), date(2028, 3, 27)),
    "1.36": Version(date(2027, 8, 2), date(2028, 8, 2)),
}

# The newest but one: add-ons, charts and kubectl have caught up with it, and four months are left for the next.
DEFAULT: Final[Name] = "1.35"


def refusal(name: Name) -> str | None:
    """Why no cluster is made with the version `name`; none if it is in standard support."""
    version = VERSIONS[name]
    if version.in_standard_support:
        return None
    return (
        f"{name} left standard support on {version.standard_until}, so AWS would upgrade the cluster by itself (the"
        f" upgrade policy is STANDARD, as extended support costs six times as much); give {DEFAULT}"
    )
