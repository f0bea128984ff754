"""Who applies manifests and charts: the CDK's function, in the private subnets."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.lambda_layer_kubectl_v35 import KubectlV35Layer
from constructs import Construct, IConstruct

from stacks.ecommerce.acknowledged import acknowledge, acknowledge_wildcards, managed_policy
from stacks.ecommerce.compute.kept_logs import KeptLogs


class Kubectl(Construct):
    """The role, the network and the tools of the function that applies manifests; `options` are for the cluster.

    kubectl 1.35 speaks with servers one version older and newer ("Version Skew Policy" of Kubernetes): 1.34 to
    1.36. Exposes `security_group`.
    """

    def __init__(self, scope: Construct, construct_id: str, *, vpc: ec2.IVpc, cluster_name: str) -> None:
        super().__init__(scope, construct_id)
        self.security_group = ec2.SecurityGroup(
            self,
            "SecurityGroup",
            vpc=vpc,
            description="What applies manifests to the cluster",
            allow_all_outbound=False,
        )
        # The API's addresses are of the VPC, those of charts' registries and of STS and EKS anywhere.
        self.security_group.add_egress_rule(
            ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "Cluster's API, AWS and charts"
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        statements = _statements(self, cluster_name)
        self._policy = iam.ManagedPolicy(self, "Policy", roles=[role], statements=statements)
        acknowledge_wildcards(
            self._policy,
            statements,
            reason="Lambda's network interfaces, and the token for a public registry, have no resource to name.",
        )
        acknowledge(
            self._policy,
            "CKV_AWS_107",
            "CKV_AWS_111",
            reason="The token is one for reading a public registry. What it may write without a resource are "
            "Lambda's own network interfaces, whose ids do not exist before.",
        )
        self.options = eks.KubectlProviderOptions(
            kubectl_layer=KubectlV35Layer(self, "Layer"),
            # Without updates: the CDK would add an inline policy, and three of AWS's that allow more.
            role=role.without_policy_updates(),
            security_groups=[self.security_group],
        )

    def keep_logs(self, provider: IConstruct, kept_logs: KeptLogs) -> None:
        """Encrypt and expire the logs of the functions of `provider`, which offers no property for it.

        To be called once the cluster, which makes the provider, is there. Raises TypeError if the CDK made other
        functions than the one that applies and the one that waits for it.
        """
        functions = [each for each in provider.node.find_all() if isinstance(each, lambda_.Function)]
        if len(functions) != 2:
            raise TypeError(f"{provider.node.path} has {len(functions)} functions instead of two")
        for function in functions:
            group = function.log_group.node.default_child
            if not isinstance(group, logs.CfnLogGroup):
                raise TypeError(f"the log group of {function.node.path} is no longer a CfnLogGroup")
            group.kms_key_id = kept_logs.key.key_arn
            group.retention_in_days = kept_logs.days
            group.apply_removal_policy(RemovalPolicy.DESTROY)
            acknowledge(
                function,
                "LambdaConcurrency",
                "LambdaDLQ",
                "CKV_AWS_115",
                "CKV_AWS_116",
                reason="CloudFormation calls it, one resource after the other, waits for its answer and shows a "
                "failure itself; no traffic of the shop reaches it.",
            )
            acknowledge(
                function,
                "CKV_AWS_173",
                reason="Its environment has names of the cluster and of the CDK's functions, and no secret; Lambda "
                "encrypts it with a key of its own.",
            )
        (applies,) = (each for each in functions if each.node.path.endswith("/Handler"))
        self._policy.add_statements(
            iam.PolicyStatement(
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[applies.log_group.log_group_arn],
            )
        )
        acknowledge(
            applies, "AwsSolutions-L1", reason="The CDK chooses the runtime that its code is tested with."
        )
        # Chosen for a role of its own, whose policies are here instead.
        self.node.try_remove_child("HasEcrPublic")
        _explain_the_waiting_function(provider, applies)


def _explain_the_waiting_function(provider: IConstruct, applies: lambda_.Function) -> None:
    """The role of the CDK's provider framework cannot be given; what it may is to call the other function."""
    framework = provider.node.find_child("Provider")
    resource = applies.node.default_child
    if not isinstance(resource, lambda_.CfnFunction):
        raise TypeError(f"the function of {applies.node.path} is no longer a CfnFunction")
    acknowledge(
        framework,
        "IAMNoInlinePolicy",
        managed_policy("service-role/AWSLambdaBasicExecutionRole"),
        managed_policy("service-role/AWSLambdaVPCAccessExecutionRole"),
        f"AwsSolutions-IAM5[Resource::<{Stack.of(applies).get_logical_id(resource)}.Arn>:*]",
        reason="The CDK writes this role. It may call one function in any version, "
        "write logs and have network interfaces.",
    )


def _statements(scope: Construct, cluster_name: str) -> list[iam.PolicyStatement]:
    stack = Stack.of(scope)
    return [
        iam.PolicyStatement(
            actions=["eks:DescribeCluster"],
            resources=[stack.format_arn(service="eks", resource="cluster", resource_name=cluster_name)],
        ),
        # "Giving Lambda functions access to resources in an Amazon VPC"
        iam.PolicyStatement(
            actions=[
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSubnets",
                "ec2:DescribeVpcs",
                "ec2:UnassignPrivateIpAddresses",
            ],
            resources=["*"],
        ),
        # It logs in to the public registry of ECR before it pulls a chart.
        iam.PolicyStatement(
            actions=["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"], resources=["*"]
        ),
    ]
