"""What a synth costs, side by side: `python -m tests.bench.synth_speed [repetitions]`.

Each is the app's process alone, as the CDK CLI starts it for `make synth`, on the Node of the venv; the least of
the repetitions, which take turns. The last three are `cdk synth` and `make synth` as a whole. Beside the platform
stand its twin in plain JavaScript, which makes the same calls and the same templates, and the same calls through
jsii without Python: no Python app can be faster than that.
"""

import filecmp
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from deploy import cdk_cli, unchanged
from tests.bench import jsii_recorder, plain_javascript

_CONTEXT: Final = json.loads((cdk_cli.ROOT / "cdk.json").read_text())["context"]
_EMPTY: Final = """
from aws_cdk import App, CfnResource, Stack
app = App()
CfnResource(Stack(app, "Empty"), "Topic", type="AWS::SNS::Topic")
app.synth()
"""
_STANDARD: Final = {
    "ecommerce": "true",
    "ecommerce_domain": "shop.example.org",
    "ecommerce_phase": "5",
    "ecommerce_profile": "standard",
}
_WORDS: Final = [word for name, value in _STANDARD.items() for word in ("-c", f"{name}={value}")]
# The topology that the settings choose from, replaced by one of as many regions as the argument says.
_REGIONS: Final = """
import sys
import stacks.ecommerce.settings
from stacks.ecommerce.topology import topology
from stacks.ecommerce.zones import ZONES
from stacks.ecommerce.traffic.prefix_lists import CLOUDFRONT
names = ["us-east-1", *sorted(CLOUDFRONT.keys() & ZONES.keys() - {"us-east-1"})][: int(sys.argv[1])]
stacks.ecommerce.settings.DEFAULT = topology(
    {"name": name, "role": "tertiary" if at else "primary", "cidr": f"10.{64 + at}.0.0/16"}
    for at, name in enumerate(names)
)
import app
app.main()
"""
_ON, _OFF = "true", "false"


class _Bench:
    """The commands that are timed, each with its output in a folder of its own below `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._node = cdk_cli.node_folder() / "node"

    def prepare(self) -> None:
        """Warm every cache, record the platform and write its twin. Raises ValueError if that makes another
        template."""
        self.make()
        recording = self._folder / "recording"
        program = jsii_recorder.recording_node(self._folder, node=self._node, recording=recording)
        self.python(["app.py"], _STANDARD, _OFF, JSII_NODE=str(program))
        plain_javascript.package_folder(self._folder, cdk_cli.ROOT / ".cache" / "jsii")
        with recording.open() as messages:
            (self._folder / "app.js").write_text(plain_javascript.program(messages))
        self.javascript(_OFF)
        for one in sorted((self._folder / "python").glob("*.template.json")):
            if not filecmp.cmp(one, self._folder / "javascript" / one.name, shallow=False):
                raise ValueError(f"plain JavaScript makes another {one.name}")

    def python(
        self,
        command: list[str],
        settings: Mapping[str, object],
        validation: str,
        out: str = "python",
        **more: str,
    ) -> None:
        _run([sys.executable, *command], {**self._app(out, settings, validation), **more})

    def javascript(self, validation: str) -> None:
        program = [
            str(self._node),
            jsii_recorder.NO_CHANCE,
            "--preserve-symlinks",
            str(self._folder / "app.js"),
        ]
        _run(program, self._app("javascript", _STANDARD, validation))

    def jsii(self, validation: str) -> None:
        environment = _environment(self._app("jsii", _STANDARD, validation))
        jsii_recorder.play(self._node, self._folder / "recording", environment)

    def cdk(self) -> None:
        """As whoever has no Makefile."""
        words = ["synth", "--quiet", "--no-notices", f"--output={self._folder / 'cdk'}", *_WORDS]
        _run(cdk_cli.command(words), {"PYTHONOPTIMIZE": ""})

    def make_anew(self) -> None:
        """As after a change that no template shows."""
        shutil.rmtree(unchanged.MEMORY)
        self.make()

    def make(self) -> None:
        _run([sys.executable, "-m", "deploy", "synth", f"--output={self._folder / 'make'}", *_WORDS], {})

    def bytes_of(self, name: str) -> int:
        return sum(path.stat().st_size for path in (self._folder / name).glob("*.template.json"))

    def _app(self, name: str, settings: Mapping[str, object], validation: str) -> dict[str, str]:
        out = self._folder / name
        context = json.dumps({**_CONTEXT, **settings})
        return {"CDK_OUTDIR": str(out), "CDK_CONTEXT_JSON": context, "CDK_VALIDATION": validation}


def main(repetitions: int) -> None:
    """Measure and print a table of seconds, and the ratios."""
    with tempfile.TemporaryDirectory(prefix="synth-speed-") as folder:
        bench = _Bench(Path(folder))
        bench.prepare()
        cases: dict[str, Callable[[], None]] = {
            "empty Python app, validated": lambda: bench.python(["-c", _EMPTY], {}, _ON),
            "empty Python app, not validated": lambda: bench.python(["-c", _EMPTY], {}, _OFF),
            "site and counter, validated": lambda: bench.python(["app.py"], {}, _ON),
            "site and counter, not validated": lambda: bench.python(["app.py"], {}, _OFF),
            "platform, validated": lambda: bench.python(["app.py"], _STANDARD, _ON),
            "platform, not validated": lambda: bench.python(["app.py"], _STANDARD, _OFF),
            "its twin in JavaScript, validated": lambda: bench.javascript(_ON),
            "its twin in JavaScript, not validated": lambda: bench.javascript(_OFF),
            "its calls through jsii, validated": lambda: bench.jsii(_ON),
            "its calls through jsii, not validated": lambda: bench.jsii(_OFF),
            "cdk synth of the platform": bench.cdk,
            "make synth of the platform, same templates": bench.make_anew,
            "make synth of the platform, unchanged": bench.make,
        }
        least = _least(cases, repetitions)
        for name, seconds in least.items():
            print(f"{name:<44} {seconds:6.2f} s")
        for one, other in (
            ("site and counter, validated", "empty Python app, validated"),
            ("site and counter, not validated", "empty Python app, not validated"),
            ("platform, validated", "its twin in JavaScript, validated"),
            ("platform, not validated", "its twin in JavaScript, not validated"),
            ("its calls through jsii, validated", "its twin in JavaScript, validated"),
            ("its calls through jsii, not validated", "its twin in JavaScript, not validated"),
            ("make synth of the platform, same templates", "cdk synth of the platform"),
            ("make synth of the platform, unchanged", "cdk synth of the platform"),
        ):
            print(f"{least[one] / least[other]:5.2f} × {other}: {one}")
        _regions(bench, repetitions)


def _regions(bench: _Bench, repetitions: int) -> None:
    for number in range(1, 7):
        out = f"regions-{number}"
        run = partial(bench.python, ["-c", _REGIONS, str(number)], _STANDARD, _OFF, out)
        print(f"{number} regions, not validated: {_least({out: run}, repetitions)[out]:6.2f} s,", end=" ")
        print(f"{bench.bytes_of(out) // 1024} KiB of templates")


def _least(cases: Mapping[str, Callable[[], None]], repetitions: int) -> dict[str, float]:
    took: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(repetitions):
        for name, run in cases.items():
            start = time.monotonic()
            run()
            took[name].append(time.monotonic() - start)
    return {name: min(seconds) for name, seconds in took.items()}


def _environment(variables: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    return {**cdk_cli.environment(inherited), "PYTHONPATH": str(cdk_cli.ROOT), **variables}


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    environment = _environment(variables)
    subprocess.run(command, cwd=cdk_cli.ROOT, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
