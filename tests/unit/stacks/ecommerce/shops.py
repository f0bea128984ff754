"""The shop's Kubernetes objects of any region and profile, without a synthesis."""

from collections.abc import Iterator
from typing import Any

from stacks.ecommerce.profiles import ProfileName
from stacks.ecommerce.services import SERVICES
from stacks.ecommerce.topology import DEFAULT, Region
from stacks.ecommerce.workload import shop
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.places import Places

VERSION = "1.35"
BALANCER = ("10.16.0.0/22", "10.16.4.0/22")
DATA = ("10.16.8.0/22", "10.16.12.0/22")


def places(
    region: Region,
    *,
    profile: ProfileName = "demo",
    writing: str = "us-east-1",
    cache: str = "cache.example.org",
) -> Places:
    """What the stack tells its shop in phase 5."""
    return Places(
        region=region,
        profile=profile,
        kubernetes_version=VERSION,
        writes=region.name == writing,
        database="orders.example.org" if region.role != "tertiary" else None,
        database_secret="ecommerce/orders-database",
        cache=cache,
        cache_secret="ecommerce/checkout-cache",
        carts="ecommerce-carts",
        target_groups={
            each.name: f"arn:aws:elasticloadbalancing:{region.name}:123456789012:targetgroup/{each.name}/abc"
            for each in SERVICES
        },
        load_balancer_cidrs=BALANCER,
        data_cidrs=DATA,
        metric_namespace="Ecommerce",
        order_events="ecommerce-order-events",
    )


def objects(given: Places) -> list[Manifest]:
    """All of them in the order of their application."""
    return [*shop.foundation(given), *shop.entrances(given), *shop.pods(given)]


def of_kind(found: list[Manifest], kind: str) -> dict[str, Manifest]:
    """Those of a kind by name."""
    return {each["metadata"]["name"]: each for each in found if each["kind"] == kind}


def pod_specs(found: list[Manifest]) -> dict[str, Any]:
    """The pods' metadata and spec by the name of their Deployment or CronJob."""
    return {
        each["metadata"]["name"]: (
            each["spec"]["jobTemplate"]["spec"] if each["kind"] == "CronJob" else each["spec"]
        )["template"]
        for each in found
        if each["kind"] in ("Deployment", "CronJob")
    }


def containers(found: list[Manifest]) -> Iterator[tuple[str, Any]]:
    """Each container with the name of what it is part of."""
    for name, pod in pod_specs(found).items():
        for container in pod["spec"]["containers"]:
            yield name, container


def everywhere() -> list[Places]:
    """Each region, before and after a failover, in each size."""
    return [
        places(region, profile=profile, writing=writing)
        for region in DEFAULT.regions
        for profile in ("demo", "standard", "peak")
        for writing in ("us-east-1", "eu-west-1")
    ]
