"""AWS::ECS::TaskDefinition: nothing of it is lost between the template and DescribeTaskDefinition.

The deployed task definition is the contract that the orchestrator starts the container from. ministack turns
some nested names only into the API's spelling (so that `Secrets` come back empty) and drops RuntimePlatform.
"""

from typing import Any

from local.emulator import internals
from local.emulator.cloudformation.handlers import Properties, Provisioned, wrap_provisioning

_PROVISIONERS = "services.cloudformation.provisioners"
_VERBATIM = {"Options", "DockerLabels", "DriverOpts", "Labels"}
"""Properties whose keys are the user's own words."""

_ADDED = ("RuntimePlatform", "EphemeralStorage", "ProxyConfiguration", "Volumes", "EnableFaultInjection")


def api_spelling(value: Any) -> Any:
    """Return a CloudFormation value with its keys in the ECS API's spelling (`PortMappings` -> `portMappings`)."""
    if isinstance(value, dict):
        return {
            key[:1].lower() + key[1:]: item if key in _VERBATIM else api_spelling(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [api_spelling(item) for item in value]
    return value


def _container_definitions(definitions: list[Properties]) -> list[Properties]:
    return [api_spelling(definition) for definition in definitions]


def install() -> None:
    """Replace the spelling of container definitions and complete the registered record."""
    internals.replace(_PROVISIONERS, "_normalize_container_defs", _container_definitions)

    def provision(proceed: Any, properties: Properties) -> Provisioned:
        provisioned: Provisioned = proceed()
        record = internals.get("services.ecs", "_task_defs")[provisioned[0].rsplit("/", 1)[-1]]
        for name in _ADDED:
            if name in properties:
                record[name[:1].lower() + name[1:]] = api_spelling(properties[name])
        return provisioned

    wrap_provisioning("AWS::ECS::TaskDefinition", provision, blocking=False)
