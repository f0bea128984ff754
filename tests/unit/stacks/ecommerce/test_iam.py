"""What the platform's roles may do, held against AWS's list of all actions."""

import pytest

from review.platform import iam
from review.platform.templates import Templates
from tests.unit.stacks.ecommerce import reasons
from tests.unit.stacks.ecommerce.everything import everything
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.ecommerce.service_authorization import Reference

KNOWN = Reference()


@pytest.mark.parametrize("asked", ["defaults", "everything"])
def test_every_action_is_one_of_aws(asked: str) -> None:
    """A misspelt action is no error at deployment: it allows nothing, and is found when it is needed."""
    assert iam.unknown_actions(_templates(asked), KNOWN) == []


def test_what_could_be_kept_to_some_resources_is() -> None:
    wide = [f"{policy}: {', '.join(actions)}" for policy, actions in iam.too_wide(everything(), KNOWN)]
    assert reasons.excused(wide, reasons.EVERY_RESOURCE) == []


def test_the_list_knows_what_the_platform_uses_and_what_can_be_narrowed() -> None:
    assert KNOWN.of("s3")["GetObject"] is True
    assert KNOWN.of("ec2")["DescribeInstances"] is False
    assert KNOWN.of("arc-region-switch"), "new services are in it"
    assert not KNOWN.of("s4")


def _templates(asked: str) -> Templates:
    return platform() if asked == "defaults" else everything()
