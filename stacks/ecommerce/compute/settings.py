"""The settings of the platform's compute layer. Knows no construct."""

from pydantic import BaseModel


class ComputeSettings(BaseModel):
    """What is asked of the compute layer."""

    def compute_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
