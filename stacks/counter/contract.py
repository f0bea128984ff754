"""What the stack and the application agree on: port, command, paths, environment, time limits.

The task definition, visitor_counter/Dockerfile, compose.yaml and the local run all keep to it. The time
limits are one set: each has to outlast the one that it waits for. This module imports nothing of AWS.
"""

from collections.abc import Sequence
from typing import Final

PORT: Final = 8000
COMMAND: Final = ("python", "-m", "visitor_counter")
HEALTH_PATH: Final = "/healthz"  # touches no dependency: when Redis fails, tasks must not be replaced for it
METRICS_PATH: Final = (
    "/metrics"  # Prometheus', for what runs beside the task; the load balancer answers 404 itself
)
REDIS_PORT: Final = 6379

# The server keeps an idle connection open for longer than the load balancer does. The other way round, the
# load balancer would send a request into a connection that is being closed, and answer 502.
KEEP_ALIVE_SECONDS: Final = 75
LOAD_BALANCER_IDLE_SECONDS: Final = 60
# A task that leaves gets no new request, then this long for those under way; a visit takes milliseconds. Shorter
# than the stop timeout, so that it would do even if SIGTERM came at its beginning.
DEREGISTRATION_DELAY_SECONDS: Final = 20
# Then comes SIGTERM and a graceful shutdown, which is over before ECS sends SIGKILL.
GRACEFUL_SHUTDOWN_SECONDS: Final = 25
STOP_TIMEOUT_SECONDS: Final = 30

# The load balancer's health check: one that is not answered in time is over before the next.
HEALTH_CHECK_INTERVAL_SECONDS: Final = 10
HEALTH_CHECK_TIMEOUT_SECONDS: Final = 5
HEALTHY_THRESHOLD: Final = 2
UNHEALTHY_THRESHOLD: Final = 3
# At a deployment ECS passes over failed checks for this long: a new task has to start, and to be found healthy.
HEALTH_CHECK_GRACE_SECONDS: Final = 30

# Name of the container's secret; the rest of its environment is not secret.
PASSWORD_VARIABLE: Final = "REDIS_PASSWORD"  # noqa: S105  # the name of the variable, not its value


def environment(
    *,
    redis_host: str,
    load_balancer_networks: Sequence[str],
    redis_username: str | None = None,
    wait_replicas: int = 0,
) -> dict[str, str]:
    """Environment of the deployed container, without its secret.

    `wait_replicas`: how many replicas must have a visit before its number is shown.
    `redis_username`: whose password it is, where Redis knows users; None where it has one password for all.

    `load_balancer_networks`: CIDR blocks from which the load balancer connects. Its X-Forwarded-* headers
    are believed, nobody else's.
    """
    variables = {
        "HOST": "0.0.0.0",  # noqa: S104  # in a container: its own network interface, behind the security group
        "PORT": str(PORT),
        "REDIS_HOST": redis_host,
        "REDIS_PORT": str(REDIS_PORT),
        "REDIS_TLS": "true",
        "FORWARDED_ALLOW_IPS": ",".join(load_balancer_networks),
        "LOG_LEVEL": "INFO",
    }
    if redis_username:
        variables["REDIS_USERNAME"] = redis_username
    if wait_replicas:
        variables["REDIS_WAIT_REPLICAS"] = str(wait_replicas)
    return variables
