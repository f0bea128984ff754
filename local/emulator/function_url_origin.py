"""CloudFront's requests to a Lambda function URL are signed and judged as AWS does it.

With origin access control CloudFront signs them, and Lambda asks the function's policy whether this distribution
may call its URL ("Restrict access to an AWS Lambda function URL origin", CloudFront Developer Guide). ministack
signs nothing, so that a URL with AuthType AWS_IAM would refuse every request, and asks no policy.
"""

from typing import Any

from local.emulator import internals
from local.emulator.internals import Headers
from local.emulator.resource_policy import lets_distribution

_MODULE = "services.cloudfront"
_LAMBDA = "services.lambda_svc"
_SIGNATURE = "AWS4-HMAC-SHA256 Credential=cloudfront.amazonaws.com, SignedHeaders=host, Signature=emulated"
_REFUSED = (403, "Forbidden", [("Content-Type", "application/json")], b'{"Message":"Forbidden"}')


def _may_call(host: str, distribution: str) -> bool:
    """Whether the policy of the function behind a URL lets a distribution call it."""
    resolved = internals.get(_LAMBDA, "resolve_function_url")(host.partition(".")[0])
    if resolved is None:
        return False
    account, region, name, qualifier, _ = resolved
    function, _, _ = internals.get(_LAMBDA, "_get_func_record_for_ref_in_scope")(
        f"{name}:{qualifier}" if qualifier else name, account_id=account, region=region
    )
    arn = f"arn:aws:lambda:{region}:{account}:function:{name}"
    return lets_distribution(
        function["policy"] if function else None, "lambda:InvokeFunctionUrl", arn, distribution
    )


def install() -> None:
    """Wrap the fetch from a function URL, and one call further up, where the distribution is known."""
    fetch = internals.get(_MODULE, "_fetch_from_origin")
    fetch_url = internals.get(_MODULE, "_fetch_from_function_url_origin")

    async def fetch_as_distribution(origin: dict[str, Any], *rest: Any) -> Any:
        distribution = rest[-1]
        return await fetch({**origin, "distribution": distribution}, *rest)

    async def fetch_url_signed(
        host: str,
        origin: dict[str, Any],
        method: str,
        uri: str,
        query_string: str,
        headers: Headers,
        *rest: Any,
    ) -> Any:
        if origin["oac_id"]:
            if not _may_call(host, origin["distribution"]):
                return _REFUSED
            headers = {**headers, "authorization": _SIGNATURE}
        return await fetch_url(host, origin, method, uri, query_string, headers, *rest)

    internals.replace(_MODULE, "_fetch_from_origin", fetch_as_distribution)
    internals.replace(_MODULE, "_fetch_from_function_url_origin", fetch_url_signed)
