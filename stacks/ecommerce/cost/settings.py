"""The settings of the platform's cost layer. Knows no construct."""

from pydantic import BaseModel


class CostSettings(BaseModel):
    """What is asked of the cost layer."""

    def cost_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
