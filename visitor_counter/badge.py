"""The count as an image that a page or a README can show."""

from flask import Response

_LABEL = "visitors"
# Pixels. Without a font's measures a digit gets what the widest common ones need.
_LABEL_WIDTH = 62
_DIGIT_WIDTH = 8
_PADDING = 12
_HEIGHT = 20


def svg(visits: int | None) -> str:
    """The image; `None`: the number is not to be had just now."""
    number = "n/a" if visits is None else f"{visits:,}"
    value_width = _PADDING + _DIGIT_WIDTH * len(number)
    width = _LABEL_WIDTH + value_width
    # Attributes and no style sheet: the answer's own content security policy lets none through.
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{_HEIGHT}" role="img" '
        f'aria-label="{_LABEL}: {number}">'
        f"<title>{_LABEL}: {number}</title>"
        f'<clipPath id="r"><rect width="{width}" height="{_HEIGHT}" rx="4"/></clipPath>'
        f'<g clip-path="url(#r)"><rect width="{_LABEL_WIDTH}" height="{_HEIGHT}" fill="#333d3b"/>'
        f'<rect x="{_LABEL_WIDTH}" width="{value_width}" height="{_HEIGHT}" fill="#0f766e"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{_LABEL_WIDTH / 2:g}" y="14">{_LABEL}</text>'
        f'<text x="{_LABEL_WIDTH + value_width / 2:g}" y="14">{number}</text></g></svg>\n'
    )


def response(visits: int | None) -> Response:
    """`svg` as an answer."""
    return Response(svg(visits), mimetype="image/svg+xml")
