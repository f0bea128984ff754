"""A name of one's own: its certificate, and its DNS records where Route 53 has the zone."""

from collections.abc import Sequence

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct


class Domain(Construct):
    """The certificate of all `names`, the first of which is the primary one, and a way to their records.

    `certificate_arn`: an ACM certificate that has all names, which is then used as it is. Without it one is made in
    the region of the stack and validated in the hosted zone. Raises ValueError if there is neither.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        names: Sequence[str],
        hosted_zone_id: str | None,
        certificate_arn: str | None,
    ) -> None:
        super().__init__(scope, construct_id)
        # By its id alone: no look-up at synth. The records are given by their full names, so the zone may be that
        # of a domain further up, whose name is not needed.
        self._zone = hosted_zone_id and route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=hosted_zone_id, zone_name=names[0]
        )
        if certificate_arn:
            self.certificate = acm.Certificate.from_certificate_arn(self, "Certificate", certificate_arn)
        elif self._zone:
            self.certificate = acm.Certificate(
                self,
                "Certificate",
                domain_name=names[0],
                subject_alternative_names=list(names[1:]) or None,
                validation=acm.CertificateValidation.from_dns(self._zone),
            )
        else:
            raise ValueError("a domain needs hosted_zone_id or certificate_arn")

    def alias(
        self, construct_id: str, name: str, to: route53.IAliasRecordTarget, *, http3: bool = False
    ) -> None:
        """Make an A and an AAAA record for `name`; nothing where DNS is elsewhere.

        `http3`: an HTTPS record too, by which browsers learn of HTTP/3 before they connect.
        """
        if not self._zone:
            return
        target = route53.RecordTarget.from_alias(to)
        of_name = Construct(self, construct_id)
        full_name = f"{name}."
        route53.ARecord(of_name, "A", zone=self._zone, record_name=full_name, target=target)
        route53.AaaaRecord(of_name, "Aaaa", zone=self._zone, record_name=full_name, target=target)
        if http3:
            route53.HttpsRecord(of_name, "Https", zone=self._zone, record_name=full_name, target=target)
