"""What others ask of the package without starting an emulator."""

import subprocess
import sys

import pytest

from local.emulator import client_environment, fidelity
from local.emulator.cloudformation import schemas
from local.emulator.foreign_pages import refusal
from local.emulator.s3_website import bucket_of


def test_the_client_environment_reaches_the_emulator_and_nothing_else() -> None:
    found = client_environment("http://127.0.0.1:4701")
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4701"
    assert found["AWS_ACCESS_KEY_ID"] == "000000000000"
    assert found["AWS_CONFIG_FILE"] == found["AWS_SHARED_CREDENTIALS_FILE"] == "/dev/null"


def test_asking_imports_no_part_of_ministack() -> None:
    program = (
        "import sys; from local.emulator import client_environment, fidelity; fidelity.of('AWS::S3::Bucket');"
        "print([name for name in sys.modules if name.split('.')[0] in ('ministack', 'hypercorn', 'botocore')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_fidelity_table_names_real_types() -> None:
    """A misspelt type would silently get the default."""
    known = schemas.known_types() | {"AWS::CDK::Metadata"}
    named = [name for name in fidelity.TABLE if not name.startswith("Custom::AWSCDK")]
    assert [name for name in named if name not in known] == []


def test_fidelity_is_honest_about_what_is_not_known() -> None:
    assert fidelity.of("AWS::CloudFront::Distribution").served
    assert not fidelity.of("AWS::ElastiCache::ReplicationGroup").served
    assert not fidelity.of("AWS::Nobody::Knows").served
    assert fidelity.of("Custom::CDKBucketDeployment").served


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"host": "127.0.0.1:4566"}, True),
        ({"host": "bucket.s3.us-east-1.amazonaws.com"}, True),
        ({"host": "127.0.0.1:4566", "origin": "http://127.0.0.1:4566"}, True),
        ({"host": "rebound.example:4566"}, False),
        ({"host": "127.0.0.1.example:4566"}, False),
        ({"host": "127.0.0.1:4566", "origin": "https://example.com"}, False),
        ({"host": "127.0.0.1:4566", "origin": "null"}, False),
        ({"host": "127.0.0.1:4566", "sec-fetch-site": "cross-site"}, False),
    ],
)
def test_other_sites_pages_do_not_reach_the_api(headers: dict[str, str], answered: bool) -> None:
    assert (refusal(headers) is None) == answered


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("my-site.s3-website-us-east-1.localhost:4566", "my-site"),
        ("my.site.example.s3-website.eu-central-1.amazonaws.com", "my.site.example"),
        ("MY-SITE.s3-website-us-east-1.localhost", "my-site"),
        ("my-site.s3.us-east-1.amazonaws.com", None),
        ("127.0.0.1:4566", None),
        ("", None),
    ],
)
def test_website_host_names(host: str, bucket: str | None) -> None:
    assert bucket_of(host) == bucket
