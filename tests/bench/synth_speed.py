"""What a synth costs, side by side: `python -m tests.bench.synth_speed [repetitions]`.

Each is the app's process alone, as the CDK CLI starts it, on the Node of the venv; the least of the repetitions,
which take turns. The last two are `make synth` as a whole, CLI included.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping

from deploy import cdk_cli

_CONTEXT = json.loads((cdk_cli.ROOT / "cdk.json").read_text())["context"]
_EMPTY = """
from aws_cdk import App, CfnResource, Stack
app = App()
CfnResource(Stack(app, "Empty"), "Topic", type="AWS::SNS::Topic")
app.synth()
"""
_PLATFORM = {"ecommerce": "true", "ecommerce_domain": "shop.example.org", "ecommerce_phase": "5"}
_STANDARD = {**_PLATFORM, "ecommerce_profile": "standard"}
_WORDS = [word for name, value in _STANDARD.items() for word in ("-c", f"{name}={value}")]
_UNCHANGED = "make synth of the platform, unchanged"


def main(repetitions: int) -> None:
    """Measure and print a table of seconds, each with its ratio to the whole set validated."""
    cases: Mapping[str, Callable[[str], None]] = {
        "empty Python app, validated": lambda out: _app(["-c", _EMPTY], {}, out, "true"),
        "empty Python app, not validated": lambda out: _app(["-c", _EMPTY], {}, out, "false"),
        "site and counter, validated": lambda out: _app(["app.py"], {}, out, "true"),
        "site and counter, not validated": lambda out: _app(["app.py"], {}, out, "false"),
        "platform, standard, validated": lambda out: _app(["app.py"], _STANDARD, out, "true"),
        "platform, standard, not validated": lambda out: _app(["app.py"], _STANDARD, out, "false"),
        "cdk synth of the platform, as the CDK does": _cli,
        _UNCHANGED: _make,
    }
    took: dict[str, list[float]] = {name: [] for name in cases}
    with tempfile.TemporaryDirectory() as out:
        _make(out)  # so that all has passed
        for _ in range(repetitions):
            for name, run in cases.items():
                start = time.monotonic()
                run(out)
                took[name].append(time.monotonic() - start)
    for name, seconds in took.items():
        print(f"{name:<44} {min(seconds):6.2f} s")
    empty, site = min(took["empty Python app, validated"]), min(took["site and counter, validated"])
    default = min(took["cdk synth of the platform, as the CDK does"])
    print(f"site and counter to an empty app: {site / empty:.2f}")
    print(f"make synth of unchanged templates to the CDK's synth: {min(took[_UNCHANGED]) / default:.2f}")


def _app(command: list[str], settings: Mapping[str, object], out: str, validation: str) -> None:
    context = {**_CONTEXT, **settings}
    variables = {"CDK_OUTDIR": out, "CDK_CONTEXT_JSON": json.dumps(context), "CDK_VALIDATION": validation}
    _run([sys.executable, *command], variables)


def _cli(out: str) -> None:
    _run(cdk_cli.command(["synth", "--quiet", "--no-notices", f"--output={out}", *_WORDS]), {})


def _make(out: str) -> None:
    _run([sys.executable, "-m", "deploy", "synth", f"--output={out}", *_WORDS], {})


def _run(command: list[str], variables: Mapping[str, str]) -> None:
    inherited = {name: value for name, value in os.environ.items() if name != "CDK_VALIDATION"}
    environment = {**cdk_cli.environment(inherited), "PYTHONPATH": str(cdk_cli.ROOT), **variables}
    subprocess.run(command, cwd=cdk_cli.ROOT, env=environment, check=True, capture_output=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
