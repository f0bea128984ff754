"""The API of a key value store's contents: its limits, its ARN, its times.

CloudFront developer guide, "Quotas on key value stores" and "Get a reference to a key value store". ministack
makes the ARN from the store's name and takes values of any size.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from local.emulator import internals
from local.emulator.internals import Headers, Response

_MODULE = "services.cloudfront_keyvaluestore"
_MANAGEMENT = "services.cloudfront"

_MAX_KEY_BYTES = 512
_MAX_VALUE_BYTES = 1024
_MAX_KEYS_PER_CALL = 50
_MAX_STORE_BYTES = 5 * 1024 * 1024


def record_of(arn: str) -> dict[str, Any] | None:
    """Return what CloudFront knows about the store with this ARN, None if there is none."""
    records = internals.get(_MANAGEMENT, "_kvstores").values()
    return next((record for record in records if record["ARN"] == arn), None)


def forget(arn: str) -> None:
    """Remove the contents of a store that was deleted."""
    internals.get(_MODULE, "_stores").pop(arn, None)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _refusal(store: dict[str, Any], puts: list[Any], deletes: list[Any]) -> tuple[str, str, int] | None:
    """AWS's error for a change that breaks a limit, None for one that does not.

    Malformed entries are left to ministack.
    """
    if len(puts) + len(deletes) > _MAX_KEYS_PER_CALL:
        return "ValidationException", f"One call may change {_MAX_KEYS_PER_CALL} keys at most.", 400
    items = dict(store["items"])
    for entry in puts:
        key, value = (entry.get("Key"), entry.get("Value")) if isinstance(entry, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str):
            return None
        for what, text, limit in (("key", key, _MAX_KEY_BYTES), ("value", value, _MAX_VALUE_BYTES)):
            if len(text.encode()) > limit:
                return "ValidationException", f"A {what} may have {limit} bytes at most.", 400
        items[key] = value
    for entry in deletes:
        items.pop(entry.get("Key") if isinstance(entry, dict) else None, None)
    if internals.get(_MODULE, "_compute_size")(items) > _MAX_STORE_BYTES:
        return "ServiceQuotaExceededException", f"A store may hold {_MAX_STORE_BYTES} bytes at most.", 402
    return None


def _given(body: bytes) -> dict[str, Any]:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _change(arn: str, puts: list[Any], deletes: list[Any], proceed: Callable[[], Response]) -> Response:
    store, error = internals.get(_MODULE, "_get_store")(arn)
    if error:
        missing: Response = error
        return missing
    refusal = _refusal(store, puts, deletes)
    response: Response = internals.get(_MODULE, "_error")(*refusal) if refusal else proceed()
    if response[0] == 200:
        store["modified"] = _now()
    return response


def _install_contents() -> None:
    handle = internals.get(_MODULE, "handle_request")
    name_of = internals.get(_MODULE, "_kvs_name_from_arn")
    put = internals.get(_MODULE, "_put_key")
    delete = internals.get(_MODULE, "_delete_key")
    update = internals.get(_MODULE, "_update_keys")

    async def handle_request(
        method: str, path: str, headers: Headers, body: bytes, query_params: dict[str, Any]
    ) -> Response:
        # The path is decoded already; ministack would decode a key's own percent signs once more.
        response: Response = await handle(method, path.replace("%", "%25"), headers, body, query_params)
        return response

    def get_store(arn: str) -> tuple[dict[str, Any] | None, Response | None]:
        _name, error = name_of(arn)
        if error:
            return None, error
        if record_of(arn) is None:
            message = f"The key value store {arn} was not found."
            return None, internals.get(_MODULE, "_error")("ResourceNotFoundException", message, 404)
        stores = internals.get(_MODULE, "_stores")
        store: dict[str, Any] | None = stores.get(arn)
        if store is None:
            store = stores[arn] = {"etag": str(uuid4()), "items": {}, "created": _now(), "modified": _now()}
        return store, None

    def put_key(arn: str, key: str, headers: Headers, body: bytes) -> Response:
        puts = [{"Key": key, "Value": _given(body).get("Value")}]
        return _change(arn, puts, [], lambda: put(arn, key, headers, body))

    def delete_key(arn: str, key: str, headers: Headers) -> Response:
        return _change(arn, [], [{"Key": key}], lambda: delete(arn, key, headers))

    def update_keys(arn: str, headers: Headers, body: bytes) -> Response:
        lists = (_given(body).get(name) for name in ("Puts", "Deletes"))
        puts, deletes = (value if isinstance(value, list) else [] for value in lists)
        return _change(arn, puts, deletes, lambda: update(arn, headers, body))

    for name, function in (
        ("handle_request", handle_request),
        ("_get_store", get_store),
        ("_put_key", put_key),
        ("_delete_key", delete_key),
        ("_update_keys", update_keys),
    ):
        internals.replace(_MODULE, name, function)


def _install_management() -> None:
    """The ARN ends with the id, and a deleted store has no contents any more."""
    create = internals.get(_MANAGEMENT, "_create_kvs")
    delete = internals.get(_MANAGEMENT, "_delete_kvs")
    taggable = internals.get(_MANAGEMENT, "_resolve_taggable_cloudfront_arn")

    def arn_of(name: str) -> str:
        record = internals.get(_MANAGEMENT, "_kvstores").get(name)
        if record is not None:
            return str(record["ARN"])
        return f"arn:aws:cloudfront::{internals.account()}:key-value-store/{uuid4()}"

    def create_with_arn(headers: Headers, body: bytes) -> Response:
        status, fields, content = create(headers, body)
        if status == 201:
            name = fields["Location"].rpartition("/")[2]
            align(internals.get(_MANAGEMENT, "_kvstores")[name])
            content = internals.get(_MANAGEMENT, "_describe_kvs")(name)[2]
        return status, fields, content

    def delete_with_contents(name: str, headers: Headers) -> Response:
        record = internals.get(_MANAGEMENT, "_kvstores").get(name)
        response: Response = delete(name, headers)
        if record is not None and response[0] == 204:
            forget(record["ARN"])
        return response

    def resolve(arn: str) -> tuple[str | None, Response | None]:
        found: tuple[str | None, Response | None] = (arn, None) if record_of(arn) else taggable(arn)
        return found

    internals.replace(_MANAGEMENT, "_kvs_arn", arn_of)
    internals.replace(_MANAGEMENT, "_create_kvs", create_with_arn)
    internals.replace(_MANAGEMENT, "_delete_kvs", delete_with_contents)
    internals.replace(_MANAGEMENT, "_resolve_taggable_cloudfront_arn", resolve)


def align(record: dict[str, Any]) -> None:
    """Let a new store's id be the one that its ARN ends with."""
    record["Id"] = record["ARN"].rpartition("/")[2]


def install() -> None:
    """Correct the API of the contents and the four calls of CloudFront's own API that touch them."""
    _install_contents()
    _install_management()
