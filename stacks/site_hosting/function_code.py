"""The code of the site's Lambda functions: packages of this folder, which import each other and nothing else."""

from pathlib import Path
from typing import Final

from aws_cdk import IgnoreMode
from aws_cdk import aws_lambda as lambda_

_STACKS: Final = Path(__file__).parent.parent
_PACKAGES: Final = ("fallback", "publisher", "rules")
# Nothing beside them; a run leaves __pycache__ in them.
_EXCLUDED: Final = (
    "*",
    "!site_hosting",
    "site_hosting/*",
    "!site_hosting/__init__.py",
    *(
        pattern.format(package)
        for package in _PACKAGES
        for pattern in ("!site_hosting/{0}", "site_hosting/{0}/*", "!site_hosting/{0}/*.py")
    ),
)


def code() -> lambda_.Code:
    """One asset for all of them; a handler is `site_hosting.<package>.handler.handle`."""
    return lambda_.Code.from_asset(str(_STACKS), exclude=list(_EXCLUDED), ignore_mode=IgnoreMode.GIT)
