"""What the API offers: each row a method of a path, who may call it, and what its body has to be."""

from dataclasses import dataclass
from typing import Final, Literal

from aws_cdk import aws_apigateway as apigateway

from stacks.ecommerce.traffic import api_models


@dataclass(frozen=True, slots=True)
class Offered:
    """One method. `writes`: whether it needs the region that takes writes, which a tertiary region never does.

    `by`: anyone (the region's health), key (a partner's API key; the catalog), partner (a key, and a token with the
    scope, or before there are customers a signature of this account). `query`: the parameters that change the
    answer, which a cache has to tell apart.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    by: Literal["anyone", "key", "partner"]
    writes: bool = False
    body: apigateway.JsonSchema | None = None
    query: tuple[str, ...] = ()


SCOPE: Final = "partners/shop"
"""Of the resource server `partners` in the user pool: a shopper's token does not have it."""

# No list of orders: the sample's has those of everybody.
OFFERED: Final = (
    Offered("GET", "/health", "anyone"),
    Offered("GET", "/catalog/products", "key", query=("tags", "order", "page", "size")),
    Offered("GET", "/catalog/products/{id}", "key"),
    Offered("GET", "/catalog/size", "key"),
    Offered("GET", "/catalog/tags", "key"),
    Offered("GET", "/cart/{customer}", "partner"),
    Offered("DELETE", "/cart/{customer}", "partner"),
    Offered("POST", "/cart/{customer}/items", "partner", body=api_models.CART_ITEM),
    Offered("GET", "/checkout/{customer}", "partner", writes=True),
    Offered("POST", "/checkout/{customer}/submit", "partner", writes=True),
    Offered("POST", "/orders", "partner", writes=True, body=api_models.ORDER),
)
