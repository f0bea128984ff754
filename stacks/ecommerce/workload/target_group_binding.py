"""What puts a service's pods into its target group. Knows no construct."""

from stacks.ecommerce.services import PORT
from stacks.ecommerce.workload.manifest import Manifest, manifest


def target_group_binding(name: str, target_group_arn: str) -> Manifest:
    """For the AWS Load Balancer Controller. The load balancer, its rules and the security groups between it and the
    pods are CloudFormation's, so `networking`, with which the controller would change groups, is left out."""
    return manifest(
        "elbv2.k8s.aws/v1beta1",
        "TargetGroupBinding",
        name,
        spec={
            "serviceRef": {"name": name, "port": PORT},
            "targetGroupARN": target_group_arn,
            "targetType": "ip",
            "ipAddressType": "ipv4",
        },
    )
