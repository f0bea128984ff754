"""What `make up` says when all is up: where to go, what is real here, what is only recorded."""

from collections import Counter
from collections.abc import Iterable

from local.counter import RedisAddress
from local.deployed import Deployed
from local.deployment import Plan
from local.emulator import fidelity
from local.redis_server import find_server
from local.session import Session


def write(session: Session, plan: Plan, deployed: Deployed, redis: RedisAddress) -> None:
    """Write the summary to the console."""
    state = session.state
    kinds = {
        stack: [kind for _, kind in deployed.resources(stack)]
        for stack in (plan.static_site, plan.visitor_counter)
    }
    version = ".".join(map(str, find_server().version))
    if state.container and session.engine:
        runs_as = f"container {state.container}\n           of {session.engine.image_of(state.container)}"
    else:
        runs_as = "process: no container engine answers on this machine's network, or LOCAL_ENGINE=none"
    lines = [
        "",
        f"  Site     {state.site_url}",
        f"  Counter  {state.counter_url}",
        f"           {runs_as}",
        "",
    ]
    lines += [
        "Real here: the CDK CLI with its templates and assets; the load balancer's and the distribution's"
    ]
    lines += [
        f"routing; Redis {version} ({'TLS' if redis.ca else 'no TLS: the embedded one has none'}); the counter,"
    ]
    lines += ["run from the deployed task definition; and of the resources:"]
    lines += [f"  {stack:<15} {_listed(k for k in kinds[stack] if fidelity.of(k).served)}" for stack in kinds]
    lines += ["Only recorded by the emulator, with nothing behind it (docs/emulator.md):"]
    lines += [
        f"  {stack:<15} {_listed(k for k in kinds[stack] if not fidelity.of(k).served)}" for stack in kinds
    ]
    lines += [
        "",
        "make status, make logs; make down stops it all and keeps the data, make clean removes it too",
    ]
    session.console.say("\n".join(lines))


def _listed(kinds: Iterable[str]) -> str:
    counted = sorted(Counter(kind.split("::")[-1] for kind in kinds).items())
    return ", ".join(f"{kind} ×{count}" if count > 1 else kind for kind, count in counted)
