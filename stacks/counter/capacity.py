"""Where the counter's tasks run: Fargate on demand, or a part of them on Fargate Spot."""

from typing import Final

from aws_cdk import aws_ecs as ecs

# Fargate Spot takes tasks back when AWS needs the capacity, all at once if it must: this many stay.
ALWAYS_ON_DEMAND: Final = 1


def strategy(*, spot_percent: int) -> list[ecs.CapacityProviderStrategy] | None:
    """The capacity provider strategy with this share of Spot beyond the tasks that are always on demand.

    None for no Spot at all: the service's launch type then is Fargate. A task on Spot gets SIGTERM two minutes
    before it is stopped ("Amazon ECS clusters for Fargate", Amazon ECS Developer Guide), which is longer than the
    container's stop timeout.
    """
    if not spot_percent:
        return None
    return [
        ecs.CapacityProviderStrategy(
            capacity_provider="FARGATE", base=ALWAYS_ON_DEMAND, weight=100 - spot_percent
        ),
        ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=spot_percent),
    ]
