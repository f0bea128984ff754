"""`make up`: from nothing to two deployed stacks that are seen to work."""

from dataclasses import dataclass

import httpx
from botocore.exceptions import BotoCoreError

from local import counter, deployment, emulator_process, proof, redis_process, report, urls
from local.counter import RedisAddress
from local.deployed import Deployed
from local.deployment import Plan, Record
from local.errors import LocalRunError, last_lines
from local.processes import Process
from local.session import Session


@dataclass(frozen=True)
class Request:
    """What the user asked for; empty where he named nothing. `settings` are `name=value` texts."""

    site: str = ""
    settings: tuple[str, ...] = ()
    endpoint: str = ""
    port: str = ""


def up(session: Session, request: Request) -> None:
    """Bring everything up, or what is missing of it, and prove it.

    Raises `BadInputError` before anything is started or changed, `LocalRunError` when a part fails, and
    `KeyboardInterrupt` when told to end. What this call started is stopped then; what ran before goes on: a
    second `make up` with a broken site leaves the first one's serving.
    """
    plan = deployment.plan(request.site, request.settings, session.engine)
    try:
        with session.undone_on_failure():
            redis = _bring_up(session, plan, request)
        report.write(session, plan, Deployed(session.state.endpoint), redis)
    except (BotoCoreError, httpx.TransportError) as error:
        log = session.layout.log("emulator")
        raise LocalRunError(
            f"the emulator stopped answering ({error}); run `make up` again. The end of {log}:{last_lines(log)}"
        ) from error


def _bring_up(session: Session, plan: Plan, request: Request) -> RedisAddress:
    emulator = None
    if request.endpoint:
        session.remember(endpoint=emulator_process.given_endpoint(request.endpoint))
    else:
        emulator = emulator_process.ensure(session, request.port)
    deployed = Deployed(session.state.endpoint)
    _ensure_deployed(session, plan, deployed, emulator)
    outputs = deployed.outputs(plan.visitor_counter)
    site = deployed.outputs(plan.static_site)
    # With a domain, SiteUrl is a name that points to AWS and not to this machine.
    site_url = f"https://{site['DistributionDomain']}/" if "DistributionDomain" in site else site["SiteUrl"]
    task = deployed.task(outputs["ClusterName"], outputs["ServiceName"])
    redis = redis_process.ensure(session, task.secrets["REDIS_PASSWORD"])
    counter.ensure(session, deployed, task, redis)
    session.remember(
        site_url=urls.of_site(site_url, deployed.endpoint),
        counter_url=urls.of_load_balancer(outputs["LoadBalancerDnsName"], deployed),
    )
    _prove(session, plan)
    return redis


def _ensure_deployed(session: Session, plan: Plan, deployed: Deployed, emulator: Process | None) -> None:
    record = session.layout.deployment
    elsewhere = "" if emulator else deployed.endpoint
    wanted = Record(deployment.digest(plan, session.engine), elsewhere, plan.arguments)
    if deployment.is_current(Record.read(record), wanted, deployed, plan):
        session.console.say("✓ deployed before, nothing changed since")
        return
    if emulator and (stuck := deployment.stuck(deployed, plan)):
        session.console.say(f"! {stuck}: no deploy can mend that; the emulator starts from nothing")
        emulator = emulator_process.start_from_nothing(session)
    deployment.bootstrap(session, deployed, emulator)
    record.unlink(missing_ok=True)
    deployment.deploy(session, plan, deployed, emulator)
    wanted.write(record)


def _prove(session: Session, plan: Plan) -> None:
    with session.console.step("proof") as step:
        size = proof.page_is_served(session.state.site_url, plan.site)
        count = proof.visit_is_counted(session.state.counter_url)
        through = "the load balancer"
        if plan.has_visitor_count:
            count = proof.visit_is_counted(session.state.site_url)
            through = "the site's /api"
        step.result = f"the page came ({size:,} bytes), visit {count} was counted through {through}"
