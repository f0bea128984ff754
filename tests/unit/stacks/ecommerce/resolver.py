"""Answers what Route 53 would, from the records and health checks of the synthesized templates.

What of Route 53 is in it: alias records, geolocation with its way up from a continent to the default, latency,
failover, the health check of a record, the health of an alias' target, calculated health checks, and that records
which are all unhealthy count as healthy ("How Amazon Route 53 chooses records when health checking is configured").
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.unit.stacks.synthesis import Template

# Round trips in milliseconds between places and regions, roughly; only their order matters.
LATENCY: Mapping[str, Mapping[str, int]] = {
    "NA": {"us-east-1": 20, "eu-west-1": 90, "ap-southeast-1": 220},
    "EU": {"us-east-1": 90, "eu-west-1": 20, "ap-southeast-1": 170},
    "AS": {"us-east-1": 220, "eu-west-1": 170, "ap-southeast-1": 30},
}


@dataclass(frozen=True)
class World:
    """`records`: the properties of all record sets; `checks`: those of health checks by logical id."""

    records: list[Template]
    checks: Mapping[str, Template]

    @classmethod
    def of(cls, templates: Iterable[Template]) -> "World":
        records, checks = [], {}
        for found in templates:
            for name, each in found["Resources"].items():
                if each["Type"] == "AWS::Route53::RecordSet" and each["Properties"]["Type"] == "A":
                    records.append(each["Properties"])
                elif each["Type"] == "AWS::Route53::HealthCheck":
                    checks[name] = each["Properties"]["HealthCheckConfig"]
        return cls(records, checks)


class Resolver:
    """`down`: regions that do not answer. `inverted`: logical ids of health checks that an operator inverted."""

    def __init__(self, world: World, *, down: Iterable[str] = (), inverted: Iterable[str] = ()) -> None:
        self._world = world
        self._down = set(down)
        self._inverted = set(inverted)

    def answer(self, name: str, viewer: str) -> str:
        """The region that `viewer`, of a continent, is led to by `name`."""
        return self._chosen(name, viewer)

    def _chosen(self, name: str, viewer: str) -> str:
        found = self._of(name)
        assert found, f"no such name: {name}"
        record = self._choose(found, viewer)
        target = record["AliasTarget"]["DNSName"]
        if not isinstance(target, str):  # a load balancer's or an API's own
            return name.split(".", 1)[0]
        return self._chosen(target, viewer)

    def _of(self, name: str) -> list[Template]:
        return [each for each in self._world.records if each["Name"] == f"{name}."]

    def _choose(self, found: list[Template], viewer: str) -> Template:
        if len(found) == 1:
            return found[0]
        healthy = [each for each in found if self._healthy(each, viewer)] or found
        if "GeoLocation" in found[0]:
            own = [each for each in healthy if each["GeoLocation"].get("ContinentCode") == viewer]
            default = [each for each in healthy if each["GeoLocation"].get("CountryCode") == "*"]
            return (own or default or healthy)[0]
        if "Region" in found[0]:
            return min(healthy, key=lambda each: LATENCY[viewer][each["Region"]])
        if "Failover" in found[0]:
            primary = next(each for each in found if each["Failover"] == "PRIMARY")
            secondary = next(each for each in found if each["Failover"] == "SECONDARY")
            # with none healthy the primary answers
            return primary if primary in healthy or secondary not in healthy else secondary
        raise AssertionError(f"records of one name without a routing policy: {found}")

    def _healthy(self, record: Template, viewer: str) -> bool:
        if "HealthCheckId" in record and not self._passes(check_of(record)):
            return False
        target = record["AliasTarget"]
        if not target["EvaluateTargetHealth"]:
            return True
        assert isinstance(target["DNSName"], str), "the health of a load balancer is not asked"
        return any(self._healthy(each, viewer) for each in self._of(target["DNSName"]))

    def _passes(self, check: str) -> bool:
        if check not in self._world.checks:  # of another owner, who says that it is well until it is inverted
            return check not in self._inverted
        config = self._world.checks[check]
        if config["Type"] == "CALCULATED":
            passing = sum(self._passes(child["Fn::GetAtt"][0]) for child in config["ChildHealthChecks"])
            passes: bool = passing >= config["HealthThreshold"]
        else:
            passes = config["FullyQualifiedDomainName"].split(".", 1)[0] not in self._down
        return passes != (check in self._inverted)


def check_of(record: Template) -> str:
    """The logical id of a record's health check, or the output of another stack that has its id."""
    check = record["HealthCheckId"]
    name: str = (
        check["Fn::GetStackOutput"]["OutputName"] if "Fn::GetStackOutput" in check else check["Fn::GetAtt"][0]
    )
    return name
