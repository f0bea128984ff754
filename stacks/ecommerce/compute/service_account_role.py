"""An IAM role for the pods of one Kubernetes service account: by Pod Identity, on Fargate by a web identity."""

import json
from collections.abc import Mapping

from aws_cdk import Aws, Fn, Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from constructs import Construct


class ServiceAccountRole(Construct):
    """The role that pods of `service_account` in `namespace` of `cluster` have, and those of no other.

    Its rights are granted to `policy`, a managed one. `on_fargate`: the agent of Pod Identity is a DaemonSet, which
    Fargate has not ("Learn how EKS Pod Identity grants pods access to AWS services", restrictions), so there the
    cluster's OIDC provider vouches for the pod, and the service account needs `annotations`; else none.
    Exposes `role`, `policy` and `annotations`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        namespace: str,
        service_account: str,
        on_fargate: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self.annotations: Mapping[str, str] = {}
        self.role = iam.Role(
            self,
            "Role",
            description=f"Pods of {namespace}/{service_account} in {cluster_name}",
            assumed_by=_pods(self, cluster_name, namespace, service_account),
        )
        if on_fargate:
            _trust_web_identity(self.role, cluster, f"system:serviceaccount:{namespace}:{service_account}")
            self.annotations = {"eks.amazonaws.com/role-arn": self.role.role_arn}
        else:
            eks.CfnPodIdentityAssociation(
                self,
                "Association",
                cluster_name=cluster.cluster_name,
                namespace=namespace,
                service_account=service_account,
                role_arn=self.role.role_arn,
            )

    @property
    def policy(self) -> iam.ManagedPolicy:
        """The role's managed policy, made when it is first asked for: an empty one is refused."""
        made = self.node.try_find_child("Policy")
        return (
            made
            if isinstance(made, iam.ManagedPolicy)
            else iam.ManagedPolicy(self, "Policy", roles=[self.role])
        )


def _pods(scope: Construct, cluster_name: str, namespace: str, service_account: str) -> iam.IPrincipal:
    """ "Create IAM role with trust policy required by EKS Pod Identity", narrowed to one cluster and account."""
    cluster = Stack.of(scope).format_arn(service="eks", resource="cluster", resource_name=cluster_name)
    return iam.SessionTagsPrincipal(
        iam.ServicePrincipal(
            "pods.eks.amazonaws.com",
            conditions={
                "StringEquals": {
                    "aws:SourceAccount": Aws.ACCOUNT_ID,
                    "aws:RequestTag/eks-cluster-arn": cluster,
                    "aws:RequestTag/kubernetes-namespace": namespace,
                    "aws:RequestTag/kubernetes-service-account": service_account,
                }
            },
        )
    )


def _trust_web_identity(role: iam.Role, cluster: eks.ICluster, subject: str) -> None:
    """Let the cluster's provider vouch for `subject` alone: "Assign IAM roles to Kubernetes service accounts".

    The issuer, known when the cluster is there, is part of the conditions' keys, which CloudFormation can only fill
    in where the whole document is text.
    """
    resource = role.node.default_child
    if not isinstance(resource, iam.CfnRole):
        raise TypeError(f"the role of {role.node.path} is no longer a CfnRole")
    provider = cluster.open_id_connect_provider
    document = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Federated": "${Provider}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {
                    "StringEquals": {"${Issuer}:aud": "sts.amazonaws.com", "${Issuer}:sub": subject}
                },
            }
        ],
    }
    # An ARN of the provider ends with the issuer: arn:aws:iam::123456789012:oidc-provider/oidc.eks…
    issuer = Fn.select(1, Fn.split(":oidc-provider/", provider.open_id_connect_provider_arn))
    resource.assume_role_policy_document = Fn.sub(
        json.dumps(document), {"Provider": provider.open_id_connect_provider_arn, "Issuer": issuer}
    )
