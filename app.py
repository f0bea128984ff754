"""The CDK application: reads the settings and composes the stacks."""

import gc
import signal
import sys
from pathlib import Path

from aws_cdk import App, Environment, Validations

from stacks import chosen_site
from stacks.settings import Settings, SettingsError, load
from stacks.site_folder import SiteFolder, SiteFolderError
from stacks.static_site import StaticSite
from stacks.visitor_counter import VisitorCounter

ROOT = Path(__file__).resolve().parent


def look_at_site(settings: Settings) -> SiteFolder:
    """Read and check the folder that `settings` name. Raises SiteFolderError."""
    return chosen_site.look_at(settings, root=ROOT)


def compose(app: App, settings: Settings, site: SiteFolder) -> None:
    """Add the stacks that `settings` ask for to `app`. Raises SiteFolderError if its files changed meanwhile."""
    # Without an account the stacks stay deployable to any; no account, no look-up, no credentials at synth.
    env = Environment(account=settings.account, region=settings.region)
    suffix = f"-{settings.stage}" if settings.stage else ""
    if settings.nag:
        from cdk_nag import AwsSolutionsChecks  # takes a quarter of a second of every synth that does without

        Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    counter = VisitorCounter(
        app, f"VisitorCounter{suffix}", env=env, settings=settings, image_folder=ROOT / "visitor_counter"
    )
    site_stack = StaticSite(
        app,
        f"StaticSite{suffix}",
        env=env,
        settings=settings,
        site=site,
        api=counter.api_origin if settings.visitor_count else None,
    )
    if settings.visitor_count:
        # With counter_domain the site knows the counter by a name, which is no reference that would say so.
        site_stack.add_stack_dependency(counter)
    if settings.ecommerce:
        from stacks.ecommerce import (
            stage,  # whoever deploys the site or the counter does not pay for loading it
        )

        stage.compose(app, settings)
    if settings.delivery_repository:
        from stacks.delivery import Delivery

        Delivery(
            app,
            f"Delivery{suffix}",
            env=env,
            settings=settings,
            site=site_stack.stack_name,
            counter=counter.stack_name,
        )


def main() -> None:
    """Synthesize into the folder that the CDK CLI names; exit 2 with a line per wrong setting."""
    gc.disable()  # its process is a short one: looking for garbage is a tenth of its time
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once, without a traceback
    app = App()
    try:
        settings = load(app.node.get_all_context())
        if left_alone := settings.ecommerce_left_alone():
            print(left_alone, file=sys.stderr)
        compose(app, settings, look_at_site(settings))
    except (SettingsError, SiteFolderError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    app.synth()


if __name__ == "__main__":
    main()
