"""The visitor counter, run from the deployed task definition: as a container, or as a process without one."""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from local import interrupts, processes
from local.deployed import Deployed, Task
from local.engine import Engine, registry
from local.errors import LocalRunError
from local.layout import ROOT
from local.ports import LOOPBACK, any_free
from local.session import Session

if TYPE_CHECKING:
    from mypy_boto3_elbv2.type_defs import TargetDescriptionTypeDef

_READY_SECONDS = 30.0
# The deployed one waits for longer (stacks/counter/contract.py), for clients that are far away.
_DEREGISTRATION_SECONDS = 0.5
# Of a task definition with redis_mode=serverless or counter_wait_replicas: the Redis here has one password for all,
# and no replicas to wait for.
_NOT_HERE = frozenset({"REDIS_USERNAME", "REDIS_WAIT_REPLICAS"})
_FOLLOWER = "counter-log"


@dataclass(frozen=True)
class RedisAddress:
    """Where the local Redis listens; `ca` is the authority of its certificate, None if it speaks no TLS."""

    port: int
    ca: Path | None


def overrides(port: int, redis: RedisAddress) -> dict[str, str]:
    """The variables that differ from the task definition on this machine, and why.

    The counter listens on the loopback interface, on a port that is free. Redis does too; its certificate is
    signed by our own authority, and one that was built without TLS (the embedded one) is reached without.
    The load balancer is the emulator, which connects from the loopback address and not from a subnet.
    """
    tls = {"REDIS_TLS": "true", "REDIS_CA_FILE": str(redis.ca)} if redis.ca else {"REDIS_TLS": "false"}
    return {
        "HOST": LOOPBACK,
        "PORT": str(port),
        "REDIS_HOST": LOOPBACK,
        "REDIS_PORT": str(redis.port),
        "FORWARDED_ALLOW_IPS": LOOPBACK,
        **tls,
    }


def variables(task: Task, port: int, redis: RedisAddress) -> dict[str, str]:
    """The environment of `task` on this machine: without what the Redis here lacks, with what differs."""
    kept = {name: value for name, value in task.environment.items() if name not in _NOT_HERE}
    return {**kept, **task.secrets, **overrides(port, redis)}


def ensure(session: Session, deployed: Deployed, task: Task, redis: RedisAddress) -> None:
    """Run `task` as the only target of the deployed load balancer, unless it does already.

    As ECS does it: what ran before gets no more requests once its successor is healthy, finishes those under way,
    and is stopped then; where the successor does not become healthy, it goes on. Raises `LocalRunError` then.
    """
    kind = "container" if session.engine else "process"
    wanted = f"{task.revision} {redis.port} {kind}"
    port = session.state.counter_port
    # workers of a server that was killed answer for a moment longer: that it runs counts, too
    runs = bool(session.engine or session.state.running("counter")) and answers(port, task.health_path)
    if session.state.counter != wanted or not runs:
        with session.console.step(f"visitor counter, as a {kind}") as step:
            port = any_free()
            image = ""
            if session.engine:
                image = f"{registry(deployed.endpoint)}/{task.image.partition('/')[2]}"
                _start_container(session, session.engine, image, task, port, redis)
            else:
                session.step_aside()
                _start_process(session, task, port, redis)
            with (
                interrupts.held()
            ):  # else a former counter could be brought back that gets no requests any more
                _register(session, deployed, task, port)
                session.remember(counter=wanted, counter_port=port)
                time.sleep(_DEREGISTRATION_SECONDS)
                session.end_former(keep_image=image)
            step.result = f"{LOOPBACK}:{port}"
    else:
        _register(session, deployed, task, port)


def _start_process(session: Session, task: Task, port: int, redis: RedisAddress) -> None:
    environment = {
        # the task's variables and nothing of the caller's, as in the container
        **variables(task, port, redis),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    log = session.layout.log("counter")
    process = session.start(
        lambda: processes.start(
            "counter", task.command, log=log, environment=environment, folder=session.layout.folder
        )
    )
    processes.wait_until(lambda: answers(port, task.health_path), process, _READY_SECONDS)


def _start_container(
    session: Session, engine: Engine, image: str, task: Task, port: int, redis: RedisAddress
) -> None:
    session.on_failure(lambda: engine.remove_image(image))
    try:
        engine.pull(image)  # from the emulator's registry, and nowhere else: `cdk deploy` must have pushed it
    except LocalRunError as error:
        session.layout.deployment.unlink(missing_ok=True)  # it is not what it was believed to be
        raise LocalRunError(
            f"{error}\nThe next `make up` deploys anew, and pushes what is missing"
        ) from error
    session.step_aside()
    if redis.ca:
        redis.ca.chmod(0o644)  # the image's user is a stranger here; an authority's certificate is no secret
    # What the task definition says, but for its share of a processor: a quarter of this one, while others build
    # and test on it, is not a quarter of Fargate's.
    options = [
        f"--memory={task.memory_mib}m",
        *(f"--cap-drop={capability}" for capability in task.dropped_capabilities),
        "--security-opt=no-new-privileges",  # Fargate has no such option; stricter here does no harm
        f"--stop-timeout={task.stop_seconds}",
        *(["--read-only"] if task.read_only else []),
        *(["--init"] if task.init else []),
    ]
    name = session.container_name
    session.start_container(
        lambda: engine.run(
            name,
            image,
            task.command,
            environment=variables(task, port, redis),
            read_only_files=[redis.ca] if redis.ca else [],
            options=options,
        )
    )
    session.start(
        lambda: processes.start(
            _FOLLOWER,
            ["docker", "logs", "--follow", name],
            log=session.layout.log("counter"),
            environment=os.environ,
            folder=session.layout.folder,
        )
    )
    limit = time.monotonic() + _READY_SECONDS
    while not answers(port, task.health_path):
        if not engine.runs(name):
            raise LocalRunError(
                f"the counter's container ended while starting; it said:\n{engine.last_lines(name)}"
            )
        if time.monotonic() > limit:
            raise LocalRunError(
                f"the counter's container does not answer {task.health_path} after {_READY_SECONDS:.0f} s; it "
                f"said:\n{engine.last_lines(name)}"
            )
        time.sleep(0.1)


def answers(port: int, path: str) -> bool:
    """Whether the counter's health path answers 200."""
    try:
        return httpx.get(f"http://{LOOPBACK}:{port}{path}", timeout=1, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def _register(session: Session, deployed: Deployed, task: Task, port: int) -> None:
    """Make the counter on `port` the only target of the deployed target group, as ECS does for its tasks."""
    group = task.target_group
    described = deployed.load_balancing.describe_target_health(TargetGroupArn=group)
    stale: list[TargetDescriptionTypeDef] = [
        {"Id": d["Target"]["Id"], "Port": d["Target"]["Port"]}
        for d in described["TargetHealthDescriptions"]
        if d["Target"]["Port"] != port
    ]

    def register() -> None:
        deployed.load_balancing.register_targets(
            TargetGroupArn=group, Targets=[{"Id": LOOPBACK, "Port": port}]
        )

    if session.state.running("emulator"):  # before the old ones leave, so that there always is one
        register()
    if stale:
        deployed.load_balancing.deregister_targets(TargetGroupArn=group, Targets=stale)
    # ministack without our extension (ENDPOINT) tells targets apart by their address alone, and would have taken
    # the new one away with the old ones
    register()
