"""The roles of the shop's pods: which of them asks AWS for what."""

from aws_cdk import Stack
from aws_cdk import aws_eks_v2 as eks
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.ecommerce.acknowledged import acknowledge_wildcards
from stacks.ecommerce.compute.service_account_role import ServiceAccountRole
from stacks.ecommerce.services import CARTS, NAMESPACE
from stacks.ecommerce.workload.configuration import SECRETS
from stacks.ecommerce.workload.reports import REPORTS
from stacks.ecommerce.workload.secret_keeper import keeper_name

# The only one that the sample's cart asks (DynamoDBCartService).
_CARTS_INDEX = "idx_global_customerId"


class PodRoles(Construct):
    """cart reads and writes its table, orders reads the database's secret, a keeper the cache's, and where reports
    run they publish their numbers. All else has no role and so no credentials.

    `data_key`: of the table's and the secrets' data in this region. `database_secret` and `cache_secret`: names.
    `order_events`: the queue that orders sends to, encrypted with `queue_key`.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cluster: eks.ICluster,
        cluster_name: str,
        data_key: kms.IKey,
        carts: str,
        database_secret: str,
        cache_secret: str,
        can_write: bool,
        reports: bool,
        metric_namespace: str,
        order_events: str | None,
        queue_key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._cluster = cluster
        self._cluster_name = cluster_name
        self._key = data_key
        self._table = Stack.of(self).format_arn(service="dynamodb", resource="table", resource_name=carts)
        self._cart()
        if can_write:
            orders = self._reader("Orders", "orders", database_secret)
            if order_events is not None and queue_key is not None:
                self._sender(orders, order_events, queue_key)
            self._reader("CheckoutKeeper", keeper_name(SECRETS["checkout"]), cache_secret)
        if reports:
            self._reports(metric_namespace)

    def _role(self, construct_id: str, service_account: str) -> ServiceAccountRole:
        return ServiceAccountRole(
            self,
            construct_id,
            cluster=self._cluster,
            cluster_name=self._cluster_name,
            namespace=NAMESPACE,
            service_account=service_account,
        )

    def _cart(self) -> None:
        made = self._role("Cart", "cart")
        made.policy.add_statements(
            iam.PolicyStatement(
                actions=[
                    "dynamodb:DeleteItem",
                    "dynamodb:GetItem",
                    "dynamodb:PutItem",
                    "dynamodb:UpdateItem",
                ],
                resources=[self._table],
            ),
            iam.PolicyStatement(
                actions=["dynamodb:Query"], resources=[f"{self._table}/index/{_CARTS_INDEX}"]
            ),
            self._through("dynamodb", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
        )

    def _reader(self, construct_id: str, service_account: str, secret_name: str) -> ServiceAccountRole:
        made = self._role(construct_id, service_account)
        secretsmanager.Secret.from_secret_name_v2(made, "Secret", secret_name).grant_read(made.policy)
        made.policy.add_statements(self._through("secretsmanager", "kms:Decrypt"))
        return made

    def _sender(self, to: ServiceAccountRole, queue: str, key: kms.IKey) -> None:
        """What the sample's queue template asks: the queue's address and attributes, once, and then to send."""
        to.policy.add_statements(
            iam.PolicyStatement(
                actions=["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"],
                resources=[Stack.of(self).format_arn(service="sqs", resource=queue)],
            ),
            self._through("sqs", "kms:Decrypt", "kms:GenerateDataKey", key=key),
        )

    def _reports(self, metric_namespace: str) -> None:
        for report in REPORTS:
            made = self._role(f"{report.name.title()}Report", report.object_name)
            made.policy.add_statements(
                iam.PolicyStatement(
                    actions=["cloudwatch:PutMetricData"],
                    resources=["*"],
                    conditions={"StringEquals": {"cloudwatch:namespace": metric_namespace}},
                )
            )
            if report.name == CARTS:
                made.policy.add_statements(
                    iam.PolicyStatement(actions=["dynamodb:Scan"], resources=[self._table]),
                    self._through("dynamodb", "kms:Decrypt", "kms:DescribeKey"),
                )
            acknowledge_wildcards(
                made.policy,
                ["*"],
                reason="CloudWatch's PutMetricData knows no resource; the condition holds it to the shop's own "
                "namespace, in which nothing but numbers is kept.",
            )

    def _through(self, service: str, *actions: str, key: kms.IKey | None = None) -> iam.PolicyStatement:
        """The data key, or `key`, for what `service` of this region does on the pod's behalf."""
        stack = Stack.of(self)
        return iam.PolicyStatement(
            actions=list(actions),
            resources=[(key or self._key).key_arn],
            conditions={"StringEquals": {"kms:ViaService": f"{service}.{stack.region}.{stack.url_suffix}"}},
        )
