"""What AWS takes in one region only."""

from collections.abc import Iterator

from review.platform.templates import PLACES, Resource, Templates, resources
from review.platform.text import text_of
from stacks.ecommerce.parts import GLOBAL


def misplaced(templates: Templates) -> list[str]:
    """One line for each certificate or web ACL that CloudFront would refuse, and for each web ACL that is put on
    something of another region."""
    return [*_of_cloudfront(templates), *_of_regions(templates)]


def _of_cloudfront(templates: Templates) -> Iterator[str]:
    """ "Requirements for using SSL/TLS certificates with CloudFront", and WAF's scope CLOUDFRONT: us-east-1."""
    for acl in resources(templates, "AWS::WAFv2::WebACL", "AWS::WAFv2::IPSet", "AWS::WAFv2::RegexPatternSet"):
        if acl.properties["Scope"] == "CLOUDFRONT" and PLACES[acl.stack].region != GLOBAL:
            yield f"{acl}: scope CLOUDFRONT outside {GLOBAL}"
    for distribution in resources(templates, "AWS::CloudFront::Distribution"):
        config = distribution.properties["DistributionConfig"]
        certificate = config.get("ViewerCertificate", {}).get("AcmCertificateArn")
        for what, value in (("certificate", certificate), ("web ACL", config.get("WebACLId"))):
            region = _region(distribution, value)
            if value is not None and region != GLOBAL:
                yield f"{distribution}: its {what} is in {region}, and CloudFront takes one of {GLOBAL}"


def _of_regions(templates: Templates) -> Iterator[str]:
    for association in resources(templates, "AWS::WAFv2::WebACLAssociation"):
        here = PLACES[association.stack].region
        for name in ("WebACLArn", "ResourceArn"):
            region = _region(association, association.properties[name])
            if region != here:
                yield f"{association}: {name} is in {region}"


def _region(resource: Resource, value: object) -> str:
    match value:
        case {"Fn::GetStackOutput": {"StackName": other}}:
            return PLACES[other].region
    arn = text_of(resource.stack, value).split(":")
    return arn[3] if len(arn) > 4 and arn[0] == "arn" and arn[3] else PLACES[resource.stack].region
