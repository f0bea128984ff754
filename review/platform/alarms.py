"""Whether somebody hears of every alarm."""

from review.platform.references import inside
from review.platform.templates import PLACES, Templates, resources

_KINDS = ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
# What an alarm may be for beside telling somebody: it decides a composite one, or whether a region is well.
_USES = ("AWS::CloudWatch::CompositeAlarm", "AWS::Route53::HealthCheck", "AWS::ECS::Service")


def unheard(templates: Templates) -> list[str]:
    """One line for each alarm without a target: no action, and no composite alarm or health check that uses it, by
    reference or by name."""
    faults = []
    for alarm in resources(templates, *_KINDS):
        actions = alarm.properties.get("AlarmActions")
        if alarm.properties.get("ActionsEnabled") is False:
            actions = None
        if actions or _is_used(templates, alarm.stack, alarm.logical_id, alarm.properties.get("AlarmName")):
            continue
        faults.append(f"{alarm}: nothing happens when it goes off")
    return faults


def told_elsewhere(templates: Templates) -> list[str]:
    """One line for each alarm whose action is a resource of another region, which CloudWatch cannot reach."""
    return [
        f"{alarm}: its action is in {PLACES[action['Fn::GetStackOutput']['StackName']].region}"
        for alarm in resources(templates, *_KINDS)
        for action in alarm.properties.get("AlarmActions", [])
        if isinstance(action, dict)
        and "Fn::GetStackOutput" in action
        and PLACES[action["Fn::GetStackOutput"]["StackName"]].region != PLACES[alarm.stack].region
    ]


def _is_used(templates: Templates, stack: str, logical_id: str, name: object) -> bool:
    template = templates[stack]
    users = {found.owner for found in inside(template) if found.target == logical_id}
    if any(template["Resources"].get(user, {}).get("Type") in _USES for user in users):
        return True
    return isinstance(name, str) and any(
        name in str(user.properties)
        for user in resources(templates, *_USES)
        if (user.stack, user.logical_id) != (stack, logical_id)
    )
