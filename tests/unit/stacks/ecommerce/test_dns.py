"""The shop's zone: that it stays, that it is logged, and that its signing key is one that Route 53 takes."""

from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources


def dns(**given: object) -> Template:
    return platform(**given)["EcommerceDns-us-east-1"]


def test_the_zone_is_the_same_for_ever_and_kept() -> None:
    """Another logical id or name is another zone, with other name servers."""
    zone = dns()["Resources"]["ShopZone81EBF790"]
    assert zone["Type"] == "AWS::Route53::HostedZone"
    assert zone["Properties"]["Name"] == "shop.example.org."
    assert (zone["DeletionPolicy"], zone["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_only_amazon_issues_its_certificates() -> None:
    (record,) = (each for each in resources(dns(), "AWS::Route53::RecordSet") if each["Type"] == "CAA")
    assert record["ResourceRecords"] == ['0 issue "amazon.com"']


def test_queries_are_logged_by_this_accounts_route_53_encrypted() -> None:
    group = only(dns(), "AWS::Logs::LogGroup")
    assert group["LogGroupName"] == "/aws/route53/shop.example.org"
    assert group.keys() >= {"KmsKeyId", "RetentionInDays"}
    (name,) = (n for n, each in dns()["Resources"].items() if each["Type"] == "AWS::Logs::ResourcePolicy")
    assert name in dns()["Resources"]["ShopZone81EBF790"]["DependsOn"]
    assert "aws:SourceAccount" in str(only(dns(), "AWS::Logs::ResourcePolicy")["PolicyDocument"])


def test_it_is_signed_when_that_is_asked_for() -> None:
    assert resources(dns(), "AWS::Route53::DNSSEC") == []
    found = dns(ecommerce_dnssec=True)
    key = only(found, "AWS::KMS::Key")
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    assert "dnssec-route53.amazonaws.com" in str(key["KeyPolicy"])
    assert len(resources(found, "AWS::Route53::DNSSEC")) == 1
