"""The environment of the counter in the local run, where Redis is a plain one."""

from local.counter import RedisAddress, variables
from local.deployed import Task
from stacks.counter import contract


def task(environment: dict[str, str]) -> Task:
    return Task(
        revision="1",
        image="counter",
        command=contract.COMMAND,
        environment=environment,
        secrets={contract.PASSWORD_VARIABLE: "a-password"},
        port=contract.PORT,
        memory_mib=512,
        dropped_capabilities=("ALL",),
        stop_seconds=30,
        read_only=True,
        init=True,
        target_group="group",
        health_path=contract.HEALTH_PATH,
    )


def test_what_the_redis_here_lacks_is_left_out_and_the_rest_is_kept() -> None:
    plain = contract.environment(redis_host="redis", load_balancer_networks=["10.0.0.0/24"])
    full = contract.environment(
        redis_host="redis", load_balancer_networks=["10.0.0.0/24"], redis_username="counter", wait_replicas=1
    )
    redis = RedisAddress(7000, None)
    assert full.keys() - plain.keys() == {"REDIS_USERNAME", "REDIS_WAIT_REPLICAS"}
    assert variables(task(full), 9000, redis) == variables(task(plain), 9000, redis)
    assert variables(task(full), 9000, redis)[contract.PASSWORD_VARIABLE] == "a-password"
    assert variables(task(full), 9000, redis)["LOG_LEVEL"] == plain["LOG_LEVEL"]
