"""CloudFront's requests to an S3 origin are judged as AWS judges them.

- They go over TLS, so a bucket policy that refuses plain http lets them in. ministack evaluates the policy with
  the transport of the viewer's request, which is plain http here: with `enforce_ssl` and origin access control
  every page would be a 403.
- A key that does not exist is 404 for a distribution that may list the bucket, and 403 for one that may not
  (S3 API reference, GetObject, "Permissions"). ministack always answers 403, so that an error page for 404
  would never be seen.
"""

from typing import Any

from local.emulator import internals
from local.emulator.internals import Headers, Response
from local.emulator.resource_policy import lets_distribution

_S3 = "services.s3"
_IAM = "core.iam_evaluator"


def _may_list(bucket: str, source_arn: str) -> bool:
    """Whether the bucket policy lets the distribution list the bucket (origin access control only)."""
    owner = internals.get(_S3, "_bucket_owner_account")(bucket)
    policy = internals.get(_S3, "_bucket_policies").get_scoped(owner, None, bucket)
    return lets_distribution(policy, "s3:ListBucket", f"arn:aws:s3:::{bucket}", source_arn)


def install() -> None:
    """Wrap the policy check and the fetch."""
    allows = internals.get(_S3, "_cloudfront_origin_allows")
    fetch = internals.get(_S3, "serve_cloudfront_origin_fetch")
    transport = internals.get(_IAM, "_request_origin")

    def allows_over_tls(owner: str, bucket_name: str, key: str, source_arn: str, oai_id: str) -> Any:
        token = transport.set((transport.get()[0], True))
        try:
            return allows(owner, bucket_name, key, source_arn, oai_id)
        finally:
            transport.reset(token)

    def fetch_or_not_found(
        bucket_name: str, key: str, method: str, headers: Headers, source_arn: str = "", oai_id: str = ""
    ) -> Response:
        bucket = internals.get(_S3, "_buckets").get(bucket_name)
        if bucket is not None and key not in bucket["objects"] and _may_list(bucket_name, source_arn):
            answer: Response = internals.get(_S3, "_error")(
                "NoSuchKey", "The specified key does not exist.", 404, f"/{bucket_name}/{key}"
            )
            return answer
        fetched: Response = fetch(bucket_name, key, method, headers, source_arn=source_arn, oai_id=oai_id)
        return fetched

    internals.replace(_S3, "_cloudfront_origin_allows", allows_over_tls)
    internals.replace(_S3, "serve_cloudfront_origin_fetch", fetch_or_not_found)
