"""The cluster's add-ons: in which order they come, and what each is told and allowed."""

import json
from collections.abc import Mapping, Sequence

from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct, IDependable

from stacks.ecommerce.acknowledged import acknowledge, managed_policy
from stacks.ecommerce.compute.addon_versions import Addon
from stacks.ecommerce.compute.service_account_role import ServiceAccountRole


class Addons(Construct):
    """Add-ons of `versions` on `cluster`.

    What a node needs to become ready is there before the first node, without waiting for it: `before_nodes`. The
    rest runs on nodes, and is added by `add` once they are there.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        versions: Mapping[Addon, str],
    ) -> None:
        super().__init__(scope, construct_id)
        self._cluster = cluster
        self._versions = versions
        network = ServiceAccountRole(
            self,
            "NetworkRole",
            cluster=cluster,
            cluster_name=cluster_name,
            namespace="kube-system",
            service_account="aws-node",
        )
        network.role.add_managed_policy(
            iam.ManagedPolicy.from_aws_managed_policy_name("AmazonEKS_CNI_Policy")
        )
        acknowledge(
            network.role,
            managed_policy("AmazonEKS_CNI_Policy"),
            reason="The VPC CNI asks for it, AWS changes it with the add-on, and here it is "
            "the add-on's alone and not the nodes'.",
        )
        self.before_nodes: list[IDependable] = [
            self.add("eks-pod-identity-agent"),
            self.add("kube-proxy"),
            # It enforces network policies: without this, those of the workload would be silently without effect.
            self.add(
                "vpc-cni",
                {"enableNetworkPolicy": "true", "nodeAgent": {"enablePolicyEventLogs": "true"}},
                after=[network],
            ),
        ]

    def add(
        self,
        name: Addon,
        configuration: Mapping[str, object] | None = None,
        *,
        after: Sequence[IDependable] = (),
    ) -> eks.CfnAddon:
        """The add-on `name`, once all of `after` is there. What somebody changed in the cluster is put right."""
        addon = eks.CfnAddon(
            self,
            name.title().replace("-", ""),
            cluster_name=self._cluster.cluster_name,
            addon_name=name,
            addon_version=self._versions[name],
            configuration_values=json.dumps(configuration) if configuration else None,
            resolve_conflicts="OVERWRITE",
        )
        for each in after:
            addon.node.add_dependency(each)
        return addon
