"""The whole platform in three regions of the emulator: composed here, deployed and destroyed by the real CLI."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aws_cdk import App

from stacks import settings
from stacks.ecommerce import stage
from stacks.ecommerce.topology import DEFAULT
from tests.deploy import inventory
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.templates import ACCOUNT, client
from tests.unit.stacks.synthesis import FEATURE_FLAGS

DOMAIN = "shop.example.org"
REGIONS = tuple(region.name for region in DEFAULT.regions)
PRIMARY, SECONDARY, TERTIARY = REGIONS
_CONCURRENCY = 8
"""Stacks at a time: the emulator has one core, and the CLI waits for it most of its time."""
_LIMIT_S = 420.0
"""Of one command for all stacks; a machine by itself takes a fifth of it."""


def synthesize(folder: Path, **given: object) -> Path:
    """The assembly in `folder`, without cdk-nag's rules, which the stacks' own tests ask."""
    app = App(context=FEATURE_FLAGS, outdir=str(folder))
    common = {"ecommerce": True, "ecommerce_domain": DOMAIN, "removal_policy": "destroy"}
    stage.compose(app, settings.load({**common, **given}))
    app.synth()
    return folder


@dataclass(frozen=True)
class Platform:
    """The emulator with the platform, and the CLI's working folder."""

    emulator: EmulatorProcess
    folder: Path

    def bootstrap(self) -> None:
        """In each region."""
        self.emulator.cdk("bootstrap", *(f"aws://{ACCOUNT}/{region}" for region in REGIONS), app=self.folder)

    def deploy(self, assembly: Path, *stacks: str) -> str:
        """Deploy all stacks of an assembly, or those alone that are named; return what the CLI said."""
        return self._cdk("deploy", assembly, "--require-approval", "never", *(stacks or ("--all",)))

    def destroy(self, assembly: Path) -> None:
        """All stacks of an assembly."""
        self._cdk("destroy", assembly, "--force", "--all")

    def _cdk(self, verb: str, assembly: Path, *rest: str) -> str:
        many = ("--concurrency", str(_CONCURRENCY))
        return self.emulator.cdk(
            verb, "--app", str(assembly), *many, *rest, app=self.folder, limit_s=_LIMIT_S
        )

    def client(self, service: str, region: str = PRIMARY) -> Any:
        """A boto3 client."""
        return client(self.emulator, service, region)

    def exists(self) -> dict[str, Mapping[str, list[str]]]:
        """What there is in each region."""
        return {region: inventory.without_bootstrap(self.emulator.endpoint, region) for region in REGIONS}

    def stacks(self) -> dict[str, Any]:
        """The platform's stacks by their name."""
        return {
            stack["StackName"]: stack
            for region in REGIONS
            for stack in self.client("cloudformation", region).describe_stacks()["Stacks"]
            if stack["StackName"].startswith("Ecommerce")
        }

    def outputs(self, stack: str) -> dict[str, str]:
        """A stack's outputs by their key."""
        return {each["OutputKey"]: each["OutputValue"] for each in self.stacks()[stack].get("Outputs", [])}

    def secret(self, of: str, region: str = PRIMARY) -> str:
        """A secret's value."""
        return str(
            self.client("secretsmanager", region).get_secret_value(SecretId=f"ecommerce/{of}")["SecretString"]
        )
