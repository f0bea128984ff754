"""The API's host names in one region."""

from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from stacks.ecommerce.traffic.host_names import Tree
from stacks.ecommerce.traffic.records import alias
from stacks.ecommerce.traffic.shop_paths import API_VERSION


class ApiNames(Construct):
    """`tree`'s reads, writes and the name of `region`, each with TLS 1.2 at least, all leading to `api`.

    Every region has the first two; Route 53 decides whose answers (EcommerceRouting). The last has its record here.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        api: apigateway.RestApi,
        tree: Tree,
        region: str,
        zone: route53.IHostedZone,
    ) -> None:
        super().__init__(scope, construct_id)
        own = tree.region(region)
        certificate = acm.Certificate(
            self,
            "Certificate",
            domain_name=tree.reads,
            subject_alternative_names=[tree.writes, own],
            validation=acm.CertificateValidation.from_dns(zone),
        )
        made = {
            name: apigateway.DomainName(
                self,
                construct,
                domain_name=name,
                certificate=certificate,
                endpoint_type=apigateway.EndpointType.REGIONAL,
                security_policy=apigateway.SecurityPolicy.TLS_1_2,
            )
            for construct, name in (("Reads", tree.reads), ("Writes", tree.writes), ("Region", own))
        }
        for domain in made.values():
            domain.add_base_path_mapping(api, base_path=API_VERSION, stage=api.deployment_stage)
        alias(
            self,
            "Record",
            zone=zone,
            name=own,
            to=made[own].domain_name_alias_domain_name,
            in_zone=made[own].domain_name_alias_hosted_zone_id,
            evaluate_target_health=False,
        )
