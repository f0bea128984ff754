"""Stack, image, compose file, local run and application agree on how the visitor counter is run.

stacks/counter/contract.py is the stack's side. The application knows nothing of it and has its own defaults:
whichever of them moves, a test here says which other has to follow.
"""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.counter import RedisAddress, overrides
from stacks.counter import contract
from tests.unit.stacks.synthesis import only, template
from visitor_counter import server
from visitor_counter.app import create_app
from visitor_counter.config import Config
from visitor_counter.forwarded import Forwarded

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "visitor_counter"
VARIABLES = {each.name.upper() for each in fields(Config)}
HEALTH_CHECK = "visitor_counter.healthcheck"


@pytest.fixture(scope="module")
def container() -> dict[str, Any]:
    """The container of the synthesized task definition."""
    (definition,) = only(template("VisitorCounter"), "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    found: dict[str, Any] = definition
    return found


@pytest.fixture(scope="module")
def target_group() -> dict[str, Any]:
    """The synthesized target group."""
    return only(template("VisitorCounter"), "AWS::ElasticLoadBalancingV2::TargetGroup")


@pytest.fixture(scope="module")
def image() -> dict[str, str]:
    """Instruction by instruction what the last stage of the Dockerfile says; of several, the last."""
    text = re.sub(r"\\\n\s*", " ", (FOLDER / "Dockerfile").read_text())
    stage = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
    return dict(re.findall(r"^([A-Z]+) +(.+)$", stage, flags=re.MULTILINE))


@pytest.fixture(scope="module")
def composed() -> dict[str, Any]:
    """The counter's service in the compose file."""
    services = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
    found: dict[str, Any] = services["web"]
    return found


def deployed_environment(container: dict[str, Any]) -> dict[str, str]:
    """The container's variables, with a host name for what is known at deploy only."""
    given = {each["Name"]: each["Value"] for each in container["Environment"]}
    return {name: value if isinstance(value, str) else "redis.internal" for name, value in given.items()}


# --- port ------------------------------------------------------------------------------------------------


def test_all_listen_on_the_same_port(
    container: dict[str, Any], target_group: dict[str, Any], image: dict[str, str], composed: dict[str, Any]
) -> None:
    assert [each["ContainerPort"] for each in container["PortMappings"]] == [contract.PORT]
    assert target_group["Port"] == contract.PORT
    assert image["EXPOSE"] == str(contract.PORT)
    assert [port.rpartition(":")[2] for port in composed["ports"]] == [str(contract.PORT)]
    assert Config().port == contract.PORT


# --- command ---------------------------------------------------------------------------------------------


def test_all_run_the_same_command(
    container: dict[str, Any], image: dict[str, str], composed: dict[str, Any]
) -> None:
    assert container["Command"] == list(contract.COMMAND)
    assert json.loads(image["CMD"]) == list(contract.COMMAND)
    assert "ENTRYPOINT" not in image  # it would come before the task definition's command
    assert not {"command", "entrypoint"} & composed.keys()


def test_the_package_is_where_the_command_looks_for_it(image: dict[str, str]) -> None:
    package = contract.COMMAND[-1]
    assert image["COPY"].split()[-1] == f"{image['WORKDIR']}/{package}/"
    assert (ROOT / package / "__main__.py").is_file()


# --- health ----------------------------------------------------------------------------------------------


def test_the_load_balancer_asks_a_path_that_answers_without_redis(target_group: dict[str, Any]) -> None:
    assert target_group["HealthCheckPath"] == contract.HEALTH_PATH
    nobody = Config(redis_host="127.0.0.1", redis_port=1)
    assert create_app(nobody).test_client().get(contract.HEALTH_PATH).status_code == 200


def test_the_load_balancer_keeps_visitors_from_the_path_that_has_the_metrics() -> None:
    answer = create_app(Config()).test_client().get(contract.METRICS_PATH)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")


def test_image_and_compose_file_use_the_applications_own_health_check(
    container: dict[str, Any], image: dict[str, str], composed: dict[str, Any]
) -> None:
    assert json.loads(image["HEALTHCHECK"].partition(" CMD ")[2]) == ["python", "-m", HEALTH_CHECK]
    assert "test" not in composed["healthcheck"]  # more often, but the same one
    assert "HealthCheck" not in container  # ECS leaves the image's alone; here the load balancer judges


def test_the_health_check_asks_the_same_path_as_the_load_balancer() -> None:
    asked: list[str] = []

    class Recorder(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with http.server.HTTPServer(("127.0.0.1", 0), Recorder) as recorder:
        threading.Thread(target=recorder.handle_request, daemon=True).start()
        done = health_check([], PORT=str(recorder.server_port))
    assert (done.returncode, asked) == (0, [contract.HEALTH_PATH])


def test_the_health_check_asks_the_servers_default_port() -> None:
    """Whoever listens there, or nobody: what counts is the address that the process connects to."""
    watch = (
        "import sys; sys.addaudithook(lambda event, found: event == 'socket.connect' and print(found[1][1]))"
    )
    run = f"import runpy; runpy.run_module({HEALTH_CHECK!r}, run_name='__main__')"
    assert health_check(["-c", f"{watch}\n{run}"]).stdout.split() == [str(contract.PORT)]


def health_check(arguments: list[str], **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run the health check as the container does, or `arguments` that run it, with `variables` alone."""
    return subprocess.run(
        [sys.executable, *(arguments or ["-m", HEALTH_CHECK])],
        cwd=ROOT,
        env={"PATH": os.defpath, **variables},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


# --- environment -----------------------------------------------------------------------------------------


def test_nobody_sets_a_variable_that_the_application_does_not_read(
    container: dict[str, Any], composed: dict[str, Any]
) -> None:
    """It would be ignored without a word: a name that was mistyped, or renamed on one side."""
    secrets = {each["Name"] for each in container["Secrets"]}
    assert secrets == {contract.PASSWORD_VARIABLE}
    local = overrides(8000, RedisAddress(6379, ROOT / "ca.pem")).keys()
    for given in (deployed_environment(container).keys() | secrets, composed["environment"].keys(), local):
        assert given <= VARIABLES


def test_the_application_accepts_the_deployed_environment(container: dict[str, Any]) -> None:
    config = Config.from_environment(
        deployed_environment(container) | {contract.PASSWORD_VARIABLE: "a-password"}
    )
    assert (config.host, config.port) == ("0.0.0.0", contract.PORT)  # noqa: S104 - compared, not bound
    assert (config.redis_host, config.redis_port) == ("redis.internal", contract.REDIS_PORT)
    assert config.redis_tls
    assert config.redis_password == "a-password"
    assert list(config.forwarded_allow_ips) != []
    assert (
        Forwarded(config.forwarded_allow_ips).client(
            {"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
        )
        == "203.0.113.9"
    )


def test_the_application_accepts_what_settings_add_to_the_environment() -> None:
    given = contract.environment(
        redis_host="redis.internal",
        load_balancer_networks=["10.0.0.0/24"],
        redis_username="counter",
        wait_replicas=1,
    )
    config = Config.from_environment(given | {contract.PASSWORD_VARIABLE: "a-password"})
    assert (config.redis_username, config.redis_wait_replicas) == ("counter", 1)
    assert given.keys() <= VARIABLES


def test_redis_is_on_its_default_port_where_nobody_names_one(composed: dict[str, Any]) -> None:
    assert "REDIS_PORT" not in composed["environment"]
    assert Config().redis_port == contract.REDIS_PORT


# --- time limits, rights -----------------------------------------------------------------------------------


def test_time_limits_are_the_servers(
    container: dict[str, Any], image: dict[str, str], composed: dict[str, Any]
) -> None:
    running = server.granian_settings(Config())
    keep_alive_ms = running["http1_settings"].header_read_timeout
    assert keep_alive_ms == 1000 * contract.KEEP_ALIVE_SECONDS > 1000 * contract.LOAD_BALANCER_IDLE_SECONDS
    assert (
        running["workers_kill_timeout"] == contract.GRACEFUL_SHUTDOWN_SECONDS < contract.STOP_TIMEOUT_SECONDS
    )
    assert container["StopTimeout"] == contract.STOP_TIMEOUT_SECONDS
    assert composed["stop_grace_period"] == f"{contract.STOP_TIMEOUT_SECONDS}s"
    assert (
        image["STOPSIGNAL"] == "SIGTERM"
    )  # the server's signal for a graceful shutdown; ECS sends the image's
    assert "stop_signal" not in composed


# Shorter, longer, and what happens where it is not so.
FIT = (
    ("idle timeout", "keep-alive", "the load balancer sends into a connection that closes, and answers 502"),
    ("graceful shutdown", "stop timeout", "SIGKILL in the middle of a graceful shutdown"),
    ("deregistration delay", "stop timeout", "SIGKILL while the load balancer still waits for an answer"),
    ("health check timeout", "health check interval", "the next check starts before this one is over"),
    ("time to be found healthy", "health check grace", "a deployment gives up a task that is coming up"),
    ("stop timeout", "Fargate's most", "Fargate refuses the task definition"),
)


def deployed_limits() -> dict[str, float]:
    """The time limits in seconds, as the synthesized template and the server's own settings have them."""
    found = template("VisitorCounter")
    balancer = only(found, "AWS::ElasticLoadBalancingV2::LoadBalancer")["LoadBalancerAttributes"]
    targets = only(found, "AWS::ElasticLoadBalancingV2::TargetGroup")
    attributes = {each["Key"]: each["Value"] for each in [*balancer, *targets["TargetGroupAttributes"]]}
    (definition,) = only(found, "AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    running = server.granian_settings(Config())
    interval, timeout = targets["HealthCheckIntervalSeconds"], targets["HealthCheckTimeoutSeconds"]
    return {
        "idle timeout": int(attributes["idle_timeout.timeout_seconds"]),
        "keep-alive": running["http1_settings"].header_read_timeout / 1000,
        "graceful shutdown": running["workers_kill_timeout"],
        "stop timeout": definition["StopTimeout"],
        "deregistration delay": int(attributes["deregistration_delay.timeout_seconds"]),
        "health check timeout": timeout,
        "health check interval": interval,
        "time to be found healthy": targets["HealthyThresholdCount"] * interval + timeout,
        "health check grace": only(found, "AWS::ECS::Service")["HealthCheckGracePeriodSeconds"],
        # "Amazon ECS task definition parameters for Fargate", stopTimeout
        "Fargate's most": 120,
    }


def misfits(limits: dict[str, float]) -> list[str]:
    """A line for each pair of `FIT` of which the first is not the shorter one."""
    return [
        f"{shorter} ({limits[shorter]:g} s) must be less than {longer} ({limits[longer]:g} s): else {consequence}"
        for shorter, longer, consequence in FIT
        if not limits[shorter] < limits[longer]
    ]


def test_the_time_limits_fit_together() -> None:
    assert misfits(deployed_limits()) == []


@pytest.mark.parametrize(("shorter", "longer", "consequence"), FIT)
def test_a_time_limit_that_reaches_the_next_is_noticed(shorter: str, longer: str, consequence: str) -> None:
    limits = deployed_limits()
    (line,) = [
        line
        for line in misfits(limits | {shorter: limits[longer]})
        if line.startswith(f"{shorter} (") and consequence in line
    ]
    assert longer in line


def test_the_deployed_time_limits_are_the_contracts() -> None:
    """One place for all of them: a number that is written a second time would not follow it."""
    assert deployed_limits() == {
        "idle timeout": contract.LOAD_BALANCER_IDLE_SECONDS,
        "keep-alive": contract.KEEP_ALIVE_SECONDS,
        "graceful shutdown": contract.GRACEFUL_SHUTDOWN_SECONDS,
        "stop timeout": contract.STOP_TIMEOUT_SECONDS,
        "deregistration delay": contract.DEREGISTRATION_DELAY_SECONDS,
        "health check timeout": contract.HEALTH_CHECK_TIMEOUT_SECONDS,
        "health check interval": contract.HEALTH_CHECK_INTERVAL_SECONDS,
        "time to be found healthy": contract.HEALTHY_THRESHOLD * contract.HEALTH_CHECK_INTERVAL_SECONDS
        + contract.HEALTH_CHECK_TIMEOUT_SECONDS,
        "health check grace": contract.HEALTH_CHECK_GRACE_SECONDS,
        "Fargate's most": 120,
    }


def test_compose_gives_no_more_rights_than_the_task_definition(
    container: dict[str, Any], image: dict[str, str], composed: dict[str, Any]
) -> None:
    assert container["ReadonlyRootFilesystem"] is composed["read_only"] is True
    assert container["LinuxParameters"]["Capabilities"]["Drop"] == composed["cap_drop"] == ["ALL"]
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", image["USER"])
    assert "User" not in container
    assert "user" not in composed
