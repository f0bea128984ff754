"""Which host names are this machine's: another site's page cannot have its own name point here and read the files.

The attack is DNS rebinding. Browsers resolve `*.localhost` to this machine themselves (RFC 6761, section 6.3).
"""

import re
from typing import Final

_OWN: Final = re.compile(r"(?:([a-z0-9-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.IGNORECASE)


def is_own(host: str) -> bool:
    """Whether a Host field, with or without a port, names this machine."""
    return _OWN.fullmatch(host) is not None
