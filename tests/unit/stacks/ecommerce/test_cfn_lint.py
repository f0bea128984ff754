"""cfn-lint finds nothing in any template, but for what it is wrong about."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from review.platform.templates import PLACES
from tests.unit.stacks.ecommerce.everything import everything

# The CDK writes DependsOn also where a reference says the same.
_NOT_ASKED = ("W3005",)
# By rule and part, and what its message has in it.
_MISTAKEN: Mapping[tuple[str, str], str] = {
    # CloudFormation refuses it beside a source: a replica is encrypted as its source is, with KmsKeyId's key here.
    ("E3720", "DatabaseReplica"): "StorageEncrypted",
    # The schema lets Block match the branch of Count too, as neither requires its own name.
    ("E3018", "Firewall"): "Shield Advanced",
    # It does not know the function within Fn::Split within Fn::Join.
    ("E1022", "Monitoring"): "Fn::GetStackOutput",
}


@pytest.mark.thorough
def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    """Neither errors nor warnings; and what it is wrong about is still found, else the entry is to go."""
    for stack, template in everything().items():
        (tmp_path / f"{stack}.template.json").write_text(json.dumps(template))
    program = Path(sys.executable).parent / "cfn-lint"
    ran = subprocess.run(
        [program, "--format", "json", "--ignore-checks", *_NOT_ASKED, "--", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )
    used, left = set(), []
    for found in json.loads(ran.stdout or "[]"):
        stack = Path(found["Filename"]).name.removesuffix(".template.json")
        key = (found["Rule"]["Id"], PLACES[stack].name)
        if _MISTAKEN.get(key, "\0") in found["Message"]:
            used.add(key)
        else:
            left.append(f"{stack}: {found['Rule']['Id']} {found['Message']}")
    assert left == [], ran.stderr
    assert used == _MISTAKEN.keys()
