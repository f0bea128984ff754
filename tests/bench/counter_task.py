"""The counter's image within a Fargate task's share of this machine: `python -m tests.bench.counter_task`.

Needs a container engine and `wrk`. Redis runs outside of the share, as ElastiCache does.
"""

import argparse
import os
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local.ports import any_free
from local.redis_server import HOST, RedisServer
from tests.bench.counter_load import parse
from tests.counter_process import ROOT
from tests.local_run import wait_for
from visitor_counter.healthcheck import alive


def docker(*arguments: str) -> str:
    """Run the engine's command line; what it printed."""
    return subprocess.run(["docker", *arguments], capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def container(
    image: str, cpus: float, redis_port: int, processes: int, threads: int
) -> Iterator[tuple[str, int]]:
    """Name and port of a running counter."""
    port = any_free()
    variables = {
        "HOST": HOST,
        "PORT": port,
        "REDIS_HOST": HOST,
        "REDIS_PORT": redis_port,
        "WEB_CONCURRENCY": processes,
        "WEB_THREADS": threads,
    }
    name = docker(
        "run", "--detach", "--network=host", f"--cpus={cpus}", "--memory=512m", "--read-only", "--cap-drop=ALL",
        *(f"--env={variable}={value}" for variable, value in variables.items()), image,
    )  # fmt: skip
    try:
        wait_for(lambda: alive(port), seconds=20)
        yield name, port
    finally:
        docker("rm", "--force", name)


def main() -> None:
    """Print a table of processes and threads."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--cpus", type=float, default=0.25, help="share of one core: %(default)s")
    parser.add_argument("--connections", type=int, default=16, help="at once: %(default)s")
    given = parser.parse_args()
    image = f"counter-task:{uuid.uuid4().hex[:8]}"
    docker("build", "--quiet", "--tag", image, str(ROOT / "visitor_counter"))
    print(
        "| Processes × threads | Requests/s | p50, ms | p99, ms | Errors | Memory |\n|---|--:|--:|--:|--:|--:|"
    )
    try:
        with tempfile.TemporaryDirectory(prefix="counter-task-") as folder:
            server = RedisServer(Path(folder) / "redis", any_free())
            server.start()
            script = Path(folder) / "post.lua"
            script.write_text('wrk.method = "POST"\n')
            try:
                for processes, threads in ((1, 8), (1, 32), (2, 8), (2, 32)):
                    with container(image, given.cpus, server.port, processes, threads) as (name, port):
                        command = ["wrk", "--latency", "-t2", f"-c{given.connections}", "-s", str(script)]
                        url = f"http://{HOST}:{port}/api/visits"
                        subprocess.run([*command, "-d2s", url], capture_output=True, check=True)
                        done = subprocess.run(
                            [*command, "-d8s", url], capture_output=True, text=True, check=True
                        )
                        _, rate, p50, p99, errors = parse(done.stdout)
                        memory = docker("stats", "--no-stream", "--format={{.MemUsage}}", name).partition(
                            "/"
                        )[0]
                        print(
                            f"| {processes} × {threads} | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {errors} "
                            f"| {memory.strip()} |",
                            flush=True,
                        )
            finally:
                server.stop()
    finally:
        docker("image", "rm", "--force", image)


if __name__ == "__main__":
    os.environ.setdefault("DOCKER_BUILDKIT", "1")
    main()
