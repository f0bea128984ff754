"""The one door to ministack, which is untyped: every internal that the extension uses is named here.

`HOOKS` lists them with the parameters that we rely on; `problems()` is the start-up self-check against it. No
other module of the project imports ministack, and nothing in site-packages is edited: the extension replaces
module attributes and entries of ministack's own tables, in this process only.

Importing this module imports ministack, which reads its settings from the environment at that moment (see
environment.server_environment).
"""

import importlib
import importlib.metadata
import inspect
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from local.emulator import SUPPORTED_MINISTACK

Headers = dict[str, Any]
Response = tuple[int, Headers, Any]
"""Status, header fields (a list as value means a repeated field) and body (bytes or a StreamingResponse)."""

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True)
class Hook:
    """An internal that the extension calls or replaces.

    Attributes:
        module: dotted name below `ministack.`.
        name: attribute of the module.
        parameters: names of a function's parameters, in order; None for a value, whose type is `kind`.
        kind: type of a value.
    """

    module: str
    name: str
    parameters: tuple[str, ...] | None = None
    kind: type | None = None

    def __str__(self) -> str:
        return f"ministack.{self.module}.{self.name}"


def _function(module: str, name: str, parameters: str) -> Hook:
    return Hook(module, name, parameters=tuple(parameters.split()))


_ALB_TARGET = "target tg method path headers body query_params raw_query_string"
_ALB_GROUP = "tg_arn method path headers body query_params raw_query_string raw_path"
_CLOUDFRONT = "host path raw_path raw_query_string method headers body query_params client_ip"
_NODE_POOL = "script log_prefix logger timeout max_old_space_mb recycle_after max_idle"
_REQUEST = "method path headers body query_params"
_VIEWER = "viewer_is_https client_ip viewer_xff"
_ORIGIN_FETCH = f"origin method uri query_string headers body {_VIEWER} dist_arn"
_URL_FETCH = f"host origin method uri query_string headers body {_VIEWER}"
_RESOLVE = "value resources params conditions mappings stack_name stack_id"
_ALB_ACTIONS = (
    "actions method path headers body query_params listener_port lb_arn target_host raw_query_string raw_path"
)
_INTEGRATION = (
    "integration api_id stage_name stage resource request_path method headers body query_params path_params"
    " owner_account_id owner_region binary_media_types authorizer_context caller_identity"
)
_ALB_REQUEST = "lb method path headers body query_params port client_ip raw_query_string raw_path"
_INTEGRATION_RESPONSE = "integration backend_status backend_text accept request_params context"
_LOAD_BALANCER = "host path method headers body query_params raw_query_string raw_path"

HOOKS = (
    _function("app", "app", "scope receive send"),
    _function("app", "_handle_cloudfront_dataplane_request", _CLOUDFRONT),
    _function("app", "_handle_alb_request", _LOAD_BALANCER),
    _function("app", "_read_request_body", "receive method headers"),
    _function("app", "_send_response", "send status headers body head"),
    _function("app", "_send_streaming_response", "send receive status headers streaming"),
    _function("app", "_is_potential_alb_request", "host path"),
    _function("app", "_parse_execute_api_url", "host path"),
    _function("app", "_parse_cloudfront_dataplane_host", "host"),
    _function("app", "_with_date_header", "send"),
    _function("app", "_build_persistence_save_dict", ""),
    _function("core.persistence", "save_all", "services"),
    _function("core.responses", "get_account_id", ""),
    _function("core.responses", "get_region", ""),
    _function("core.responses", "set_request_account_id", "access_key_id"),
    _function("core.responses", "set_request_region", "region"),
    _function("core.responses", "set_request_client_ip", "address"),
    Hook("core.responses", "StreamingResponse", kind=type),
    _function("core.responses", "error_response_json", "code message status extra message_key content_type"),
    _function("core.responses", "json_response", "data status content_type"),
    Hook("core.iam_evaluator", "_request_origin"),
    _function("core.iam_evaluator", "evaluate_resource_policy", "doc ctx service named_only direct_only"),
    _function(
        "core.iam_evaluator",
        "EvalContext",
        "principal_arn principal_type principal_account action resource_arn region source_ip secure_transport"
        " request_tags tag_keys service_context principal_keys",
    ),
    _function(
        "services.cloudfront",
        "handle_viewer_request",
        "dist method path raw_uri raw_query_string headers body query_params client_ip",
    ),
    _function("services.cloudfront", "parse_distribution_dataplane_config", "dist"),
    _function("services.cloudfront", "_dist_config_el", "dist"),
    _function("services.cloudfront", "_find", "el tag"),
    _function("services.cloudfront", "_text", "el tag default"),
    _function("services.cloudfront", "_local_tag_name", "el"),
    _function("services.cloudfront", "_fetch_from_origin", _ORIGIN_FETCH),
    _function("services.cloudfront", "_fetch_from_function_url_origin", _URL_FETCH),
    Hook("services.cloudfront", "OriginUnreachable", kind=type),
    Hook("services.cloudfront", "OriginTimeout", kind=type),
    _function("services.lambda_svc", "resolve_function_url", "url_id"),
    _function("services.lambda_svc", "_get_func_record_for_ref_in_scope", "function_ref account_id region"),
    _function("services.cloudfront", "_dataplane_behavior", "behavior_el path_pattern"),
    _function("services.cloudfront", "_match_behavior", "parsed path"),
    _function("services.cloudfront", "cache_policy_params", "policy_id"),
    _function("services.cloudfront", "_xbool", "el tag default"),
    _function("services.cloudfront", "_run_function", "function_arn event"),
    _function("services.cloudfront", "_function_view", "fn stage"),
    Hook("services.cloudfront", "CloudFrontFunctionError", kind=type),
    Hook("services.cloudfront", "_functions"),
    Hook("services.cloudfront", "_kvstores"),
    Hook("services.cloudfront", "_tags"),
    _function("services.cloudfront", "_kvs_arn", "name"),
    _function("services.cloudfront", "_create_kvs", "headers body"),
    _function("services.cloudfront", "_describe_kvs", "name"),
    _function("services.cloudfront", "_delete_kvs", "name headers"),
    _function("services.cloudfront", "_resolve_taggable_cloudfront_arn", "arn"),
    Hook("services.cloudfront_keyvaluestore", "_stores"),
    _function("services.cloudfront_keyvaluestore", "handle_request", _REQUEST),
    _function("services.cloudfront_keyvaluestore", "_error", "code message status"),
    _function("services.cloudfront_keyvaluestore", "_kvs_name_from_arn", "arn"),
    _function("services.cloudfront_keyvaluestore", "_get_store", "arn"),
    _function("services.cloudfront_keyvaluestore", "_compute_size", "items"),
    _function("services.cloudfront_keyvaluestore", "_put_key", "arn key headers body"),
    _function("services.cloudfront_keyvaluestore", "_delete_key", "arn key headers"),
    _function("services.cloudfront_keyvaluestore", "_update_keys", "arn headers body"),
    Hook("core.cloudfront_js", "_pool"),
    _function("core.concurrency", "run_offloop", "fn args kwargs"),
    _function("core.node_pool", "NodeWorkerPool", _NODE_POOL),
    Hook("core.node_pool", "NodeWorkerTimeout", kind=type),
    Hook("core.node_pool", "NodeWorkerError", kind=type),
    _function(
        "services.s3", "serve_cloudfront_origin_fetch", "bucket_name key method headers source_arn oai_id"
    ),
    Hook("services.s3", "_bucket_policies"),
    _function("services.s3", "_error", "code message status resource extra headers"),
    Hook("services.cloudformation", "_stacks"),
    Hook("services.cloudformation", "_change_sets"),
    Hook("services.cloudformation.handlers", "_ACTION_HANDLERS", kind=dict),
    _function("services.cloudformation", "handle_request", "method path headers body query_params"),
    Hook("services.cloudformation.provisioners", "_RESOURCE_HANDLERS", kind=dict),
    _function(
        "services.cloudformation.provisioners",
        "_physical_name",
        "stack_name logical_id lowercase max_len seeded",
    ),
    _function("services.cloudformation.stacks", "_runs_on_worker_thread", "resource_type"),
    _function("services.cloudformation.engine", "_resolve_refs", _RESOLVE),
    _function("services.cloudformation.stacks", "_resolve_refs", _RESOLVE),
    _function("services.cloudformation.changesets", "_resolve_refs", _RESOLVE),
    _function("services.cloudformation.handlers", "_resolve_refs", _RESOLVE),
    _function("services.cloudformation.custom_resource", "deliver_response", "token response"),
    _function("services.lambda_svc", "_execute_function_with_config_scope", "func event"),
    _function("services.s3", "_cloudfront_origin_allows", "owner bucket_name key source_arn oai_id"),
    _function("services.s3", "_bucket_owner_account", "name"),
    _function("services.s3", "_get_object", "bucket_name key headers query_params"),
    _function("services.s3", "_head_object", "bucket_name key headers query_params"),
    Hook("services.s3", "_buckets"),
    Hook("services.s3", "_bucket_websites"),
    _function("services.ecr", "_describe_images", "data"),
    _function("services.ecr", "_find_image", "repo_name image_id"),
    Hook("services.ecr", "_repositories"),
    Hook("services.ecs", "_task_defs"),
    Hook("services.eks", "_clusters"),
    _function("services.alb", "_forward_to_tg", _ALB_GROUP),
    _function("services.alb", "_proxy_http_target", _ALB_TARGET),
    Hook("services.alb", "_targets"),
    Hook("services.alb", "_tgs"),
    Hook("services.alb", "_ACTION_MAP", kind=dict),
    _function("services.alb", "_parse_targets_param", "params prefix"),
    _function("services.alb", "_p", "params key default"),
    _function("services.alb", "_empty", "action"),
    _function("services.secretsmanager", "_get_random_password", "data"),
    _function("services.secretsmanager", "_resolve", "secret_id use_arn_scope"),
    _function("services.secretsmanager", "_rotate_secret", "data"),
    _function("services.secretsmanager", "_get_secret_value", "data"),
    _function("services.alb", "_execute_actions", _ALB_ACTIONS),
    Hook("services.alb", "_rules"),
    _function("core.responses", "request_scope", "account_id region"),
    _function("services.apigateway_v1", "_vtl_util", "steps st"),
    _function("services.apigateway_v1", "_vtl_value", "expr st"),
    _function("services.apigateway_v1", "_vtl_split_args", "src"),
    _function(
        "services.apigateway_v1", "_render_request_template_v1", "template body_str params_map context"
    ),
    _function("services.apigateway_v1", "_service_integration_response", _INTEGRATION_RESPONSE),
    _function("services.apigateway_v1", "_invoke_lambda_custom_v1", _INTEGRATION),
    _function("services.eventbridge", "handle_request", _REQUEST),
    _function("services.eventbridge", "_rule_key", "rule_name bus_name"),
    _function("services.eventbridge", "_dispatch_event", "event view"),
    _function("services.eventbridge", "_archive_event", "event view"),
    _function(
        "services.eventbridge", "_dispatch_to_event_bus", "spec event rule event_path target_input_payload"
    ),
    Hook("services.eventbridge", "_event_buses"),
    _function("services.eventbridge", "_matches_detail", "detail pattern"),
    _function("services.alb", "dispatch_request", _ALB_REQUEST),
    _function("services.alb", "find_lb_for_host", "host"),
    _function("services.alb", "_match_condition", "cond method path headers query_params"),
    Hook("services.route53", "_records"),
    _function("services.route53", "_parse_health_check_config", "el"),
    _function("services.route53", "_build_health_check_el", "parent hc"),
    _function(
        "services.cloudfront", "_origin_request_headers", "origin headers client_ip viewer_x_forwarded_for"
    ),
    _function("services.cloudfront", "_multidict_from_pairs", "pairs"),
    _function("services.cloudfront", "_collect_streaming_body", "stream read_timeout"),
    _function(
        "services.apigateway_v1",
        "_invoke_http_proxy_v1",
        "integration path method headers body query_params path_params",
    ),
    Hook("services.s3", "_bucket_replication"),
    _function("services.s3", "_maybe_replicate", "bucket_name key obj data tags"),
    _function("services.s3", "_maybe_replicate_delete_marker", "bucket_name key"),
    _function("services.waf", "web_acl_record", "uid scope"),
    Hook("services.pipes", "_pipes"),
    _function("services.pipes", "_deliver_batch", "pipe batch"),
    _function("services.pipes", "_poll_pipe", "_ddb pipe pipe_account_id"),
    _function("services.cloudformation.provisioners", "_sm_secret_string", "props"),
    _function("services.cloudformation.provisioners", "_normalize_container_defs", "cdefs"),
    _function("services.cloudformation.provisioners", "_cw_metric_alarm_record", "name props"),
)


def module(name: str) -> ModuleType:
    """Return the module `ministack.<name>`."""
    return importlib.import_module(f"ministack.{name}")


def get(name: str, attribute: str) -> Any:
    """Return an internal that `HOOKS` lists; any other is a mistake of ours."""
    if not any(hook.module == name and hook.name == attribute for hook in HOOKS):
        raise LookupError(f"ministack.{name}.{attribute} is used but not listed in internals.HOOKS")
    return getattr(module(name), attribute)


def replace(name: str, attribute: str, value: Any) -> None:
    """Put `value` in the place of an internal that `HOOKS` lists."""
    get(name, attribute)
    setattr(module(name), attribute, value)


def installed_version() -> str:
    """Return ministack's version, or `none` where it is not installed."""
    try:
        return importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        return "none"


def version_problems() -> list[str]:
    """Return what is wrong about ministack's version, without importing it."""
    if installed_version() == SUPPORTED_MINISTACK:
        return []
    return [f"found ministack {installed_version()}, expected {SUPPORTED_MINISTACK}"]


def problems() -> list[str]:
    """Return what is not as the extension expects it, empty if all is well. Imports ministack only if the
    version is right."""
    wrong_version = version_problems()
    if wrong_version:
        return wrong_version
    found = (_problem(hook) for hook in HOOKS)
    return [problem for problem in found if problem]


def _problem(hook: Hook) -> str | None:
    try:
        value = getattr(module(hook.module), hook.name)
    except ImportError as error:
        return f"ministack.{hook.module} cannot be imported ({error})"
    except AttributeError:
        return f"{hook} is missing"
    if hook.parameters is not None:
        if not callable(value):
            return f"{hook} is no function"
        found = tuple(inspect.signature(value).parameters)
        if found != hook.parameters:
            return f"{hook} takes ({', '.join(found)}), expected ({', '.join(hook.parameters)})"
    if hook.kind is not None and not isinstance(value, hook.kind):
        return f"{hook} is a {type(value).__name__}, expected a {hook.kind.__name__}"
    return None


# --- the request that is being served: account, region ---------------------------------------------------


def account() -> str:
    """Account id of the current request or stack operation."""
    return str(get("core.responses", "get_account_id")())


def region() -> str:
    """Region of the current request or stack operation."""
    return str(get("core.responses", "get_region")())


def physical_name(stack: str, logical_id: str, *, max_length: int = 128, lowercase: bool = False) -> str:
    """Return the name that CloudFormation gives a resource without one: `<stack>-<logical id>-<suffix>`."""
    make = get("services.cloudformation.provisioners", "_physical_name")
    return str(make(stack, logical_id, lowercase=lowercase, max_len=max_length))
