"""The shop's batch work: which reports there are, and what each may ask."""

from dataclasses import dataclass
from typing import Final

# Pinned by tag, as its digest has to be looked up. Has bash, curl and jq beside the AWS CLI (its Dockerfile).
IMAGE: Final = "public.ecr.aws/aws-cli/aws-cli:2.31.0"


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `name` is the script's too. `minute` of each hour at which it runs. `reads`: what it asks."""

    name: str
    script: str
    minute: int
    reads: str

    @property
    def object_name(self) -> str:
        """Of its Kubernetes objects."""
        return f"{self.name}-report"


REPORTS: Final = (
    Report("orders", "orders.sh", minute=10, reads="the orders service"),
    Report("carts", "carts.sh", minute=40, reads="the carts table"),
)
