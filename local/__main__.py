"""`python -m local …`: the commands behind `make up`, `down`, `status`, `logs`, `cdk`, `serve`, `versions` …"""

import os
import subprocess
import sys

import click

from deploy import cdk_cli, stack_names
from deploy.errors import RefusedError
from deploy.site_versions import SiteVersions
from local import cdk, deployment, engine, interrupts, lock, logs
from local.console import Console
from local.deployed import Deployed
from local.deployment import Record
from local.down import down as stop_all
from local.errors import INTERRUPTED, BadInputError, LocalRunError
from local.layout import Layout
from local.session import Session
from local.status import status as tell_status
from local.up import Request
from local.up import up as bring_up


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """The real stacks on this machine: emulated AWS, real Redis, real CDK CLI.

    Exit codes: 0 all is well, 1 a part failed, 2 bad input (nothing was started or changed), 3 (status) not
    everything runs, 130 interrupted (what this command started is stopped).
    """
    if (
        context.invoked_subcommand != "serve"
    ):  # which has no part in the local run, and need not wait for an engine
        context.obj = Session(Layout.of_environment(), Console(), engine.find())


@main.command()
@click.option(
    "--site", envvar="SITE", default="", help="Folder to serve; by default the project's own site/."
)
@click.option(
    "-c", "--context", "settings", multiple=True, metavar="NAME=VALUE", help="A setting, as for cdk."
)
@click.option("--endpoint", envvar="ENDPOINT", default="", help="URL of an AWS emulator that already runs.")
@click.option(
    "--port", envvar="PORT", default="", help="Port of the emulator; by default 4566, or a free one."
)
@click.option(
    "--time-limit",
    envvar="LOCAL_TIME_LIMIT",
    default=600.0,
    show_default=True,
    type=click.FloatRange(min=1),
    help="Seconds that a CDK command may take.",
)
@click.pass_obj
def up(
    session: Session, site: str, settings: tuple[str, ...], endpoint: str, port: str, time_limit: float
) -> None:
    """Start everything, deploy, and prove that it works; quick when it runs already."""
    session.time_limit = time_limit
    with lock.exclusive(session.layout.lock, "make up"):
        session.reload()
        bring_up(session, Request(site, settings, endpoint, port))


@main.command()
@click.pass_obj
def down(session: Session) -> None:
    """Stop everything; the data stays for the next `up`."""
    with lock.exclusive(session.layout.lock, "make down"):
        session.reload()
        stop_all(session)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts.")
@click.pass_obj
def status(session: Session, as_json: bool) -> None:
    """Say what runs, since when, and where."""
    sys.exit(tell_status(session, as_json=as_json))


@main.command("logs")
@click.argument("name", default="")
@click.option("--no-follow", is_flag=True, help="Write the last lines and end.")
@click.pass_obj
def logs_command(session: Session, name: str, no_follow: bool) -> None:
    """Follow the logs: all, or the one of NAME (emulator, redis, counter, cdk)."""
    logs.follow(session, name, forever=not no_follow)


@main.command("cdk", context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def cdk_command(session: Session, arguments: tuple[str, ...]) -> None:
    """Run the CDK CLI with ARGUMENTS on what `up` deployed, with the same settings."""
    record = Record.read(session.layout.deployment)
    if not record or not session.state.endpoint:
        raise BadInputError("nothing is deployed here; `make up` first")
    endpoint = session.state.endpoint
    options = ["--no-notices", f"--output={session.layout.assembly}"]
    done = subprocess.run(
        cdk_cli.command([*(arguments or ("list",)), *options, *record.arguments]),
        cwd=cdk_cli.ROOT,
        env=cdk.environment(endpoint) | deployment.image_tool(endpoint, session.engine),
        check=False,
    )
    sys.exit(done.returncode)


@main.command("serve")
@click.option(
    "--site", envvar="SITE", default="", help="Folder to serve; by default the project's own site/."
)
@click.option(
    "-c", "--context", "settings", multiple=True, metavar="NAME=VALUE", help="A setting, as for cdk."
)
@click.option("--port", envvar="PORT", default="", help="By default 8080, or a free one.")
@click.option("--reload/--no-reload", "reloads", default=True, help="Reload open pages when a file changes.")
@click.option("--verbose", is_flag=True, help="A line for each request.")
def serve_command(site: str, settings: tuple[str, ...], port: str, reloads: bool, verbose: bool) -> None:
    """Serve a folder by the rules of the edge, and nothing else: no AWS, no emulator, no deploy."""
    from local.serve.serve import Request as ServeRequest
    from local.serve.serve import serve

    serve(Console(), ServeRequest(site, settings, port, reloads, verbose))


@main.command()
@click.pass_obj
def versions(session: Session) -> None:
    """List the versions of the site that `up` deployed, and which is live."""
    print(_site(session).table())


@main.command()
@click.argument("version", default="")
@click.pass_obj
def rollback(session: Session, version: str) -> None:
    """Make VERSION of the site live, or the one before the live one."""
    print(f"live: {_site(session).roll_back(version)}; {session.state.site_url}")


def _site(session: Session) -> SiteVersions:
    record = Record.read(session.layout.deployment)
    if not record or (not session.state.running("emulator") and not record.endpoint):
        raise BadInputError("nothing runs here; `make up` first")
    stage = dict(word.partition("=")[::2] for word in record.arguments[1::2]).get("stage")
    return Deployed(session.state.endpoint).site_versions(stack_names.of_stage(stage)[0])


def run() -> None:
    """Run the command line; every known failure is one message on standard error and an exit code."""
    interrupts.raise_on_every_signal()
    try:
        main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except RefusedError as error:
        print(error, file=sys.stderr)
        sys.exit(BadInputError.exit_code)
    except LocalRunError as error:
        print(f"\n{error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        print("\ninterrupted", file=sys.stderr, flush=True)
        sys.stdout.flush()
        # not sys.exit: CPython ends with SIGINT all the same if the interrupt came while a library ran `exec`
        os._exit(INTERRUPTED)
    except BrokenPipeError:
        sys.exit(0)


if __name__ == "__main__":
    run()
