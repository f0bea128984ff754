"""What exists in an emulated account, asked of each service's own API: a stack that is gone may leave things."""

from typing import Any

import boto3

from local.emulator import client_environment


def without_bootstrap(endpoint: str, region: str | None = None) -> dict[str, list[str]]:
    """Names by kind, without what `cdk bootstrap` made; a kind of which there is none is left out.

    `region`: by default the one that `local.emulator.client_environment` names.
    """
    environment = client_environment(endpoint)

    def client(service: str) -> Any:  # one function for eight services: no typed overload fits
        return boto3.client(  # type: ignore[call-overload]
            service,
            endpoint_url=endpoint,
            region_name=region or environment["AWS_REGION"],
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        )

    found: dict[str, list[str]] = {
        "stacks": [s["StackName"] for s in client("cloudformation").describe_stacks()["Stacks"]],
        "buckets": [b["Name"] for b in client("s3").list_buckets()["Buckets"]],
        "functions": [f["FunctionName"] for f in client("lambda").list_functions()["Functions"]],
        "roles": [r["RoleName"] for r in client("iam").list_roles()["Roles"]],
        "load balancers": [
            b["LoadBalancerName"] for b in client("elbv2").describe_load_balancers()["LoadBalancers"]
        ],
        "target groups": [
            g["TargetGroupName"] for g in client("elbv2").describe_target_groups()["TargetGroups"]
        ],
        "distributions": [
            d["Id"] for d in client("cloudfront").list_distributions()["DistributionList"].get("Items", [])
        ],
        "clusters": client("ecs").list_clusters()["clusterArns"],
        "task definitions": client("ecs").list_task_definitions()["taskDefinitionArns"],
        "secrets": [s["Name"] for s in client("secretsmanager").list_secrets()["SecretList"]],
        "log groups": [g["logGroupName"] for g in client("logs").describe_log_groups()["logGroups"]],
        "replication groups": [
            g["ReplicationGroupId"]
            for g in client("elasticache").describe_replication_groups()["ReplicationGroups"]
        ],
        "tables": client("dynamodb").list_tables()["TableNames"],
        "databases": [
            d["DBInstanceIdentifier"] for d in client("rds").describe_db_instances()["DBInstances"]
        ],
        "Kubernetes clusters": client("eks").list_clusters()["clusters"],
        "REST APIs": [a["name"] for a in client("apigateway").get_rest_apis()["items"]],
        "queues": client("sqs").list_queues().get("QueueUrls", []),
        "topics": [t["TopicArn"] for t in client("sns").list_topics()["Topics"]],
        "event buses": [
            b["Name"] for b in client("events").list_event_buses()["EventBuses"] if b["Name"] != "default"
        ],
        "alarms": [a["AlarmName"] for a in client("cloudwatch").describe_alarms()["MetricAlarms"]],
        "keys' aliases": [
            a["AliasName"]
            for a in client("kms").list_aliases()["Aliases"]
            if not a["AliasName"].startswith("alias/aws/")
        ],
        "policies": [p["PolicyName"] for p in client("iam").list_policies(Scope="Local")["Policies"]],
        "hosted zones": [z["Name"] for z in client("route53").list_hosted_zones()["HostedZones"]],
        "health checks": [h["Id"] for h in client("route53").list_health_checks()["HealthChecks"]],
        "user pools": [p["Name"] for p in client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"]],
        "web ACLs": [w["Name"] for w in client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]],
        "VPCs": [v["VpcId"] for v in client("ec2").describe_vpcs()["Vpcs"] if not v["IsDefault"]],
    }
    ours = {kind: [name for name in names if not _is_bootstrap(name)] for kind, names in found.items()}
    return {kind: names for kind, names in ours.items() if names}


def _is_bootstrap(name: str) -> bool:
    return name == "CDKToolkit" or name.startswith(("cdk-hnb659fds-", "AWSServiceRole"))
