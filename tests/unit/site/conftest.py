"""The pages of site/, for every check in this folder."""

from pathlib import Path

import pytest

from tests.unit.site import document
from tests.unit.site.files import PAGES, SITE


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the site."""
    return SITE


@pytest.fixture(params=PAGES, ids=lambda path: path.name)
def page(request: pytest.FixtureRequest) -> Path:
    """Each page in turn."""
    path: Path = request.param
    return path


@pytest.fixture
def markup(page: Path) -> document.Element:
    """The parsed `page`."""
    return document.read(page)
