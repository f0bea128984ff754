"""What the platform's stacks are called: whoever refers to one from another region or from outside computes it."""

from typing import Literal

Part = Literal["Network"]
"""The stacks of a region, in the order of their deployment."""


def stack_name(part: Part, region: str, stage: str | None) -> str:
    """`EcommerceNetwork-us-east-1`, with a stage `EcommerceNetwork-us-east-1-dev`; at most 51 of 128 characters."""
    return f"Ecommerce{part}-{region}{f'-{stage}' if stage else ''}"
