"""CloudFront Functions on the extension's workers, and what they read from their key value store."""

import asyncio
import os
import subprocess
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest

from local.emulator import internals, key_value_api
from local.emulator.environment import programs
from local.emulator.key_value_store import Functions

_ID = "0f7c3a52-1d1e-4b8e-9a55-6f0c2f1f7f10"
_ARN = f"arn:aws:cloudfront::000000000000:key-value-store/{_ID}"
_popen = subprocess.Popen
_CLOUDFRONT = "services.cloudfront"
_CONTENTS = "services.cloudfront_keyvaluestore"


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    # in a thread: Playwright keeps an event loop in the one that tests run in
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


class Edge:
    """One function and one store, without CloudFront around them."""

    def __init__(self) -> None:
        self.functions = Functions()
        self.store: dict[str, Any] = internals.get(_CONTENTS, "_get_store")(_ARN)[0]

    def put(self, **items: str) -> None:
        """Change the store as the API does."""
        self.store["items"].update(items)
        self.store["etag"] += "+"

    def publish(self, code: str, *, associated: bool = True) -> None:
        """Make this the code of the function."""
        live = {"code": code.encode(), "kvs_arns": [_ARN] if associated else []}
        internals.get(_CLOUDFRONT, "_functions")["f"] = {"live_etag": "1", "live_body": live}

    async def call(self, **event: Any) -> Any:
        """Run the function."""
        return await self.functions.run("arn:aws:cloudfront::000000000000:function/f", event)

    def answer(self, code: str, *, associated: bool = True) -> Any:
        """Publish and run; `code` is the body of an async handler that has `kvs`."""
        self.publish(
            "import cf from 'cloudfront';\nconst kvs = cf.kvs();\n"
            f"async function handler(event) {{ {code} }}",
            associated=associated,
        )
        return _run(self.call())


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    """The corrected ministack of this test alone, with one empty store."""
    for hook in internals.HOOKS:
        if hook.module in (_CLOUDFRONT, _CONTENTS):
            module = internals.module(hook.module)
            monkeypatch.setattr(module, hook.name, getattr(module, hook.name))
    record = {"ARN": _ARN, "Id": _ID, "Name": "values"}
    for where, name, value in (
        (_CLOUDFRONT, "_functions", {}),
        (_CLOUDFRONT, "_kvstores", {"values": record}),
        (_CONTENTS, "_stores", {}),
    ):
        monkeypatch.setattr(internals.module(where), name, value)
    monkeypatch.setenv("PATH", os.pathsep.join([*programs(), os.environ["PATH"]]))
    internals.get("core.responses", "set_request_account_id")("")
    key_value_api.install()
    started = []

    def start(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
        started.append(_popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", start)
    made = Edge()
    yield made
    made.functions.pool.reset()
    for worker in started:
        with (
            worker
        ):  # ministack leaves the pipes to the garbage collector, which pytest takes for our mistake
            pass


def _failure(edge: Edge, code: str, *, associated: bool = True) -> str:
    with pytest.raises(internals.get(_CLOUDFRONT, "CloudFrontFunctionError")) as caught:
        edge.answer(code, associated=associated)
    return str(caught.value)


def test_values_come_in_the_format_that_is_asked_for(edge: Edge) -> None:
    edge.put(text="größer", data='{"to": ["/docs"]}')
    assert edge.answer("return await kvs.get('text');") == "größer"
    assert edge.answer("return await kvs.get('text', {format: 'string'});") == "größer"
    assert edge.answer("return (await kvs.get('data', {format: 'json'})).to[0];") == "/docs"
    assert edge.answer(
        "const b = await kvs.get('text', {format: 'bytes'}); return [Buffer.isBuffer(b), b.length];"
    ) == [True, 8]
    assert "SyntaxError" in _failure(edge, "return await kvs.get('text', {format: 'json'});")
    assert "InvalidFormat" in _failure(edge, "return await kvs.get('text', {format: 'xml'});")


def test_a_missing_key_is_an_error_that_the_function_can_catch(edge: Edge) -> None:
    assert "KeyNotFound" in _failure(edge, "return await kvs.get('none');")
    assert edge.answer("try { await kvs.get('none'); } catch (e) { return e instanceof Error; }") is True
    assert "KeyNotFound" in _failure(edge, "return await kvs.get('toString');")


def test_what_is_there_is_counted_and_described(edge: Edge) -> None:
    edge.put(a="1", b="")
    assert edge.answer(
        "return [await kvs.exists('a'), await kvs.exists('b'), await kvs.exists('c'), await kvs.count()];"
    ) == [True, True, False, 2]
    assert edge.answer("return await kvs.meta();") == {
        "creationDateTime": edge.store["created"],
        "lastUpdatedDateTime": edge.store["modified"],
        "keyCount": 2,
    }


@pytest.mark.parametrize(
    "code",
    [
        "import cf from 'cloudfront'; const kvs = cf.kvs(); async function handler() { return kvs.get('a'); }",
        'import cf from"cloudfront";const h=cf.kvs();const handler=async()=>await h.get("a");',
        "import {kvs as open} from 'cloudfront'\nasync function handler() { return await open().get('a'); }",
        "import * as cf from 'cloudfront';\nfunction handler() { return cf.kvs().get('a'); }",
        f"import cf from 'cloudfront';\nconst kvs = cf.kvs('{_ID}');\nasync function handler() "
        "{ return kvs.get('a'); }",
        "const cf = require('cloudfront');\nasync function handler() { return cf.kvs().get('a'); }",
    ],
    ids=["one line", "minified", "named", "namespace", "by id, inside", "require"],
)
def test_every_way_to_the_store(edge: Edge, code: str) -> None:
    edge.put(a="found")
    edge.publish(code)
    assert _run(edge.call()) == "found"


def test_without_the_store_it_fails(edge: Edge) -> None:
    assert "no key value store" in _failure(edge, "return 1;", associated=False)
    edge.publish("import cf from 'cloudfront'; function handler() { return cf.kvs('0f7c'); }")
    with pytest.raises(Exception, match="0f7c"):
        _run(edge.call())
    assert edge.answer("return kvs.count();") == 0
    internals.get(_CLOUDFRONT, "_kvstores").clear()
    assert "no key value store" in _failure(edge, "return kvs.count();")


def test_the_other_modules_are_there_and_no_more(edge: Edge) -> None:
    edge.publish(
        "import crypto from 'crypto';\nimport {stringify} from 'querystring';\nimport b from 'buffer';\n"
        "function handler(event) { console.log('logged'); return [stringify({a: 1}),"
        " crypto.createHash('md5').update('a').digest('hex').length, typeof b.Buffer, event.n]; }"
    )
    assert _run(edge.call(n=7)) == ["a=1", 32, "function", 7]
    edge.publish("import fs from 'fs';\nfunction handler() {}")
    with pytest.raises(Exception, match="no module 'fs'"):
        _run(edge.call())
    edge.publish("function other() {}")
    with pytest.raises(Exception, match="no function named handler"):
        _run(edge.call())


def test_a_rejection_that_nobody_waits_for_is_no_error(edge: Edge) -> None:
    for _ in range(3):
        assert edge.answer("kvs.get('none'); await 0; return 'done';") == "done"


def test_a_function_without_end_is_ended(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edge.functions.pool, "timeout", 0.5)
    before = set(psutil.Process().children(recursive=True))
    assert "exceeded" in _failure(edge, "for (;;);")
    assert set(psutil.Process().children(recursive=True)) <= before
    assert edge.answer("return 'next';") == "next"


def test_each_call_sees_the_store_as_it_is_and_gets_it_once(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = []
    call = edge.functions.pool.call

    def watched(request: dict[str, Any]) -> Any:
        sent.append("contents" in request)
        return call(request)

    monkeypatch.setattr(edge.functions.pool, "call", watched)
    edge.put(a="1")
    assert edge.answer("return kvs.get('a');") == "1"
    for _ in range(3):
        assert _run(edge.call()) == "1"
    edge.put(a="2")
    assert _run(edge.call()) == "2"
    assert sent == [False, True, False, False, False, False, True]


def test_one_call_sees_one_version(edge: Edge) -> None:
    edge.put(a="1", b="1")
    edge.publish(
        "import cf from 'cloudfront'; const kvs = cf.kvs();\nasync function handler() { const a = await"
        " kvs.get('a'); const end = Date.now() + 300; while (Date.now() < end); return [a, await kvs.get('b')]; }"
    )

    async def change_meanwhile() -> Any:
        await edge.call()  # the worker has started
        slow = asyncio.ensure_future(edge.call())
        await asyncio.sleep(0.1)
        edge.put(a="2", b="2")
        return await slow, await edge.call()

    assert _run(change_meanwhile()) == (["1", "1"], ["2", "2"])


def test_many_calls_at_a_time_while_the_store_changes(edge: Edge) -> None:
    edge.put(n="0")
    edge.publish("import cf from 'cloudfront';\nasync function handler() { return cf.kvs().get('n'); }")

    async def at_least(n: int) -> bool:
        return int(await edge.call()) >= n

    async def all_at_once() -> bool:
        calls = []
        for n in range(60):
            edge.put(n=str(n))
            calls.append(asyncio.ensure_future(at_least(n)))
            await asyncio.sleep(0.002)
        return all(await asyncio.gather(*calls))

    assert _run(all_at_once())
