"""The synthesized templates, kept so that a change shows its effect on CloudFormation in the diff.

`make golden` (`python -m tests.golden`) writes them anew, and the documents that are computed from the code;
test_golden.py fails, with the diff, when one is stale.
"""

import json
import re
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
_DOCS: Final = FOLDER.parents[1] / "docs"
# One with all defaults, one with every option set that has no part in a domain, one for what excludes some of
# these, one for the other kind of hosting, one with a domain and all that needs us-east-1, one with all that a
# counter can have, one region of the e-commerce platform in its smallest size, and the roles for GitHub Actions.
CASES: Final[dict[str, dict[str, object]]] = {
    "defaults": {},
    "everything": {
        "stage": "full",
        "account": "123456789012",
        "region": "eu-central-1",
        "routing": "spa",
        "price_class": "all",
        "versions_kept": 20,
        "content_security_policy": "",
        "removal_policy": "destroy",
        "log_retention_days": 7,
        "visitor_count": True,
        "counter_cpu": 1024,
        "counter_memory": 4096,
        "counter_architecture": "x86_64",
        "counter_alarms_rollback": False,
        "counter_tasks": 3,
        "counter_max_tasks": 9,
        "counter_requests_per_task": 30_000,
        "counter_spot_percent": 50,
        "counter_deployment": "blue-green",
        "counter_exec": True,
        "container_insights": True,
        "egress": "nat",
        "redis_engine": "redis",
        "redis_node_type": "cache.m7g.large",
        "redis_replicas": 2,
        "counter_wait_replicas": 1,
    },
    "serverless": {
        "redis_mode": "serverless",
        "redis_max_gb": 2,
        "redis_max_ecpus": 5000,
        "egress": "endpoints",
        "s3_prefix_list": "pl-63a5400a",
    },
    "website": {"hosting": "website"},
    "domain": {
        "domain": "example.org",
        "www": "redirect-to-www",
        "hosted_zone_id": "Z0123456789ABC",
        "access_logs": True,
        "alarm_email": "ops@example.org",
        "waf": True,
        "waf_rate_limit": 500,
    },
    "counter": {
        "visitor_count": True,
        "counter_domain": "count.example.org",
        "counter_alarm_email": "ops@example.org",
        "counter_dashboard": True,
        "counter_waf": True,
        "counter_waf_rate_limit": 500,
        "hosted_zone_id": "Z0123456789ABC",
    },
    "ecommerce": {
        "ecommerce": True,
        "ecommerce_domain": "shop.example.org",
        "ecommerce_regions": "us-east-1",
    },
    "delivery": {
        "delivery_repository": "octo-org@123456/octo-repo@456789",
        "delivery_environments": "production,preview,drift",
    },
}


# In these cases these stacks are as with the defaults.
_UNTOUCHED: Final[dict[str, tuple[str, ...]]] = {
    "serverless": ("StaticSite",),
    "website": ("VisitorCounter",),
    "domain": ("VisitorCounter",),
    "ecommerce": ("StaticSite", "VisitorCounter"),
    "delivery": ("StaticSite", "VisitorCounter"),
}


def normalized(template: str) -> str:
    """A template with the hashes of assets and the site's commit replaced: they follow the content."""
    without_hashes = re.sub(r"\b[0-9a-f]{64}\b", "<asset>", template)
    without_hashes = re.sub(r'("Commit": ")[0-9a-f]*\+?"', r'\1<commit>"', without_hashes)
    return json.dumps(json.loads(without_hashes), indent=1) + "\n"


def documents() -> dict[Path, str]:
    """The documents that are computed from the code, file by file: settings, what they cost, the platform."""
    from review import cost_report, platform_report, setting_costs
    from stacks import settings_table
    from tests.golden.platform_documents import of_platform
    from tests.unit.stacks.ecommerce import everything
    from tests.unit.stacks.ecommerce.platform import platform
    from tests.unit.stacks.synthesis import assembly, templates

    return {
        _DOCS / "settings.md": settings_table.markdown(),
        _DOCS / "cost.md": cost_report.of_assembly(assembly())
        + "\n"
        + setting_costs.markdown(lambda given: templates(**given))
        + "\n"
        + platform_report.markdown(lambda given: platform(**given), everything.flags()),
        **of_platform(_DOCS),
    }


def current() -> dict[Path, str]:
    """File by file what the code as it is now gives for `CASES`."""
    from tests.unit.stacks.synthesis import assembly

    return {
        FOLDER / f"{case}.{path.name}": normalized(path.read_text())
        for case, given in CASES.items()
        for path in sorted(assembly(**given).glob("*.template.json"))
        if not path.name.startswith(_UNTOUCHED.get(case, ()))
    }
