"""The settings of the platform's workload layer. Knows no construct."""

from typing import Annotated, Final

from pydantic import BaseModel, Field

from stacks.ecommerce.topology import DEFAULT
from stacks.setting_fields import Effect

# The other roles take no writes, also after a failover (topology.py).
_CAN_WRITE: Final = tuple(
    region.name for region in DEFAULT.regions if region.role in ("primary", "secondary")
)


class WorkloadSettings(BaseModel):
    """What is asked of the workload layer."""

    ecommerce_writing_region: Annotated[
        str,
        Field(
            description="The region whose checkout and orders have pods: the primary, or after a failover the "
            "secondary, until the failback. Without it a deploy after a failover would scale them to zero there"
        ),
        Effect(cost="0.00", legal=", ".join(_CAN_WRITE)),
    ] = DEFAULT.primary.name

    def workload_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        chosen = self.ecommerce_writing_region
        if chosen not in _CAN_WRITE:
            return [
                f"setting ecommerce_writing_region: {chosen[:80]!r} can take no writes; "
                f"legal: {', '.join(_CAN_WRITE)}"
            ]
        regions = getattr(self, "ecommerce_regions", None)
        if regions is not None and chosen != DEFAULT.primary.name and chosen not in regions:
            return [
                f"setting ecommerce_writing_region: {chosen} is not among ecommerce_regions; add it there, or give "
                f"{DEFAULT.primary.name}"
            ]
        return []
