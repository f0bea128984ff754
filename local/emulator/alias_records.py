"""Host names that a hosted zone's alias records lead to a load balancer: distributions and APIs use them.

ministack knows a load balancer by its own name alone; for any other name it would ask this machine's resolver.
There is no DNS server here: the records are read where Route 53 keeps them. Of several records of one name the
one is taken that a client in us-east-1 gets while all is healthy: failover's primary, geolocation's default,
latency's own region. The listener on port 443 answers, without TLS.
"""

import http.client
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from local.emulator import internals
from local.emulator.environment import REGION
from local.emulator.internals import Headers, Response

_ALB: Final = "services.alb"
_CLOUDFRONT: Final = "services.cloudfront"
_LOAD_BALANCER: Final = re.compile(r"[a-z0-9-]+\.(?P<region>[a-z0-9-]+)\.elb\.amazonaws\.com")
_MOST_STEPS: Final = 8
"""Of aliases of aliases; a circle of them ends here."""

Record = Mapping[str, Any]


def chosen(records: Sequence[Record]) -> Record | None:
    """The record of one name and type that a client of this machine gets; None where there is none."""

    def order(record: Record) -> tuple[bool, bool, bool]:
        place = record.get("GeoLocation") or {}
        return (
            record.get("Failover") == "SECONDARY",
            bool(place) and place.get("CountryCode") != "*",
            record.get("Region", REGION) != REGION,
        )

    return min(records, key=order, default=None)


def target(host: str, records: Sequence[Record]) -> str:
    """The name at the end of the alias records that begin at `host`, itself if there are none; without a dot."""
    name = host.lower().rstrip(".")
    for _step in range(_MOST_STEPS):
        aliases = [
            each
            for each in records
            if each["Type"] == "A" and each.get("AliasTarget") and each["Name"].lower().rstrip(".") == name
        ]
        record = chosen(aliases)
        if record is None:
            break
        name = str(record["AliasTarget"]["DNSName"]).lower().rstrip(".").removeprefix("dualstack.")
    return name


async def _ask(
    host: str, method: str, raw_path: str, query: str, headers: Headers, body: Any
) -> Response | None:
    """The answer of the load balancer that `host` is an alias of; None where it is none's."""
    zones = internals.get("services.route53", "_records")
    name = target(host, [record for records in zones.values() for record in records])
    found = _LOAD_BALANCER.fullmatch(name)
    if name == host or found is None:
        return None
    with internals.get("core.responses", "request_scope")(internals.account(), found["region"]):
        balancer = internals.get(_ALB, "find_lb_for_host")(name)
        if balancer is None:
            return None
        fields = {key.lower(): value for key, value in headers.items()}
        answer: Response = await internals.get(_ALB, "dispatch_request")(
            *(balancer, method, raw_path, fields, body or b"", parse_qs(query, keep_blank_values=True), 443),
            client_ip="127.0.0.1",
            raw_query_string=query,
            raw_path=raw_path,
        )
        return answer


def mapped(
    parameters: Mapping[str, str], kind: str, request: Mapping[str, Mapping[str, Any]]
) -> dict[str, str]:
    """What an integration's request parameters put into its `kind` (header, path, querystring), by name.

    `request`: the method request's values by kind.
    """
    found = {}
    for destination, source in parameters.items():
        place, name = destination.removeprefix("integration.request.").split(".", 1)
        if place != kind:
            continue
        if source.startswith("'"):
            found[name] = source.strip("'")
            continue
        value = _of_request(source, request)
        if value is not None:
            found[name] = value
    return found


def _of_request(source: str, request: Mapping[str, Mapping[str, Any]]) -> str | None:
    kind, _dot, name = source.removeprefix("method.request.").partition(".")
    values = request.get(kind, {})
    value = values.get(name.lower() if kind == "header" else name)
    if isinstance(value, list):
        value = value[0] if value else None
    return None if value is None else str(value)


async def _of_api(
    integration: Mapping[str, Any],
    method: str,
    headers: Headers,
    body: Any,
    query_params: Mapping[str, Any],
    path_params: Mapping[str, Any],
) -> Response | None:
    request = {
        "header": {name.lower(): value for name, value in headers.items()},
        "path": path_params,
        "querystring": query_params,
    }
    parameters = integration.get("requestParameters") or {}
    uri = str(integration["uri"])
    for name, value in mapped(parameters, "path", request).items():
        uri = uri.replace(f"{{{name}}}", value)
    parts = urlsplit(uri)
    passed = {name: value for name, value in headers.items() if name.lower() != "host"}
    sent = {**passed, "host": parts.netloc, **mapped(parameters, "header", request)}
    query = urlencode({**query_params, **mapped(parameters, "querystring", request)}, doseq=True)
    return await _ask(parts.hostname or "", method, parts.path or "/", query, sent, body)


def _install_in_distributions() -> None:
    fetch = internals.get(_CLOUDFRONT, "_fetch_from_origin")

    async def fetch_from_alias(
        origin: dict[str, Any],
        method: str,
        uri: str,
        query_string: str,
        headers: Headers,
        body: Any,
        viewer_is_https: bool,
        client_ip: str,
        viewer_xff: str,
        dist_arn: str,
    ) -> Any:
        if not origin.get("s3_bucket"):
            sent = internals.get(_CLOUDFRONT, "_origin_request_headers")(
                origin, headers, client_ip, viewer_xff
            )
            path = (origin.get("origin_path") or "") + uri
            answer = await _ask(origin["domain_name"], method, path, query_string, dict(sent), body)
            if answer is not None:
                status, fields, content = answer
                pairs = [
                    (name, value)
                    for name, values in fields.items()
                    for value in (values if isinstance(values, list) else [values])
                ]
                answered = internals.get(_CLOUDFRONT, "_multidict_from_pairs")(pairs)
                if not isinstance(content, bytes):
                    content = await internals.get(_CLOUDFRONT, "_collect_streaming_body")(content, 30)
                return status, http.client.responses.get(status, ""), answered, content
        return await fetch(
            *(
                origin,
                method,
                uri,
                query_string,
                headers,
                body,
                viewer_is_https,
                client_ip,
                viewer_xff,
                dist_arn,
            )
        )

    internals.replace(_CLOUDFRONT, "_fetch_from_origin", fetch_from_alias)


def install() -> None:
    """Look for an alias before the resolver is asked."""
    _install_in_distributions()
    invoke = internals.get("services.apigateway_v1", "_invoke_http_proxy_v1")

    async def invoke_alias(
        integration: dict[str, Any],
        path: str,
        method: str,
        headers: Headers,
        body: Any,
        query_params: dict[str, Any],
        path_params: dict[str, Any] | None = None,
    ) -> Response:
        answer = await _of_api(integration, method, headers, body, query_params or {}, path_params or {})
        if answer is None:
            answer = await invoke(integration, path, method, headers, body, query_params, path_params)
        return answer

    internals.replace("services.apigateway_v1", "_invoke_http_proxy_v1", invoke_alias)
