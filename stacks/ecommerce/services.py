"""The shop's services: AWS's retail store sample, and which paths of the shop lead to each. Knows no construct.

What routes, runs, watches or scales a service takes it from here.
"""

from dataclasses import dataclass
from typing import Final, Literal

NAMESPACE: Final = "shop"
"""Of Kubernetes."""

# The sample's release. Pinned by tag: its digests have to be looked up in the registry, which needs the internet.
RELEASE: Final = "1.6.2"
PORT: Final = 8080


CARTS: Final = "carts"
"""What is in the table that the cart service keeps its state in."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service.

    `paths`: where the shop's domain leads to it, path patterns of a load balancer, the most specific service first.
    `own_path`: what replaces the first pattern's fixed part on the way (the sample's own name for it).
    `writes`: whether its requests must reach the region that takes writes. `state`: where it keeps what it knows.
    `health`: its path for load balancers and readiness probes: whether the program takes requests. It asks no
    database: with that down, every pod would be taken out at once, and nobody left to say so. `bursty`: whether it
    runs on Fargate.
    """

    name: Literal["ui", "catalog", "cart", "checkout", "orders"]
    paths: tuple[str, ...]
    own_path: str
    writes: bool
    state: Literal["none", "dynamodb", "redis", "postgresql"]
    health: str
    bursty: bool = False

    @property
    def image(self) -> str:
        """The image with its tag."""
        return f"public.ecr.aws/aws-containers/retail-store-sample-{self.name}:{RELEASE}"


SERVICES: Final = (
    Service("catalog", ("/api/catalog*",), "/catalog", False, "none", "/health"),
    # DynamoDB's global table takes writes in every region
    Service("cart", ("/api/cart*",), "/carts", False, "dynamodb", "/actuator/health/readiness"),
    # the sample has no service of its own for payments: its checkout takes them
    Service(
        "checkout", ("/api/checkout*", "/api/payments*"), "/checkout", True, "redis", "/health", bursty=True
    ),
    Service("orders", ("/api/orders*",), "/orders", True, "postgresql", "/actuator/health/readiness"),
    Service("ui", ("/*",), "/", False, "none", "/actuator/health/readiness"),
)
"""In the order in which a load balancer has to try them."""
