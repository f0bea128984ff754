"""GitHub's expressions, as far as our workflows use them ("Evaluate expressions in workflows and actions").

Literals are strings in single quotes; operators are `==`, `!=`, `&&`, `||`; functions are those of the caller.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

Functions = Mapping[str, Callable[[], bool]]

_TOKEN: Final = re.compile(r"\s*('(?:[^']|'')*'|&&|\|\||==|!=|[A-Za-z_][\w.-]*\(\)|[A-Za-z_][\w.-]*|[()])")
_TEMPLATE: Final = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)


class UnknownExpressionError(ValueError):
    """Something that this evaluator does not know; GitHub may."""


def evaluate(expression: str, names: Mapping[str, str], functions: Functions) -> str | bool:
    """The value of `expression`. `names`: by their whole path (`vars.AWS_REGION`); what is not there is empty, as
    at GitHub. Raises UnknownExpressionError."""
    tokens, place = [], 0
    expression = expression.strip()
    while place < len(expression):
        match = _TOKEN.match(expression, place)
        if not match:
            raise UnknownExpressionError(expression[place:])
        tokens.append(match[1])
        place = match.end()
    parser = _Parser(tokens, names, functions)
    value = parser.either()
    if parser.rest:
        raise UnknownExpressionError(" ".join(parser.rest))
    return value


def filled_in(text: str, names: Mapping[str, str], functions: Functions) -> str:
    """`text` with each `${{ … }}` replaced by its value."""

    def value(match: re.Match[str]) -> str:
        found = evaluate(match[1], names, functions)
        return found if isinstance(found, str) else str(found).lower()

    return _TEMPLATE.sub(value, text)


class _Parser:
    def __init__(self, tokens: list[str], names: Mapping[str, str], functions: Functions) -> None:
        self.rest = tokens
        self._names = names
        self._functions = functions

    def either(self) -> str | bool:
        value = self._both()
        while self._takes("||"):
            other = self._both()
            value = value or other
        return value

    def _both(self) -> str | bool:
        value = self._compared()
        while self._takes("&&"):
            other = self._compared()
            value = value and other
        return value

    def _compared(self) -> str | bool:
        value = self._one()
        for operator, wanted in (("==", True), ("!=", False)):
            if self._takes(operator):
                return (value == self._one()) is wanted
        return value

    def _one(self) -> str | bool:
        if not self.rest:
            raise UnknownExpressionError("it ends too soon")
        token = self.rest.pop(0)
        if token == "(":
            value = self.either()
            if not self._takes(")"):
                raise UnknownExpressionError("a parenthesis is not closed")
            return value
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if token.endswith("()"):
            if token[:-2] not in self._functions:
                raise UnknownExpressionError(token)
            return self._functions[token[:-2]]()
        return self._names.get(token, "")

    def _takes(self, token: str) -> bool:
        taken = bool(self.rest) and self.rest[0] == token
        if taken:
            self.rest.pop(0)
        return taken
