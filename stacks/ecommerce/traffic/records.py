"""Records of the shop's zone, as Route 53 has them: with their routing policy and health check."""

from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from constructs import Construct


def point_to_load_balancer(
    scope: Construct,
    construct_id: str,
    *,
    zone: route53.IHostedZone,
    name: str,
    load_balancer: elbv2.IApplicationLoadBalancer,
) -> None:
    """Make `name` an alias of `load_balancer`; A alone, as the network has no IPv6."""
    alias(
        scope,
        construct_id,
        zone=zone,
        name=name,
        to=load_balancer.load_balancer_dns_name,
        in_zone=load_balancer.load_balancer_canonical_hosted_zone_id,
        evaluate_target_health=False,
    )


def alias(
    scope: Construct,
    construct_id: str,
    *,
    zone: route53.IHostedZone,
    name: str,
    to: str,
    in_zone: str | None = None,
    set_identifier: str | None = None,
    region: str | None = None,
    geo_location: route53.CfnRecordSet.GeoLocationProperty | None = None,
    failover: str | None = None,
    health_check: str | None = None,
    evaluate_target_health: bool = True,
) -> route53.CfnRecordSet:
    """An A record `name` that answers as `to` does, if `to` is healthy where `evaluate_target_health` asks.

    `in_zone`: the hosted zone of `to`; none: the same zone, where Route 53 wants the record to be there already, so
    the caller orders them. `region`, `geo_location` and `failover` are the routing policy, at most one of them, and
    `set_identifier` tells the records of one name apart. L1: the L2 constructs have no failover.
    """
    return route53.CfnRecordSet(
        scope,
        construct_id,
        hosted_zone_id=zone.hosted_zone_id,
        name=f"{name}.",
        type="A",
        alias_target=route53.CfnRecordSet.AliasTargetProperty(
            dns_name=to,
            hosted_zone_id=in_zone or zone.hosted_zone_id,
            evaluate_target_health=evaluate_target_health,
        ),
        set_identifier=set_identifier,
        region=region,
        geo_location=geo_location,
        failover=failover,
        health_check_id=health_check,
    )
