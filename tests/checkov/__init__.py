"""checkov over a folder of templates, offline, from an environment of its own: its pins conflict with ours."""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).resolve().parents[2]
_REQUIREMENTS: Final = Path(__file__).parent / "requirements.txt"
_CACHE: Final = _ROOT / ".cache"


@dataclass(frozen=True, slots=True)
class Failed:
    """A rule that a resource of a stack does not obey."""

    rule: str
    stack: str
    logical_id: str


def failed(folder: Path) -> list[Failed]:
    """What checkov finds in the templates `<stack>.template.json` of `folder`; their skips are obeyed."""
    options = [
        "--framework=cloudformation",
        "--skip-download",
        "--soft-fail",
        "--output=json",
        "--quiet",
        "--compact",
    ]
    ran = _run([str(_installed()), "-m", "checkov.main", *options, f"--directory={folder}"])
    report = json.loads(ran)
    # without any resource that it knows the report is a summary alone
    results = report.get("results", {}) if isinstance(report, dict) else {}
    if report.get("summary", report).get("parsing_errors"):
        raise ValueError(f"checkov could not read all templates: {report['summary']}")
    return [
        Failed(
            each["check_id"],
            Path(each["file_path"]).name.removesuffix(".template.json"),
            each["resource"].rpartition(".")[2],
        )
        for each in results.get("failed_checks", [])
    ]


def _installed() -> Path:
    """The Python that has it; made on first use, and anew when the lock file changes."""
    digest = hashlib.sha256(_REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    environment = _CACHE / f"checkov-{digest}"
    python = environment / "bin" / "python"
    _CACHE.mkdir(exist_ok=True)
    with (_CACHE / "checkov.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (environment / "complete").exists():
            uv = str(Path(sys.executable).parent / "uv")
            _run([uv, "venv", "--quiet", "--clear", f"--python={sys.executable}", str(environment)])
            options = ["--quiet", "--require-hashes", f"--python={python}", "-r", str(_REQUIREMENTS)]
            _run([uv, "pip", "install", *options])
            (environment / "complete").touch()
    return python


def _run(command: Sequence[str]) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "UV_CACHE_DIR": str(_CACHE / "uv"),
        "UV_NATIVE_TLS": "1",
        "CHECKOV_RUN_SCA_PACKAGE_SCAN": "false",
        "LOG_LEVEL": "ERROR",
    }
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)}: {ran.stderr[-2000:]}")
    return ran.stdout
