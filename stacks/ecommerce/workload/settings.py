"""The settings of the platform's workload layer. Knows no construct."""

from pydantic import BaseModel


class WorkloadSettings(BaseModel):
    """What is asked of the workload layer."""

    def workload_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
