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


def test_a_stack_without_data() -> None:
    assert remains.told({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}) == "holds no data"
