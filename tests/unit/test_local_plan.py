"""What `make up` deploys of what cdk.json and the command line ask for."""

import pytest

from local import deployment, given_settings
from local.errors import BadInputError
from stacks.settings import Settings, load

NAMED = {"counter_domain": "count.example.org", "hosted_zone_id": "Z0123456789ABC"}


def planned(monkeypatch: pytest.MonkeyPatch, context: dict[str, object], *given: str) -> Settings:
    monkeypatch.setattr(given_settings, "context", lambda: context)
    return load(context | deployment.plan("", given, None).context)


def test_the_counters_own_name_in_cdk_json_does_not_stop_it(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = planned(monkeypatch, {**NAMED})
    assert (settings.counter_domain, settings.hosted_zone_id) == (None, None)


def test_the_sites_zone_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = planned(monkeypatch, {**NAMED, "domain": "example.org"})
    assert (settings.counter_domain, settings.hosted_zone_id) == (None, "Z0123456789ABC")


def test_asked_for_it_is_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInputError, match=r"setting counter_domain: count\.example\.org is for AWS"):
        planned(monkeypatch, {}, *(f"{name}={value}" for name, value in NAMED.items()))
