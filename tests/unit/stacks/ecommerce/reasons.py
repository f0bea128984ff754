"""What the wiring tests let pass, each with its reason. An entry that is no longer needed fails a test.

A resource goes by its part and its logical id without the hash at its end; `*` stands for anything.
"""

import fnmatch
import re
from collections.abc import Iterable, Mapping

from review.platform.templates import PLACES

# Of load balancers and whatever else the internet is let in to.
OPEN_TO_ALL: Mapping[str, str] = {}

# Buckets that a service writes logs to which cannot use a key of the customer, and the like.
WITHOUT_OWN_KEY: Mapping[str, str] = {
    "LoadBalancer.LogsBucket": "Elastic Load Balancing delivers to buckets with S3's own keys alone.",
    "Storage.LogsBucket": "S3 delivers server access logs to buckets with S3's own keys alone.",
    "Audit.StoreAccessLog": "S3 delivers server access logs to buckets with S3's own keys alone.",
    "Edge.AccessLogsBucket": "The site's construct: CloudFront's log delivery with S3's own keys.",
}

# Roles without the boundary by its name.
UNBOUNDED: Mapping[str, str] = {
    "Identity.AuditorPersonRole": "A person's, who reads configuration in the whole account and no data.",
    "Identity.BreakGlassPersonRole": "A person's, who has to be able to do what the boundary forbids.",
    "Identity.OperatorPersonRole": "It has the boundary, by reference: its stack makes it.",
}

# What a later phase adds to a stack of an earlier one, (reader, what is read); before that it does without.
OF_A_LATER_PHASE: Mapping[tuple[str, str], str] = {
    (
        "Api",
        "Customers",
    ): "Customers sign in from phase 4 on; before, methods with personal data ask for IAM.",
    ("Edge", "EdgeFirewall"): "The distribution has a web ACL from phase 4 on.",
    ("Routing", "Recovery"): "Writes follow the Region Switch plan from phase 5 on.",
    ("Workload", "DatabaseReplica"): "The secondary's pods know its database from phase 5 on.",
}

# Roles that may do something on every resource although the action could be kept to some.
EVERY_RESOURCE: Mapping[str, str] = {
    "Api.LoggingPolicy": "API Gateway refuses a narrower role for the account's log settings.",
    "Canaries.JourneyPolicy": "A metric has no ARN; a condition keeps it to one namespace.",
    "Cluster.ControlPlaneKubectlPolicy": "Lambda's network interfaces get their ids as they are made.",
    "Cluster.NodesLauncherPolicy": "Karpenter asks for zonal shifts, and reads alone.",
    "Cluster.PodLogsIdentityPolicy": "A metric has no ARN; a condition keeps it to one namespace.",
    "Identity.OperatorPolicy": "An operator watches all of the platform; reading of states alone.",
    "Workload.RolesOrdersReportPolicy": "A metric has no ARN; a condition keeps it to one namespace.",
    "Workload.RolesCartsReportPolicy": "A metric has no ARN; a condition keeps it to one namespace.",
}

# Alarms without an action of their own.
UNHEARD: Mapping[str, str] = {}


def excused(found: Iterable[str], reasons: Mapping[str, str]) -> list[str]:
    """What of `found` has no reason; and the reasons that nothing needs."""
    faults = list(found)
    used = {pattern for pattern in reasons for fault in faults if fnmatch.fnmatchcase(_key(fault), pattern)}
    left = [
        fault for fault in faults if not any(fnmatch.fnmatchcase(_key(fault), pattern) for pattern in used)
    ]
    return left + [f"no longer needed: {pattern}" for pattern in reasons if pattern not in used]


def _key(fault: str) -> str:
    """`Network.NetworkFlowLogsGroup` of `EcommerceNetwork-us-east-1.NetworkFlowLogsGroupC25B4C56 (…): …`."""
    stack, _, rest = fault.partition(".")
    logical_id = re.split(r"[ :]", rest, maxsplit=1)[0]
    return f"{PLACES[stack].name}.{re.sub(r'[0-9A-F]{8}$', '', logical_id)}"
