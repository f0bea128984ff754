"""Keeps a node that is under suspicion from speaking to anything, and keeps its disks for a look."""

from typing import Any

from stacks.ecommerce.recovery.runbooks.steps import call, text
from stacks.ecommerce.recovery.runbooks.steps import document as made


def document(_stage: str | None) -> dict[str, Any]:
    """Snapshots first, as a process that notices may wipe its traces; then the security group without rules."""
    return made(
        "Takes snapshots of a node's volumes, and gives it a security group that lets nothing in or out. Its pods "
        "are started elsewhere when Kubernetes misses it.",
        {
            "InstanceId": text("The node's instance", r"^i-[0-9a-f]{8,17}$"),
            "SecurityGroupId": text("A group of its VPC without any rule", r"^sg-[0-9a-f]{8,17}$"),
            "Case": text("Number of the incident, for the tags", r"^[A-Za-z0-9-]{1,40}$"),
        },
        call(
            "KeepItsDisks",
            "ec2",
            "CreateSnapshots",
            InstanceSpecification={"InstanceId": "{{ InstanceId }}"},
            Description="Incident {{ Case }}",
            TagSpecifications=[
                {
                    "ResourceType": "snapshot",
                    "Tags": [
                        {"Key": "incident", "Value": "{{ Case }}"},
                        {"Key": "platform", "Value": "ecommerce"},
                    ],
                }
            ],
        ),
        call(
            "CutItOff",
            "ec2",
            "ModifyInstanceAttribute",
            InstanceId="{{ InstanceId }}",
            Groups=["{{ SecurityGroupId }}"],
        ),
        call(
            "MarkIt",
            "ec2",
            "CreateTags",
            Resources=["{{ InstanceId }}"],
            Tags=[{"Key": "incident", "Value": "{{ Case }}"}],
        ),
    )
