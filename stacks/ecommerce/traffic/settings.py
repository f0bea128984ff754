"""The settings of the platform's traffic layer. Knows no construct."""

from pydantic import BaseModel


class TrafficSettings(BaseModel):
    """What is asked of the traffic layer."""

    def traffic_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
