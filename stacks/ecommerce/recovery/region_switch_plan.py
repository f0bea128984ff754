"""The plan by which writes move to another region, and back by the same steps."""

from collections.abc import Sequence
from typing import Final

from aws_cdk import Aws
from aws_cdk import aws_arcregionswitch as arc
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.ecommerce import names
from stacks.ecommerce.services import NAMESPACE, SERVICES

Step = arc.CfnPlan.StepProperty
Config = arc.CfnPlan.ExecutionBlockConfigurationProperty

RTO_MINUTES: Final = 60
"""The document's, "Disaster Recovery Services". What the steps may take is less, see docs/recovery.md."""
_APPROVAL_MINUTES: Final = 15
_FENCE_MINUTES: Final = 6
_SCALING_MINUTES: Final = 15
_PROMOTION_MINUTES: Final = 20
_ROUTING_MINUTES: Final = 4


class RegionSwitchPlan(Construct):
    """An active/passive plan for the `regions` of the failover pair, the primary first.

    One workflow activates either region, so that what brings the shop back to the primary is what was rehearsed and
    used on the way there: a person approves; the region that is left is fenced off; the other's shop is scaled to
    what ran there; its database is promoted; and the name under which writes are reached moves last. When the lost
    region is back, the workflow after recovery makes its database a replica again: from then on the way back is
    open. `approver`: the role that approves. Exposes `plan`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: str | None,
        regions: Sequence[str],
        role: iam.IRole,
        approver: str,
        hosted_zone_id: str,
        write_domain: str,
        alarms: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._regions = list(regions)
        self.plan = arc.CfnPlan(
            self,
            "Plan",
            name=names.region_switch_plan(stage),
            description="Moves the shop's writes to the other region of the pair, and back",
            execution_role=role.role_arn,
            recovery_approach="activePassive",
            primary_region=self._regions[0],
            regions=self._regions,
            recovery_time_objective_minutes=RTO_MINUTES,
            associated_alarms={
                f"alarm{position}": arc.CfnPlan.AssociatedAlarmProperty(
                    alarm_type="applicationHealth", resource_identifier=alarm
                )
                for position, alarm in enumerate(alarms, start=1)
            }
            or None,
            workflows=[
                arc.CfnPlan.WorkflowProperty(
                    workflow_target_action="activate",
                    workflow_description="Failover, and failback: let the other region take the writes",
                    steps=[
                        self._approval(approver),
                        self._call("fence", "deactivatingRegion", skipped_if_lost=True),
                        self._scaling(),
                        self._promotion(),
                        self._call("release", "activatingRegion", skipped_if_lost=False),
                        self._routing(hosted_zone_id, write_domain),
                    ],
                ),
                arc.CfnPlan.WorkflowProperty(
                    workflow_target_action="postRecovery",
                    workflow_description="The lost region is back: replicate to it, so that a failback can follow",
                    steps=[self._replica()],
                ),
            ],
        )

    @property
    def _databases(self) -> dict[str, str]:
        return {
            region: f"arn:{Aws.PARTITION}:rds:{region}:{Aws.ACCOUNT_ID}:db:{names.database(self._stage)}"
            for region in self._regions
        }

    def _approval(self, approver: str) -> arc.CfnPlan.StepProperty:
        return Step(
            name="approve",
            description="Somebody takes it on: orders that were not replicated yet will be missing",
            execution_block_type="ManualApproval",
            execution_block_configuration=Config(
                execution_approval_config=arc.CfnPlan.ExecutionApprovalConfigurationProperty(
                    approval_role=approver, timeout_minutes=_APPROVAL_MINUTES
                )
            ),
        )

    def _call(self, action: str, where: str, *, skipped_if_lost: bool) -> arc.CfnPlan.StepProperty:
        function = names.fence_function(action, self._stage)
        return Step(
            name=f"{action}-writes",
            description=f"{action.title()} the database of the {where}",
            execution_block_type="CustomActionLambda",
            execution_block_configuration=Config(
                custom_action_lambda_config=arc.CfnPlan.CustomActionLambdaConfigurationProperty(
                    lambdas=[
                        arc.CfnPlan.LambdasProperty(
                            arn=f"arn:{Aws.PARTITION}:lambda:{region}:{Aws.ACCOUNT_ID}:function:{function}"
                        )
                        for region in self._regions
                    ],
                    region_to_run=where,
                    retry_interval_minutes=1,
                    timeout_minutes=_FENCE_MINUTES,
                    ungraceful=arc.CfnPlan.LambdaUngracefulProperty(behavior="skip")
                    if skipped_if_lost
                    else None,
                )
            ),
        )

    def _scaling(self) -> arc.CfnPlan.StepProperty:
        return Step(
            name="scale-the-shop",
            description="As many pods as ran in the other region in the last 24 hours",
            execution_block_type="EKSResourceScaling",
            execution_block_configuration=Config(
                eks_resource_scaling_config=arc.CfnPlan.EksResourceScalingConfigurationProperty(
                    kubernetes_resource_type=arc.CfnPlan.KubernetesResourceTypeProperty(
                        api_version="apps/v1", kind="Deployment"
                    ),
                    capacity_monitoring_approach="sampledMaxInLast24Hours",
                    target_percent=100,
                    timeout_minutes=_SCALING_MINUTES,
                    eks_clusters=[
                        arc.CfnPlan.EksClusterProperty(
                            cluster_arn=f"arn:{Aws.PARTITION}:eks:{region}:{Aws.ACCOUNT_ID}:cluster/"
                            f"{names.cluster(self._stage)}"
                        )
                        for region in self._regions
                    ],
                    scaling_resources=[
                        {
                            NAMESPACE: {
                                region: arc.CfnPlan.KubernetesScalingResourceProperty(
                                    name=service.name, namespace=NAMESPACE, hpa_name=service.name
                                )
                                for region in self._regions
                            }
                        }
                        for service in SERVICES
                    ],
                    # without the other region half of it has to do: the autoscaler goes on from there
                    ungraceful=arc.CfnPlan.EksResourceScalingUngracefulProperty(
                        minimum_success_percentage=50
                    ),
                )
            ),
        )

    def _promotion(self) -> arc.CfnPlan.StepProperty:
        return Step(
            name="promote-the-database",
            description="The replica becomes a database of its own, at the same endpoint",
            execution_block_type="RdsPromoteReadReplica",
            execution_block_configuration=Config(
                rds_promote_read_replica_config=arc.CfnPlan.RdsPromoteReadReplicaConfigurationProperty(
                    db_instance_arn_map=self._databases, timeout_minutes=_PROMOTION_MINUTES
                )
            ),
        )

    def _routing(self, hosted_zone_id: str, write_domain: str) -> arc.CfnPlan.StepProperty:
        return Step(
            name="route-writes",
            description="Last, when there is a database that takes them",
            execution_block_type="Route53HealthCheck",
            execution_block_configuration=Config(
                route53_health_check_config=arc.CfnPlan.Route53HealthCheckConfigurationProperty(
                    hosted_zone_id=hosted_zone_id,
                    record_name=write_domain,
                    timeout_minutes=_ROUTING_MINUTES,
                    record_sets=[
                        arc.CfnPlan.Route53ResourceRecordSetProperty(
                            record_set_identifier=region, region=region
                        )
                        for region in self._regions
                    ],
                )
            ),
        )

    def _replica(self) -> arc.CfnPlan.StepProperty:
        return Step(
            name="replicate-back",
            description="The former writer is renamed and kept; a new replica takes its name",
            execution_block_type="RdsCreateCrossRegionReplica",
            execution_block_configuration=Config(
                rds_create_cross_region_read_replica_config=arc.CfnPlan.RdsCreateCrossRegionReplicaConfigurationProperty(
                    db_instance_arn_map=self._databases, timeout_minutes=180
                )
            ),
        )
