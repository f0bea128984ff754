"""EcommerceIdentity: what bounds every role of the platform, and the roles that people take."""

from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.parts import GLOBAL
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.security.boundary import Boundary
from stacks.ecommerce.security.people import Auditor, BreakGlass, Operator
from stacks.ecommerce.topology import Region
from stacks.settings import Settings


class EcommerceIdentity(PlatformStack):
    """The permissions boundary and people's roles. IAM is in no region; the stack is in the primary `region`.

    Every other stack needs the boundary: its roles name it, so this one is deployed before all.
    """

    def __init__(self, scope: Construct, *, region: Region, settings: Settings) -> None:
        super().__init__(
            scope,
            "Identity",
            region=region,
            settings=settings,
            purpose="permissions boundary and people's roles",
            bounded=False,
        )
        regions = [each.name for each in settings.ecommerce_topology.regions]
        boundary = Boundary(
            self,
            "Boundary",
            name=names.boundary(settings.stage),
            # what belongs to CloudFront is asked for there, wherever the primary is
            regions=dict.fromkeys([*regions, GLOBAL]),
        )
        Auditor(self, "Auditor", stage=settings.stage)
        Operator(self, "Operator", stage=settings.stage, boundary=boundary.policy)
        BreakGlass(self, "BreakGlass", stage=settings.stage)
