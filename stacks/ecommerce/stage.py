"""Which stacks of the platform there are, in which region, and in which order."""

from aws_cdk import App

from stacks.ecommerce.network import EcommerceNetwork
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for, region by region."""
    for region in settings.ecommerce_topology.regions:
        EcommerceNetwork(app, region=region, settings=settings)
