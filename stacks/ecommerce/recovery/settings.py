"""The settings of the platform's recovery layer. Knows no construct."""

from pydantic import BaseModel


class RecoverySettings(BaseModel):
    """What is asked of the recovery layer."""

    def recovery_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
