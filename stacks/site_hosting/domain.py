"""The site's own name: certificate, and DNS records where Route 53 has the zone."""

from dataclasses import dataclass
from typing import Literal

from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

from stacks.domain import Domain

Www = Literal["none", "redirect-to-apex", "redirect-to-www"]


@dataclass(frozen=True, slots=True)
class SiteNames:
    """The name that serves the pages, and the one that redirects to it, if there are two."""

    primary: str
    redirected: str | None = None

    @property
    def all(self) -> list[str]:
        """Every name that the certificate and DNS have to have, the primary one first."""
        return [self.primary, self.redirected] if self.redirected else [self.primary]


def names_of(domain: str, www: Www) -> SiteNames:
    """What the settings `domain` and `www` ask for."""
    if www == "redirect-to-apex":
        return SiteNames(domain, f"www.{domain}")
    if www == "redirect-to-www":
        return SiteNames(f"www.{domain}", domain)
    return SiteNames(domain)


class SiteDomain(Domain):
    """The certificate of all `names`, and with `hosted_zone_id` their records.

    The certificate is one of us-east-1, given or made: so without `certificate_arn` the stack must be there
    ("Requirements for using SSL/TLS certificates with CloudFront", CloudFront Developer Guide). Raises ValueError
    if there is neither zone nor certificate.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: SiteNames,
        hosted_zone_id: str | None,
        certificate_arn: str | None,
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            names=names.all,
            hosted_zone_id=hosted_zone_id,
            certificate_arn=certificate_arn,
        )
        self.names = names

    def point_to(self, distribution: cloudfront.IDistribution) -> None:
        """Make the records of each name; nothing where DNS is elsewhere."""
        target = targets.CloudFrontTarget(distribution)
        for construct_id, name in zip(("Primary", "Redirected"), self.names.all, strict=False):
            self.alias(construct_id, name, target, http3=True)
