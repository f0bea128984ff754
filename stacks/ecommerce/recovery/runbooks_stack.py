"""EcommerceRunbooks: what an operator starts by hand in a region, and when it is patched."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.platform_stack import PlatformStack
from stacks.ecommerce.recovery.patching import Patching
from stacks.ecommerce.recovery.runbook import Runbook
from stacks.ecommerce.recovery.runbook_role import RunbookRole
from stacks.ecommerce.recovery.runbooks import RUNBOOKS
from stacks.ecommerce.topology import Region
from stacks.settings import Settings


class EcommerceRunbooks(PlatformStack):
    """The runbooks of `region`, and the window in which its nodes are brought up to date.

    Exposes `documents`, by their name in `RUNBOOKS`. Every region has its own: one that is lost cannot be asked.
    """

    def __init__(self, scope: Construct, *, region: Region, settings: Settings) -> None:
        super().__init__(
            scope,
            "Runbooks",
            region=region,
            settings=settings,
            purpose=f"runbooks of the {region.role} region {region.name}",
        )
        stage = settings.stage
        role: iam.IRole = RunbookRole(self, "Role", stage=stage, region=region.name).role
        self.documents: dict[str, ssm.CfnDocument] = {
            name: Runbook(
                self,
                name.title().replace("-", ""),
                name=names.runbook(name, stage),
                content=content(stage),
                role=role.role_arn,
            ).document
            for name, content in RUNBOOKS.items()
        }
        Patching(
            self,
            "Patching",
            name=names.named("patching", stage),
            runbook=self.documents["update-nodes"].ref,
            role=role.role_arn,
        )
