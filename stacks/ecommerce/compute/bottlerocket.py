"""The nodes' operating system and its settings. Knows no construct.

Bottlerocket rather than Amazon Linux 2023: it has no package manager, no SSH server and no shell to log in to, its
root is read-only and verified at boot (dm-verity), SELinux enforces, and an update replaces the whole image.
"""

from typing import Final

VERSION: Final = "1.64.0"
"""Of what Karpenter launches: knows Kubernetes 1.33 to 1.36. A node group's version is EKS's choice when it is made
or changed, as a release name also has a hash that only EKS tells."""

SYSTEM_DISK: Final = "/dev/xvda"
DATA_DISK: Final = "/dev/xvdb"
"""The image itself, and what is written: container images, logs, `emptyDir`s ("Bottlerocket", volumes)."""
SYSTEM_DISK_GIB: Final = 4

# "Bottlerocket settings": the kernel cannot be changed while it runs, containers without a seccomp profile get the
# runtime's, and the container for Systems Manager, which the node role has no right for, is not started.
SETTINGS: Final = """\
[settings.kernel]
lockdown = "integrity"

[settings.kubernetes]
seccomp-default = true

[settings.host-containers.admin]
enabled = false

[settings.host-containers.control]
enabled = false
"""
