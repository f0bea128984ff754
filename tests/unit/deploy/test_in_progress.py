"""A deploy waits for an earlier one. CloudFormation is a stub here: the emulator's is done too soon to be seen."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from deploy import in_progress
from deploy.preflight import Target

WHERE = Target(account="000000000000", region="us-east-1", caller="arn:aws:iam::000000000000:root")


@pytest.fixture
def statuses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the stub answers, one after the other; an empty one for a stack that is not there."""
    answers: list[str] = []

    class Client:
        def describe_stacks(self, **_: str) -> dict[str, Any]:
            status = answers.pop(0)
            if not status:
                raise ClientError({"Error": {"Code": "ValidationError", "Message": ""}}, "DescribeStacks")
            return {"Stacks": [{"StackStatus": status}]}

    class Session:
        def client(self, *_: str, **__: Any) -> Client:
            return Client()

    monkeypatch.setattr("boto3.Session", Session)
    monkeypatch.setattr("time.sleep", lambda _: None)
    return answers


def test_it_waits_and_says_so_once_for_each_status(
    statuses: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    statuses += ["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE"]
    in_progress.wait(["StaticSite"], WHERE)
    assert capsys.readouterr().out.splitlines() == [
        "StaticSite is CREATE_IN_PROGRESS, from an earlier command: waiting for its end",
        "StaticSite is ROLLBACK_IN_PROGRESS, from an earlier command: waiting for its end",
    ]
    assert statuses == []


@pytest.mark.parametrize("status", ["", "CREATE_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_it_does_not_wait_for_what_is_not_at_work(
    statuses: list[str], capsys: pytest.CaptureFixture[str], status: str
) -> None:
    statuses.append(status)
    in_progress.wait(["StaticSite"], WHERE)
    assert capsys.readouterr().out == ""
