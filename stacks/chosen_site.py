"""The folder of the site as the settings have it."""

from pathlib import Path

from stacks import site_folder
from stacks.settings import Settings
from stacks.site_folder import SiteFolder


def look_at(settings: Settings, *, root: Path) -> SiteFolder:
    """Read and check the folder that `settings` name, relative to `root`. Raises SiteFolderError."""
    at_edge = settings.hosting == "cloudfront"
    return site_folder.inspect(
        settings.site,
        root=root,
        content_security_policy=settings.content_security_policy if at_edge else "",
        single_page=settings.routing == "spa" and at_edge,
        trailing_slash=settings.trailing_slash,
    )
