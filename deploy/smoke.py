"""`make smoke`: asks what is deployed until it answers as it has to, or time is up."""

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import boto3

from deploy import cdk_cli, http_answer, outputs, smoke_checks, stack_names
from deploy.errors import RefusedError
from deploy.preflight import PATIENCE, Target, target
from deploy.site_versions import PUBLISHERS_PATIENCE, SiteVersions
from deploy.smoke_checks import Check, Probe, Promised
from deploy.verb_options import SmokeOptions
from stacks.counter import contract
from stacks.settings import Settings
from stacks.site_hosting.rules.header_rules import FILE as HEADERS

FAILED: Final = 1
_POLL_SECONDS: Final = 2.0
_TELL_SECONDS: Final = 5.0
_REQUEST_SECONDS: Final = 10.0

Outputs = Mapping[str, Mapping[str, str]]


def run(options: SmokeOptions, chosen: Settings) -> int:
    """Check the stacks that are named, or those that are deployed; 0 if all is well, else 1.

    Raises `RefusedError` if there is nothing to check.
    """
    stacks = stack_names.all_named(options.stacks, chosen.stage, otherwise="there is no check for it")
    where = None
    if options.outputs_file:
        written = outputs.written(options.outputs_file)
        found = {name: written[name] for name in stack_names.of_stage(chosen.stage) if written.get(name)}
        place = f"file {options.outputs_file}"
    else:
        where = target(account=chosen.account, region=chosen.region)
        place = f"account {where.account}, region {where.region}"
        told = {name: outputs.of(name, where) for name in stack_names.of_stage(chosen.stage)}
        found = {name: each for name, each in told.items() if each}
    if lacking := [name for name in stacks if name not in found]:
        raise RefusedError(f"{lacking[0]}: not deployed ({place}); `make deploy ARGS={lacking[0]}` first")
    if not found:
        raise RefusedError(f"nothing to check: no stack is deployed ({place}); `make deploy` first")
    if options.url_alone:
        print(site_url(found, chosen))
        return 0
    print(f"smoke: {place}{f', stage {chosen.stage}' if chosen.stage else ''}", flush=True)
    return check(found, options, chosen, only=stacks or list(found), where=where)


def check(
    found: Outputs, options: SmokeOptions, chosen: Settings, *, only: Sequence[str], where: Target | None
) -> int:
    """Check the stacks `only` of those whose outputs are `found`; returns 0 or 1.

    `where`: whose publisher tells the live version; None: nobody is asked.
    """
    emulator = http_answer.emulator()
    if emulator:
        print(f"  asked at the emulator {emulator}", flush=True)
    deadline = time.monotonic() + options.timeout

    def ask(method: str, url: str) -> http_answer.Answer:
        seconds = min(_REQUEST_SECONDS, max(1.0, deadline - time.monotonic()))
        return http_answer.ask(method, url, at=emulator, seconds=seconds)

    site, counter = stack_names.of_stage(chosen.stage)
    probes: list[Probe] = []
    if site in only:
        url = _site_url(found[site], emulator)
        probes += smoke_checks.of_site(url, ask, _promised(found[site], options, chosen, site, where))
        if chosen.visitor_count and counter in found:
            probes += smoke_checks.of_site_api(url, ask)
    if counter in only:
        url = _counter_url(found[counter], emulator)
        probes += smoke_checks.of_counter(url, contract.HEALTH_PATH, ask, visit=options.visit)
    checks = _until_they_pass(probes, deadline, options.timeout)
    for each in checks:
        print(each.line(), flush=True)
    failed = [each for each in checks if not each.passed]
    print(f"smoke: {len(checks) - len(failed)} of {len(checks)} checks passed", flush=True)
    return FAILED if failed else 0


def site_url(found: Outputs, chosen: Settings) -> str:
    """The site's URL, as visitors know it. Raises `RefusedError` if the site is not among `found`."""
    site = stack_names.of_stage(chosen.stage)[0]
    if site not in found:
        raise RefusedError(f"{site}: not deployed, so it has no URL; `make deploy ARGS={site}` first")
    return _url(found[site], "SiteUrl")


def site_versions(stack: str, where: Target) -> SiteVersions:
    """The versions of the deployed site."""
    session = boto3.Session(region_name=where.region)
    return SiteVersions(
        cloudformation=session.client("cloudformation", config=PATIENCE),
        functions=session.client("lambda", config=PUBLISHERS_PATIENCE),
        stack=stack,
    )


def _site_url(found: Mapping[str, str], emulator: str) -> str:
    # The emulator knows a distribution by CloudFront's name alone.
    if emulator and "DistributionDomain" in found:
        return f"https://{found['DistributionDomain']}/"
    return _url(found, "SiteUrl")


def _counter_url(found: Mapping[str, str], emulator: str) -> str:
    if emulator and "LoadBalancerDnsName" in found:
        return f"http://{found['LoadBalancerDnsName']}/"
    return _url(found, "CounterUrl")


def _url(found: Mapping[str, str], output: str) -> str:
    url = found.get(output, "")
    if urlsplit(url).scheme not in ("http", "https"):
        raise RefusedError(
            f"output {output}: {url or 'missing'}; deploy the stack again, it has the URL there"
        )
    return url if url.endswith("/") else f"{url}/"


def _promised(
    found: Mapping[str, str], options: SmokeOptions, chosen: Settings, stack: str, where: Target | None
) -> Promised:
    if "Publisher" not in found:  # hosting=website: no header fields, no versions, no routing
        if options.version:
            raise RefusedError(f"--site-version {options.version}: {stack} keeps none; leave it out")
        return Promised(header={}, text=options.text)
    version = options.version
    if not version and where:
        try:
            version = site_versions(stack, where).live()
        except RefusedError as error:
            print(f"  live version: not checked: {error}", flush=True)
    return Promised(
        header=chosen.security_headers.fields(),
        exact=not (cdk_cli.ROOT / Path(chosen.site).expanduser() / HEADERS).is_file(),
        single_page=chosen.routing == "spa",
        missing_ends_with_slash=chosen.trailing_slash == "always",
        version=version,
        text=options.text,
    )


def _until_they_pass(probes: Sequence[Probe], deadline: float, limit: float) -> list[Check]:
    """Ask what has not passed again, and say what is waited for; the checks in the order of the probes."""
    begun, told, said = time.monotonic(), "", 0.0
    found: list[list[Check]] = [[] for _ in probes]
    pending = list(range(len(probes)))
    while True:
        for number in pending:
            found[number] = probes[number]()
        pending = [number for number in pending if not all(each.passed for each in found[number])]
        now = time.monotonic()
        if not pending or now >= deadline:
            return [each for checks in found for each in checks]
        first = next(each for number in pending for each in found[number] if not each.passed)
        news = f"{first.name}: {first.found}"
        if news != told or now - said >= _TELL_SECONDS:
            print(f"  waiting, {now - begun:.0f} s of {limit:.0f} s: {news}", flush=True)
            told, said = news, now
        time.sleep(min(_POLL_SECONDS, deadline - now))
