"""Whether a resource's policy lets a distribution in, as origin access control has it."""

from typing import Any

from local.emulator import internals

_IAM = "core.iam_evaluator"


def lets_distribution(policy: Any, action: str, resource: str, distribution: str) -> bool:
    """Whether `policy` (a document; none allows nothing) allows CloudFront `action` for a distribution's ARN."""
    if not policy or not distribution:
        return False
    context = internals.get(_IAM, "EvalContext")(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action=action,
        resource_arn=resource,
        region=internals.region(),
        secure_transport=True,
        service_context={"aws:sourcearn": distribution},
    )
    evaluate = internals.get(_IAM, "evaluate_resource_policy")
    return bool(evaluate(policy, context, service="cloudfront.amazonaws.com").decision == "Allow")
