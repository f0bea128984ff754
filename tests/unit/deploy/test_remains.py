"""What a user is told of the data before a stack is deleted."""

from deploy import remains
from tests.unit.stacks.synthesis import template


def test_what_is_kept() -> None:
    assert (
        remains.told(template("StaticSite")) == "keeps 1 bucket, 2 log groups (billed until deleted by hand)"
    )


def test_what_is_deleted() -> None:
    told = remains.told(template("StaticSite", removal_policy="destroy"))
    assert told == "DELETES 1 bucket, 2 log groups with all data"


def test_redis_leaves_a_snapshot() -> None:
    told = remains.told(template("VisitorCounter"))
    assert (
        told == "keeps 1 bucket, 2 log groups (billed until deleted by hand); leaves a last snapshot of Redis"
    )


def test_a_serverless_redis_leaves_a_snapshot_too_unless_data_is_deleted() -> None:
    kept = remains.told(template("VisitorCounter", redis_mode="serverless"))
    assert kept.endswith("; leaves a last snapshot of Redis")
    deleted = remains.told(template("VisitorCounter", redis_mode="serverless", removal_policy="destroy"))
    assert deleted == "DELETES Redis, 1 bucket, 2 log groups with all data"


def test_a_key_that_is_kept_is_told_of() -> None:
    kept = remains.told(template("VisitorCounter", counter_exec=True))
    assert kept.startswith("keeps 1 bucket, 1 key, 3 log groups (billed until deleted by hand)")
    deleted = remains.told(template("VisitorCounter", counter_exec=True, removal_policy="destroy"))
    assert "key" not in deleted


def test_a_stack_without_data() -> None:
    assert remains.told({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}) == "holds no data"
