"""Log groups for the Lambda functions that the CDK adds by itself for its custom resources."""

from aws_cdk import CfnResource, CustomResourceProviderBase, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs


def keep_in_stack(
    stack: Stack, *, log_retention: logs.RetentionDays, encryption_key: kms.IKey | None = None
) -> None:
    """Let each custom resource provider of `stack` log into a group of the stack. To be called last.

    Providers such as those of Custom::S3AutoDeleteObjects and Custom::VpcRestrictDefaultSG come without a log
    group, and offer no property for one. Lambda then makes `/aws/lambda/<function>` on the first call: it
    never expires, and it outlives the stack, also because the last call is the one that deletes.

    The name of the function's log group is a reference, which gives CloudFormation the order: the group
    before the function, and deleted after it. It is deleted with removal_policy=retain too: what it holds is
    about the stack, and no data. (BucketDeployment takes its log group as a property, see upload.py.)
    """
    for provider in stack.node.children:
        if not isinstance(provider, CustomResourceProviderBase):
            continue
        handler = provider.node.find_child("Handler")
        if not isinstance(handler, CfnResource):
            raise TypeError(f"the Lambda function of {provider.node.path} is no longer a CfnResource")
        group = logs.LogGroup(
            provider,
            "Logs",
            retention=log_retention,
            encryption_key=encryption_key,
            removal_policy=RemovalPolicy.DESTROY,
        )
        handler.add_property_override("LoggingConfig.LogGroup", group.log_group_name)
