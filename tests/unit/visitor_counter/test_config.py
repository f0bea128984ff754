"""The settings: their defaults, their legal values, and the one line that a wrong one gets."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

from local.tls import self_signed_tls
from tests.counter_process import ROOT, environment
from visitor_counter.config import Config, ConfigError


def test_defaults() -> None:
    assert Config.from_environment({}) == Config()
    assert (Config().host, Config().port) == ("0.0.0.0", 8000)  # noqa: S104 - in a container


def test_every_setting_is_read(tmp_path: Path) -> None:
    ca = self_signed_tls(tmp_path, ["localhost"]).ca
    config = Config.from_environment(
        {
            "HOST": "127.0.0.1",
            "PORT": "8080",
            "REDIS_HOST": "master.counter.abc123.use1.cache.amazonaws.com",
            "REDIS_PORT": "6380",
            "REDIS_TLS": "true",
            "REDIS_CA_FILE": str(ca),
            "REDIS_USERNAME": "counter",
            "REDIS_PASSWORD": "s3cr3t & {odd}",
            "REDIS_WAIT_REPLICAS": "1",
            "REDIS_CONNECT_TIMEOUT_MS": "50",
            "REDIS_TIMEOUT_MS": "75",
            "WEB_CONCURRENCY": "3",
            "WEB_THREADS": "4",
            "FORWARDED_ALLOW_IPS": "10.0.0.0/16, fd00::/8,192.0.2.7",
            "CORS_ALLOW_ORIGINS": "https://example.org, http://localhost:8080",
            "MAX_COUNTERS": "7",
            "LOG_LEVEL": "WARNING",
        }
    )
    assert config == Config(
        host="127.0.0.1",
        port=8080,
        redis_host="master.counter.abc123.use1.cache.amazonaws.com",
        redis_port=6380,
        redis_tls=True,
        redis_ca_file=str(ca),
        redis_username="counter",
        redis_password="s3cr3t & {odd}",
        redis_wait_replicas=1,
        redis_connect_timeout_ms=50,
        redis_timeout_ms=75,
        web_concurrency=3,
        web_threads=4,
        forwarded_allow_ips=("10.0.0.0/16", "fd00::/8", "192.0.2.7/32"),
        cors_allow_origins=("https://example.org", "http://localhost:8080"),
        max_counters=7,
        log_level="warning",
    )


def test_every_setting_is_documented_with_its_default() -> None:
    rows = {
        cells[1].strip("` "): cells[3].strip("` ")
        for line in (ROOT / "docs" / "visitor-counter.md").read_text().splitlines()
        if line.startswith("| `") and len(cells := line.split("|")) == 5
    }
    for field in dataclasses.fields(Config):
        default = "" if field.default in (None, ()) else str(field.default).replace("False", "false")
        assert rows[field.name.upper()] == default, field.name


def test_an_empty_variable_means_the_default() -> None:
    names = ("HOST", "PORT", "REDIS_TLS", "REDIS_CA_FILE", "REDIS_PASSWORD", "WEB_CONCURRENCY", "LOG_LEVEL")
    assert Config.from_environment(dict.fromkeys(names, "")) == Config()


CIDR_RULE = "must be IP addresses or CIDR blocks separated by commas, as 10.0.0.0/16"
WRONG = [
    ("PORT", "http", "whole number from 1 to 65535"),
    ("PORT", "0", "whole number from 1 to 65535"),
    ("PORT", "65536", "whole number from 1 to 65535"),
    ("PORT", " 80", "whole number"),
    ("PORT", "1_000", "whole number"),
    ("PORT", "٨٠٠٠", "whole number"),
    ("PORT", "9" * 5000, "whole number"),
    ("REDIS_PORT", "tcp://10.0.0.1:6379", "whole number"),
    ("REDIS_HOST", "redis://cache", "host name or an IP address"),
    ("REDIS_HOST", "cache:6379", "without scheme and port"),
    ("REDIS_HOST", "300.1.1.1", "host name or an IP address"),
    ("REDIS_HOST", "a" * 64 + ".example", "host name"),
    ("REDIS_HOST", "two words", "host name"),
    ("REDIS_HOST", "cache\nINCR x", "host name"),
    ("HOST", "0.0.0.0:8000", "without scheme and port"),
    ("REDIS_TLS", "yes", "true or false"),
    ("REDIS_TLS", "True", "true or false"),
    ("REDIS_CA_FILE", "/no/such/file.pem", "No such file"),
    ("REDIS_CA_FILE", "/etc/passwd", "PEM"),
    ("REDIS_CA_FILE", "/", "cannot be read"),
    ("REDIS_TIMEOUT_MS", "0", "whole number from 1"),
    ("REDIS_CONNECT_TIMEOUT_MS", "0.1", "whole number from 1"),
    ("WEB_CONCURRENCY", "0", "whole number from 1 to 64"),
    ("WEB_THREADS", "-1", "whole number from 1 to 256"),
    ("FORWARDED_ALLOW_IPS", "*", "CIDR"),
    ("FORWARDED_ALLOW_IPS", "10.0.0.1/16", "CIDR"),
    ("FORWARDED_ALLOW_IPS", "10.0.0.0/16,", "CIDR"),
    ("REDIS_USERNAME", "two words", "without spaces"),
    ("REDIS_WAIT_REPLICAS", "6", "whole number from 0 to 5"),
    ("MAX_COUNTERS", "10001", "whole number from 0 to 10000"),
    ("CORS_ALLOW_ORIGINS", "example.org", "origins"),
    ("CORS_ALLOW_ORIGINS", "https://example.org/", "without a path"),
    ("CORS_ALLOW_ORIGINS", "https://Example.org", "lower case"),
    ("CORS_ALLOW_ORIGINS", "https://example.org:", "origins"),
    ("CORS_ALLOW_ORIGINS", "https://example.org,*", "origins"),
    ("CORS_ALLOW_ORIGINS", "null", "origins"),
    ("LOG_LEVEL", "verbose", "debug, info, warning, error, critical"),
]


@pytest.mark.parametrize(("variable", "value", "legal"), WRONG)
def test_a_wrong_value_is_named(variable: str, value: str, legal: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_environment({variable: value})
    message = str(caught.value)
    assert message.startswith(f"{variable}={value!r}: ")
    assert legal in message
    assert "\n" not in message


def test_a_ca_file_without_tls_is_refused(tmp_path: Path) -> None:
    ca = self_signed_tls(tmp_path, ["localhost"]).ca
    with pytest.raises(ConfigError, match="REDIS_TLS=true"):
        Config.from_environment({"REDIS_CA_FILE": str(ca)})


def test_a_user_name_without_a_password_is_refused() -> None:
    with pytest.raises(ConfigError, match="set REDIS_PASSWORD"):
        Config.from_environment({"REDIS_USERNAME": "counter"})


def test_a_secret_is_never_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        Config.from_environment({"REDIS_PASSWORD": "hunter2\n"})
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Config(redis_password="hunter2"))


@pytest.mark.parametrize(
    ("variable", "value", "legal"),
    [
        ("REDIS_TLS", "ture", "must be true or false"),
        ("WEB_CONCURRENCY", "many", "must be a whole number from 1 to 64"),
        (
            "FORWARDED_ALLOW_IPS",
            "x",
            "must be IP addresses or CIDR blocks separated by commas, as 10.0.0.0/16",
        ),
    ],
)
def test_the_process_says_it_in_one_line_and_exits_with_2(variable: str, value: str, legal: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "visitor_counter"],
        cwd=ROOT,
        env=environment(**{variable: value}),
        capture_output=True,
        text=True,
        timeout=10,
    )
    assert done.returncode == 2
    assert done.stderr == f"visitor_counter: {variable}={value!r}: {legal}\n"
    assert done.stdout == ""
