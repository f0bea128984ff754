"""`make synth`: nothing is done twice. What changed is synthesized, and validated where its template changed."""

import os
from collections.abc import Sequence
from pathlib import Path

from deploy import cdk_cli, unchanged, validation
from deploy.assembly import written


def run(words: Sequence[str], assembly: Path, site: Path) -> int:
    """Synthesize into `assembly` with the CDK CLI's arguments `words`, of the site in that folder; returns the
    CLI's exit code."""
    if os.environ.get("CDK_VALIDATION") == "false":  # the caller's own word: as the CDK does
        return cdk_cli.run(words)
    last, inputs = unchanged.last(assembly), unchanged.inputs(words, site)
    if inputs and last.stands(inputs):
        print(
            f"nothing has changed since the last synth, which stands; it is made anew if {assembly} is removed",
            flush=True,
        )
        return 0
    # an earlier synth's: one without findings writes none, and the CLI would tell of what is mended
    (assembly / "validation-report.json").unlink(missing_ok=True)
    if code := cdk_cli.run(words, CDK_VALIDATION="false"):
        return code
    passed = validation.passed()
    changed = passed.lacks(written(assembly))
    if validation.all_pass(changed):
        passed.add(changed)
        if inputs and unchanged.inputs(words, site) == inputs:  # not so if somebody wrote meanwhile
            last.remember(inputs)
        return 0
    # What has a warning, or an acknowledged finding, is not remembered: an acknowledgement is in no template.
    return cdk_cli.run(words)
