"""What the emulator is started with."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Images = Literal["build", "skip"]

NODE_MODULES = Path(__file__).resolve().parents[1] / "node_modules"
"""The AWS SDK for JavaScript that Lambda's Node runtime carries; installed by `npm ci --prefix local`."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The command line, parsed.

    Attributes:
        port: TCP port of the gateway on 127.0.0.1, the only port that is opened.
        redis_host: host of the Redis that stands for every ElastiCache endpoint.
        redis_port: its TCP port.
        data: folder that takes everything the emulator writes.
        images: `build`: ECR knows only what was pushed, so `cdk deploy` builds image assets with a container
            engine; `skip`: every image asset counts as published, so no engine is needed.
        node_modules: folder with the `@aws-sdk/*` packages for Lambda functions on Node.
    """

    port: int
    redis_host: str
    redis_port: int
    data: Path
    images: Images
    node_modules: Path


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no TCP port: give a number from 1 to 65535")
    return int(text)


def _address(text: str) -> tuple[str, int]:
    host, separator, port = text.rpartition(":")
    if not separator or not host:
        raise argparse.ArgumentTypeError(f"{text!r} is no address: give HOST:PORT, such as 127.0.0.1:6379")
    return host, _port(port)


def parse(arguments: list[str]) -> Options:
    """Return the options; on bad input print one line naming it and exit with code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m local.emulator",
        description="A local AWS on 127.0.0.1, in the foreground: ministack and this project's extension.",
    )
    parser.add_argument("--port", type=_port, default=4566, help="port of the gateway (default 4566)")
    parser.add_argument(
        "--redis",
        type=_address,
        default=("127.0.0.1", 6379),
        metavar="HOST:PORT",
        help="the Redis that stands for every ElastiCache endpoint (default 127.0.0.1:6379)",
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder for everything that the emulator writes"
    )
    parser.add_argument(
        "--images",
        choices=("build", "skip"),
        default="skip",
        help="build: `cdk deploy` builds and pushes image assets (needs a container engine); "
        "skip: every image asset counts as published (default)",
    )
    parser.add_argument(
        "--node-modules",
        type=Path,
        default=NODE_MODULES,
        metavar="DIR",
        help=f"the @aws-sdk packages for Lambda functions on Node (default {NODE_MODULES})",
    )
    given = parser.parse_args(arguments)
    return Options(
        port=given.port,
        redis_host=given.redis[0],
        redis_port=given.redis[1],
        data=given.data.resolve(),
        images=given.images,
        node_modules=given.node_modules.resolve(),
    )
