"""All Kubernetes objects of a region's shop, in the order in which the cluster gets them. Knows no construct."""

from collections.abc import Mapping
from typing import Final

from stacks.ecommerce.services import SERVICES, Service
from stacks.ecommerce.workload import network_policy, traces
from stacks.ecommerce.workload.autoscaler import autoscaler
from stacks.ecommerce.workload.batch import report_foundation, report_jobs
from stacks.ecommerce.workload.config_map import config_map
from stacks.ecommerce.workload.configuration import SECRETS, files, variables
from stacks.ecommerce.workload.deployment import deployment
from stacks.ecommerce.workload.disruption_budget import disruption_budget
from stacks.ecommerce.workload.manifest import Manifest
from stacks.ecommerce.workload.namespace import limit_range, namespace, resource_quota
from stacks.ecommerce.workload.places import Places
from stacks.ecommerce.workload.priority_class import priority_classes
from stacks.ecommerce.workload.secret_files import FIELDS
from stacks.ecommerce.workload.secret_keeper import keeper_name, secret_keeper
from stacks.ecommerce.workload.secret_provider_class import secret_provider_class
from stacks.ecommerce.workload.service import service
from stacks.ecommerce.workload.service_account import service_account
from stacks.ecommerce.workload.sizes import PodSize, Replicas, pod_size, replicas
from stacks.ecommerce.workload.target_group_binding import target_group_binding

CALLS: Final[Mapping[str, tuple[str, ...]]] = {
    "ui": ("catalog", "cart", "checkout"),
    "checkout": ("orders",),
}
"""Which service asks which, in the sample's source. The ui's pages never ask the orders."""

# Reports are no service of the shop, but ask one.
_ALSO_ASKED_BY: Final[Mapping[str, tuple[str, ...]]] = {"orders": ("orders-report",)}


def services(places: Places) -> list[Service]:
    """The services of the region: those that write only where it has a database to write to, now or some day."""
    return [each for each in SERVICES if places.can_write or not each.writes]


def foundation(places: Places) -> list[Manifest]:
    """The namespace and what must be there before a pod is: bounds, identities, rules, files and secrets."""
    here = services(places)
    sized: dict[str, tuple[PodSize, Replicas]] = {
        each.name: (
            pod_size(each, places.profile),
            replicas(each, places.profile, places.region),
        )
        for each in here
    }
    made = [
        namespace(places.kubernetes_version),
        *priority_classes(),
        resource_quota(sized),
        limit_range(),
        network_policy.deny_all(),
        network_policy.allow_names(),
        *(service_account(each.name) for each in here),
        *(_policy(each, places) for each in here),
        *(
            config_map(name, of=each.name, data=data)
            for each in here
            for name, data in files(each.name, places).items()
        ),
        *(
            secret_provider_class(
                SECRETS[each.name].name,
                of=each.name,
                region=places.region.name,
                secret_id=places.database_secret if each.state == "postgresql" else places.cache_secret,
                fields=FIELDS,
            )
            for each in here
            if each.name in SECRETS
        ),
        *(service_account(keeper_name(SECRETS[each.name])) for each in _kept(here)),
    ]
    return [*made, *(report_foundation() if _reports(places) else [])]


def entrances(places: Places) -> list[Manifest]:
    """The services' addresses and their bindings to the load balancer, before their pods: the controller adds its
    readiness gate only to pods that come after the binding."""
    here = services(places)
    return [
        *(service(each.name) for each in here),
        *(
            target_group_binding(each.name, places.target_groups[each.name])
            for each in here
            if each.name in places.target_groups
        ),
    ]


def pods(places: Places) -> list[Manifest]:
    """The programs, how many there are of each, and the reports."""
    here = services(places)
    made = []
    for each in here:
        made += [
            deployment(
                each,
                size=pod_size(each, places.profile),
                variables=variables(each.name, places),
                secret=SECRETS.get(each.name),
                files=files(each.name, places),
                standby=each.writes and not places.writes,
            ),
            autoscaler(each.name, replicas(each, places.profile, places.region)),
            disruption_budget(each.name),
        ]
    for each in _kept(here):
        made += [
            secret_keeper(each, SECRETS[each.name]),
            disruption_budget(keeper_name(SECRETS[each.name])),
        ]
    return [*made, *(report_jobs(places) if _reports(places) else [])]


def _reports(places: Places) -> bool:
    return places.can_write and places.writes


def _kept(here: list[Service]) -> list[Service]:
    """The services whose secret another pod keeps."""
    return [each for each in here if each.name in SECRETS and not SECRETS[each.name].mounted]


def _policy(of: Service, places: Places) -> Manifest:
    here = {each.name for each in services(places)}
    callers = [caller for caller, called in CALLS.items() if of.name in called and caller in here]
    egress: Mapping[str, list[Manifest]] = {
        "none": [],
        "dynamodb": network_policy.to_aws(),
        "redis": network_policy.to_data(places.data_cidrs, network_policy.REDIS),
        "postgresql": network_policy.to_data(places.data_cidrs, network_policy.POSTGRESQL),
    }
    to_queue = network_policy.to_aws() if of.name == "orders" and places.order_events else []
    return network_policy.flows(
        of.name,
        callers=[*callers, *(_ALSO_ASKED_BY.get(of.name, ()) if _reports(places) else ())],
        caller_cidrs=places.load_balancer_cidrs if of.name in places.target_groups else (),
        callees=[called for called in CALLS.get(of.name, ()) if called in here],
        egress=[*traces.egress(), *egress[of.state], *to_queue],
    )
