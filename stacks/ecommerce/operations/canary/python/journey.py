"""A customer's journey through the shop, up to the cart and no further: nothing is ordered, nobody is charged.

Runs in CloudWatch Synthetics, which takes an exception for a failed run, and needs Python alone. No browser: what
counts is whether each page answers with what it should in time, and a browser costs ten times the memory.
"""

import logging
import os
import re
import time
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

LOG = logging.getLogger(__name__)
# A page takes longer than this only when something is wrong: docs/ecommerce-runbooks.md.
SECONDS = 5.0
_PRODUCT = re.compile(r'href="[^"]*/catalog/([0-9a-fA-F-]{8,})')


class JourneyError(Exception):
    """A step went wrong; the message says which and how."""


class Customer:
    """Somebody with a cookie jar, who takes one step after the other."""

    def __init__(self, shop: str) -> None:
        if not shop.startswith(("https://", "http://localhost", "http://127.0.0.1")):
            raise JourneyError(f"SHOP is {shop!r}: customers come by https alone")
        self._shop = shop.rstrip("/")
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._browser.addheaders = [("User-Agent", "CloudWatchSynthetics journey")]

    def step(self, name: str, path: str, *, form: dict[str, str] | None = None, expects: str = "") -> str:
        """The page at `path`; raises JourneyError unless it comes in time and has `expects` in it."""
        data = urllib.parse.urlencode(form).encode() if form else None
        began = time.monotonic()
        try:
            with self._browser.open(self._shop + path, data, timeout=SECONDS) as answer:
                page = str(answer.read().decode("utf-8", "replace"))
        except OSError as error:  # of urllib too: HTTPError for 4xx and 5xx, URLError, TimeoutError
            raise JourneyError(f"{name}: {path}: {error}") from error
        took = time.monotonic() - began
        if took > SECONDS:
            raise JourneyError(f"{name}: {path} took {took:.1f} s")
        if expects not in page:
            raise JourneyError(f"{name}: {path} has no {expects!r} in it")
        LOG.info("%s: %s in %.2f s", name, path, took)
        return page


def journey(shop: str) -> str:
    """Walk through the shop at the URL `shop`; the product that was put in the cart. Raises JourneyError."""
    customer = Customer(shop)
    customer.step("open the shop", "/")
    listed = _PRODUCT.search(customer.step("look at the catalog", "/catalog"))
    if listed is None:
        raise JourneyError("look at the catalog: /catalog lists no product")
    product = listed[1]
    customer.step("look at a product", f"/catalog/{product}", expects=product)
    customer.step("put it in the cart", "/cart", form={"productId": product, "quantity": "1"})
    customer.step("look at the cart", "/cart", expects=product)
    customer.step("put it back", "/cart/remove", form={"productId": product})
    return product


def handler(_event: object, _context: object) -> str:
    """Called by Synthetics on its schedule."""
    return journey(os.environ["SHOP"])
