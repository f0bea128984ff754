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
WITHOUT_OWN_KEY: Mapping[str, str] = {}

# Roles that may do something on every resource although the action could be kept to some.
EVERY_RESOURCE: Mapping[str, str] = {}

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
