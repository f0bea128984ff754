"""Puts every part of the extension into ministack, in the order that they build on each other."""

from local.emulator import (
    alias_records,
    api_hosts,
    api_integrations,
    cdn_behaviors,
    compression,
    ecr,
    event_buses,
    fidelity,
    function_events,
    function_url_origin,
    key_value_api,
    key_value_store,
    load_balancer,
    origin_groups,
    pipes,
    replication_rules,
    rule_conditions,
    rule_transforms,
    s3_origin,
    secret_rotation,
    target_registration,
)
from local.emulator.cloudformation import (
    alarms,
    api_validators,
    attributes,
    bucket_options,
    change_sets,
    clusters,
    custom_resources,
    ec2,
    ecs,
    global_tables,
    health_checks,
    key_values,
    kubernetes,
    recorded,
    replica_keys,
    rotation_schedules,
    s3,
    secrets,
    stack_outputs,
    stack_status,
    validation,
    web_acls,
)
from local.emulator.cloudformation.handlers import install_threads, table
from local.emulator.options import Options


def install(options: Options) -> dict[str, fidelity.Support]:
    """Install the extension in this process; return how each resource type is supported."""
    native = set(table())
    s3.install()
    bucket_options.install()
    secrets.install()
    ecs.install()
    alarms.install()
    custom_resources.install()
    stack_status.install()
    stack_outputs.install()
    change_sets.install()
    ec2.install()
    replica_keys.install()
    web_acls.install()
    health_checks.install()
    rotation_schedules.install()
    api_validators.install()
    global_tables.install()
    clusters.install()
    key_values.install()
    attributes.install()
    on_paper = recorded.install()
    kubernetes.install()
    validation.install()
    install_threads()
    ecr.install(options.images)
    s3_origin.install()
    function_url_origin.install()
    alias_records.install()
    origin_groups.install()
    cdn_behaviors.install()
    compression.install()
    key_value_api.install()
    key_value_store.install()
    function_events.install()
    load_balancer.install()
    target_registration.install()
    rule_transforms.install()
    rule_conditions.install()
    replication_rules.install()
    pipes.install()
    secret_rotation.install()
    api_hosts.install()
    api_integrations.install()
    event_buses.install()
    return {
        **dict.fromkeys(native, "native"),
        **dict.fromkeys(ec2.TYPES, "api"),
        **dict.fromkeys(
            (replica_keys.TYPE, web_acls.TYPE, health_checks.TYPE, rotation_schedules.TYPE), "api"
        ),
        **dict.fromkeys(on_paper, "recorded"),
        **dict.fromkeys(kubernetes.TYPES, "recorded"),
    }
