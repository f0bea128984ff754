"""The CDK application: reads the settings and composes the stacks."""

import signal
import sys
from pathlib import Path

from aws_cdk import App, Environment, Validations
from cdk_nag import AwsSolutionsChecks

from stacks import site_folder
from stacks.settings import Settings, SettingsError, load
from stacks.site_folder import SiteFolder, SiteFolderError
from stacks.static_site import StaticSite
from stacks.visitor_counter import VisitorCounter

ROOT = Path(__file__).resolve().parent


def compose(app: App, settings: Settings, site: SiteFolder) -> None:
    """Add the stacks that `settings` ask for to `app`."""
    # Without an account the stacks stay deployable to any; no account, no look-up, no credentials at synth.
    env = Environment(account=settings.account, region=settings.region)
    suffix = f"-{settings.stage}" if settings.stage else ""
    if settings.nag:
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    counter = VisitorCounter(
        app, f"VisitorCounter{suffix}", env=env, settings=settings, image_folder=ROOT / "visitor_counter"
    )
    StaticSite(
        app,
        f"StaticSite{suffix}",
        env=env,
        settings=settings,
        site=site,
        api_domain_name=counter.domain_name if settings.visitor_count else None,
    )


def main() -> None:
    """Synthesize into the folder that the CDK CLI names; exit 2 with a line per wrong setting."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback
    app = App()
    try:
        settings = load(app.node.get_all_context())
        site = site_folder.inspect(
            settings.site,
            root=ROOT,
            content_security_policy=settings.content_security_policy
            if settings.hosting == "cloudfront"
            else "",
            single_page=settings.routing == "spa" and settings.hosting == "cloudfront",
            trailing_slash=settings.trailing_slash,
        )
    except (SettingsError, SiteFolderError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    compose(app, settings, site)
    app.synth()


if __name__ == "__main__":
    main()
