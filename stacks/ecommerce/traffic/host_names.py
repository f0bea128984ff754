"""The host names of the shop and of its API, all in the zone of `ecommerce_domain`. Knows no construct.

A name that only the routing's own tree uses (`nearest`, `europe`) answers a resolver too, but no certificate
has it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """The names of one kind of entrance: `of` a word for it, in `domain`.

    `reads`: the nearest region, or Europe's. `writes`: the region that takes writes. Both are what clients use.
    """

    of: str
    domain: str
    reads: str
    writes: str

    @property
    def nearest(self) -> str:
        """The region with the least latency of those that are healthy."""
        return f"nearest.{self.of}.{self.domain}"

    @property
    def europe(self) -> str:
        """Europe's region, or where its viewers go without it."""
        return f"europe.{self.of}.{self.domain}"

    def region(self, name: str) -> str:
        """The entrance of one region, by its code: never anywhere else, healthy or not."""
        return f"{name}.{self.of}.{self.domain}"


def shop(domain: str) -> list[str]:
    """What browsers ask for: the shop, and the name that redirects there."""
    return [domain, f"www.{domain}"]


def origin(domain: str) -> Tree:
    """The load balancers, which CloudFront asks."""
    return Tree("origin", domain, reads=f"reads.origin.{domain}", writes=f"writes.origin.{domain}")


def api(domain: str) -> Tree:
    """The API, which partners' systems ask: `api.<domain>`, and for orders `writes.api.<domain>`."""
    return Tree("api", domain, reads=f"api.{domain}", writes=f"writes.api.{domain}")
