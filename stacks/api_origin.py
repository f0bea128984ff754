"""Where the site's distribution finds the API behind `/api/*`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ApiOrigin:
    """A host, and whether it has a certificate for `domain_name`, so that it is spoken to over TLS."""

    domain_name: str
    https: bool
