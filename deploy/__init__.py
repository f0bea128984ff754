"""The CDK CLI with checks before it: `python -m deploy synth|diff|bootstrap|deploy|destroy|preview …`."""

from typing import Final

INTERRUPTED: Final = 130
"""The exit code after Ctrl-C: 128 and the number of SIGINT, as shells count."""
