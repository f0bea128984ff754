"""Deploys of a site of many files, ours beside the CDK's BucketDeployment: `python -m tests.bench.site_deploys`.

Both on one emulator, in turns, by the real CDK CLI from start to end. What is timed is what a user waits for.
Prints a table, and JSON with --json. Figures hold for the emulator: on AWS, CloudFront and the network add theirs.
"""

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from deploy.site_versions import SiteVersions
from local.deployed import Deployed
from tests.deploy.emulator_process import ROOT, EmulatorProcess

_PAGE = "<!doctype html><title>{0}</title>\n" + "<p>Some text of a page, number {0}.</p>\n" * 100


def write_site(folder: Path, files: int, big_megabytes: int = 0) -> None:
    """Write `files` pages of some 4 kB into `folder`, a hundred to a folder, and one big file if asked to."""
    for number in range(files - 1):
        page = folder / f"section-{number // 100}" / f"page-{number}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_PAGE.format(number))
    (folder / "index.html").write_text(_PAGE.format("home"))
    if big_megabytes:
        with (folder / "big.bin").open("wb") as big:
            for _ in range(big_megabytes):
                big.write(os.urandom(1_000_000))


class Contest:
    """Two ways to publish one folder on one emulator."""

    def __init__(self, emulator: EmulatorProcess, site: Path) -> None:
        self._emulator, self._site = emulator, site
        plain = f"{sys.executable} {ROOT / 'tests' / 'bench' / 'plain_app.py'} '{site}'"
        self._ways = {
            "BucketDeployment": ("Plain", "--app", plain),
            "ours": ("StaticSite", "-c", f"site={site}", "-c", "removal_policy=destroy"),
        }

    def deploy(self, way: str) -> float:
        """Deploy the folder as it is; returns the seconds from the start of the CDK CLI to its end."""
        begun = time.monotonic()
        output = self._site.parent / f"{way}.out"
        self._emulator.cdk(
            "deploy",
            *self._ways[way],
            "--require-approval=never",
            f"--output={output}",
            app=ROOT,
            limit_s=900,
        )
        return time.monotonic() - begun

    def publishers_memory(self) -> float:
        """The most memory that our Lambda function has had, in MB (VmHWM: Linux alone has it)."""
        most = 0.0
        for process in psutil.Process(self._emulator.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error, OSError):
                if "VersionsPublisher" in " ".join(process.cmdline()):
                    status = Path(f"/proc/{process.pid}/status").read_text()
                    most = max(most, int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6)
        return most

    @property
    def versions(self) -> SiteVersions:
        """Those of our way."""
        return Deployed(self._emulator.endpoint).site_versions("StaticSite")


def _measure(
    contest: Contest, site: Path, ways: Sequence[str], rounds: int, say: Callable[[str], None]
) -> dict[str, list[float]]:
    measured: dict[str, list[float]] = {}
    for round_number in range(rounds + 1):
        if round_number:
            (site / "index.html").write_text(_PAGE.format(f"home, changed {round_number}"))
        what = "one page changed" if round_number else "first deploy"
        for way in ways if round_number % 2 else reversed(ways):
            seconds = contest.deploy(way)
            measured.setdefault(f"{what}, {way}", []).append(seconds)
            say(f"{what:<18} {way:<18} {seconds:6.1f} s")
    measured["nothing changed, ours"] = [contest.deploy("ours")]
    return measured


def main() -> None:
    """Run it; see the module's text."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=5000, help="files of the site: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="deploys with one changed page: %(default)s")
    parser.add_argument("--big", type=int, default=0, metavar="MB", help="one more file, of so many MB")
    parser.add_argument("--only-ours", action="store_true", help="no comparison")
    parser.add_argument("--json", action="store_true", help="for scripts")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="site-deploys-") as name:
        folder = Path(name)
        site = folder / "site"
        write_site(site, given.files, given.big)
        emulator = EmulatorProcess(folder, arguments=("--images", "skip"))
        emulator.start()
        try:
            emulator.cdk("bootstrap", "aws://000000000000/us-east-1", app=folder)
            contest = Contest(emulator, site)
            ways = ["ours"] if given.only_ours else ["ours", "BucketDeployment"]
            measured = _measure(
                contest, site, ways, given.rounds, lambda line: print(line, file=sys.stderr, flush=True)
            )
            versions, memory = contest.versions.kept(), contest.publishers_memory()
        finally:
            emulator.stop()
    report: dict[str, object] = {
        "files": given.files,
        "seconds": measured,
        "bytes changed": len(_PAGE.format(f"home, changed {given.rounds}")),
        "bytes uploaded": versions[0]["uploaded_bytes"],
        "publisher's memory, MB": round(memory, 1),
        "cores": os.cpu_count(),
    }
    for what in () if given.only_ours else ("first deploy", "one page changed"):
        theirs, ours = (statistics.median(measured[f"{what}, {way}"]) for way in ("BucketDeployment", "ours"))
        report[f"times faster, {what}"] = round(theirs / ours, 2)
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        for what, seconds in measured.items():
            print(f"{what:<40} median {statistics.median(seconds):6.1f} s of {len(seconds)}")
        for what, value in report.items():
            if isinstance(value, (int, float)):
                print(f"{what:<40} {value}")


if __name__ == "__main__":
    main()
