"""`drift` by the CDK CLI and the emulator's own detection."""

from pathlib import Path

import pytest

from tests.deploy.deploy_verbs import Verbs
from tests.deploy.emulator_process import EmulatorProcess

pytestmark = pytest.mark.thorough

STAGE = "-c stage=drifts"


def test_drift_of_a_bucket_and_none(bootstrapped: EmulatorProcess, tmp_path: Path) -> None:
    """Somebody suspends the bucket's versioning by hand, and puts it back."""
    verbs = Verbs(bootstrapped, tmp_path / "assembly")
    report = tmp_path / "drift.md"
    nothing = verbs(f"drift {STAGE} --markdown {report}")
    assert (nothing.returncode, nothing.stderr.startswith("nothing to look at")) == (2, True), nothing.stderr

    deployed = verbs(f"deploy {STAGE} -c removal_policy=destroy --require-approval=never")
    assert deployed.returncode == 0, deployed.stderr
    none = verbs(f"drift {STAGE} --markdown {report}")
    assert none.returncode == 0, none.stdout + none.stderr
    assert "drift: 0 of " in none.stdout
    assert report.read_text().startswith("0 of ")

    stack = verbs.client("cloudformation").describe_stacks(StackName="StaticSite-drifts")["Stacks"][0]
    bucket = next(each["OutputValue"] for each in stack["Outputs"] if each["OutputKey"] == "BucketName")
    verbs.client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    some = verbs(f"drift StaticSite-drifts {STAGE} --markdown {report}")
    assert some.returncode == 3, some.stdout + some.stderr
    told = report.read_text()
    assert "## StaticSite-drifts, us-east-1" in told
    assert (
        "AWS::S3::Bucket | MODIFIED | `/VersioningConfiguration/Status` | `Enabled` | `Suspended` |" in told
    )
    verbs(f"destroy StaticSite-drifts {STAGE} --force --app {verbs.assembly}")
