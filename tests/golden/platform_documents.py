"""The documents of the e-commerce platform that are computed from its templates."""

from pathlib import Path

from review.platform import acknowledgements, documents, service_tables
from tests.unit.stacks.ecommerce import everything, findings
from tests.unit.stacks.ecommerce.platform import platform, texts


def of_platform(docs: Path) -> dict[Path, str]:
    """File by file."""
    largest = {**everything.settings(), "ecommerce_profile": "peak"}
    sizes = {
        name: (len(platform(**largest)[name]["Resources"]), len(text.encode()))
        for name, text in texts(**largest).items()
    }
    page = docs / "architecture.md"
    services = everything.services()
    return {
        page: documents.architecture(page.read_text(), templates=platform(), services=services, sizes=sizes),
        docs / "services.md": service_tables.page(services),
        docs / "acknowledged.md": acknowledgements.page(*findings.all_of_it()),
    }
