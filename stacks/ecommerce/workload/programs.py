"""What the programs of the retail store sample, release 1.6.2, need of what runs them; read in their source.

`src/<service>/Dockerfile`, `chart/` and the programs themselves. Knows no construct.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from stacks.ecommerce.traffic.timing import DEREGISTRATION_DELAY

# Each image makes a user of its own with these ids (`useradd --uid 1000`).
USER: Final = 1000

# The load balancer's controller and kube-proxy learn of the end a little later than the kubelet.
_PROPAGATION_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Program:
    """One program.

    `alive`: the path of its liveness, which must not ask a database: one that is down would have all pods
    restarted for nothing. `start_seconds`: within which it must be alive. `stop_seconds`: that it takes for its
    own end after SIGTERM. `java`: whether a JVM runs it.
    """

    alive: str
    start_seconds: int
    stop_seconds: int
    java: bool = False

    @property
    def grace_seconds(self) -> int:
        """From the pod's end to its being killed: preStop and the program's own end are both inside."""
        return pre_stop_seconds() + self.stop_seconds + 5


def pre_stop_seconds() -> int:
    """How long a pod goes on answering after its end is decided. The sample's checkout exits at once at SIGTERM,
    and so needs that the last request is over by then."""
    return DEREGISTRATION_DELAY + _PROPAGATION_SECONDS


# Spring Boot's graceful shutdown waits 30 s for requests under way (`server.shutdown: graceful`); the catalog
# waits 5 (main.go), the checkout not at all (tracing.ts).
_SPRING: Final = Program(alive="/actuator/health/liveness", start_seconds=180, stop_seconds=30, java=True)

PROGRAMS: Final[Mapping[str, Program]] = {
    "ui": _SPRING,
    "cart": _SPRING,
    "orders": _SPRING,
    "catalog": Program(alive="/health", start_seconds=30, stop_seconds=5),
    "checkout": Program(alive="/health", start_seconds=60, stop_seconds=5),
}
