"""Rules of a web ACL, as every web ACL of this project has them."""

from collections.abc import Sequence
from typing import Final, Literal

from aws_cdk import aws_wafv2 as wafv2

FORWARDED: Final = "X-Forwarded-For"


def rate(
    name: str,
    priority: int,
    limit: int,
    *,
    forwarded: bool,
    others_only: bool = False,
    paths: Sequence[str] = (),
) -> wafv2.CfnWebACL.RuleProperty:
    """Block who asks more often than `limit`: by address, or by the forwarded one where there is one.

    `others_only`: count only requests that were not forwarded; or with `paths`, only those whose path begins so.
    """
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        action=wafv2.CfnWebACL.RuleActionProperty(block=wafv2.CfnWebACL.BlockActionProperty()),
        statement=wafv2.CfnWebACL.StatementProperty(
            rate_based_statement=wafv2.CfnWebACL.RateBasedStatementProperty(
                aggregate_key_type="FORWARDED_IP" if forwarded else "IP",
                limit=limit,
                evaluation_window_sec=300,
                forwarded_ip_config=(
                    # What is no address is nobody's: it is left to the other rules.
                    wafv2.CfnWebACL.ForwardedIPConfigurationProperty(
                        header_name=FORWARDED, fallback_behavior="NO_MATCH"
                    )
                    if forwarded
                    else None
                ),
                scope_down_statement=_not_forwarded()
                if others_only
                else path_is(paths, "STARTS_WITH")
                if paths
                else None,
            )
        ),
        visibility_config=visible_as(name),
    )


def _not_forwarded() -> wafv2.CfnWebACL.StatementProperty:
    has_header = wafv2.CfnWebACL.StatementProperty(
        size_constraint_statement=wafv2.CfnWebACL.SizeConstraintStatementProperty(
            field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(single_header={"Name": FORWARDED.lower()}),
            comparison_operator="GT",
            size=0,
            text_transformations=[wafv2.CfnWebACL.TextTransformationProperty(priority=0, type="NONE")],
        )
    )
    return wafv2.CfnWebACL.StatementProperty(
        not_statement=wafv2.CfnWebACL.NotStatementProperty(statement=has_header)
    )


def path_is(
    paths: Sequence[str], position: Literal["STARTS_WITH", "CONTAINS"]
) -> wafv2.CfnWebACL.StatementProperty:
    """Whether the path has one of `paths`, in lower case, at this position; however it is written or encoded."""
    matches = [
        wafv2.CfnWebACL.StatementProperty(
            byte_match_statement=wafv2.CfnWebACL.ByteMatchStatementProperty(
                field_to_match=wafv2.CfnWebACL.FieldToMatchProperty(uri_path={}),
                positional_constraint=position,
                search_string=path,
                text_transformations=[
                    wafv2.CfnWebACL.TextTransformationProperty(priority=at, type=kind)
                    for at, kind in enumerate(("URL_DECODE", "LOWERCASE"))
                ],
            )
        )
        for path in paths
    ]
    if len(matches) == 1:
        return matches[0]
    return wafv2.CfnWebACL.StatementProperty(
        or_statement=wafv2.CfnWebACL.OrStatementProperty(statements=matches)
    )


def managed(
    name: str,
    priority: int,
    *,
    count: bool = False,
    scope_down: wafv2.CfnWebACL.StatementProperty | None = None,
    configuration: Sequence[wafv2.CfnWebACL.ManagedRuleGroupConfigProperty] | None = None,
) -> wafv2.CfnWebACL.RuleProperty:
    """One of AWS's rule groups. `count`: its matches are counted and not blocked."""
    return wafv2.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=wafv2.CfnWebACL.OverrideActionProperty(count={})
        if count
        else wafv2.CfnWebACL.OverrideActionProperty(none={}),
        statement=wafv2.CfnWebACL.StatementProperty(
            managed_rule_group_statement=wafv2.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS",
                name=name,
                scope_down_statement=scope_down,
                managed_rule_group_configs=configuration,
            )
        ),
        visibility_config=visible_as(name),
    )


def visible_as(metric: str) -> wafv2.CfnWebACL.VisibilityConfigProperty:
    # Requests are not sampled: samples carry visitors' addresses and headers.
    return wafv2.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=metric, sampled_requests_enabled=False
    )
