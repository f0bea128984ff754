"""The settings of the platform's compute layer. Knows no construct."""

from ipaddress import IPv4Network
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field

from stacks import platform_prices
from stacks.ecommerce.compute import kubernetes_versions
from stacks.ecommerce.compute.instance_types import missing
from stacks.ecommerce.compute.prices import told
from stacks.ecommerce.compute.sizes import SIZES
from stacks.ecommerce.topology import DEFAULT
from stacks.setting_fields import NONE_IF_EMPTY, Effect, Flag

_BY_PROFILE: Final = ", ".join(f"{name} {told(DEFAULT.regions, size)}" for name, size in SIZES.items())
# A larger block is no office and no VPN: 256 addresses are what the smallest allocation of a provider has.
_WIDEST: Final = 24


def _networks(value: object) -> object:
    """`-c ecommerce_cluster_access=198.51.100.7/32,203.0.113.0/24`, or a list in cdk.json."""
    if isinstance(value, str):
        return tuple(block.strip() for block in value.split(","))
    return value


class ComputeSettings(BaseModel):
    """What is asked of the compute layer."""

    ecommerce_kubernetes_version: Annotated[
        kubernetes_versions.Name,
        Field(
            description="Version of Kubernetes of every region's cluster; one that has left standard support is "
            "refused, and EKS upgrades by itself when the version leaves it"
        ),
        Effect(
            cost=f"phase 2, by ecommerce_profile: {_BY_PROFILE}; of it {platform_prices.CONTROL_PLANE.monthly:.2f}"
            f" a region is the control plane, which would be {platform_prices.EXTENDED_SUPPORT.monthly:.2f} in "
            "extended support"
        ),
    ] = kubernetes_versions.DEFAULT
    ecommerce_cluster_access: Annotated[
        Annotated[tuple[str, ...], BeforeValidator(_networks)] | None,
        NONE_IF_EMPTY,
        Field(
            description="Addresses of the internet that reach the clusters' API besides the VPC; none: the API is "
            "private, and kubectl needs a way into the VPC"
        ),
        Effect(cost="none", legal=f"networks from /{_WIDEST} to /32, as 198.51.100.7/32, with commas"),
    ] = None
    ecommerce_container_insights: Annotated[
        Flag,
        Field(
            description="Whether CloudWatch gets the metrics of every node, pod and container (Container Insights "
            "with enhanced observability); their logs it gets anyway"
        ),
        Effect(
            cost="true: 0.21 for a million observations, about 60 a region with demo and 250 with standard; "
            "logs are charged by volume either way"
        ),
    ] = False

    def compute_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        refused = kubernetes_versions.refusal(self.ecommerce_kubernetes_version)
        return [
            *unavailable(),
            *([f"setting ecommerce_kubernetes_version: {refused}"] if refused else []),
            *(
                f"setting ecommerce_cluster_access: {block!r} {wrong}"
                for block in self.ecommerce_cluster_access or ()
                if (wrong := _refusal(block))
            ),
        ]


def unavailable() -> list[str]:
    """One line for each region of the topology that has not the nodes of a profile."""
    return [
        f"region {region.name}: profile {name} needs {', '.join(lacking)}, which it has not; change SIZES in "
        "stacks/ecommerce/compute/sizes.py"
        for region in DEFAULT.regions
        for name, size in SIZES.items()
        if (lacking := missing(region.name, size.types))
    ]


def _refusal(block: str) -> str | None:
    """Why `block` may not reach the API; none if it may."""
    try:
        network = IPv4Network(block)
    except ValueError:
        return "is no network; give one as 198.51.100.7/32"
    if network.prefixlen < _WIDEST:
        return (
            f"opens the clusters' API to {network.num_addresses:,} addresses; give the offices' or the VPN's own, "
            f"at most a /{_WIDEST} each, or leave it out for a private API"
        )
    if network.is_private and not network.is_global and _is_of_rfc_1918(network):
        return "is private, and the API's public side sees addresses of the internet only; leave it out"
    return None


def _is_of_rfc_1918(network: IPv4Network) -> bool:
    return any(
        network.subnet_of(IPv4Network(block)) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    )
