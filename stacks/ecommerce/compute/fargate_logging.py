"""The manifests that tell Fargate where pods' output goes: "Start AWS Fargate logging". Knows no construct."""

from typing import Final

NAMESPACE: Final = "aws-observability"
"""Fixed, as are the name and the label below: Fargate looks for them."""


def manifests(*, group: str, region: str) -> list[dict[str, object]]:
    """The namespace and the ConfigMap that send it to the log group `group`, which has to be there."""
    output = {
        "Name": "cloudwatch_logs",
        "Match": "*",
        "region": region,
        "log_group_name": group,
        "log_stream_prefix": "pod-",
        "auto_create_group": "false",
    }
    lines = ["[OUTPUT]", *(f"    {key} {value}" for key, value in output.items())]
    return [
        {
            "apiVersion": "v1",
            "kind": "Namespace",
            "metadata": {"name": NAMESPACE, "labels": {"aws-observability": "enabled"}},
        },
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "aws-logging", "namespace": NAMESPACE},
            "data": {
                # Fluent Bit's own messages would be charged too.
                "flb_log_cw": "false",
                "filters.conf": "[FILTER]\n    Name kubernetes\n    Match kube.*\n    Merge_Log On\n",
                "output.conf": "\n".join(lines) + "\n",
            },
        },
    ]
