"""The settings of the platform's data layer. Knows no construct."""

from pydantic import BaseModel


class DataSettings(BaseModel):
    """What is asked of the data layer."""

    def data_conflicts(self) -> list[str]:
        """One line for each of the layer's settings that cannot be obeyed."""
        return []
