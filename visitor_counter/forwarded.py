"""What a load balancer says of the connection that it took from the client, and whom to believe it."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Forwarded:
    """Believes the X-Forwarded-* headers of peers in `networks` (addresses or CIDR blocks), and of nobody else."""

    def __init__(self, networks: Sequence[str]) -> None:
        trusted = [ip_network(network) for network in networks]

        @lru_cache(maxsize=1024)  # a load balancer has a handful of addresses, and each request asks
        def trusts(peer: str) -> bool:
            try:
                address = ip_address(peer)
            except ValueError:
                return False
            return any(address in network for network in trusted)

        self._trusts = trusts

    def client(self, environ: "WSGIEnvironment") -> str:
        """The client's address: the peer's, or what a trusted peer says it is.

        A load balancer appends the address that it saw to X-Forwarded-For, so only the last entry is its own
        word; the client could have written the others (AWS: "HTTP headers and Application Load Balancers").
        """
        peer = str(environ.get("REMOTE_ADDR", ""))
        if self._trusts(peer):
            try:
                return str(ip_address(environ.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()))
            except ValueError:
                pass  # none, or none that is one: the peer's own stands
        return peer

    def scheme(self, environ: "WSGIEnvironment") -> str:
        """The client's scheme: the connection's, or what a trusted peer says it is."""
        said = environ.get("HTTP_X_FORWARDED_PROTO")
        if said in ("http", "https") and self._trusts(str(environ.get("REMOTE_ADDR", ""))):
            return str(said)
        return str(environ["wsgi.url_scheme"])


class ForwardedScheme:
    """WSGI middleware: the application sees the client's scheme, and not the load balancer's."""

    def __init__(self, application: "WSGIApplication", forwarded: Forwarded) -> None:
        self._application = application
        self._forwarded = forwarded

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self._forwarded.scheme(environ)
        return self._application(environ, start_response)
