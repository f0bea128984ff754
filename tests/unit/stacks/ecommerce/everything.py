"""The platform with all that a setting can add to it, for what has to be said of every resource."""

from functools import cache
from typing import get_args

from review.platform.services import SERVICES, by_service
from review.platform.templates import Resource
from stacks.ecommerce.settings import EcommerceSettings
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template

# What is no flag; flags are found by themselves.
_CHOICES: dict[str, object] = {
    "ecommerce_shield_advanced": "i-commit-to-a-year",
    "ecommerce_alarm_email": "ops@example.org",
    "ecommerce_waf_sign_in_path": "/sign-in",
    "ecommerce_api_cache": "0.5",
}


def flags() -> dict[str, object]:
    """Every flag of the platform's settings on, and every endpoint there."""
    on = {
        name: True
        for name, field in EcommerceSettings.model_fields.items()
        if name != "ecommerce" and (field.annotation is bool or bool in get_args(field.annotation))
    }
    return {**on, "ecommerce_endpoints": "interface"}


def settings() -> dict[str, object]:
    """The flags, and the choices that bring more resources than their default."""
    return {**flags(), **_CHOICES}


@cache
def everything() -> dict[str, Template]:
    """The templates with `settings()`."""
    return platform(**settings())


@cache
def services() -> dict[str, list[Resource]]:
    """The resources of each service: as the defaults have them, and those of a setting with that setting."""
    found = by_service(platform())
    more = by_service(everything())
    return found | {
        service.name: more[service.name]
        for service in SERVICES
        if service.setting is not None and service.name in more
    }
