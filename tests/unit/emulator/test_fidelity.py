"""What the platform deploys is said for what it is on this machine."""

from local.emulator import fidelity
from tests.unit.stacks.ecommerce.everything import everything


def test_every_type_of_the_platform_is_in_the_table() -> None:
    """But for custom resources, whose functions run."""
    types = {
        resource["Type"] for template in everything().values() for resource in template["Resources"].values()
    }
    assert sorted(each for each in types - fidelity.TABLE.keys() if not each.startswith("Custom::")) == []
