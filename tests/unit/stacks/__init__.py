"""Tests of the stacks. jsii reads where its package cache is when it is first imported, which is below here."""

import os
from pathlib import Path

CACHE = Path(__file__).resolve().parents[3] / ".cache" / "jsii"
os.environ.setdefault("JSII_RUNTIME_PACKAGE_CACHE_ROOT", str(CACHE))
