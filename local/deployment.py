"""What is deployed to the emulator, with which settings, and whether that is still what the checkout holds."""

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from local import cdk, given_settings
from local.deployed import SETTLED, Deployed
from local.emulator.environment import ACCOUNT, REGION
from local.engine import IMAGE_TOOL, Engine, registry
from local.errors import BadInputError
from local.layout import ROOT
from local.processes import Process
from local.session import Session
from stacks import settings, site_folder

# What a template or an asset is made from; a change to any of it is a reason to deploy.
_SOURCES = ("app.py", "cdk.json", "requirements.txt", "package-lock.json", "stacks", "visitor_counter")


@dataclass(frozen=True)
class Plan:
    """What `make up` is to deploy: the validated settings as CDK context, and the folder of the site."""

    context: dict[str, str]
    site: Path
    stage: str | None
    has_visitor_count: bool

    @property
    def static_site(self) -> str:
        """Name of the site's stack."""
        return f"StaticSite-{self.stage}" if self.stage else "StaticSite"

    @property
    def visitor_counter(self) -> str:
        """Name of the counter's stack."""
        return f"VisitorCounter-{self.stage}" if self.stage else "VisitorCounter"

    @property
    def arguments(self) -> list[str]:
        """The context as arguments of the CDK CLI."""
        return [word for name, value in self.context.items() for word in ("-c", f"{name}={value}")]


def plan(site: str, given: Sequence[str], engine: Engine | None) -> Plan:
    """Check the user's settings (`name=value`) and site folder before anything is started.

    Settings that only make sense here are put beneath them: data goes with its stack, images are built for
    this machine's processor, the site shows the count, and
    the counter has no name of its own. Raises `BadInputError` with a line per fault.
    """
    context = given_settings.context()
    chosen = given_settings.chosen(site, given)
    local = {"removal_policy": "destroy", "counter_architecture": _architecture(engine)}
    if chosen.get("hosting", context.get("hosting")) != "website":
        local["visitor_count"] = "true"
    chosen = local | _without_counter_domain(context, chosen) | chosen
    try:
        checked = settings.load(context | chosen)
        folder = site_folder.inspect(checked.site, root=ROOT)
    except (settings.SettingsError, site_folder.SiteFolderError) as error:
        raise BadInputError(str(error)) from error
    return Plan(
        context=chosen, site=folder.path, stage=checked.stage, has_visitor_count=checked.visitor_count
    )


def _without_counter_domain(context: Mapping[str, object], chosen: Mapping[str, str]) -> dict[str, str]:
    """Settings that take back what cdk.json may say of the counter's own name; raises `BadInputError` for `chosen`.

    Here it would answer nobody: its HTTP redirects to an HTTPS that the emulator does not speak.
    """
    for name in ("counter_domain", "counter_certificate_arn"):
        if value := chosen.get(name):
            raise BadInputError(
                f"setting {name}: {value} is for AWS, on this machine nothing speaks TLS for it; leave it out"
            )
    taken_back = {"counter_domain": "", "counter_certificate_arn": ""}
    if context.get("counter_domain") and not (dict(context) | dict(chosen)).get("domain"):
        taken_back["hosted_zone_id"] = ""
    return taken_back


def _architecture(engine: Engine | None) -> str:
    machine = engine.machine if engine else platform.machine()
    return "arm64" if machine.lower() in ("aarch64", "arm64") else "x86_64"


@dataclass(frozen=True)
class Record:
    """What was deployed last: a digest of all that went in, where to, and the settings for the CDK CLI."""

    digest: str
    endpoint: str
    arguments: list[str]

    @classmethod
    def read(cls, path: Path) -> "Record | None":
        """The stored record; None when there is none, or no whole one."""
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Replace the stored record in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)))
        new.replace(path)


def digest(plan: Plan, engine: Engine | None) -> str:
    """A digest of the sources, the site's files, the settings, and whether images are built."""
    total = hashlib.sha256(json.dumps([plan.context, bool(engine)], sort_keys=True).encode())
    for file in _files([ROOT / source for source in _SOURCES] + [plan.site]):
        total.update(str(file).encode(errors="surrogateescape"))
        with file.open("rb") as opened:
            total.update(hashlib.file_digest(opened, "sha256").digest())
    return total.hexdigest()


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(f for f in path.rglob("*") if f.is_file() and "__pycache__" not in f.parts)
        else:
            yield path


def is_current(record: Record | None, wanted: Record, deployed: Deployed, plan: Plan) -> bool:
    """Whether the endpoint still has, whole, what `wanted` asks for."""
    stacks = (plan.visitor_counter, plan.static_site)
    return record == wanted and all(deployed.stack_status(name) in SETTLED for name in stacks)


def stuck(deployed: Deployed, plan: Plan) -> str:
    """The stack whose last deploy could not be rolled back, and its state; empty when there is none."""
    for name in (plan.visitor_counter, plan.static_site, "CDKToolkit"):
        status = deployed.stack_status(name) or ""
        if status.endswith(("ROLLBACK_FAILED", "DELETE_FAILED", "_IN_PROGRESS")):
            return f"{name} is in {status}"
    return ""


def bootstrap(session: Session, deployed: Deployed, emulator: Process | None) -> None:
    """Bootstrap the emulated account and region for the CDK, unless they are."""
    if deployed.stack_status("CDKToolkit") in SETTLED:
        return
    with session.console.step("cdk bootstrap") as step:
        cdk.run(
            session,
            ["bootstrap", f"aws://{ACCOUNT}/{REGION}"],
            endpoint=deployed.endpoint,
            emulator=emulator,
            step=step,
            folder=session.layout.folder,  # away from cdk.json: the app need not be synthesized for it
        )


def deploy(session: Session, plan: Plan, deployed: Deployed, emulator: Process | None) -> None:
    """Synthesize and deploy both stacks; what fails is rolled back by CloudFormation, and raises `CdkError`."""
    stacks = [plan.visitor_counter, plan.static_site]
    # a change set per stack is a review step, and 5 s of waiting for it
    options = [
        "--require-approval=never",
        "--progress=events",
        "--method=direct",
        f"--output={session.layout.assembly}",
    ]
    with session.console.step("cdk deploy") as step:
        cdk.run(
            session,
            ["deploy", *stacks, *options, *plan.arguments],
            endpoint=deployed.endpoint,
            emulator=emulator,
            step=step,
            extra=image_tool(deployed.endpoint, session.engine),
        )
        step.result = ", ".join(stacks)


def image_tool(endpoint: str, engine: Engine | None) -> dict[str, str]:
    """What CDK needs in its environment to build image assets with `engine` and push them to the emulator."""
    if not engine:
        return {}
    return {"CDK_DOCKER": str(IMAGE_TOOL), "ECR_REGISTRY": registry(endpoint)}
