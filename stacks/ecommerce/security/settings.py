"""The settings of the platform's security layer. Knows no construct."""

from pydantic import BaseModel


class SecuritySettings(BaseModel):
    """What is asked of the security layer."""

    def security_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
