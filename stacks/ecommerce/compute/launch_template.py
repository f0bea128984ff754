"""How a node of a group starts."""

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.ecommerce.compute import bottlerocket


class NodeTemplate(Construct):
    """Encrypted disks, no SSH key, and instance metadata by IMDSv2 for the node alone, not for its pods.

    Exposes `template`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, disk_gib: int, key: kms.IKey) -> None:
        super().__init__(scope, construct_id)
        self.template = ec2.LaunchTemplate(
            self,
            "Template",
            block_devices=[
                _disk(bottlerocket.SYSTEM_DISK, bottlerocket.SYSTEM_DISK_GIB, key),
                _disk(bottlerocket.DATA_DISK, disk_gib, key),
            ],
            require_imdsv2=True,
            # One hop more would reach a pod, which could then take the node's role: "Restrict access to the
            # instance profile assigned to the worker node".
            http_put_response_hop_limit=1,
            user_data=ec2.UserData.custom(bottlerocket.SETTINGS),
        )


def _disk(device: str, gib: int, key: kms.IKey) -> ec2.BlockDevice:
    return ec2.BlockDevice(
        device_name=device,
        volume=ec2.BlockDeviceVolume.ebs(
            gib,
            volume_type=ec2.EbsDeviceVolumeType.GP3,
            encrypted=True,
            kms_key=key,
            delete_on_termination=True,
        ),
    )
