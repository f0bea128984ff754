"""What `python -m deploy` refuses before it touches AWS: one line that says what to do, exit code 2."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.verbs import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials, wherever they could come from, and nobody who would be asked for some."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ("", ["verb", "--help"]),
        ("depoy", ['verb "depoy": unknown', 'did you mean "deploy"?', "synth, diff, bootstrap"]),
        ("diff -c", ["-c/--context", "--help"]),
        ("diff -c hosting", ["-c hosting", "name=value"]),
        ("diff -c =website", ["-c =website", "name=value"]),
        ("synth -c hostng=website", ["setting hostng: unknown", 'did you mean "hosting"?']),
        ("deploy -c counter_tasks=many", ["setting counter_tasks", '"many"', "1 to 100"]),
        ("bootstrap -c region=mars", ["setting region", '"mars"']),
        ("destroy", ["destroy: name what", "StaticSite, VisitorCounter"]),
        ("destroy -c stage=dev", ["StaticSite-dev, VisitorCounter-dev"]),
        ("destroy --force", ["destroy: name what"]),
        ("deploy StaticSit", ['stack "StaticSit": unknown', 'did you mean "StaticSite"?']),
        ("deploy visitorcounter", ['did you mean "VisitorCounter"?']),
        ("destroy StaticSite -c stage=dev", ["stage=dev", 'did you mean "StaticSite-dev"?']),
        ("preview", ["preview: name its stage", "make preview STAGE=pr-42", "at most 20"]),
        ("preview -c stage=", ["preview: name its stage"]),
        ("preview-remove", ["make preview-remove STAGE=pr-42", "at most 20"]),
        ("preview-remove -c stage=PR_42", ['setting stage: "PR_42"', "at most 20"]),
        ("preview -c stage=pr-42 --all", ["StaticSite-pr-42 alone", "VisitorCounter-pr-42"]),
        ("preview -c stage=pr-42 -c visitor_count=true", ["visitor_count=true", "make deploy STAGE=pr-42"]),
        ("preview -c stage=pr-42 -c removal_policy=retain", ["removal_policy=retain", "leave it out"]),
        ("preview -c stage=pr-42", ["no AWS credentials"]),
        ("deploy EcommerceNetwork-us-east-1", ["EcommerceNetwork-us-east-1", "it needs ecommerce=true"]),
        ("destroy -c ecommerce=true -c ecommerce_domain=shop.example.org", ["EcommerceNetwork-us-east-1, "]),
        ("deploy -c ecommerce=true", ["setting ecommerce_domain: missing"]),
        ("deploy Ecommerce* -c ecommerce=true -c ecommerce_domain=shop.example.org", ["no AWS credentials"]),
        ("preview -c stage=pr-42 Ecommerce*", ["it needs ecommerce=true"]),
        ("deploy Delivery", ['stack "Delivery": not there', "Delivery needs delivery_repository=owner/name"]),
        ("deploy Deliver -c delivery_repository=o/r", ['unknown; did you mean "Delivery"?']),
        ("destroy -c delivery_repository=o/r", ["StaticSite, VisitorCounter, Delivery (or --all)"]),
        ("deploy Delivery -c delivery_repository=o/r", ["no AWS credentials"]),
        ("preview -c stage=pr-42 Delivery-pr-42", ["Delivery-pr-42 needs delivery_repository"]),
        ("diff", ["no AWS credentials", "aws sso login", "AWS_PROFILE"]),
        ("destroy StaticSite --force", ["no AWS credentials"]),
        ("deploy --require-approval never", ["no AWS credentials"]),
        ("deploy-site", ["deploy-site: name the repository", "REPO=https://"]),
        ("deploy-site --repository=-x", ["-x", "is no address"]),
        ("deploy-site http://example.org/a", ["http is not used"]),
        ("deploy-site . --require-approval never", ["never: one repository is deployed", "--name=value"]),
        ("deploy-site . -c site=dist", ["deploy-site: -c site=", "FOLDER="]),
        ("deploy-site . --timeout=-1", ["argument --timeout: -1 is not legal"]),
        ("smoke", ["no AWS credentials"]),
        ("versions --live", ["no AWS credentials"]),
        ("versions 2026", ["unrecognized arguments: 2026", "versions --help"]),
    ],
)
def test_one_line_and_exit_code_2(arguments: str, says: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert main(arguments.split()) == 2
    told = capfd.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 1, told.err
    for expected in says:
        assert expected in told.err


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"AWS_PROFILE": "nobodys"}, ["nobodys", "aws sso login"]),
        ({"AWS_ACCESS_KEY_ID": "x"}, ["AWS_SECRET_ACCESS_KEY"]),
        (
            {
                "AWS_ACCESS_KEY_ID": "x",
                "AWS_SECRET_ACCESS_KEY": "y",
                "AWS_ENDPOINT_URL": "http://127.0.0.1:9",  # the discard port: refused at once
            },
            ["cannot be reached", "us-east-1"],
        ),
    ],
)
def test_credentials_that_cannot_be_used(
    variables: dict[str, str],
    says: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main(["diff"]) == 2
    told = capfd.readouterr()
    assert (told.out, len(told.err.splitlines())) == ("", 1)
    for expected in says:
        assert expected in told.err


def test_as_a_process_from_another_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "deploy", "diff", "-c", "hostng=website"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == 'setting hostng: unknown; did you mean "hosting"? (cdk.json context or -c)\n'


def test_ctrl_c_while_it_loads_is_no_traceback(tmp_path: Path) -> None:
    with subprocess.Popen(
        # tells each module that it has loaded
        [sys.executable, "-X", "importtime", "-P", "-m", "deploy", "diff"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if line.endswith("deploy.errors\n"):  # one of the first
                process.send_signal(signal.SIGINT)
                break
        said, err = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "")
    assert "Traceback" not in err
