"""GET /_local/...: what this emulator is, and what of a deployment is real."""

import importlib.util
import os
from typing import Any

from local.emulator import EXTENSION_VERSION, fidelity, internals
from local.emulator.cloudformation import recorded
from local.emulator.options import Options


class Status:
    """The answers, as plain data to be sent as JSON."""

    def __init__(self, options: Options, support: dict[str, fidelity.Support], pid: int) -> None:
        """`support` per resource type; `pid` of the process that was started, to be signalled to end it."""
        self._options = options
        self._support = support
        self._pid = pid

    def health(self) -> dict[str, Any]:
        """Versions, process and how image assets are treated."""
        return {
            "ministack": internals.installed_version(),
            "extension": EXTENSION_VERSION,
            "pid": self._pid,
            "server_pid": os.getpid(),
            "images": self._options.images,
            "redis": f"{self._options.redis_host}:{self._options.redis_port}",
            "node_sdk": (self._options.node_modules / "@aws-sdk").is_dir(),
            "docker_sdk": importlib.util.find_spec("docker") is not None,
        }

    def _describe(self, resource_type: str) -> dict[str, Any]:
        custom = resource_type.startswith("Custom::")
        support = self._support.get(resource_type, "native" if custom else "recorded")
        examined = resource_type in fidelity.TABLE or support != "recorded"
        known = fidelity.of(resource_type) if examined else fidelity.unserved()
        return {"support": support, "served": known.served, "note": known.note}

    def types(self) -> dict[str, Any]:
        """Per type of the deployed stacks, and per known type: how it is supported, whether it is served."""
        stacks = internals.get("services.cloudformation", "_stacks")
        deployed = sorted(
            {
                resource["ResourceType"]
                for stack in stacks.values()
                for resource in stack.get("_resources", {}).values()
            }
        )
        return {
            "deployed": {name: self._describe(name) for name in deployed},
            "supported": {name: self._support[name] for name in sorted(self._support)},
        }

    def recorded(self) -> list[dict[str, Any]]:
        """The resources that exist on paper only, by region, stack and logical id."""
        return recorded.dump()
