"""The clusters as CloudFormation gets them: who reaches the API, what is encrypted, what nodes and pods may."""

import json
from datetime import date, timedelta

import pytest

from stacks import settings
from stacks.ecommerce.compute import kubernetes_versions, node_pools, placement
from stacks.ecommerce.compute.settings import unavailable
from stacks.ecommerce.compute.sizes import SIZES
from stacks.ecommerce.parts import stack_name
from stacks.ecommerce.topology import DEFAULT, Region
from tests.unit.stacks.ecommerce.platform import NEEDED, platform
from tests.unit.stacks.synthesis import Template, only, resources

every_region = pytest.mark.parametrize("region", DEFAULT.regions, ids=lambda region: region.name)


def cluster(region: str) -> Template:
    """The template of one region's cluster."""
    return platform(ecommerce_phase=2)[stack_name("Cluster", region, None)]


def test_the_default_version_has_two_months_of_standard_support_left() -> None:
    """Fails when there is something to do: choose the next version, its add-ons and its kubectl."""
    until = kubernetes_versions.VERSIONS[kubernetes_versions.DEFAULT].standard_until
    assert until - timedelta(days=60) > date.today()


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {"ecommerce_kubernetes_version": "1.33"},
            "setting ecommerce_kubernetes_version: 1.33 left standard support on 2026-07-29",
        ),
        (
            {"ecommerce_cluster_access": "0.0.0.0/0"},
            "setting ecommerce_cluster_access: '0.0.0.0/0' opens the clusters' API to 4,294,967,296 addresses",
        ),
        (
            {"ecommerce_cluster_access": "10.0.0.0/24"},
            "setting ecommerce_cluster_access: '10.0.0.0/24' is private",
        ),
        ({"ecommerce_cluster_access": "office"}, "setting ecommerce_cluster_access: 'office' is no network"),
    ],
)
def test_one_line_refuses(given: dict[str, object], line: str) -> None:
    with pytest.raises(settings.SettingsError) as caught:
        settings.load({**NEEDED, **given})
    (told,) = str(caught.value).splitlines()
    assert told.startswith(line)


def test_every_region_has_the_nodes_of_every_profile() -> None:
    assert unavailable() == []


@every_region
def test_the_api_is_private_and_the_cluster_keeps_its_identity(region: Region) -> None:
    found = cluster(region.name)
    (logical_id,) = (name for name, each in found["Resources"].items() if each["Type"] == "AWS::EKS::Cluster")
    assert logical_id == "ControlPlaneCluster8AFA2E51"
    made = only(found, "AWS::EKS::Cluster")
    network = made["ResourcesVpcConfig"]
    assert (network["EndpointPrivateAccess"], network["EndpointPublicAccess"]) == (True, False)
    assert made["Name"] == "ecommerce-shop"
    assert made["KubernetesNetworkConfig"]["ServiceIpv4Cidr"] == "172.20.0.0/16"
    assert made["AccessConfig"] == {
        "AuthenticationMode": "API",
        "BootstrapClusterCreatorAdminPermissions": False,
    }
    assert made["EncryptionConfig"][0]["Resources"] == ["secrets"]
    assert made["UpgradePolicy"] == {"SupportType": "STANDARD"}
    assert made["DeletionProtection"] is True
    assert {each["Type"] for each in made["Logging"]["ClusterLogging"]["EnabledTypes"]} == {
        "api",
        "audit",
        "authenticator",
        "controllerManager",
        "scheduler",
    }


@every_region
def test_every_log_group_is_encrypted_and_expires(region: Region) -> None:
    for group in resources(cluster(region.name), "AWS::Logs::LogGroup"):
        assert group["KmsKeyId"]
        assert group["RetentionInDays"] == 30


@every_region
def test_nodes_are_graviton_with_encrypted_disks_and_out_of_reach_of_pods_metadata(region: Region) -> None:
    found = cluster(region.name)
    size = SIZES["demo"]
    groups = {each["CapacityType"]: each for each in resources(found, "AWS::EKS::Nodegroup")}
    assert groups["ON_DEMAND"]["ScalingConfig"]["MinSize"] == size.base.nodes_in(region)
    assert "Taints" not in groups["ON_DEMAND"]
    assert groups["SPOT"]["Taints"] == [
        {"Key": "workload", "Value": placement.BATCH, "Effect": "NO_SCHEDULE"}
    ]
    assert len(groups["SPOT"]["InstanceTypes"]) >= 4
    assert {each["AmiType"] for each in groups.values()} == {"BOTTLEROCKET_ARM_64"}
    template = only(found, "AWS::EC2::LaunchTemplate")["LaunchTemplateData"]
    assert template["MetadataOptions"] == {"HttpTokens": "required", "HttpPutResponseHopLimit": 1}
    assert all(
        disk["Ebs"]["Encrypted"] and "KmsKeyId" in disk["Ebs"] for disk in template["BlockDeviceMappings"]
    )
    assert "KeyName" not in template


@every_region
def test_no_pod_may_take_the_role_of_another_service_account(region: Region) -> None:
    trusts = [
        statement
        for role in resources(cluster(region.name), "AWS::IAM::Role")
        for statement in role["AssumeRolePolicyDocument"]["Statement"]
        if statement["Principal"].get("Service") == "pods.eks.amazonaws.com"
    ]
    accounts = [
        statement["Condition"]["StringEquals"]["aws:RequestTag/kubernetes-service-account"]
        for statement in trusts
    ]
    assert sorted(accounts) == [
        "aws-load-balancer-controller",
        "aws-node",
        "cloudwatch-agent",
        "karpenter",
    ]


@every_region
def test_every_policy_fits(region: Region) -> None:
    """ "IAM and AWS STS quotas": 6,144 characters, without white space."""
    for policy in resources(cluster(region.name), "AWS::IAM::ManagedPolicy"):
        assert len(json.dumps(policy["PolicyDocument"], separators=(",", ":"))) < 6144


@every_region
def test_the_networks_stack_is_not_changed_by_the_cluster(region: Region) -> None:
    name = stack_name("Network", region.name, None)
    with_cluster, without = (platform(ecommerce_phase=phase)[name]["Resources"] for phase in (2, 1))
    assert with_cluster == without


def test_pools_keep_jobs_on_spot_and_the_shop_off_it() -> None:
    spot, on_demand = json.dumps(node_pools.batch(cpus=4)), json.dumps(node_pools.burst(cpus=4))
    assert '"taints"' in spot
    assert '"spot"' in spot
    assert '"taints"' not in on_demand
    assert '"spot"' not in on_demand
