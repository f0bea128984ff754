"""The settings of the platform's recovery layer. Knows no construct."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stacks.setting_fields import Effect, Flag


class RecoverySettings(BaseModel):
    """What is asked of the recovery layer."""

    ecommerce_vault_lock: Annotated[
        Literal["none", "governance"],
        Field(
            description="Whether recovery points can be deleted before their time: governance refuses it to all "
            "but who may remove the lock. A compliance lock, which nobody can remove, AWS included, has to be made "
            "by hand: a setting can be given by mistake"
        ),
        Effect(cost="none"),
    ] = "governance"
    ecommerce_routing_control: Annotated[
        Flag,
        Field(
            description="Whether an ARC routing control cluster, with a data plane in five regions, stands beside "
            "Region Switch for moving writes by hand"
        ),
        Effect(cost="true: 1825.00 (2.50 an hour for the cluster)"),
    ] = False
    ecommerce_restore_tests: Annotated[
        Flag,
        Field(
            description="Whether AWS Backup restores the newest recovery point of the orders' database every week, "
            "and removes it after a day"
        ),
        Effect(cost="true: the restored database's hours, about four days a month of its instance"),
    ] = False
