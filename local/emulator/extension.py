"""Puts every part of the extension into ministack, in the order that they build on each other."""

from local.emulator import (
    cdn_behaviors,
    compression,
    ecr,
    fidelity,
    function_events,
    function_url_origin,
    key_value_api,
    key_value_store,
    load_balancer,
    origin_groups,
    s3_origin,
    target_registration,
)
from local.emulator.cloudformation import (
    alarms,
    attributes,
    custom_resources,
    ec2,
    ecs,
    key_values,
    recorded,
    s3,
    secrets,
    stack_status,
    validation,
)
from local.emulator.cloudformation.handlers import install_threads, table
from local.emulator.options import Options


def install(options: Options) -> dict[str, fidelity.Support]:
    """Install the extension in this process; return how each resource type is supported."""
    native = set(table())
    s3.install()
    secrets.install()
    ecs.install()
    alarms.install()
    attributes.install()
    custom_resources.install()
    stack_status.install()
    ec2.install()
    key_values.install()
    on_paper = recorded.install()
    validation.install()
    install_threads()
    ecr.install(options.images)
    s3_origin.install()
    function_url_origin.install()
    origin_groups.install()
    cdn_behaviors.install()
    compression.install()
    key_value_api.install()
    key_value_store.install()
    function_events.install()
    load_balancer.install()
    target_registration.install()
    return {
        **dict.fromkeys(native, "native"),
        **dict.fromkeys(ec2.TYPES, "api"),
        **dict.fromkeys(on_paper, "recorded"),
    }
