"""API Gateway's AWS integration with EventBridge: a REST method puts an event on a bus without a function.

ministack serves integrations with Lambda and SQS, and knows one of the mapping templates' `$util` functions. Here
`events:action/PutEvents` is called with the rendered template, in the region of the integration's URI, and the
functions that such a template needs are there (API Gateway developer guide, "Mapping template and access logging
variable reference").
"""

import base64
import json
import re
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any, Final

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE: Final = "services.apigateway_v1"
_PUT_EVENTS: Final = re.compile(r"arn:aws[a-z-]*:apigateway:(?P<region>[a-z0-9-]+):events:action/PutEvents")
_JAVA_ESCAPES: Final = {
    "\\": "\\\\",
    '"': '\\"',
    "'": "\\'",
    "/": "\\/",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}

Steps = list[tuple[str, str | None]]
"""A reference's parts after its root, each with the source of its arguments, None where it is no call."""


def escape_javascript(text: str) -> str:
    """As `$util.escapeJavaScript`: single quotes too, which JSON does not allow to be escaped."""
    return "".join(_JAVA_ESCAPES.get(character, character) for character in text)


_UTIL: Final[Mapping[str, Callable[[str], Any]]] = {
    "escapeJavaScript": escape_javascript,
    "urlDecode": urllib.parse.unquote_plus,
    "base64Encode": lambda text: base64.b64encode(text.encode()).decode(),
    "base64Decode": lambda text: base64.b64decode(text).decode(errors="replace"),
    "parseJson": json.loads,
}


def _replaced(text: str, name: str, pattern: str, replacement: str) -> str:
    if name == "replace":
        return text.replace(pattern, replacement)
    return re.sub(pattern, lambda _match: replacement, text)


def _then(value: Any, steps: Steps, argument: Callable[[str], Any]) -> Any:
    """Java's own methods on a text, of which mapping templates use two: replace and replaceAll."""
    for name, source in steps:
        if name not in ("replaceAll", "replace") or source is None or not isinstance(value, str):
            return None
        pattern, replacement = (str(argument(part)) for part in _split(source))
        value = _replaced(value, name, pattern, replacement)
    return value


def _split(source: str) -> list[str]:
    parts: list[str] = internals.get(_MODULE, "_vtl_split_args")(source)
    return parts


def _install_util() -> None:
    known = internals.get(_MODULE, "_vtl_util")
    evaluate = internals.get(_MODULE, "_vtl_value")

    def util(steps: Steps, st: dict[str, Any]) -> Any:
        name, source = steps[0] if steps else ("", None)
        if name not in _UTIL or source is None:
            return known(steps, st)
        given = evaluate(_split(source)[0], st)
        text = given if isinstance(given, str) else json.dumps(given)
        return _then(_UTIL[name](text), steps[1:], lambda part: evaluate(part, st))

    internals.replace(_MODULE, "_vtl_util", util)


def _template(integration: Mapping[str, Any], headers: Headers) -> str | None:
    """The integration's template for the request's content type; None: the body goes on as it is."""
    kind = str(headers.get("content-type") or "application/json").partition(";")[0].strip().lower()
    templates: Mapping[str, str] = integration.get("requestTemplates") or {}
    return next((text for name, text in templates.items() if name.lower() == kind), None)


async def _put_events(
    region: str, integration: Mapping[str, Any], headers: Headers, body: Any, parameters: dict[str, Any]
) -> Response:
    text = body.decode(errors="replace") if isinstance(body, bytes) else str(body or "")
    template = _template(integration, headers)
    if template is not None:
        text = internals.get(_MODULE, "_render_request_template_v1")(template, text, parameters, {})
    call = {"x-amz-target": "AWSEvents.PutEvents", "content-type": "application/x-amz-json-1.1"}
    with internals.get("core.responses", "request_scope")(internals.account(), region):
        status, _headers, answer = await internals.get("services.eventbridge", "handle_request")(
            "POST", "/", call, text.encode(), {}
        )
    result = answer.decode() if isinstance(answer, bytes) else str(answer)
    response: Response = internals.get(_MODULE, "_service_integration_response")(
        integration, status, result, "application/json", parameters, {}
    )
    return response


def install() -> None:
    """Serve the integration before ministack takes its URI for a function's."""
    _install_util()
    invoke = internals.get(_MODULE, "_invoke_lambda_custom_v1")

    async def invoke_service(
        integration: dict[str, Any],
        api_id: str,
        stage_name: str,
        stage: Any,
        resource: Any,
        request_path: str,
        method: str,
        headers: Headers,
        body: Any,
        query_params: dict[str, Any],
        path_params: dict[str, Any],
        **context: Any,
    ) -> Response:
        target = _PUT_EVENTS.fullmatch(str(integration.get("uri", "")))
        if target is None:
            answer: Response = await invoke(
                *(integration, api_id, stage_name, stage, resource, request_path, method),
                *(headers, body, query_params, path_params),
                **context,
            )
            return answer
        query = {name: value[0] if isinstance(value, list) else value for name, value in query_params.items()}
        parameters = {**headers, **query, **path_params}
        return await _put_events(target["region"], integration, headers, body, parameters)

    internals.replace(_MODULE, "_invoke_lambda_custom_v1", invoke_service)
