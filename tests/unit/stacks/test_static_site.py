"""StaticSite as CloudFormation gets it."""

import json
from pathlib import Path

import pytest

from tests.unit.stacks.synthesis import FEATURE_FLAGS, compose, only, resources, template

BUCKET = "AWS::S3::Bucket"
DISTRIBUTION = "AWS::CloudFront::Distribution"
LIVE = "Custom::SiteVersion"


def test_the_bucket_is_private_encrypted_and_versioned() -> None:
    bucket = only(template("StaticSite"), BUCKET)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    assert bucket["LifecycleConfiguration"]["Rules"][0]["NoncurrentVersionExpiration"] == {
        "NoncurrentDays": 30
    }
    assert "BucketEncryption" in bucket


def test_only_this_distribution_reads_the_bucket_and_only_over_tls() -> None:
    statements = only(template("StaticSite"), "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    denied = [each for each in statements if each["Effect"] == "Deny"]
    allowed = [each for each in statements if each["Effect"] == "Allow"]
    assert [each["Condition"] for each in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
    (read,) = allowed
    assert read["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    # ListBucket makes S3 answer 404 for a missing key; with GetObject alone it would be 403.
    assert set(read["Action"]) == {"s3:GetObject", "s3:ListBucket"}
    assert "AWS:SourceArn" in read["Condition"]["StringEquals"]


def test_the_distribution() -> None:
    config = only(template("StaticSite"), DISTRIBUTION)["DistributionConfig"]
    pages = config["DefaultCacheBehavior"]
    assert pages["ViewerProtocolPolicy"] == "redirect-to-https"
    assert pages["Compress"]
    events = [each["EventType"] for each in pages["FunctionAssociations"]]
    assert events == ["viewer-request", "viewer-response"]
    assert (config["HttpVersion"], config["IPV6Enabled"]) == ("http2and3", True)
    assert config["PriceClass"] == "PriceClass_100"
    assert "CacheBehaviors" not in config
    (origin,) = config["Origins"]
    assert origin["OriginAccessControlId"]


@pytest.mark.parametrize("routing", ["clean-urls", "spa"])
def test_no_error_becomes_a_success(routing: str) -> None:
    """A distribution-wide rule that answers 200 would hide the API's errors."""
    config = only(template("StaticSite", routing=routing, visitor_count=True), DISTRIBUTION)[
        "DistributionConfig"
    ]
    assert [(rule["ErrorCode"], rule["ResponseCode"]) for rule in config["CustomErrorResponses"]] == [
        (404, 404)
    ]


def test_a_site_without_404_page_gets_no_error_rule(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").touch()
    compose(tmp_path / "out", {}, site=tmp_path / "site").synth()
    found = json.loads((tmp_path / "out" / "StaticSite.template.json").read_text())
    assert "CustomErrorResponses" not in only(found, DISTRIBUTION)["DistributionConfig"]


def test_security_headers() -> None:
    config = only(template("StaticSite"), "AWS::CloudFront::ResponseHeadersPolicy")[
        "ResponseHeadersPolicyConfig"
    ]
    headers = config["SecurityHeadersConfig"]
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert headers["ContentSecurityPolicy"]["ContentSecurityPolicy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert headers["FrameOptions"]["FrameOption"] == "DENY"
    assert headers["ReferrerPolicy"]["ReferrerPolicy"] == "strict-origin-when-cross-origin"
    assert headers["ContentTypeOptions"] == {"Override": True}


def test_an_empty_content_security_policy_sends_none() -> None:
    found = template("StaticSite", content_security_policy="")
    config = only(found, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert "ContentSecurityPolicy" not in config["SecurityHeadersConfig"]


def test_without_the_counter_the_site_stands_alone() -> None:
    text = json.dumps(template("StaticSite"))
    assert "Fn::ImportValue" not in text
    assert "Fn::GetStackOutput" not in text


def test_the_api_reaches_the_counter_uncached_with_all_methods() -> None:
    found = template("StaticSite", visitor_count=True)
    config = only(found, DISTRIBUTION)["DistributionConfig"]
    (api,) = config["CacheBehaviors"]
    assert api["PathPattern"] == "/api/*"
    assert "POST" in api["AllowedMethods"]
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # managed policy CachingDisabled
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert "FunctionAssociations" not in api
    (origin,) = [each for each in config["Origins"] if each["Id"] == api["TargetOriginId"]]
    # By the other stack's output, not by an export: an export could not change while it is imported.
    assert origin["DomainName"]["Fn::GetStackOutput"]["StackName"] == "VisitorCounter"
    assert "Fn::ImportValue" not in json.dumps(found)
    assert "Export" not in json.dumps(template("VisitorCounter", visitor_count=True)["Outputs"])


def test_a_version_goes_live_when_all_that_serves_it_is_deployed() -> None:
    """What fails before it leaves the pages as they were."""
    found = template("StaticSite")["Resources"]
    (live,) = [each for each in found.values() if each["Type"] == LIVE]
    kinds = {found[name]["Type"] for name in live["DependsOn"]}
    assert kinds >= {DISTRIBUTION, "AWS::IAM::Policy", "AWS::IAM::Role"}
    assert live["Properties"]["VersionsKept"] == 5


def test_the_publisher_may_write_this_bucket_and_this_store_and_nothing_else() -> None:
    found = template("StaticSite")
    (policy,) = [p for p in resources(found, "AWS::IAM::Policy") if "Publisher" in p["PolicyName"]]
    statements = policy["PolicyDocument"]["Statement"]
    writes = [s for s in statements if any("Put" in a or "Delete" in a or "Update" in a for a in s["Action"])]
    targets = json.dumps([each["Resource"] for each in writes])
    assert "SiteBucket" in targets
    assert "VersionsStore" in targets
    assert not any(each["Resource"] == "*" for each in statements)


def test_hidden_files_and_the_dockerfile_are_not_in_the_asset(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name in (
        "index.html",
        ".env",
        ".git/config",
        ".well-known/security.txt",
        "docs/.htaccess",
        "docs/a.html",
        "Dockerfile",
        "docs/Dockerfile",
    ):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).touch()
    compose(tmp_path / "out", {}, site=site).synth()
    (staged,) = [path for path in (tmp_path / "out").glob("asset.*") if (path / "index.html").exists()]
    assert {str(path.relative_to(staged)) for path in staged.rglob("*") if path.is_file()} == {
        "index.html",
        ".well-known/security.txt",
        "docs/a.html",
        "docs/Dockerfile",
    }


def test_the_website_endpoint_is_what_the_seed_deploys_and_no_more() -> None:
    found = template("StaticSite", hosting="website")
    bucket = only(found, BUCKET)
    assert bucket["WebsiteConfiguration"] == {"IndexDocument": "index.html", "ErrorDocument": "index.html"}
    (statement,) = only(found, "AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    assert (statement["Action"], statement["Principal"]) == ("s3:GetObject", {"AWS": "*"})
    assert resources(found, DISTRIBUTION) == []
    assert set(found["Outputs"]) == {"SiteUrl", "BucketName"}


def test_outputs() -> None:
    assert set(template("StaticSite")["Outputs"]) == {
        "SiteUrl",
        "BucketName",
        "DistributionId",
        "DistributionDomain",
        "Publisher",
    }


@pytest.mark.parametrize(("policy", "deletion"), [("retain", "Retain"), ("destroy", "Delete")])
def test_removal_policy(policy: str, deletion: str) -> None:
    found = template("StaticSite", removal_policy=policy)
    kept = {
        each["DeletionPolicy"]
        for each in found["Resources"].values()
        if each["Type"] in (BUCKET, "AWS::Logs::LogGroup")
    }
    assert kept == {deletion}
    assert bool(resources(found, "Custom::S3AutoDeleteObjects")) is (policy == "destroy")


def test_cross_stack_references_are_weak_by_the_flag_in_cdk_json() -> None:
    assert FEATURE_FLAGS["@aws-cdk/core:defaultCrossStackReferences"] == "weak"
