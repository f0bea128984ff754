"""The CloudFront Functions keep to what CloudFront's runtime has; Node, which runs them in the tests, has more.

"JavaScript runtime 2.0 features for CloudFront Functions": ECMAScript 5.1, and of later versions what is listed.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import esprima  # type: ignore[import-untyped]  # ships no types
import pytest

EDGE = Path(__file__).resolve().parents[3] / "stacks" / "site_hosting" / "edge"
FUNCTIONS = sorted(EDGE.glob("*.js"))

# Node types of ES 5.1, and the later ones that the page names: const and let, async and await, template
# literals, arrow functions, rest parameters; and the import of a built-in module.
ALLOWED = frozenset(
    re.findall(
        r"\w+",
        """
    Program BlockStatement BreakStatement CatchClause ContinueStatement DoWhileStatement EmptyStatement
    ExpressionStatement ForInStatement ForStatement FunctionDeclaration FunctionExpression IfStatement
    LabeledStatement ReturnStatement SwitchCase SwitchStatement ThrowStatement TryStatement VariableDeclaration
    VariableDeclarator WhileStatement
    ArrayExpression AssignmentExpression BinaryExpression CallExpression ConditionalExpression Identifier Literal
    LogicalExpression MemberExpression NewExpression ObjectExpression Property SequenceExpression ThisExpression
    UnaryExpression UpdateExpression
    ArrowFunctionExpression AwaitExpression RestElement TemplateElement TemplateLiteral
    ImportDeclaration ImportDefaultSpecifier
    """,
    )
)
MODULES = {"cloudfront", "crypto", "querystring", "buffer"}


def nodes(tree: Any, parent: Any = None) -> Iterator[tuple[Any, Any]]:
    """Every node of a syntax tree, with its parent."""
    yield tree, parent
    for child in vars(tree).values():
        for each in child if isinstance(child, list) else [child]:
            if isinstance(getattr(each, "type", None), str) and hasattr(each, "loc"):
                yield from nodes(each, tree)


def faults(code: str) -> list[str]:
    """What the runtime lacks: `line: reason` each."""
    tree = esprima.parseModule(code, {"loc": True})
    return [
        f"{node.loc.start.line}: {reason}"
        for node, parent in nodes(tree)
        if (reason := _fault(node, parent)) is not None
    ]


def _fault(node: Any, parent: Any) -> str | None:
    if node.type not in ALLOWED:
        return f"{node.type} is not in the runtime"
    if node.type == "Property" and (node.computed or node.shorthand or node.method):
        return "computed, shorthand and method properties are of ECMAScript 6 and not listed"
    if node.type == "ImportDeclaration" and node.source.value not in MODULES:
        return f"there is no module {node.source.value}"
    if node.type in ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"):
        if node.generator:
            return "no generators"
        # "async arguments and closures are not supported"
        if getattr(node, "isAsync", False) and (
            node.type != "FunctionDeclaration" or parent.type != "Program"
        ):
            return "async functions only at the top"
    if node.type == "VariableDeclaration" and node.kind != "var" and parent.type.startswith("For"):
        return f"{node.kind} in a loop's head: a binding per iteration is not promised"
    return None


def test_there_are_some() -> None:
    assert {path.name for path in FUNCTIONS} >= {"viewer_request.js", "viewer_response.js"}


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.name)
def test_keeps_to_the_runtime(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize(
    "code",
    [
        "for (const x of [1]) {}",
        "for (let i = 0; i < 1; i++) {}",
        "var {a} = {};",
        "var [a] = [];",
        "class A {}",
        "function f(a = 1) {}",
        "f(...[1]);",
        "var o = {[1]: 2};",
        "var o = {o};",
        "function* f() {}",
        "var f = async function () {};",
        "import fs from 'fs';",
    ],
)
def test_what_the_runtime_lacks_is_found(code: str) -> None:
    assert len(faults(code)) >= 1


@pytest.mark.parametrize("code", ["a?.b;", "a ?? b;", "try {} catch {}", "class A { #b = 1 }", "a ||= b;"])
def test_later_syntax_is_not_even_parsed(code: str) -> None:
    with pytest.raises(esprima.Error):
        faults(code)
