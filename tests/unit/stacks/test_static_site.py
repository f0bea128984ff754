"""StaticSite as CloudFormation gets it."""

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from stacks import settings, site_folder
from stacks.site_hosting.headers import SiteHeaders
from stacks.site_hosting.rules.security_headers import ReferrerPolicy, SecurityHeaders
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
    assert read["Action"] == "s3:GetObject", "S3 answers 403 for what is not there; nobody lists the bucket"
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
    assert all(origin["OriginAccessControlId"] for origin in config["Origins"])


def test_what_the_bucket_lacks_is_asked_of_a_function_that_nobody_else_can_call() -> None:
    found = template("StaticSite")
    config = only(found, DISTRIBUTION)["DistributionConfig"]
    (group,) = config["OriginGroups"]["Items"]
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]
    assert group["FailoverCriteria"]["StatusCodes"]["Items"] == [403, 404]
    members = [each["OriginId"] for each in group["Members"]["Items"]]
    first, second = (next(o for o in config["Origins"] if o["Id"] == member) for member in members)
    assert "S3OriginConfig" in first
    assert second["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert only(found, "AWS::Lambda::Url")["AuthType"] == "AWS_IAM"
    for permission in resources(found, "AWS::Lambda::Permission"):
        assert permission["Principal"] == "cloudfront.amazonaws.com"
        assert "EdgeDistribution" in json.dumps(permission["SourceArn"])


def test_the_fallback_may_read_the_versions_and_nothing_else() -> None:
    found = template("StaticSite")
    (policy,) = [p for p in resources(found, "AWS::IAM::Policy") if "Fallback" in p["PolicyName"]]
    of_the_bucket = [s for s in policy["PolicyDocument"]["Statement"] if "s3:" in str(s["Action"])]
    assert {each["Action"] for each in of_the_bucket} == {"s3:GetObject", "s3:ListBucket"}
    texts = json.dumps(of_the_bucket)
    assert "/manifests/*" in texts
    assert "/versions/*" in texts


@pytest.mark.parametrize("routing", ["clean-urls", "spa"])
def test_the_api_keeps_its_errors(routing: str) -> None:
    """A custom error response would hold for the whole distribution."""
    config = only(template("StaticSite", routing=routing, visitor_count=True), DISTRIBUTION)[
        "DistributionConfig"
    ]
    assert "CustomErrorResponses" not in config


def sent(config: dict[str, Any]) -> dict[str, str]:
    """The fields that CloudFront makes of a ResponseHeadersPolicyConfig, name in lower case -> value.

    CloudFront Developer Guide, "Understand response headers policies", "Security headers".
    """
    security = config["SecurityHeadersConfig"]
    hsts = security["StrictTransportSecurity"]
    found = {
        "strict-transport-security": f"max-age={hsts['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if hsts["IncludeSubdomains"] else "")
        + ("; preload" if hsts["Preload"] else ""),
        "referrer-policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    }
    if "ContentTypeOptions" in security:
        found["x-content-type-options"] = "nosniff"
    if "FrameOptions" in security:
        found["x-frame-options"] = security["FrameOptions"]["FrameOption"]
    if "ContentSecurityPolicy" in security:
        found["content-security-policy"] = security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    for each in config["CustomHeadersConfig"]["Items"]:
        found[each["Header"].lower()] = each["Value"]
    return found


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"content_security_policy": ""},
        {"content_security_policy": "default-src 'none'"},
        {"hsts_max_age_days": 0},
        {"hsts_max_age_days": 730, "hsts_preload": True},
        {"hsts_include_subdomains": False},
        {"frame_options": "sameorigin", "content_security_policy": "frame-ancestors 'self'"},
        {"frame_options": "none"},
        *({"referrer_policy": policy} for policy in get_args(ReferrerPolicy)),
        {"permissions_policy": ""},
        {"permissions_policy": "camera=(self)"},
        {"cross_origin_opener_policy": "same-origin-allow-popups"},
        {"cross_origin_opener_policy": "unsafe-none"},
    ],
    ids=str,
)
def test_cloudfront_sends_the_fields_that_the_rules_know(given: dict[str, Any]) -> None:
    """So that what the emulator, the docs and the publisher say of them is what visitors get."""
    stack = Stack(App(), "Stack")
    wanted = settings.load(given).security_headers
    SiteHeaders(stack, "Headers", headers=wanted)
    found = dict(Template.from_stack(stack).to_json())
    config = only(found, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert sent(config) == wanted.fields()


def test_the_site_has_the_headers_of_its_settings() -> None:
    found = template("StaticSite", referrer_policy="origin")
    config = only(found, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    assert sent(config) == SecurityHeaders(referrer_policy="origin").fields()


def test_security_headers() -> None:
    headers = SecurityHeaders().fields()
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"


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


def test_hidden_files_and_the_dockerfile_are_not_staged(tmp_path: Path) -> None:
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
    found = site_folder.inspect(str(site), root=site)
    assert set(found.published) == {
        "index.html",
        ".well-known/security.txt",
        "docs/a.html",
        "docs/Dockerfile",
    }
    compose(tmp_path / "out", {"hosting": "website"}, site=site).synth()
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
