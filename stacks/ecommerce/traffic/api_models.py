"""What a request to the API has to look like, as JSON schemas (draft 4, the only one that API Gateway takes)."""

from collections.abc import Mapping
from typing import Final

from aws_cdk import aws_apigateway as apigateway

_TEXT: Final = apigateway.JsonSchema(type=apigateway.JsonSchemaType.STRING, min_length=1, max_length=200)
# Of the sample: UUIDs, and words of letters, digits and hyphens.
_ID: Final = apigateway.JsonSchema(type=apigateway.JsonSchemaType.STRING, pattern="^[A-Za-z0-9-]{1,64}$")
_COUNT: Final = apigateway.JsonSchema(type=apigateway.JsonSchemaType.INTEGER, minimum=1, maximum=100)
_CENTS: Final = apigateway.JsonSchema(type=apigateway.JsonSchemaType.INTEGER, minimum=0, maximum=100_000_000)


def _thing(
    title: str, properties: Mapping[str, apigateway.JsonSchema], *, required: list[str]
) -> apigateway.JsonSchema:
    """An object without further properties: what nobody has thought of is refused."""
    return apigateway.JsonSchema(
        schema=apigateway.JsonSchemaVersion.DRAFT4,
        title=title,
        type=apigateway.JsonSchemaType.OBJECT,
        properties=dict(properties),
        required=required,
        additional_properties=False,
    )


_ADDRESS: Final = apigateway.JsonSchema(
    type=apigateway.JsonSchemaType.OBJECT,
    properties=dict.fromkeys(
        ("firstName", "lastName", "email", "address1", "address2", "city", "zip", "state"),
        apigateway.JsonSchema(type=apigateway.JsonSchemaType.STRING, max_length=200),
    ),
    required=["firstName", "lastName", "email", "address1", "city"],
    additional_properties=False,
)
CART_ITEM: Final = _thing(
    "CartItem",
    {"itemId": _ID, "quantity": _COUNT, "unitPrice": _CENTS},
    required=["itemId", "quantity", "unitPrice"],
)
ORDER: Final = _thing(
    "Order",
    {
        "items": apigateway.JsonSchema(
            type=apigateway.JsonSchemaType.ARRAY,
            min_items=1,
            max_items=100,
            items=apigateway.JsonSchema(
                type=apigateway.JsonSchemaType.OBJECT,
                properties={
                    "productId": _ID,
                    "quantity": _COUNT,
                    "unitCost": _CENTS,
                    "totalCost": _CENTS,
                },
                required=["productId", "quantity", "unitCost", "totalCost"],
                additional_properties=False,
            ),
        ),
        "shippingAddress": _ADDRESS,
    },
    required=["items", "shippingAddress"],
)
# Never a card's number: the provider keeps it, so the platform stays out of the scope of what PCI DSS says of
# stored card data.
PAYMENT_EVENT: Final = _thing(
    "PaymentEvent",
    {
        "id": _ID,
        "type": apigateway.JsonSchema(
            type=apigateway.JsonSchemaType.STRING,
            enum=["payment.succeeded", "payment.failed", "payment.refunded", "payment.disputed"],
        ),
        "orderId": _ID,
        "amount": _CENTS,
        "currency": apigateway.JsonSchema(type=apigateway.JsonSchemaType.STRING, pattern="^[A-Z]{3}$"),
        "createdAt": _TEXT,
    },
    required=["id", "type", "orderId", "amount", "currency", "createdAt"],
)
