"""What an intrinsic function says, as far as a template tells."""

from collections.abc import Mapping, Sequence

from review.platform.templates import PLACES


def text_of(stack: str, value: object) -> str:
    """`value` as one text: what is known only at deployment stands as `${…}`, with its stack where it is the
    stack's own. AWS::Region is known."""
    match value:
        case str() | int() | float():
            return str(value)
        case {"Ref": "AWS::Region"}:
            return PLACES[stack].region
        case {"Ref": str(name)}:
            return f"${{{name}}}" if name.startswith("AWS::") else f"${{{stack}.{name}}}"
        case {"Fn::GetAtt": [str(name), attribute]}:
            return f"${{{stack}.{name}.{attribute}}}"
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(text_of(stack, part) for part in parts)
        case {"Fn::Sub": str(template)}:
            return template.replace("${AWS::Region}", PLACES[stack].region)
        case {"Fn::GetStackOutput": {"StackName": other, "OutputName": output}}:
            return f"${{{other}.{output}}}"
        case Mapping():
            return " ".join(f"{name} {text_of(stack, inner)}" for name, inner in value.items())
        case Sequence():
            return " ".join(text_of(stack, inner) for inner in value)
        case _:
            return str(value)
