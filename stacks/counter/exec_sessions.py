"""ECS Exec: a shell in a running task, encrypted and recorded."""

from typing import Final, cast

from aws_cdk import Acknowledgment, CfnElement, RemovalPolicy, Stack, Token, Validations
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from constructs import Construct

# The SSM agent that ECS puts into the container writes here, and ends where it cannot. "Monitor Amazon ECS
# containers with ECS Exec" (Amazon ECS Developer Guide) therefore rules out a read-only root file system; with
# these two as volumes of the task the rest can stay read-only (aws/containers-roadmap, issue 1359).
_AGENT_FOLDERS: Final = {"SsmState": "/var/lib/amazon", "SsmLog": "/var/log/amazon"}


class ExecSessions(Construct):
    """What a cluster needs for ECS Exec: `configuration`, with a key for the session and a log of what was typed.

    Who may open a session is up to IAM (`ecs:ExecuteCommand`); CloudTrail records who did. The shell is root's,
    whatever user the image names.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        log_retention: logs.RetentionDays,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(
            self,
            "Key",
            description="ECS Exec sessions of the visitor counter, and their log",
            enable_key_rotation=True,
            # Without it nothing can read a log that was kept.
            removal_policy=removal_policy,
        )
        self._log = logs.LogGroup(
            self, "Log", encryption_key=key, retention=log_retention, removal_policy=removal_policy
        )
        self.configuration = ecs.ExecuteCommandConfiguration(
            kms_key=key,
            logging=ecs.ExecuteCommandLogging.OVERRIDE,
            log_configuration=ecs.ExecuteCommandLogConfiguration(
                cloud_watch_log_group=self._log,
                cloud_watch_encryption_enabled=True,
            ),
        )

    def make_room(self, task: ecs.TaskDefinition, container: ecs.ContainerDefinition) -> None:
        """Give the SSM agent in `container` the folders that it writes to, empty and gone with the task.

        Also acknowledges what the CDK allows the task's role for it.
        """
        for name, path in _AGENT_FOLDERS.items():
            task.add_volume(name=name)
            container.add_mount_points(
                ecs.MountPoint(container_path=path, source_volume=name, read_only=False)
            )
        Validations.of(task.task_role).acknowledge(
            Acknowledgment(
                id="AwsSolutions-IAM5[Resource::*]",
                reason="ssmmessages and logs:DescribeLogGroups know no resource (Service Authorization Reference).",
            ),
            Acknowledgment(
                id=f"AwsSolutions-IAM5[Resource::{self._streams_of_the_log()}]",
                reason="The agent makes a stream for each session, in the log group of the sessions alone.",
            ),
        )

    def _streams_of_the_log(self) -> str:
        """The wildcard in the task role's policy, in cdk-nag's spelling."""
        stack = Stack.of(self)
        account = "<AWS::AccountId>" if Token.is_unresolved(stack.account) else stack.account
        log = stack.get_logical_id(cast("CfnElement", self._log.node.default_child))
        return f"arn:{stack.partition}:logs:{stack.region}:{account}:log-group:<{log}>:*"
