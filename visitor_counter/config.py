"""The counter's settings: read from environment variables once, at start, and checked there."""

import ipaddress
import os
import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

LOG_LEVELS = ("debug", "info", "warning", "error", "critical")

# RFC 1123 section 2.1, plus the underscore that Docker's service names may contain. Labels of more than 63
# characters must not pass: Python's resolver raises UnicodeError for them, which is no OSError.
_HOST_NAME = re.compile(r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
                        r"(\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$")  # fmt: skip


class ConfigError(ValueError):
    """A setting is wrong. The message is one line: variable, value (never a secret's), what is legal."""

    def __init__(self, variable: str, given: str, legal: str) -> None:
        super().__init__(f"{variable}={given}: {legal}")


@dataclass(frozen=True, kw_only=True)
class Config:
    """Everything that the process can be told. Each field is one environment variable, its name in capitals.

    An unset and an empty variable mean the default: Compose and task definitions pass empty strings for
    values that nobody gave.
    """

    host: str = "0.0.0.0"  # noqa: S104 - in a container the port must be reachable from outside it
    port: int = 8000
    redis_host: str = "localhost"
    redis_port: int = 6379
    redis_tls: bool = False
    redis_ca_file: str | None = None
    redis_username: str | None = None
    redis_password: str | None = field(default=None, repr=False)
    # How many replicas must have a visit before its number is shown.
    redis_wait_replicas: int = 0
    # Connecting and then waiting for one answer must stay below 300 ms together: that is how soon a visitor
    # is told that Redis is away. Milliseconds.
    redis_connect_timeout_ms: int = 100
    redis_timeout_ms: int = 150
    # Two processes, so that one that dies or hangs does not take the task with it. The threads mostly wait
    # for Redis, and as many visits as there are threads can share a command to it.
    web_concurrency: int = 2
    web_threads: int = 32
    forwarded_allow_ips: tuple[str, ...] = ()
    cors_allow_origins: tuple[str, ...] = ()
    max_counters: int = 100
    log_level: str = "info"

    def __post_init__(self) -> None:
        if self.redis_username is not None and self.redis_password is None:
            raise ConfigError(
                "REDIS_USERNAME",
                repr(self.redis_username),
                "only used with a password; set REDIS_PASSWORD or unset it",
            )
        if self.redis_ca_file is not None and not self.redis_tls:
            raise ConfigError(
                "REDIS_CA_FILE",
                repr(self.redis_ca_file),
                "only used with TLS; set REDIS_TLS=true or unset it",
            )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Config":
        """Read and check every variable.

        Raises:
            ConfigError: the first variable whose value is not legal.
        """

        def read(variable: str, parse: Callable[[str, str], T], default: T) -> T:
            text = environment.get(variable, "")
            return parse(variable, text) if text else default

        return cls(
            host=read("HOST", _host, cls.host),
            port=read("PORT", _integer(1, 65535), cls.port),
            redis_host=read("REDIS_HOST", _host, cls.redis_host),
            redis_port=read("REDIS_PORT", _integer(1, 65535), cls.redis_port),
            redis_tls=read("REDIS_TLS", _boolean, cls.redis_tls),
            redis_ca_file=read("REDIS_CA_FILE", _ca_bundle, None),
            redis_username=read("REDIS_USERNAME", _user_name, None),
            redis_password=read("REDIS_PASSWORD", _secret, None),
            redis_wait_replicas=read("REDIS_WAIT_REPLICAS", _integer(0, 5), cls.redis_wait_replicas),
            redis_connect_timeout_ms=read(
                "REDIS_CONNECT_TIMEOUT_MS", _integer(1, 10_000), cls.redis_connect_timeout_ms
            ),
            redis_timeout_ms=read("REDIS_TIMEOUT_MS", _integer(1, 10_000), cls.redis_timeout_ms),
            web_concurrency=read("WEB_CONCURRENCY", _integer(1, 64), cls.web_concurrency),
            web_threads=read("WEB_THREADS", _integer(1, 256), cls.web_threads),
            forwarded_allow_ips=read("FORWARDED_ALLOW_IPS", _networks, cls.forwarded_allow_ips),
            cors_allow_origins=read("CORS_ALLOW_ORIGINS", _origins, cls.cors_allow_origins),
            max_counters=read("MAX_COUNTERS", _integer(0, 10_000), cls.max_counters),
            log_level=read("LOG_LEVEL", _log_level, cls.log_level),
        )


def _integer(low: int, high: int) -> Callable[[str, str], int]:
    def parse(variable: str, text: str) -> int:
        # int() alone would also take "1_000", "+5", " 7 " and digits of other scripts.
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ConfigError(variable, repr(text), f"must be a whole number from {low} to {high}")
        return int(text)

    return parse


def _boolean(variable: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise ConfigError(variable, repr(text), "must be true or false")
    return text == "true"


def _host(variable: str, text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        # Four numbers that are no address (300.1.1.1) would pass as a name.
        if _HOST_NAME.match(text) and not re.fullmatch(r"[0-9.]+", text):
            return text
    raise ConfigError(variable, repr(text), "must be a host name or an IP address, without scheme and port")


def _user_name(variable: str, text: str) -> str:
    if not re.fullmatch(r"[!-~]{1,128}", text):
        raise ConfigError(variable, repr(text), "must be ASCII without spaces, at most 128 characters")
    return text


def _secret(variable: str, text: str) -> str:
    if not text.isprintable():
        raise ConfigError(variable, "(hidden)", "must not contain line breaks or control characters")
    return text


def _ca_bundle(variable: str, text: str) -> str:
    try:
        ssl.create_default_context(cafile=text)
    except ssl.SSLError:
        raise ConfigError(variable, repr(text), "must be a file of certificates in PEM format") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(variable, repr(text), f"cannot be read: {reason}") from None
    return str(Path(text).absolute())


def _networks(variable: str, text: str) -> tuple[str, ...]:
    """Addresses and CIDR blocks, separated by commas; a block must not have host bits set."""
    networks = []
    for part in text.split(","):
        try:
            networks.append(str(ipaddress.ip_network(part.strip())))
        except ValueError:
            raise ConfigError(
                variable,
                repr(text),
                "must be IP addresses or CIDR blocks separated by commas, as 10.0.0.0/16",
            ) from None
    return tuple(networks)


def _origins(variable: str, text: str) -> tuple[str, ...]:
    """Origins, separated by commas, as browsers send them (RFC 6454 section 6.2), or "*"."""
    if text == "*":
        return ("*",)
    origins = tuple(part.strip() for part in text.split(","))
    for origin in origins:
        scheme, _, rest = origin.partition("://")
        name, colon, port = rest.partition(":")
        if (
            scheme not in ("http", "https")
            or name != name.lower()
            or not _HOST_NAME.match(name)
            or (colon and not re.fullmatch(r"[1-9][0-9]{0,4}", port))
        ):
            raise ConfigError(
                variable,
                repr(text),
                "must be * or origins separated by commas, as https://example.org, lower case, without a path",
            )
    return origins


def _log_level(variable: str, text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ConfigError(variable, repr(text), f"must be one of {', '.join(LOG_LEVELS)}")
    return text.lower()
