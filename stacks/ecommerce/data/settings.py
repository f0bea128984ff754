"""The settings of the platform's data layer. Knows no construct."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from stacks.setting_fields import Effect, Flag


class DataSettings(BaseModel):
    """What is asked of the data layer."""

    ecommerce_cache_cluster_mode: Annotated[
        Literal["disabled", "compatible", "enabled"],
        Field(
            description="Cluster mode of the caches. The retail sample's checkout has a client without it, so "
            "enabled is for a checkout of your own; a cache that is there goes from disabled to enabled by way of "
            "compatible, a deploy each, and never back"
        ),
        Effect(
            cost="enabled: the nodes times the shards (demo 1, standard 2, peak 3); the others: one shard"
        ),
    ] = "disabled"
    ecommerce_table_insights: Annotated[
        Flag,
        Field(
            description="Whether CloudWatch Contributor Insights tells which keys of the carts' table are throttled"
        ),
        Effect(cost="0.02 for a million events; without throttling there are none"),
    ] = True
    ecommerce_replication_time_control: Annotated[
        Flag,
        Field(
            description="Whether S3 has to replicate 99.99 % of the objects within 15 minutes (Replication Time "
            "Control); without it most take as long, and nobody promises it"
        ),
        Effect(cost="0.015 for each GB that is replicated"),
    ] = False
