"""A local AWS: ministack with the CloudFormation types, corrections and honesty that this project needs.

`python -m local.emulator` starts it. This package's top level is light: it imports no part of ministack, so
that the orchestrator and the tests can ask it for a client's environment or a type's fidelity at no cost.
"""

from local.emulator.environment import client_environment

__all__ = ["EXTENSION_VERSION", "SUPPORTED_MINISTACK", "client_environment"]

EXTENSION_VERSION = "1.0.0"
"""Version of this extension; saved state of another version is discarded, never read."""

SUPPORTED_MINISTACK = "1.5.33"
"""The one release whose internals the extension hooks into; start-up refuses every other."""
