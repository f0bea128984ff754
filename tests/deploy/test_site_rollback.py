"""CloudFormation rolls an update back: the site goes back too, from what earlier deploys staged."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from local.deployed import Deployed
from tests.deploy.emulator_process import EmulatorProcess
from tests.deploy.test_emulator_failures import Stacks
from tests.unit.stacks.synthesis import compose

Template = dict[str, Any]
_LIMIT_S = 60.0
_PAGES = 300  # two archives


class Site:
    """The stack StaticSite-<stage>, deployed without the CDK CLI, so that a test can break its template."""

    def __init__(self, emulator: EmulatorProcess, folder: Path, stage: str) -> None:
        self._stacks, self._folder, self._stage = Stacks(emulator), folder, stage
        self.name = f"StaticSite-{stage}"
        self._deployed = Deployed(emulator.endpoint)
        self.s3 = self._stacks.client("s3")

    def synthesized(self, title: str) -> Template:
        """The template for a site whose first page and last page say `title`; all of it is staged."""
        site, out = self._folder / "site", self._folder / f"out {title}"
        site.mkdir(exist_ok=True)
        for page in ("index", *(f"page-{number}" for number in range(_PAGES))):
            text = title if page in ("index", f"page-{_PAGES - 1}") else page
            (site / f"{page}.html").write_text(f"<!doctype html><title>{text}</title>")
        compose(out, {"stage": self._stage, "removal_policy": "destroy"}, site=site).synth()
        for asset in json.loads((out / f"{self.name}.assets.json").read_text())["files"].values():
            path = out / asset["source"]["path"]
            if asset["source"]["packaging"] == "zip":
                path = Path(shutil.make_archive(str(path), "zip", path))
            for place in asset["destinations"].values():
                bucket = place["bucketName"].replace("${AWS::AccountId}", "000000000000")
                self.s3.upload_file(str(path), bucket, place["objectKey"])
        template: Template = json.loads((out / f"{self.name}.template.json").read_text())
        return template

    def deploy(self, template: Template, *, anew: bool = False) -> str:
        """Create or update the stack; the status that it ends in."""
        change = self._stacks.api.create_stack if anew else self._stacks.api.update_stack
        change(StackName=self.name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            (stack,) = self._stacks.api.describe_stacks(StackName=self.name)["Stacks"]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                return str(stack["StackStatus"])
            time.sleep(0.05)
        raise AssertionError(f"{self.name} is still {stack['StackStatus']} after {_LIMIT_S:.0f} s")

    @property
    def bucket(self) -> str:
        return self._deployed.outputs(self.name)["BucketName"]

    def versions(self) -> list[dict[str, Any]]:
        return self._deployed.site_versions(self.name).kept()

    def live_page(self) -> bytes:
        """The first page, where the live version has it."""
        (live,) = [each["version"] for each in self.versions() if each["live"]]
        body = self.s3.get_object(Bucket=self.bucket, Key=f"versions/{live}/index.html")["Body"]
        content: bytes = body.read()
        return content

    def remove(self) -> None:
        self._stacks.delete(self.name)


def failing(template: Template) -> Template:
    """The template with a resource that fails after the site was published."""
    (live,) = [name for name, each in template["Resources"].items() if each["Type"] == "Custom::SiteVersion"]
    wrong = {"Type": "AWS::SNS::Topic", "DependsOn": live, "Properties": {"Colour": "red"}}
    return {**template, "Resources": {**template["Resources"], "Wrong": wrong}}


@pytest.fixture
def site(bootstrapped: EmulatorProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Site:
    made = Site(bootstrapped, tmp_path, f"back{abs(hash(request.node.name)) % 10**6}")
    assert made.deploy(made.synthesized("first"), anew=True) == "CREATE_COMPLETE"
    request.addfinalizer(made.remove)
    return made


@pytest.mark.thorough
def test_the_old_index_makes_the_old_version_live_again(site: Site) -> None:
    (first,) = site.versions()
    assert site.deploy(failing(site.synthesized("second"))) == "UPDATE_ROLLBACK_COMPLETE"
    newer, older = site.versions()
    assert (older["version"], older["live"], newer["live"]) == (first["version"], True, False)
    assert newer["uploaded_files"] == 2, "the new version was published before the failure"
    assert b"first" in site.live_page()


@pytest.mark.thorough
def test_what_the_old_version_lost_comes_from_the_old_archives(site: Site) -> None:
    """Somebody deletes a page of the live version: CloudFormation's way back mends it."""
    (first,) = site.versions()
    site.s3.delete_object(Bucket=site.bucket, Key=f"versions/{first['version']}/index.html")
    assert site.deploy(failing(site.synthesized("second"))) == "UPDATE_ROLLBACK_COMPLETE"
    live = next(each for each in site.versions() if each["live"])
    assert live["version"] != first["version"]
    assert live["files"] == _PAGES + 1
    assert b"first" in site.live_page()
