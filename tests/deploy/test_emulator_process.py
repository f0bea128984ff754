"""The emulator as a process: what it opens and writes, how it starts, refuses to start, ends and comes back."""

import hashlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import psutil
import pytest
from botocore.exceptions import ClientError

from local.emulator.environment import REGION
from local.ports import any_free
from tests.deploy.emulator_process import ROOT, EmulatorProcess, clean_environment
from tests.deploy.test_emulator_failures import Stacks

_CRASH_LIMIT_S = 5.0

_STACK = {
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "kept-bucket"}},
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "kept-topic"}},
    "Rule": {
        "Type": "AWS::XRay::Group",  # a recorded type
        "Properties": {"GroupName": "kept", "FilterExpression": "duration > 5"},
    },
}


@pytest.fixture
def own(tmp_path: Path) -> Iterator[EmulatorProcess]:
    """An emulator of this test alone, not started; its folder's name has a space and a sign."""
    folder = tmp_path / "with space & sign"
    folder.mkdir()
    process = EmulatorProcess(folder)
    yield process
    process.kill()


def _family(pid: int) -> list[psutil.Process]:
    return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]


def _run_a_function(emulator: EmulatorProcess) -> None:
    """Leave a Lambda worker behind that is busy for a minute."""
    stacks = Stacks(emulator)
    status = stacks.create(
        "worker",
        {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
            },
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "FunctionName": "sleeper",
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Timeout": 120,
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Code": {
                        "ZipFile": "import subprocess\ndef handler(e, c): subprocess.run(['sleep', '61.5'])"
                    },
                },
            },
        },
    )
    assert status == "CREATE_COMPLETE"
    stacks.client("lambda").invoke(FunctionName="sleeper", InvocationType="Event")
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if any("61.5" in child.cmdline() for child in _family(emulator.pid)):
            return
        time.sleep(0.1)
    raise AssertionError("the function did not start its program")


def _wait_for_the_end(processes: list[psutil.Process]) -> list[psutil.Process]:
    _gone, alive = psutil.wait_procs(processes, timeout=_CRASH_LIMIT_S)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_one_port_on_loopback_and_nothing_outside_the_data_folder(own: EmulatorProcess) -> None:
    own.start()
    _run_a_function(own)
    listening = {
        (connection.laddr.ip, connection.laddr.port)
        for process in _family(own.pid)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", own.port)}
    outside = [
        file.path
        for process in _family(own.pid)
        for file in process.open_files()
        if file.mode not in ("r",) and not file.path.startswith((str(own.data), str(own.log), "/dev"))
    ]
    assert outside == []
    assert not list(Path("/tmp").glob(f"ministack-{own.port}*"))  # noqa: S108 - where it must not be
    assert not Path("/tmp/ministack-data").exists()  # noqa: S108 - the same


@pytest.mark.parametrize("number", [pytest.param(signal.SIGTERM, marks=pytest.mark.thorough), signal.SIGINT])
def test_a_signal_ends_it_and_all_its_workers(own: EmulatorProcess, number: signal.Signals) -> None:
    own.start()
    _run_a_function(own)
    family = _family(own.pid)
    assert len(family) >= 4  # guardian, server, worker, program
    assert own.stop(number) < 5
    assert own.exit_code == 0
    assert _wait_for_the_end(family) == []


@pytest.mark.parametrize(
    "victim", [0, pytest.param(1, marks=pytest.mark.thorough)], ids=["guardian", "server"]
)
def test_sigkill_leaves_no_process_and_the_next_start_works(own: EmulatorProcess, victim: int) -> None:
    own.start()
    assert Stacks(own).create("kept", _STACK) == "CREATE_COMPLETE"
    _run_a_function(own)
    family = _family(own.pid)
    family[victim].kill()
    assert _wait_for_the_end(family) == []
    own.kill()  # nothing is left of it but its entry in the process table
    own.start()
    assert own.json("/_local/health")["extension"]
    # The guardian's death lets the server end in order, the server's own death does not.
    assert own.log.read_text().count("saved state discarded") == victim
    own.stop()


def test_everything_is_there_after_a_restart(own: EmulatorProcess) -> None:
    own.start()
    stacks = Stacks(own)
    assert stacks.create("kept", _STACK) == "CREATE_COMPLETE"
    stacks.client("s3").put_object(Bucket="kept-bucket", Key="a/b c", Body=b"kept", ContentType="text/x-kept")
    template = stacks.api.get_template(StackName="kept")["TemplateBody"]
    recorded = own.json("/_local/recorded")
    own.stop()

    own.start()
    stacks = Stacks(own)
    assert stacks.settle("kept") == "CREATE_COMPLETE"
    assert stacks.api.get_template(StackName="kept")["TemplateBody"] == template
    found = stacks.client("s3").get_object(Bucket="kept-bucket", Key="a/b c")
    assert (found["Body"].read(), found["ContentType"]) == (b"kept", "text/x-kept")
    assert own.json("/_local/recorded") == recorded
    assert len(recorded) == 1
    with pytest.raises(ClientError, match="No updates are to be performed"):
        stacks.update("kept", _STACK)
    stacks.client("s3").delete_object(Bucket="kept-bucket", Key="a/b c")
    stacks.delete("kept")
    assert own.json("/_local/recorded") == []


def test_ended_in_the_midst_of_a_deploy_the_state_is_discarded(own: EmulatorProcess) -> None:
    own.start()
    stacks = Stacks(own)
    wait = {
        "Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"},
        "Wait": {
            "Type": "AWS::CloudFormation::WaitCondition",
            "Properties": {"Handle": {"Ref": "Handle"}, "Timeout": "60"},
        },
    }
    stacks.api.create_stack(StackName="endless", TemplateBody=json.dumps({"Resources": wait}))
    time.sleep(0.3)
    assert own.stop() < 5
    own.start()
    assert "did not end in order" in own.log.read_text()
    assert Stacks(own).api.list_stacks()["StackSummaries"] == []
    own.stop()


def _start_in_vain(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "local.emulator", *arguments],
        cwd=ROOT,
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_a_port_that_is_taken_is_one_line_and_exit_code_3(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _start_in_vain("--port", port, "--data", str(tmp_path / "data"))
    assert done.returncode == 3
    assert done.stderr.splitlines() == [
        f"emulator: cannot listen on 127.0.0.1:{port} (Address already in use): stop what uses it, or give --port"
    ]


def test_a_data_folder_in_use_is_one_line_and_exit_code_4(own: EmulatorProcess) -> None:
    own.start()
    done = _start_in_vain("--port", str(any_free()), "--data", str(own.data))
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        f"emulator: another emulator uses {own.data}: stop it, or give another --data"
    ]
    own.stop()


def test_a_data_folder_that_cannot_be_is_one_line_and_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _start_in_vain("--port", str(any_free()), "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    assert "(Not a directory:" in line


def test_another_ministack_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    """A ministack of another version, first on the path."""
    package = tmp_path / "site" / "ministack-1.5.34.dist-info"
    package.mkdir(parents=True)
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: ministack\nVersion: 1.5.34\n")
    arguments = ["--port", str(any_free()), "--data", str(tmp_path / "data")]
    program = (
        f"import sys; sys.path.insert(0, {str(package.parent)!r}); sys.argv[1:] = {arguments!r}\n"
        "from local.emulator import server; server.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "found ministack 1.5.34, expected 1.5.33" in line
    assert "fix: pip install" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "0"), "'0' is no TCP port"),
        (("--port", "x"), "'x' is no TCP port"),
        (("--redis", "6379"), "'6379' is no address"),
        (("--images", "maybe"), "invalid choice: 'maybe'"),
        ((), "required: --data"),
    ],
)
def test_bad_options_are_named(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    data = ("--data", str(tmp_path)) if arguments else ()
    done = _start_in_vain(*arguments, *data)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def _push(emulator: EmulatorProcess, repository: str, tag: str) -> str:
    """Push an image of one layer as an engine does (OCI distribution specification); return its digest."""

    def blob(content: bytes) -> dict[str, object]:
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        begun = emulator.request(f"/v2/{repository}/blobs/uploads/", method="POST", body=b"")
        assert begun.status == 202
        place = urlsplit(begun.headers["location"])
        address = f"{place.path}?{place.query + '&' if place.query else ''}digest={digest}"
        assert emulator.request(address, method="PUT", body=content).status == 201
        return {"digest": digest, "size": len(content)}

    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": blob(b"{}"), "layers": [blob(b"layer")]}
    content = json.dumps(manifest).encode()
    done = emulator.request(
        f"/v2/{repository}/manifests/{tag}", method="PUT", headers={"Content-Type": kind}, body=content
    )
    assert done.status == 201
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_with_images_build_an_unknown_tag_is_not_found(tmp_path: Path) -> None:
    process = EmulatorProcess(tmp_path, arguments=("--images", "build"))
    process.start()
    try:
        ecr = boto3.client(
            "ecr",
            endpoint_url=process.endpoint,
            region_name=REGION,
            aws_access_key_id=process.env["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=process.env["AWS_SECRET_ACCESS_KEY"],
        )
        ecr.create_repository(repositoryName="built")
        with pytest.raises(ecr.exceptions.ImageNotFoundException, match="imageTag:'abc'"):
            ecr.describe_images(repositoryName="built", imageIds=[{"imageTag": "abc"}])
        assert process.json("/_local/health")["images"] == "build"
        digest = _push(process, "built", "abc")
        pushed = ecr.describe_images(repositoryName="built", imageIds=[{"imageTag": "abc"}])["imageDetails"]
        assert [one["imageDigest"] for one in pushed] == [digest]
    finally:
        process.stop()
