"""A target is an address and a port: the same address may be registered many times, with different ports.

ministack knows targets by their address alone: a second process on 127.0.0.1 would be ignored, and so would one
that comes back on another port. ELB API reference, RegisterTargets and DeregisterTargets.
"""

from typing import Any

from local.emulator import internals
from local.emulator.internals import Response

_MODULE = "services.alb"


def _key(target: dict[str, Any], group: dict[str, Any]) -> tuple[str, int]:
    return str(target["Id"]), int(target.get("Port") or group.get("Port") or 80)


def install() -> None:
    """Take the place of both actions, for groups that exist."""
    actions = internals.get(_MODULE, "_ACTION_MAP")
    given = internals.get(_MODULE, "_parse_targets_param")
    refused = {name: actions[name] for name in ("RegisterTargets", "DeregisterTargets")}

    def registered(group_arn: str) -> list[dict[str, Any]]:
        targets: list[dict[str, Any]] = internals.get(_MODULE, "_targets").setdefault(group_arn, [])
        return targets

    def group_of(params: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
        arn = str(internals.get(_MODULE, "_p")(params, "TargetGroupArn"))
        return arn, internals.get(_MODULE, "_tgs").get(arn)

    def register(params: dict[str, Any]) -> Response:
        arn, group = group_of(params)
        if group is None:
            error: Response = refused["RegisterTargets"](params)
            return error
        present = {_key(target, group) for target in registered(arn)}
        for target in given(params):
            if _key(target, group) not in present:
                registered(arn).append(target)
                present.add(_key(target, group))
        done: Response = internals.get(_MODULE, "_empty")("RegisterTargets")
        return done

    def deregister(params: dict[str, Any]) -> Response:
        arn, group = group_of(params)
        if group is None:
            error: Response = refused["DeregisterTargets"](params)
            return error
        leaving = {_key(target, group) for target in given(params)}
        registered(arn)[:] = [one for one in registered(arn) if _key(one, group) not in leaving]
        done: Response = internals.get(_MODULE, "_empty")("DeregisterTargets")
        return done

    actions["RegisterTargets"] = register
    actions["DeregisterTargets"] = deregister
