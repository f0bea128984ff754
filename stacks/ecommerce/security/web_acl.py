"""A web ACL of the shop, with its log."""

from collections.abc import Callable, Iterable
from typing import Final, Literal

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from stacks.firewall_rules import visible_as

Rule = Callable[[int], wafv2.CfnWebACL.RuleProperty]
"""A rule without its priority."""

# They carry a visitor's session: whoever reads the log could go on with it.
_REDACTED: Final = ("authorization", "cookie")


class WebAcl(Construct):
    """A web ACL with `rules` in their order, which lets pass what none of them blocks. Exposes `arn`.

    `log_group`: its name, see names.firewall_log. What was blocked or counted is logged, and not what
    passed: that is in the load balancer's, API's and distribution's own logs, and is a hundred times as
    much. `redact_query`: where query strings carry codes that open a session.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        acl_scope: Literal["CLOUDFRONT", "REGIONAL"],
        protects: str,
        rules: Iterable[Rule],
        log_group: str,
        log_retention: logs.RetentionDays,
        log_key: kms.IKey,
        removal_policy: RemovalPolicy,
        redact_query: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        # No name: CloudFormation makes one that no other stage has.
        acl = wafv2.CfnWebACL(
            self,
            "Acl",
            scope=acl_scope,
            default_action=wafv2.CfnWebACL.DefaultActionProperty(allow=wafv2.CfnWebACL.AllowActionProperty()),
            description=protects,
            rules=[rule(priority) for priority, rule in enumerate(rules)],
            visibility_config=visible_as("WebAcl"),
        )
        self.arn = acl.attr_arn
        group = logs.LogGroup(
            self,
            "Log",
            log_group_name=log_group,
            encryption_key=log_key,
            retention=log_retention,
            removal_policy=removal_policy,
        )
        wafv2.CfnLoggingConfiguration(
            self,
            "Logging",
            resource_arn=acl.attr_arn,
            # The group's own ARN ends with `:*`, which WAF drops: CloudFormation would see a drift.
            log_destination_configs=[
                Stack.of(self).format_arn(
                    service="logs",
                    resource="log-group",
                    resource_name=group.log_group_name,
                    arn_format=ArnFormat.COLON_RESOURCE_NAME,
                )
            ],
            redacted_fields=[
                *(
                    wafv2.CfnLoggingConfiguration.FieldToMatchProperty(single_header={"Name": name})
                    for name in _REDACTED
                ),
                *(
                    [wafv2.CfnLoggingConfiguration.FieldToMatchProperty(query_string={})]
                    if redact_query
                    else []
                ),
            ],
            logging_filter={
                "DefaultBehavior": "DROP",
                "Filters": [
                    {
                        "Behavior": "KEEP",
                        "Requirement": "MEETS_ANY",
                        "Conditions": [
                            {"ActionCondition": {"Action": action}}
                            for action in ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")
                        ],
                    }
                ],
            },
        )

    def protect(self, construct_id: str, resource_arn: str) -> None:
        """Stand before a regional resource; a distribution names its web ACL itself."""
        wafv2.CfnWebACLAssociation(self, construct_id, resource_arn=resource_arn, web_acl_arn=self.arn)
