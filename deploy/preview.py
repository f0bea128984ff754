"""A second copy of the site to look at, and its end: what `make preview` and `make preview-remove` add."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from deploy import outputs, remains, stack_names
from deploy.arguments import Arguments
from deploy.errors import RefusedError
from deploy.preflight import Target
from stacks.setting_fields import legal_values
from stacks.settings import Settings

VERBS: Final[Mapping[str, str]] = {"preview": "deploy", "preview-remove": "destroy"}
"""Each is one of the other verbs, for StaticSite of a stage alone."""

_FIXED: Final = {"removal_policy": "destroy", "visitor_count": "false"}
_TAKEN_BACK: Final = {
    # a name belongs to one distribution
    "domain": "",
    "www": "none",
    "hosted_zone_id": "",
    "certificate_arn": "",
    # would miss the zone; the counter is no part of a preview
    "counter_domain": "",
    "counter_certificate_arn": "",
    "ecommerce": "false",
    # a preview's are those of the stack that it is a copy of
    "delivery_repository": "",
    "delivery_environments": "production",
    "delivery_oidc_provider": "create",
    # cost by the month, watch a site that nobody depends on, or keep addresses of the few who look
    "alarm_email": "",
    "access_logs": "false",
    "waf": "false",
}


def as_plain(asked: Arguments, own_stage: object) -> Arguments:
    """The other verb with a preview's settings: they stand over those of cdk.json, and `-c` stands over them.

    `own_stage` is the stage in cdk.json, if any. Raises `RefusedError` without a stage of the preview's own,
    and for what would make it more than the site, or leave something behind.
    """
    given = dict(setting.partition("=")[::2] for setting in asked.settings)
    stage, name = given.get("stage", ""), asked.verb
    if not stage:
        legal = legal_values(Settings.model_fields["stage"])
        raise RefusedError(f"{name}: name its stage: `make {name} STAGE=pr-42`; legal: {legal}")
    if stage == own_stage:
        raise RefusedError(f"{name}: {stage} is the stage of cdk.json, and no preview; name another")
    for setting, value in _FIXED.items():
        if given.get(setting, value).lower() != value:
            raise RefusedError(
                f"{name}: {setting}={given[setting]} does not go with a preview, which is the site alone and "
                f"leaves nothing; leave it out, or deploy a copy: `make deploy STAGE={stage}`"
            )
    settings = [f"{setting}={value}" for setting, value in {**_TAKEN_BACK, **_FIXED}.items()]
    return replace(asked, verb=VERBS[name], settings=(*settings, *asked.settings))


def site_alone(asked: Arguments, stage: str | None) -> Arguments:
    """Name the preview's stack, if it is not named; raises `RefusedError` if another is."""
    site = stack_names.of_stage(stage)[0]
    named = stack_names.named(asked.passed_on, stage)
    if others := [stack for stack in named if stack != site]:
        raise RefusedError(f"a preview is {site} alone; leave out {', '.join(others)}")
    return asked if named else replace(asked, passed_on=(site, *asked.passed_on))


def deploying(stack: str, where: Target) -> Callable[[], None]:
    """To be called before the deploy; returns what tells the URL after it.

    Raises `RefusedError` if `stack` is there and keeps its data: a preview would make it go with the stack.
    """
    stage = _stage(stack)
    try:
        template = remains.deployed(stack, where)
    except (BotoCoreError, ClientError) as error:
        raise RefusedError(
            f"{stack}: cannot see whether it is a preview, so it is left alone: {error}"
        ) from error
    if template and remains.kept(template):
        raise RefusedError(
            f"{stack} was deployed with removal_policy=retain, so it is no preview; take another stage, or deploy "
            f"it as what it is: `make deploy STAGE={stage}`"
        )
    return lambda: print(
        f"\n{_url(stack, where)}\n`make preview-remove STAGE={stage}` removes it", flush=True
    )


def removing(stack: str, where: Target) -> Callable[[], None] | None:
    """To be called before the deletion; returns what tells after it what stays. None: there is no such stack."""
    try:
        template = remains.deployed(stack, where)
        if not template:
            return None
        kept = remains.names(stack, where, template)
    except (BotoCoreError, ClientError):  # these credentials may not see it; the CLI's may delete it
        return lambda: None

    def told() -> None:
        if _is_gone(stack, where):  # the CLI asked, and the answer may have been no
            print(_rest(stack, kept), flush=True)

    return told


def _rest(stack: str, kept: Sequence[str]) -> str:
    if not kept:
        return f"{stack} is gone, and nothing of it stays"
    lines = "".join(f"\n  {each}" for each in kept)
    return (
        f"{stack} is gone; this stays, and is billed until it is deleted by hand, because the stack's last deploy "
        f"had removal_policy=retain:{lines}"
    )


def _is_gone(stack: str, where: Target) -> bool:
    try:
        return remains.deployed(stack, where) is None
    except (BotoCoreError, ClientError):
        return False


def _url(stack: str, where: Target) -> str:
    try:
        found = outputs.of(stack, where) or {}
    except RefusedError:
        found = {}
    return found.get("SiteUrl", f"{stack}: its URL is the output SiteUrl, above")


def _stage(stack: str) -> str:
    return stack.partition("-")[2]
