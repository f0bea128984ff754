"""Memory of the counter over many visits: `python -m tests.bench.counter_memory --visits 5000000`."""

import argparse
import subprocess
import tempfile
from pathlib import Path

import psutil

from local.ports import any_free
from local.redis_server import HOST, RedisServer
from tests.counter_process import PATIENT, counter_process
from visitor_counter.counter import VISITS_KEY


def main() -> None:
    """Print visits and megabytes, until so many were made."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--visits", type=int, default=5_000_000, help="how many: %(default)s")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="counter-memory-") as name:
        folder = Path(name)
        server = RedisServer(folder / "redis", any_free())
        server.start()
        script = folder / "post.lua"
        script.write_text('wrk.method = "POST"\n')
        try:
            with (
                counter_process(folder / "counter", any_free(), server.port, **PATIENT) as counter,
                server.client() as client,
            ):
                command = ["wrk", "-t2", "-c256", "-d20s", "-s", str(script)]
                visits = 0
                while visits < given.visits:
                    subprocess.run(
                        [*command, f"http://{HOST}:{counter.port}/api/visits"],
                        check=True,
                        capture_output=True,
                    )
                    visits = int(client.get(VISITS_KEY) or 0)
                    workers = psutil.Process(counter.process.pid).children()
                    sizes = [round(worker.memory_info().rss / 1e6, 1) for worker in workers]
                    print(f"{visits:>10,} visits  {sizes} MB", flush=True)
                    counter.stdout.write_bytes(b"")  # its log grows by 400 bytes for each
        finally:
            server.stop()


if __name__ == "__main__":
    main()
