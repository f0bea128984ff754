"""One request as a visitor's browser sends it, and what came back."""

import http.client
import ipaddress
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

_MOST_BYTES: Final = 8 * 1024 * 1024  # of a body; no check needs more of a page


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, header fields by name in lower case (a repeated one's values joined by commas), and content."""

    status: int
    header: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """`text/html`, without parameters; empty if none is told (RFC 9110, section 8.3)."""
        return self.header.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The content as UTF-8; bytes that are none are replaced."""
        return self.body.decode(errors="replace")

    def cookie(self, name: str) -> str:
        """The value of a cookie that the answer sets; empty if it sets none of that name."""
        for each in self.header.get("set-cookie", "").split(","):
            given, _, value = each.partition(";")[0].strip().partition("=")
            if given == name:
                return value
        return ""


class NoAnswerError(Exception):
    """No HTTP answer came; the text says why, in a few words."""


def emulator() -> str:
    """The emulator's URL if the AWS clients of this process talk to one on this machine, else empty.

    They do by AWS_ENDPOINT_URL (AWS SDKs and Tools Reference Guide, "Service-specific endpoints"). Then the names
    of what is deployed lead nowhere: what they are of is asked at that address, with the name in the Host field.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    host = urlsplit(endpoint).hostname or ""
    try:
        here = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        here = False
    return endpoint if here else ""


def ask(
    method: str, url: str, *, at: str = "", seconds: float = 10, fields: Mapping[str, str] | None = None
) -> Answer:
    """Send one request; redirects are not followed, a certificate that does not fit is no answer.

    `at`: the URL of an emulator that is asked instead of `url`'s host. Raises `NoAnswerError`.
    """
    wanted, place = urlsplit(url), urlsplit(at or url)
    secure = place.scheme == "https"
    # a peer that sends byte by byte takes longer than `seconds`; each read has them anew
    connection = (
        http.client.HTTPSConnection(
            place.hostname or "", place.port, timeout=seconds, context=ssl.create_default_context()
        )
        if secure
        else http.client.HTTPConnection(place.hostname or "", place.port, timeout=seconds)
    )
    path = wanted.path or "/"
    header = {"Host": wanted.netloc, "User-Agent": "deploy-smoke", "Accept": "*/*", **(fields or {})}
    try:
        connection.request(method, f"{path}?{wanted.query}" if wanted.query else path, headers=header)
        response = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in response.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        return Answer(response.status, found, response.read(_MOST_BYTES))
    except ssl.SSLCertVerificationError as error:
        raise NoAnswerError(f"certificate not valid: {error.verify_message}") from error
    except TimeoutError as error:
        raise NoAnswerError(f"no answer within {seconds:.0f} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswerError(str(error) or type(error).__name__) from error
    finally:
        connection.close()
