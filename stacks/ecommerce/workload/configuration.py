"""The variables of the shop's programs, in a region: the sample's own names, from each service's README and source.

Knows no construct.
"""

from collections.abc import Callable, Mapping
from typing import Final

from stacks.ecommerce.services import PORT
from stacks.ecommerce.workload import traces
from stacks.ecommerce.workload.config_map import text
from stacks.ecommerce.workload.deployment import folder
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.network_policy import POSTGRESQL, REDIS
from stacks.ecommerce.workload.places import Places
from stacks.ecommerce.workload.secret_files import PodSecret
from stacks.ecommerce.workload.service import url

Variables = Mapping[str, str | Manifest]

DATABASE_NAME: Final = "orders"
"""The database within the instance."""

GUARD: Final = "checkout-guard"
CERTIFICATES: Final = "database-certificates"

_GUARD_FILE: Final = "checkout_guard.cjs"
_CERTIFICATES_FILE: Final = "region.pem"

SECRETS: Final[Mapping[str, PodSecret]] = {
    "orders": PodSecret("orders-database", started_with="RETAIL_ORDERS_PERSISTENCE_PASSWORD", mounted=True),
    "checkout": PodSecret("checkout-cache", started_with="CACHE_PASSWORD", mounted=False),
}

_JAVA: Final[Variables] = {
    # The rest of the memory is for threads, code and buffers.
    "JAVA_OPTS": "-XX:MaxRAMPercentage=70.0 -XX:+ExitOnOutOfMemoryError",
    "MANAGEMENT_ENDPOINT_HEALTH_PROBES_ENABLED": "true",
}


def variables(service: str, places: Places) -> Variables:
    """The variables of `service`; raises KeyError for one that there is not."""
    return {"PORT": str(PORT), **traces.variables(service, places.profile), **_OF[service](places)}


def files(service: str, places: Places) -> dict[str, dict[str, str]]:
    """Folders that `service` reads, each a ConfigMap; raises FileNotFoundError without the region's authorities."""
    if service == "orders":
        return {CERTIFICATES: {_CERTIFICATES_FILE: text("rds_ca", f"{places.region.name}.pem")}}
    if service == "checkout":
        return {GUARD: {_GUARD_FILE: text(_GUARD_FILE)}}
    return {}


def _ui(_: Places) -> Variables:
    return {
        **_JAVA,
        # its HTTP client takes the global OpenTelemetry
        "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED": "true",
        "RETAIL_UI_ENDPOINTS_CATALOG": url("catalog"),
        "RETAIL_UI_ENDPOINTS_CARTS": url("cart"),
        # Also where there is no checkout: without an address the sample would take orders and forget them.
        "RETAIL_UI_ENDPOINTS_CHECKOUT": url("checkout"),
        # The pages never ask the orders; with their address, /proxy/orders would list every customer's.
        "RETAIL_UI_ENDPOINTS_ORDERS": "false",
    }


def _catalog(_: Places) -> Variables:
    return {
        # Its products are in the image; the sample keeps them in MySQL otherwise, which the document has not.
        "RETAIL_CATALOG_PERSISTENCE_PROVIDER": "in-memory",
        "GIN_MODE": "release",
    }


def _cart(places: Places) -> Variables:
    return {
        **_JAVA,
        # No _ENDPOINT: with one, the sample goes to us-west-2. HTTPS, verified with the JVM's authorities.
        "AWS_REGION": places.region.name,
        "AWS_STS_REGIONAL_ENDPOINTS": "regional",
        "RETAIL_CART_PERSISTENCE_PROVIDER": "dynamodb",
        "RETAIL_CART_PERSISTENCE_DYNAMODB_TABLE_NAME": places.carts,
        # true deletes the table first
        "RETAIL_CART_PERSISTENCE_DYNAMODB_CREATE_TABLE": "false",
    }


def _orders(places: Places) -> Variables:
    secret = SECRETS["orders"]
    return {
        **_JAVA,
        "RETAIL_ORDERS_PERSISTENCE_PROVIDER": "postgres",
        "RETAIL_ORDERS_PERSISTENCE_ENDPOINT": f"{places.database}:{POSTGRESQL}",
        # The sample puts this at the end of its JDBC URL and has no setting for TLS. Without it the driver would
        # take any certificate, or none ("prefer").
        "RETAIL_ORDERS_PERSISTENCE_NAME": f"{DATABASE_NAME}?sslmode=verify-full&sslrootcert="
        f"{folder(CERTIFICATES)}/{_CERTIFICATES_FILE}",
        "RETAIL_ORDERS_PERSISTENCE_USERNAME": secret.variable("username"),
        "RETAIL_ORDERS_PERSISTENCE_PASSWORD": secret.variable("password"),
        **_order_events(places),
    }


def _order_events(places: Places) -> Variables:
    """Where new orders are told. A queue that is not there would fail each order: the sample tries to make it."""
    if places.order_events is None:
        return {"RETAIL_ORDERS_MESSAGING_PROVIDER": "in-memory"}
    return {
        "AWS_REGION": places.region.name,
        "RETAIL_ORDERS_MESSAGING_PROVIDER": "sqs",
        # the sample calls the queue's name a topic
        "RETAIL_ORDERS_MESSAGING_SQS_TOPIC": places.order_events,
    }


def _checkout(places: Places) -> Variables:
    secret = SECRETS["checkout"]
    return {
        "NODE_ENV": "production",
        "NODE_OPTIONS": f"--require={folder(GUARD)}/{_GUARD_FILE}",
        "CACHE_USERNAME": secret.variable("username"),
        "CACHE_PASSWORD": secret.variable("password"),
        "RETAIL_CHECKOUT_PERSISTENCE_PROVIDER": "redis",
        # rediss: TLS, verified with Node's authorities, which have Amazon's. The password must need no escaping.
        "RETAIL_CHECKOUT_PERSISTENCE_REDIS_URL": "rediss://$(CACHE_USERNAME):$(CACHE_PASSWORD)"
        f"@{places.cache}:{REDIS}",
        "RETAIL_CHECKOUT_ENDPOINTS_ORDERS": url("orders"),
    }


_OF: Final[Mapping[str, Callable[[Places], Variables]]] = {
    "ui": _ui,
    "catalog": _catalog,
    "cart": _cart,
    "orders": _orders,
    "checkout": _checkout,
}
