"""The log groups of a cluster, by what writes there. Knows no construct.

The writers choose these names themselves, and would make groups that never expire; so the groups are made first.
"""

from typing import Final

POD_LOGS: Final = ("application", "dataplane", "host", "performance")
"""Last parts of the names of the groups that the CloudWatch agent and Fluent Bit write to."""


def control_plane(cluster: str) -> str:
    """Audit, API, authenticator, scheduler, controllers: "Send control plane logs to CloudWatch Logs"."""
    return f"/aws/eks/{cluster}/cluster"


def fargate(cluster: str) -> str:
    """What pods on Fargate print."""
    return f"/aws/eks/{cluster}/fargate"


def pods(cluster: str, of: str) -> str:
    """What pods on nodes print, and what the nodes do; `of`: one of `POD_LOGS`."""
    return f"/aws/containerinsights/{cluster}/{of}"
