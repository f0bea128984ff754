"""Cache behaviours as CloudFront reads them: settings that ministack ignores, and defaults that it lacks."""

from typing import Any

from local.emulator import internals

_MODULE = "services.cloudfront"
_DEFAULT_METHODS = ["HEAD", "GET"]
"""CloudFront API reference, AllowedMethods: what a behaviour without the setting accepts; others are 403."""


def install() -> None:
    """Complete what is read of each behaviour."""
    behavior_of = internals.get(_MODULE, "_dataplane_behavior")
    flag = internals.get(_MODULE, "_xbool")

    def complete_behavior(behavior_el: Any, path_pattern: str | None = None) -> dict[str, Any]:
        behavior: dict[str, Any] = behavior_of(behavior_el, path_pattern)
        behavior["compress"] = flag(behavior_el, "Compress", False)
        if behavior["allowed_methods"] is None:
            behavior["allowed_methods"] = _DEFAULT_METHODS
        return behavior

    internals.replace(_MODULE, "_dataplane_behavior", complete_behavior)
