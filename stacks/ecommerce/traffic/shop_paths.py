"""Paths of the shop and of its API that more than one of this layer's stacks knows. Knows no construct."""

from typing import Final

HEALTH: Final = "/api/health"
"""Of the load balancer: whether the region serves, which is the ui's own health. Only the API may ask."""

API_VERSION: Final = "v1"
"""The first part of each path of the API's host names."""

API_HEALTH: Final = f"/{API_VERSION}/health"
"""The same of the API: Route 53's health checks ask it."""
