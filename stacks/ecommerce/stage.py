"""Which stacks of the platform there are, in which region, in which order, and what each is given of another.

What a stack is given of another is a weak reference (`Fn::GetStackOutput`, also across regions): no export that
an update could be stuck on. It needs the other to be deployed first, and the CDK orders them so.
"""

from aws_cdk import App, Stack
from aws_cdk import aws_route53 as route53

from stacks.ecommerce.network.network_stack import EcommerceNetwork
from stacks.ecommerce.operations.events_stack import EcommerceEvents
from stacks.ecommerce.recovery.backup_stack import EcommerceBackup
from stacks.ecommerce.recovery.failover_stack import EcommerceFailover
from stacks.ecommerce.recovery.recovery_stack import EcommerceRecovery
from stacks.ecommerce.recovery.runbooks_stack import EcommerceRunbooks
from stacks.ecommerce.security.keys_stack import EcommerceKeys
from stacks.ecommerce.topology import Region
from stacks.settings import Settings


def compose(app: App, settings: Settings) -> None:
    """Add the platform's stacks up to the phase that `settings` ask for."""
    stage = _Stage(app, settings)
    for phase in (
        stage.foundation,
        stage.core,
        stage.data,
        stage.security_and_monitoring,
        stage.optimization_and_recovery,
    )[: settings.ecommerce_phase]:
        phase()


class _Stage:
    """The document's phases, a method each; what later ones need of a stack is kept by its region's name."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._topology = settings.ecommerce_topology
        self._keys: dict[str, EcommerceKeys] = {}
        self._networks: dict[str, EcommerceNetwork] = {}

    def foundation(self) -> None:
        """Phase 1."""
        primary = self._topology.primary
        self._keys[primary.name] = EcommerceKeys(
            self._app, region=primary, settings=self._settings, primary=None
        )
        for region in self._topology.regions:
            if region != primary:
                self._keys[region.name] = EcommerceKeys(
                    self._app, region=region, settings=self._settings, primary=self._keys[primary.name]
                )
            self._networks[region.name] = EcommerceNetwork(self._app, region=region, settings=self._settings)

    def core(self) -> None:
        """Phase 2."""

    def data(self) -> None:
        """Phase 3."""

    def security_and_monitoring(self) -> None:
        """Phase 4."""
        for region in self._topology.regions:
            EcommerceEvents(
                self._app,
                region=region,
                settings=self._settings,
                operations_key=self._keys[region.name].operations_key,
                data_key=self._keys[region.name].data_key,
                others=[other.name for other in self._topology.regions if other != region],
                # STAND-IN: Tables.carts_stream, of the primary alone
                carts_stream=None,
            )

    def optimization_and_recovery(self) -> None:
        """Phase 5."""
        primary, secondary = self._topology.primary, self._topology.secondary
        writers = [region for region in (primary, secondary) if region]
        for region in writers:
            EcommerceBackup(
                self._app,
                region=region,
                settings=self._settings,
                other=next((other for other in writers if other != region), None),
                data_key=self._keys[region.name].data_key,
            )
        for region in self._topology.regions:
            EcommerceRunbooks(self._app, region=region, settings=self._settings)
        if secondary:
            self._recovery(primary, secondary)

    def _recovery(self, primary: Region, secondary: Region) -> None:
        log_keys = {name: keys.operations_key for name, keys in self._keys.items()}
        first = EcommerceFailover(
            self._app, region=primary, settings=self._settings, log_key=log_keys[primary.name], primary=None
        )
        second = EcommerceFailover(
            self._app,
            region=secondary,
            settings=self._settings,
            log_key=log_keys[secondary.name],
            primary=first,
        )
        recovery = EcommerceRecovery(
            self._app,
            region=primary,
            settings=self._settings,
            role=first.role,
            approver=Stack.of(first).format_arn(
                service="iam", region="", resource="role", resource_name="STAND-IN"
            ),
            # STAND-IN: Dns.zone
            zone=route53.PublicHostedZone(first, "StandIn", zone_name=str(self._settings.ecommerce_domain)),
            # STAND-IN: the regional names of LoadBalancer
            origins={
                each.name: f"{each.name}.{self._settings.ecommerce_domain}" for each in (primary, secondary)
            },
            log_key=log_keys[primary.name],
        )
        recovery.add_stack_dependency(second)
