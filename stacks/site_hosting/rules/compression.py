"""Which files are sent compressed to who accepts it: CloudFront developer guide, "Serve compressed files"."""

import re
from typing import Final

MIN_BYTES: Final = 1_000
MAX_BYTES: Final = 10_000_000
# Of CloudFront's list the types that sites have; what it leaves out (images, WOFF) is compressed in itself.
_TYPES: Final = re.compile(
    r"text/(css|csv|html|javascript|plain|richtext|tab-separated-values|xml)"
    r"|application/(json|javascript|xml|xhtml\+xml|rss\+xml|pdf|wasm|vnd\.ms-fontobject)"
    r"|font/(otf|ttf)|image/svg\+xml"
)


def is_compressible(content_type: str) -> bool:
    """Whether a file of this type is compressed; parameters of the type do not matter."""
    return _TYPES.fullmatch(content_type.partition(";")[0].strip().lower()) is not None
