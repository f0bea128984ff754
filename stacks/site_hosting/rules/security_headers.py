"""The header fields that every answer of the site has, after the OWASP Secure Headers Project."""

from dataclasses import dataclass
from typing import Final, Literal

FrameOptions = Literal["deny", "sameorigin", "none"]
ReferrerPolicy = Literal[
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
]
CrossOriginOpenerPolicy = Literal["same-origin", "same-origin-allow-popups", "unsafe-none"]

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)
PERMISSIONS_POLICY: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_SECONDS_OF_A_DAY: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityHeaders:
    """What they say; a file's own fields, by `_headers` or by the hashes of a page, are stronger.

    Attributes:
        content_security_policy: of pages; empty: none is sent.
        hsts_max_age_days: how long browsers insist on HTTPS (RFC 6797); 0: they are told to forget it.
        hsts_include_subdomains: for all names below the site's own too.
        hsts_preload: the owner agrees to be in the browsers' lists (hstspreload.org).
        frame_options: who may show the site in a frame (RFC 7034); none: no such field.
        referrer_policy: what links to others tell of the page (W3C, "Referrer Policy").
        permissions_policy: what a page may ask the browser for (W3C, "Permissions Policy"); empty: none is sent.
        cross_origin_opener_policy: who shares a window's group (HTML, "Cross-origin opener policies").
    """

    content_security_policy: str = CONTENT_SECURITY_POLICY
    hsts_max_age_days: int = 365
    hsts_include_subdomains: bool = True
    hsts_preload: bool = False
    frame_options: FrameOptions = "deny"
    referrer_policy: ReferrerPolicy = "strict-origin-when-cross-origin"
    permissions_policy: str = PERMISSIONS_POLICY
    cross_origin_opener_policy: CrossOriginOpenerPolicy = "same-origin"

    def fields(self) -> dict[str, str]:
        """Name, in lower case -> value. headers.py has CloudFront send the same."""
        hsts = f"max-age={self.hsts_max_age_days * _SECONDS_OF_A_DAY}"
        hsts += "; includeSubDomains" if self.hsts_include_subdomains else ""
        hsts += "; preload" if self.hsts_preload else ""
        found = {
            "strict-transport-security": hsts,
            "x-content-type-options": "nosniff",
            "referrer-policy": self.referrer_policy,
            "cross-origin-opener-policy": self.cross_origin_opener_policy,
        }
        if self.frame_options != "none":
            found["x-frame-options"] = self.frame_options.upper()
        if self.permissions_policy:
            found["permissions-policy"] = self.permissions_policy
        if self.content_security_policy:
            found["content-security-policy"] = self.content_security_policy
        return found
