"""The site's own name: certificate, and DNS records where Route 53 has the zone."""

from dataclasses import dataclass
from typing import Literal

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from constructs import Construct

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


class SiteDomain(Construct):
    """The certificate of all `names`, and with `hosted_zone_id` their records.

    `certificate_arn`: an ACM certificate of us-east-1 that has all names, which is then used as it is. Without it
    one is made and validated in the hosted zone, in the region of this stack, which must be us-east-1
    ("Requirements for using SSL/TLS certificates with CloudFront", CloudFront Developer Guide). Raises ValueError
    if there is neither.
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
        super().__init__(scope, construct_id)
        self.names = names
        # By its id alone: no look-up at synth. The records are given by their full names, so the zone may be that
        # of a domain further up, whose name is not needed.
        self._zone = hosted_zone_id and route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=hosted_zone_id, zone_name=names.primary
        )
        if certificate_arn:
            self.certificate = acm.Certificate.from_certificate_arn(self, "Certificate", certificate_arn)
        elif self._zone:
            self.certificate = acm.Certificate(
                self,
                "Certificate",
                domain_name=names.primary,
                subject_alternative_names=names.all[1:] or None,
                validation=acm.CertificateValidation.from_dns(self._zone),
            )
        else:
            raise ValueError("a domain needs hosted_zone_id or certificate_arn")

    def point_to(self, distribution: cloudfront.IDistribution) -> None:
        """Make an A, an AAAA and an HTTPS record for each name; nothing where DNS is elsewhere."""
        if not self._zone:
            return
        target = route53.RecordTarget.from_alias(targets.CloudFrontTarget(distribution))
        for construct_id, name in zip(("Primary", "Redirected"), self.names.all, strict=False):
            of_name = Construct(self, construct_id)
            full_name = f"{name}."
            route53.ARecord(of_name, "A", zone=self._zone, record_name=full_name, target=target)
            route53.AaaaRecord(of_name, "Aaaa", zone=self._zone, record_name=full_name, target=target)
            route53.HttpsRecord(of_name, "Https", zone=self._zone, record_name=full_name, target=target)
