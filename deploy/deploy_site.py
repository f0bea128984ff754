"""`make deploy-site`: from a repository, or a folder, to a site that answers; the clone goes in any case."""

import shutil
import sys
from collections.abc import Callable, Sequence
from typing import Final

from deploy import built_site, cdk_cli, outputs, repository, smoke, stack_names, terminated
from deploy.arguments import Arguments
from deploy.errors import RefusedError
from deploy.preflight import Target, check_bootstrap, target
from deploy.site_versions import NoVersionsError
from deploy.verb_options import DeploySiteOptions, SmokeOptions
from stacks import chosen_site
from stacks.settings import Settings
from stacks.site_folder import SiteFolderError

_FAILED: Final = 1


def run(
    asked: Arguments, options: DeploySiteOptions, chosen: Settings, deploy: Callable[[Sequence[str]], int]
) -> int:
    """Deploy the site that `options` name, as `deploy` does with a command line; returns the exit code.

    Raises `RefusedError` before anything was touched. A site that was live stays so when a step fails: until the
    new version is whole nothing points to it, and when it is live and does not answer the old one is live again.
    """
    if any(setting.startswith("site=") for setting in asked.settings):
        raise RefusedError(
            "deploy-site: -c site=…: the site is the repository's; FOLDER=… names the folder in it"
        )
    repository.check(options.repository, options.ref)
    site = stack_names.of_stage(chosen.stage)[0]
    shown = repository.without_secret(options.repository)
    with terminated.raised(), terminated.temporary_folder("deploy-site-") as folder:
        _say("tools and credentials")
        where = _tools_and_account(chosen, git=repository.is_git(options.repository))
        top = folder / "site"
        if repository.is_git(options.repository):
            _say(f"cloning {shown}")
            commit = repository.clone(options.repository, options.ref, top)
            print(f"  commit {commit}{f' of {options.ref}' if options.ref else ''}", flush=True)
        elif options.ref:
            raise RefusedError(f"REF={options.ref}: {shown} is a folder and no git repository; leave REF out")
        else:
            _say(f"copying {shown}")
            repository.copy(options.repository, top)
        published = built_site.find(top, options.folder, shown)
        if published != top:
            print(f"  the site is its folder {published.relative_to(top.resolve())}", flush=True)
        for path in built_site.about_the_repository(published):
            repository.leave_out(path, top)
            print(f"  not published: {path.name}", flush=True)
        there = chosen.model_copy(update={"site": str(published)})
        try:  # as app.py does, which the CDK CLI would run, and end with its own code
            chosen_site.look_at(there, root=cdk_cli.ROOT)
        except SiteFolderError as error:
            raise RefusedError(str(error).replace(str(top), shown)) from error
        before = _live(site, where)
        _say(f"deploying {site}")
        settings = [word for setting in (*asked.settings, f"site={published}") for word in ("-c", setting)]
        code = deploy(["deploy", site, f"--output={asked.output}", *settings, *options.passed_on])
        if code:
            print(f"deploy-site: the deploy failed ({code}); what was live is live", file=sys.stderr)
            return code
        found = outputs.of(site, where)
        if not found:  # the CLI was told to make a change set alone
            print(f"deploy-site: {site} is not there after {' '.join(options.passed_on)}", file=sys.stderr)
            return _FAILED
        url = smoke.site_url({site: found}, chosen)
        _say(f"asking {url}")
        checks = SmokeOptions(timeout=options.timeout)
        if code := smoke.check({site: found}, checks, there, only=[site], where=where):
            _back(site, where, before)
            return code
        print(f"\nlive: {url}", flush=True)
    return 0


def _say(step: str) -> None:
    print(f"deploy-site: {step} …", flush=True)


def _tools_and_account(chosen: Settings, *, git: bool) -> Target:
    """The order of these is that of the list in docs/delivery.md. Raises `RefusedError`."""
    if not cdk_cli.CLI.is_file():
        raise RefusedError("the CDK CLI is not installed: `make synth` installs it")
    where = target(account=chosen.account, region=chosen.region)
    check_bootstrap(where)
    if git and not shutil.which("git"):
        raise RefusedError(
            "git is not installed, or not on PATH: install it, or give a folder: REPO=path/to/site"
        )
    return where


def _live(site: str, where: Target) -> str:
    try:
        return smoke.site_versions(site, where).live()
    except NoVersionsError:  # the first deploy, or hosting=website
        return ""


def _back(site: str, where: Target, before: str) -> None:
    """Make the version live that was, if there was one and it is not."""
    try:
        versions = smoke.site_versions(site, where)
        if before and versions.live() != before:
            print(f"deploy-site: the check failed; live again: {versions.roll_back(before)}", file=sys.stderr)
            return
        reason = "no version was live before" if not before else "nothing new went live"
    except RefusedError as error:
        reason = str(error)
    print(f"deploy-site: the check failed; what was deployed stays: {reason}", file=sys.stderr)
