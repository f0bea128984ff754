"""`make synth`: the CDK's validation for what changed since it passed, and for nothing twice."""

import os
from collections.abc import Sequence
from pathlib import Path

from deploy import cdk_cli, validation
from deploy.assembly import written


def run(words: Sequence[str], assembly: Path) -> int:
    """Synthesize into `assembly` with the CDK CLI's arguments `words`; returns its exit code."""
    if os.environ.get("CDK_VALIDATION") == "false":  # the caller's own word: as the CDK does
        return cdk_cli.run(words)
    # an earlier synth's: one without findings writes none, and the CLI would tell of what is mended
    (assembly / "validation-report.json").unlink(missing_ok=True)
    if code := cdk_cli.run(words, CDK_VALIDATION="false"):
        return code
    passed = validation.passed()
    changed = passed.lacks(written(assembly))
    if validation.all_pass(changed):
        passed.add(changed)
        return 0
    # What has a warning, or an acknowledged finding, is not remembered: an acknowledgement is in no template.
    return cdk_cli.run(words)
