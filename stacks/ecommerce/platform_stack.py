"""What every stack of the platform has in common."""

from aws_cdk import Environment, PermissionsBoundary, Stack
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.parts import PARTS, stack_name
from stacks.ecommerce.topology import Region
from stacks.settings import Settings


class PlatformStack(Stack):
    """A stack of the part `part` (stacks/ecommerce/parts.py) in `region`.

    Its name, its region, the ids of its zones, the cost-allocation tags on all that it has, and the permissions
    boundary on each of its roles. `purpose`: the end of its description, in a few words. `keeps_data`: whether it
    is not to be deleted by mistake, while the settings say that data is kept.
    """

    def __init__(
        self,
        scope: Construct,
        part: str,
        *,
        region: Region,
        settings: Settings,
        purpose: str,
        bounded: bool = True,
        keeps_data: bool = False,
    ) -> None:
        self._zones = list(region.zones)  # asked for while a VPC is made
        super().__init__(
            scope,
            stack_name(part, region.name, settings.stage),
            env=Environment(account=settings.account, region=region.name),
            termination_protection=keeps_data and settings.removal_policy == "retain",
            description=f"E-commerce platform, phase {PARTS[part].phase}: {purpose}",
            tags={
                "platform": "ecommerce",
                "layer": PARTS[part].layer,
                "role": region.role,
                "profile": settings.ecommerce_profile,
                "stage": settings.stage or "main",
            },
            permissions_boundary=PermissionsBoundary.from_name(names.boundary(settings.stage))
            if bounded
            else None,
        )

    @property
    def availability_zones(self) -> list[str]:
        """The ids of the region's zones: without it a stack with an account asks AWS at synth."""
        return self._zones
