"""Delivery: the roles that GitHub Actions takes, one for each GitHub environment."""

from collections.abc import Sequence

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from stacks.ecommerce import parts
from stacks.github import grants, names
from stacks.github.environment_role import EnvironmentRole
from stacks.github.grants import Grant
from stacks.github.identity_provider import GitHubIdentityProvider
from stacks.settings import Settings


class Delivery(Stack):
    """Lets workflows of the repository in the settings deploy, without a key. IAM is in no region; the stack is in
    that of site and counter. Outputs: the ARN of each environment's role, as `ProductionRoleArn`.

    `site`, `counter`: the names of those stacks. Raises ValueError if the settings name no repository.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        env: Environment,
        settings: Settings,
        site: str,
        counter: str,
    ) -> None:
        super().__init__(scope, construct_id, env=env, description="Delivery: roles for GitHub Actions")
        if not settings.delivery_repository:
            raise ValueError("Delivery needs the setting delivery_repository")
        provider = GitHubIdentityProvider(self, "GitHub", provider=settings.delivery_oidc_provider)
        for environment in settings.delivery_environments:
            reads_alone = environment == names.DRIFT
            role = EnvironmentRole(
                self,
                f"Environment-{environment}",
                provider=provider,
                repository=settings.delivery_repository,
                environment=environment,
                stage=settings.stage,
                description=f"GitHub Actions in the environment {environment}: "
                + ("looks for drift" if reads_alone else "deploys through the CDK's bootstrap roles"),
                grants=self._looking(settings) if reads_alone else self._deploying(settings, site, counter),
            ).role
            CfnOutput(self, names.output(environment), value=role.role_arn)

    def _looking(self, settings: Settings) -> Sequence[Grant]:
        # `cdk drift` assumes no role: it calls with the credentials that it finds, and CloudFormation with the same
        # ones reads every resource. That is the lookup role's right, so the workflow assumes it first. One region's
        # is enough: what it may read is in all of them.
        return [grants.assume(self, ["lookup"], [settings.region])]

    def _deploying(self, settings: Settings, site: str, counter: str) -> Sequence[Grant]:
        platform = (
            parts.stack_names(
                settings.ecommerce_topology, phase=settings.ecommerce_phase, stage=settings.stage
            )
            if settings.ecommerce
            else {}
        )
        regions = list(dict.fromkeys([settings.region, *platform.values()]))
        # a preview is the site with a stage of its own, whatever the stage of this stack is
        ours = dict.fromkeys([site, "StaticSite-*", counter])
        found = [
            grants.assume(self, grants.DEPLOYING, regions),
            grants.read_bootstrap_version(self, regions),
            grants.read_stacks(self, [*ours, *(["Ecommerce*"] if platform else [])], regions),
        ]
        if settings.hosting == "cloudfront":
            found.append(grants.ask_publisher(self, site_stack=site, region=settings.region))
        return found
