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
_VALIDATED: Final = {"validated": "true", "not validated": "false"}


class _App:
    """A Python app with its settings, and what else makes the same templates; all in `folder`, which is its own."""

    def __init__(self, folder: Path, command: list[str], settings: Mapping[str, object]) -> None:
        folder.mkdir()
        self._folder = folder
        self._command = command
        self._context = json.dumps({**_CONTEXT, **settings})
        self._node = cdk_cli.node_folder() / "node"
        self._recording = folder / "recording"

    def write_twin(self) -> None:
        """Record the app and write its twin. Raises ValueError if that makes another template."""
        program = jsii_recorder.recording_node(self._folder, node=self._node, recording=self._recording)
        self.python("false", JSII_NODE=str(program))
        plain_javascript.package_folder(self._folder, cdk_cli.ROOT / ".cache" / "jsii")
        with self._recording.open() as messages:
            (self._folder / "app.js").write_text(plain_javascript.program(messages))
        self.javascript("false")
        for one in self.templates():
            if not filecmp.cmp(one, self._folder / "javascript" / one.name, shallow=False):
                raise ValueError(f"plain JavaScript makes another {one.name}")

    def python(self, validation: str, **variables: str) -> None:
        _run([sys.executable, *self._command], {**self._variables("python", validation), **variables})

    def javascript(self, validation: str) -> None:
        options = [jsii_recorder.NO_CHANCE, "--preserve-symlinks"]
        program = [str(self._node), *options, str(self._folder / "app.js")]
        _run(program, self._variables("javascript", validation))

    def jsii(self, validation: str) -> None:
        environment = _environment(self._variables("jsii", validation))
        jsii_recorder.play(self._node, self._recording, environment)

    def templates(self) -> list[Path]:
        return sorted((self._folder / "python").glob("*.template.json"))

    def _variables(self, out: str, validation: str) -> dict[str, str]:
        return {
            "CDK_OUTDIR": str(self._folder / out),
            "CDK_CONTEXT_JSON": self._context,
            "CDK_VALIDATION": validation,
        }


def main(repetitions: int) -> None:
    """Measure and print a table of seconds, and the ratios."""
    with tempfile.TemporaryDirectory(prefix="synth-speed-") as name:
        folder = Path(name)
        empty = _App(folder / "empty", ["-c", _EMPTY], {})
        site = _App(folder / "site", ["app.py"], {})
        platform = _App(folder / "platform", ["app.py"], _STANDARD)
        make = partial(_make, folder / "make")
        cases: dict[str, Callable[[], None]] = {}
        for word, on in _VALIDATED.items():
            cases[f"empty Python app, {word}"] = partial(empty.python, on)
            for of, app in {"site and counter": site, "platform": platform}.items():
                cases[f"{of}, {word}"] = partial(app.python, on)
                cases[f"{of} in plain JavaScript, {word}"] = partial(app.javascript, on)
                cases[f"{of} through jsii without Python, {word}"] = partial(app.jsii, on)
        cases |= {
            "cdk synth of the platform": partial(_cdk, folder / "cdk"),
            "make synth of the platform, same templates": partial(_make_anew, folder / "make"),
            "make synth of the platform, unchanged": make,
        }
        make()  # so that every cache is warm, and every template has passed
        for app in (site, platform):
            app.write_twin()
        least = _least(cases, repetitions)
        for case, seconds in least.items():
            print(f"{case:<52} {seconds:6.2f} s")
        for one, other in _RATIOS:
            for word in _VALIDATED:
                print(f"{least[f'{one}, {word}'] / least[f'{other}, {word}']:5.2f} × {other}: {one}, {word}")
        for case in ("same templates", "unchanged"):
            whole = f"make synth of the platform, {case}"
            print(f"{least[whole] / least['cdk synth of the platform']:5.2f} × cdk synth: {whole}")
        _regions(folder, repetitions)


_RATIOS: Final = (
    ("site and counter", "empty Python app"),
    ("site and counter in plain JavaScript", "empty Python app"),
    ("platform", "platform in plain JavaScript"),
    ("platform through jsii without Python", "platform in plain JavaScript"),
)


def _cdk(out: Path) -> None:
    """As whoever has no Makefile."""
    words = ["synth", "--quiet", "--no-notices", f"--output={out}", *_WORDS]
    _run(cdk_cli.command(words), {"PYTHONOPTIMIZE": ""})


def _make_anew(out: Path) -> None:
    """As after a change that no template shows."""
    shutil.rmtree(unchanged.MEMORY)
    _make(out)


def _make(out: Path) -> None:
    _run([sys.executable, "-m", "deploy", "synth", f"--output={out}", *_WORDS], {})


def _regions(folder: Path, repetitions: int) -> None:
    for number in range(1, 7):
        app = _App(folder / f"{number}", ["-c", _REGIONS, str(number)], _STANDARD)
        (seconds,) = _least({"": partial(app.python, "false")}, repetitions).values()
        size = sum(path.stat().st_size for path in app.templates())
        print(f"{number} regions, not validated: {seconds:6.2f} s, {size // 1024} KiB of templates")


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
