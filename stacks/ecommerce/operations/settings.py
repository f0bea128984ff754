"""The settings of the platform's operations layer. Knows no construct."""

from pydantic import BaseModel


class OperationsSettings(BaseModel):
    """What is asked of the operations layer."""

    def operations_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
