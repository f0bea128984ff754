"""Requests that a browser sends ahead of a visit that may never happen."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# Sec-Purpose is the standard (HTML Standard, "Prefetch"); the others are what browsers sent before it.
_HEADERS = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_MOZ")


def is_prefetch(environ: "WSGIEnvironment") -> bool:
    """Whether this is one; it must be refused, and not counted.

    A browser drops a prefetched answer outside 2xx and asks again when the visitor really comes, whereas a page
    without a number would be shown as it is. The refusal is a 403, and not the 503 that some services send:
    a prefetch must not look like this service's fault in the load balancer's metrics.
    """
    return any(
        environ[name].split(";")[0].strip().lower() == "prefetch" for name in _HEADERS if name in environ
    )
