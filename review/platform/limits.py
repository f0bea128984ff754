"""How far each template is from CloudFormation's limits: "CloudFormation quotas"."""

from collections.abc import Mapping
from typing import Final

from review.platform.templates import in_order

MOST_RESOURCES: Final = 500
MOST_BYTES: Final = 1_000_000
HEAD_ROOM: Final = 0.2
"""What has to be left of either, so that a layer can grow before its stack has to be split."""


def table(sizes: Mapping[str, tuple[int, int]]) -> str:
    """Markdown: a row for each stack, with its resources, its size in bytes, and what is left."""
    rows = [
        f"| `{name}` | {number} | {size / 1000:.0f} | {left(number, size):.0%} |"
        for name, (number, size) in ((name, sizes[name]) for name in in_order({stack: {} for stack in sizes}))
    ]
    total = sum(number for number, _ in sizes.values())
    return (
        "| Stack | Resources | KB | Left |\n|---|--:|--:|--:|\n"
        + "\n".join(rows)
        + f"\n| {len(sizes)} stacks | {total} | | |\n"
    )


def left(number: int, size: int) -> float:
    """The part of the nearer limit that is left, of 1."""
    return 1 - max(number / MOST_RESOURCES, size / MOST_BYTES)
