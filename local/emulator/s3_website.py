"""The S3 website endpoint: index and error documents, redirects, public read (ministack stores its settings only).

Host names: `<bucket>.s3-website-<region>.localhost` and AWS's own `<bucket>.s3-website-<region>.amazonaws.com`
(and with a dot after `s3-website`, as in the newer regions). Behaviour: AWS user guide, "Hosting a static
website using Amazon S3", the pages on index documents, custom error documents and redirects.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, unquote
from xml.etree import ElementTree  # the XML was written by ministack itself

from local.emulator import internals
from local.emulator.internals import Response

_HOST = re.compile(
    r"^(?P<bucket>[a-z0-9][a-z0-9.-]*)\.s3-website[.-][a-z0-9-]+\.(?:amazonaws\.com|localhost)(?::\d+)?$"
)
_MODULE = "services.s3"


@dataclass(frozen=True)
class _Configuration:
    index: str
    error: str | None
    redirect_host: str | None
    redirect_protocol: str | None


def bucket_of(host: str) -> str | None:
    """Return the bucket that a website host name means; None for any other host."""
    match = _HOST.match(host.lower())
    return match["bucket"] if match else None


def _configuration(bucket: str) -> _Configuration | None:
    raw = internals.get(_MODULE, "_bucket_websites").get(bucket)
    if raw is None:
        return None
    values = {}
    for parent in ElementTree.fromstring(raw):  # noqa: S314 - see the import
        for child in parent:
            values[f"{parent.tag.rsplit('}', 1)[-1]}/{child.tag.rsplit('}', 1)[-1]}"] = child.text
    return _Configuration(
        index=values.get("IndexDocument/Suffix") or "",
        error=values.get("ErrorDocument/Key"),
        redirect_host=values.get("RedirectAllRequestsTo/HostName"),
        redirect_protocol=values.get("RedirectAllRequestsTo/Protocol"),
    )


def _error_page(status: int, code: str, message: str) -> Response:
    title = f"{status} {HTTPStatus(status).phrase}"
    page = (
        f"<html>\n<head><title>{title}</title></head>\n<body>\n<h1>{title}</h1>\n<ul>\n"
        f"<li>Code: {code}</li>\n<li>Message: {message}</li>\n</ul>\n<hr/>\n</body>\n</html>\n"
    )
    return status, {"content-type": "text/html; charset=utf-8", "server": "AmazonS3"}, page.encode()


def _readable(bucket: str, key: str) -> bool:
    """Whether anyone may read the object: the website endpoint never signs."""
    owner = internals.get(_MODULE, "_bucket_owner_account")(bucket)
    return bool(internals.get(_MODULE, "_cloudfront_origin_allows")(owner, bucket, key, "", ""))


def answer(bucket: str, method: str, path: str, headers: dict[str, str]) -> Response:
    """Serve one request for `path` (still percent-encoded) as the website endpoint of `bucket`."""
    stored = internals.get(_MODULE, "_buckets").get(bucket)
    if stored is None:
        return _error_page(404, "NoSuchBucket", "The specified bucket does not exist")
    website = _configuration(bucket)
    if website is None:
        return _error_page(
            404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"
        )
    if method not in ("GET", "HEAD"):
        return _error_page(
            405, "MethodNotAllowed", "The specified method is not allowed against this resource."
        )
    if website.redirect_host:
        location = f"{website.redirect_protocol or 'http'}://{website.redirect_host}{path}"
        return 301, {"location": location, "server": "AmazonS3"}, b""
    key = unquote(path).lstrip("/")
    if not key or key.endswith("/"):
        key += website.index
    elif key not in stored["objects"] and f"{key}/{website.index}" in stored["objects"]:
        return 302, {"location": quote(f"/{key}/"), "server": "AmazonS3"}, b""
    # The website endpoint tells what is not there from what may not be read, unlike S3's API: AWS user guide,
    # "Setting permissions for website access".
    exists = key in stored["objects"]
    if exists and _readable(bucket, key):
        return _object(bucket, method, key, headers)
    status, code, message = (
        (403, "AccessDenied", "Access Denied")
        if exists
        else (404, "NoSuchKey", "The specified key does not exist.")
    )
    if website.error and website.error in stored["objects"] and _readable(bucket, website.error):
        _ok, fields, body = _object(bucket, method, website.error, {})
        return status, fields, body
    return _error_page(status, code, message)


def _object(bucket: str, method: str, key: str, headers: dict[str, str]) -> Response:
    read = internals.get(_MODULE, "_head_object" if method == "HEAD" else "_get_object")
    conditions = {name: value for name, value in headers.items() if name.startswith("if-") or name == "range"}
    response: Response = read(bucket, key, conditions, {})
    return response
