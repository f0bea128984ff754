"""Files for containers. Knows no construct."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from stacks.ecommerce.workload.manifest import Manifest, manifest

_HERE: Final = Path(__file__).parent


def config_map(name: str, *, of: str, data: Mapping[str, str]) -> Manifest:
    """A ConfigMap with `data`, its files by name."""
    return manifest("v1", "ConfigMap", name, of=of, data=dict(data))


def text(*path: str) -> str:
    """A file of this folder; raises FileNotFoundError."""
    return _HERE.joinpath(*path).read_text(encoding="utf-8")
