"""The settings of the platform's network layer. Knows no construct."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stacks.ecommerce.network import prices
from stacks.ecommerce.topology import DEFAULT
from stacks.setting_fields import Effect


class NetworkSettings(BaseModel):
    """What is asked of the network layer."""

    ecommerce_endpoints: Annotated[
        Literal["gateway", "interface"],
        Field(
            description="The private subnets' way to AWS's services: gateway endpoints to S3 and DynamoDB, which "
            "are always there, and NAT for the rest; or interface endpoints too, past the NAT gateway"
        ),
        Effect(
            cost=f"interface: {prices.told(DEFAULT.regions)} in all regions ("
            + ", ".join(f"{region.name} {prices.told([region])}" for region in DEFAULT.regions)
            + ")"
        ),
    ] = "gateway"
