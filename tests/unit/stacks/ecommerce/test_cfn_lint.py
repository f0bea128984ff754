"""cfn-lint finds nothing in any template."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.stacks.ecommerce.everything import everything

# The CDK writes DependsOn also where a reference says the same.
_NOT_ASKED = ("W3005",)


@pytest.mark.thorough
def test_cfn_lint_finds_nothing(tmp_path: Path) -> None:
    """Neither errors nor warnings."""
    for stack, template in everything().items():
        (tmp_path / f"{stack}.template.json").write_text(json.dumps(template))
    program = Path(sys.executable).parent / "cfn-lint"
    ran = subprocess.run(
        [program, "--ignore-checks", *_NOT_ASKED, "--", *tmp_path.iterdir()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == ""
    assert ran.returncode == 0, ran.stderr
