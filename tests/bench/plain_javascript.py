"""The plain JavaScript twin of the app: a program that makes the same calls of the CDK, without Python and jsii.

It is written from a recording of what the app says to jsii: each object is created, each method called and each
property read by a statement of its own, in the same order and with the same arguments. The templates are therefore
the same, byte for byte, and the difference in time is what Python, jsii and the app's own thinking cost. It is
faster than any app that somebody would write by hand: it decides nothing.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_PART: Final = 500  # statements in a function: V8 compiles each when it is called
_OTHER: Final = frozenset({"load", "del", "stats", "naming"})
"""What is of jsii alone."""


def package_folder(folder: Path, cache: Path) -> Path:
    """Make `node_modules` in `folder`, of the packages that jsii unpacked into `cache`, and return it."""
    modules = folder / "node_modules"
    # <name>/<version>/<hash>/package.json, and names may have a scope before them
    for manifest in [*cache.glob("*/*/*/package.json"), *cache.glob("@*/*/*/*/package.json")]:
        link = modules / json.loads(manifest.read_text())["name"]
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(manifest.parent, target_is_directory=True)
    return modules


def program(recording: Iterable[str]) -> str:
    """The JavaScript that does what `recording` (tests/bench/jsii_recorder.py) says."""
    return _Writer(recording).whole()


_PROLOGUE: Final = """\
"use strict";
const o = [];  // jsii's objects by their numbers
let r;
let asked = 0;
const loaded = {};
const lib = (name) => loaded[name] ??= require(name);
const original = Symbol("what Python calls super()");

function overridden(object, overrides) {
  object[original] = {};
  for (const { method, property } of overrides) {
    if (method) {
      object[original][method] = object[method];
      object[method] = (...given) => answers[asked++](given);
    } else {
      let holder = object;
      while (holder && !Object.getOwnPropertyDescriptor(holder, property)) holder = Object.getPrototypeOf(holder);
      object[original][property] = holder && Object.getOwnPropertyDescriptor(holder, property);
      Object.defineProperty(object, property, { get: () => answers[asked++]([]), configurable: true });
    }
  }
  return object;
}

function called(object, method) {
  return (object[original]?.[method] ?? object[method]).bind(object);
}

function got(object, property) {
  const before = object[original]?.[property];
  return before ? before.get.call(object) : object[property];
}
"""


class _Writer:
    def __init__(self, recording: Iterable[str]) -> None:
        self._messages = iter(recording)
        self._known: set[str] = set()
        self._callbacks: list[str] = []

    def whole(self) -> str:
        statements = list(self._statements())
        parts = [statements[start : start + _PART] for start in range(0, len(statements), _PART)]
        functions = [
            f"function part{number}() {{\n" + "\n".join(part) + "\n}" for number, part in enumerate(parts)
        ]
        calls = "\n".join(f"part{number}();" for number in range(len(parts)))
        answers = "const answers = [\n" + ",\n".join(self._callbacks) + "\n];"
        return "\n".join([_PROLOGUE, answers, *functions, calls, ""])

    def _statements(self) -> Iterator[str]:
        """Until the recording, or the callback that is being written, ends."""
        for line in self._messages:
            request = json.loads(line)
            if "complete" in request:
                self._result = request["complete"]
                return
            yield from self._statement(request, json.loads(next(self._messages)))

    def _statement(self, request: Mapping[str, Any], answer: Mapping[str, Any]) -> Iterator[str]:
        kind = request["api"]
        while "callback" in answer:
            self._callback(answer["callback"])
            answer = json.loads(next(self._messages))
        if "error" in answer:
            raise ValueError(f"the recorded app failed: {answer['error']}")
        if kind in _OTHER:
            return
        done = _EXPRESSIONS[kind](request)
        value = answer["ok"] if kind == "create" else answer["ok"].get("value", answer["ok"].get("result"))
        yield self._bound(done, value)

    def _callback(self, callback: Mapping[str, Any]) -> None:
        """An override: what Python did when it was called, as a function that is called in its turn."""
        number = len(self._callbacks)
        self._callbacks.append("")
        given = callback.get("invoke", {}).get("args") or []
        bound = [self._bound(f"given[{place}]", each) for place, each in enumerate(given)]
        body = [*bound, *self._statements()]
        if self._result.get("err"):
            raise ValueError(f"the recorded app failed: {self._result['err']}")
        result = _value(self._result.get("result"))
        self._callbacks[number] = "function (given) {\n" + "\n".join(body) + f"\nreturn {result};\n}}"

    def _bound(self, expression: str, value: object) -> str:
        """`expression`, and a name for each object that jsii saw in its value for the first time."""
        names = list(self._names(value, ""))
        if not names:
            return f"{expression};"
        if len(names) == 1:
            name, path = names[0]
            return f"o[{name}] = {expression}{path};"
        return f"r = {expression}; " + " ".join(f"o[{name}] = r{path};" for name, path in names)

    def _names(self, value: object, path: str) -> Iterator[tuple[str, str]]:
        if isinstance(value, list):
            for place, each in enumerate(value):
                yield from self._names(each, f"{path}[{place}]")
        elif isinstance(value, dict):
            if "$jsii.byref" in value:
                number = _number(value["$jsii.byref"])
                if number not in self._known:
                    self._known.add(number)
                    yield number, path
                return
            for key, each in value.get("$jsii.map", value).items():
                yield from self._names(each, f"{path}[{json.dumps(key)}]")


def _number(reference: str) -> str:
    return reference.rpartition("@")[2]


def _library(fqn: str) -> str:
    """`aws-cdk-lib.aws_s3.Bucket` as an expression."""
    package, *names = fqn.split(".")
    return f"lib({json.dumps(package)})" + "".join(f".{name}" for name in names)


def _value(value: object) -> str:
    """An argument as jsii was given it, as an expression."""
    match value:
        case None:
            return "undefined"
        case list():
            return "[" + ", ".join(_value(each) for each in value) + "]"
        case {"$jsii.byref": str(reference)}:
            return f"o[{_number(reference)}]"
        case {"$jsii.enum": str(member)}:
            fqn, _, name = member.rpartition("/")
            return f"{_library(fqn)}.{name}"
        case {"$jsii.date": str(date)}:
            return f"new Date({json.dumps(date)})"
        case {"$jsii.struct": {"data": dict(data)}}:
            # one that is not given is left out, as whoever spreads a struct over defaults expects
            return _value({key: each for key, each in data.items() if each is not None})
        case {"$jsii.map": dict(data)}:
            return _value(data)
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {_value(each)}" for key, each in value.items()) + "}"
        case _:
            return json.dumps(value)


def _arguments(request: Mapping[str, Any]) -> str:
    given = list(request.get("args") or [])
    while given and given[-1] is None:
        given.pop()
    return ", ".join(_value(each) for each in given)


def _created(request: Mapping[str, Any]) -> str:
    made = "{}" if request["fqn"] == "Object" else f"new ({_library(request['fqn'])})({_arguments(request)})"
    overrides = request.get("overrides") or []
    return f"overridden({made}, {json.dumps(overrides)})" if overrides else made


def _object(request: Mapping[str, Any]) -> str:
    return f"o[{_number(request['objref']['$jsii.byref'])}]"


_EXPRESSIONS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "create": _created,
    "get": lambda request: f"got({_object(request)}, {json.dumps(request['property'])})",
    "set": lambda request: f"{_object(request)}.{request['property']} = {_value(request['value'])}",
    "sget": lambda request: f"{_library(request['fqn'])}.{request['property']}",
    "sset": lambda request: f"{_library(request['fqn'])}.{request['property']} = {_value(request['value'])}",
    "invoke": lambda request: (
        f"called({_object(request)}, {json.dumps(request['method'])})({_arguments(request)})"
    ),
    "sinvoke": lambda request: f"{_library(request['fqn'])}.{request['method']}({_arguments(request)})",
}
