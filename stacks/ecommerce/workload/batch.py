"""The objects of the shop's reports. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.workload.config_map import config_map, text
from stacks.ecommerce.workload.cron_job import cron_job
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.network_policy import flows, to_aws
from stacks.ecommerce.workload.places import Places
from stacks.ecommerce.workload.reports import IMAGE, REPORTS, Report
from stacks.ecommerce.workload.service import url
from stacks.ecommerce.workload.service_account import service_account

_SCRIPTS: Final = "reports"


def report_foundation() -> list[Manifest]:
    """What the reports' pods need before they are there."""
    return [
        *(service_account(report.object_name) for report in REPORTS),
        *(
            flows(
                report.object_name,
                callees=["orders"] if report.name == "orders" else [],
                egress=to_aws(),
            )
            for report in REPORTS
        ),
        config_map(
            _SCRIPTS,
            of=_SCRIPTS,
            data={report.script: text("reports", report.script) for report in REPORTS},
        ),
    ]


def report_jobs(places: Places) -> list[Manifest]:
    """The reports; where the writes are, as there the orders are, and the carts' table is the same everywhere."""
    return [
        cron_job(
            report.object_name,
            minute=report.minute,
            image=IMAGE,
            script=report.script,
            variables=_variables(report, places),
            config_map=_SCRIPTS,
        )
        for report in REPORTS
    ]


def _variables(report: Report, places: Places) -> Mapping[str, str]:
    return {
        "AWS_REGION": places.region.name,
        "NAMESPACE": places.metric_namespace,
        **({"ORDERS_URL": url("orders")} if report.name == "orders" else {"TABLE": places.carts}),
    }
