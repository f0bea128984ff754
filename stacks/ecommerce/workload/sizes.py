"""How much of the cluster each of the shop's services takes, by profile and region. Knows no construct."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from stacks.ecommerce.profiles import PROFILES, ProfileName
from stacks.ecommerce.services import Service
from stacks.ecommerce.topology import Region
from stacks.ecommerce.workload.programs import PROGRAMS


class PodSize(BaseModel):
    """Of one pod. `millicores` are requested, and what autoscaling's percentage is of; `most_millicores` are
    its limit, above which a JVM's start would be throttled. `mebibytes` are both: memory cannot be throttled, so a
    pod that may take more than it asked for ends its neighbours. `requests_per_second`: what it is meant to answer
    at the autoscaler's target, a target and no measurement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    millicores: int
    most_millicores: int
    mebibytes: int
    requests_per_second: int


@dataclass(frozen=True, slots=True)
class Replicas:
    """The autoscaler's bounds."""

    least: int
    most: int


_JAVA: Final[Mapping[ProfileName, PodSize]] = {
    "demo": PodSize(millicores=250, most_millicores=1000, mebibytes=768, requests_per_second=50),
    "standard": PodSize(millicores=500, most_millicores=2000, mebibytes=1024, requests_per_second=100),
    "peak": PodSize(millicores=1000, most_millicores=2000, mebibytes=1536, requests_per_second=250),
}
# Fargate rounds up to its next size with 256 MiB more for Kubernetes' own ("Fargate Pod configuration"): 0.25 vCPU
# with 0.5 GB, 0.5 with 1, 1 with 2. A limit above the request would have no effect there.
_NODE: Final[Mapping[ProfileName, PodSize]] = {
    "demo": PodSize(millicores=250, most_millicores=250, mebibytes=256, requests_per_second=50),
    "standard": PodSize(millicores=500, most_millicores=500, mebibytes=768, requests_per_second=100),
    "peak": PodSize(millicores=1000, most_millicores=1000, mebibytes=1792, requests_per_second=250),
}
_GO: Final[Mapping[ProfileName, PodSize]] = {
    "demo": PodSize(millicores=100, most_millicores=500, mebibytes=128, requests_per_second=50),
    "standard": PodSize(millicores=250, most_millicores=1000, mebibytes=256, requests_per_second=250),
    "peak": PodSize(millicores=500, most_millicores=1000, mebibytes=256, requests_per_second=500),
}

# Of the shop's requests, how many reach the service, in percent: a page of the ui asks the catalog at least once.
_CALLS: Final[Mapping[str, int]] = {"ui": 100, "catalog": 150, "cart": 50, "checkout": 10, "orders": 4}

# Of each service. One in demo: its restart is an outage. Otherwise one in each of three zones.
_FEWEST: Final[Mapping[ProfileName, int]] = {"demo": 1, "standard": 3, "peak": 3}

# Of what the primary needs: any region can grow to twice that, as after a failover in a sale.
_ROOM: Final = 2


def pod_size(service: Service, profile: ProfileName) -> PodSize:
    """The size of one pod of `service`."""
    if PROGRAMS[service.name].java:
        return _JAVA[profile]
    return (_NODE if service.bursty else _GO)[profile]


def replicas(service: Service, profile: ProfileName, region: Region) -> Replicas:
    """How many pods of `service` in `region`: the least for its share of the primary's requests, and the most for
    all of them and as many again."""
    whole = PROFILES[profile].requests_per_second * _CALLS[service.name]
    each = pod_size(service, profile).requests_per_second
    all_of_it = -(-whole // (100 * each))
    share = -(-whole * region.capacity_percent // (100 * 100 * each))
    fewest = _FEWEST[profile]
    return Replicas(least=max(fewest, share), most=max(fewest + 1, _ROOM * all_of_it))
