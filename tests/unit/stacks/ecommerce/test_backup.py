"""What is backed up, how often, for how long, and that nobody deletes it."""

import json

import pytest

from stacks.ecommerce.backups import BACKUPS
from tests.unit.stacks.ecommerce.platform import platform
from tests.unit.stacks.synthesis import Template, only, resources

OTHER = {"us-east-1": "eu-west-1", "eu-west-1": "us-east-1"}
each_writer = pytest.mark.parametrize("region", OTHER)


def backup(region: str, **given: object) -> Template:
    return platform(**given)[f"EcommerceBackup-{region}"]


@each_writer
def test_copies_go_to_the_other_regions_vault_and_back(region: str) -> None:
    rules = only(backup(region), "AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    (copies,) = (rule for rule in rules if rule["RuleName"] == "Copies")
    (action,) = copies["CopyActions"]
    destination = json.dumps(action["DestinationBackupVaultArn"])
    assert f":backup:{OTHER[region]}:" in destination
    assert destination.endswith(':backup-vault:ecommerce-backups"]]}')
    assert only(backup(OTHER[region]), "AWS::Backup::BackupVault")["BackupVaultName"] == "ecommerce-backups"


@each_writer
def test_any_second_of_the_last_days_can_be_restored(region: str) -> None:
    rules = only(backup(region), "AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    (continuous,) = (rule for rule in rules if rule.get("EnableContinuousBackup"))
    days = continuous["Lifecycle"]["DeleteAfterDays"]
    assert days == BACKUPS["demo"].point_in_time_days
    assert max(size.point_in_time_days for size in BACKUPS.values()) <= 35, "the most that AWS Backup keeps"
    assert "CopyActions" not in continuous, "a continuous recovery point cannot be copied to another region"


@each_writer
def test_database_carts_and_buckets_are_in_it(region: str) -> None:
    (selection,) = resources(backup(region), "AWS::Backup::BackupSelection")
    named = [json.dumps(each) for each in selection["BackupSelection"]["Resources"]]
    for name, of in zip(named, ("db:", "table/", "s3:::", "s3:::"), strict=True):
        assert f"{of}ecommerce-" in name
    for name, what in zip(named, ("orders", "carts", "assets", "uploads"), strict=True):
        assert f"ecommerce-{what}" in name


@each_writer
def test_a_recovery_point_cannot_be_deleted_by_hand_and_the_key_is_the_regions(region: str) -> None:
    vault = only(backup(region), "AWS::Backup::BackupVault")
    refusals = [
        action
        for statement in vault["AccessPolicy"]["Statement"]
        if statement["Effect"] == "Deny"
        for action in statement["Action"]
    ]
    assert "backup:DeleteRecoveryPoint" in refusals
    assert vault["LockConfiguration"] == {"MinRetentionDays": BACKUPS["demo"].copies_kept_days}
    assert "ChangeableForDays" not in vault["LockConfiguration"], "that would be a lock for ever"
    assert f"EcommerceKeys-{region}" in json.dumps(vault["EncryptionKeyArn"])
    resource = next(
        each for each in backup(region)["Resources"].values() if each["Type"] == "AWS::Backup::BackupVault"
    )
    assert resource["DeletionPolicy"] == resource["UpdateReplacePolicy"] == "Retain"


def test_a_restore_is_tried_every_week_when_it_is_asked_for() -> None:
    assert resources(backup("us-east-1"), "AWS::Backup::RestoreTestingPlan") == []
    asked = backup("us-east-1", ecommerce_routing_control=True, ecommerce_restore_tests=True)
    assert only(asked, "AWS::Backup::RestoreTestingPlan")["ScheduleExpression"] == "cron(0 5 ? * SUN *)"
    assert only(asked, "AWS::Backup::RestoreTestingSelection")["ProtectedResourceType"] == "RDS"


def test_one_region_alone_has_backups_and_no_copies() -> None:
    alone = backup("us-east-1", ecommerce_regions="us-east-1,ap-southeast-1")
    rules = only(alone, "AWS::Backup::BackupPlan")["BackupPlan"]["BackupPlanRule"]
    assert not any("CopyActions" in rule for rule in rules)
