"""`python -m deploy VERB [arguments of the CDK CLI]`: what `make synth`, `diff`, `deploy` … run."""

import os
import signal
import sys

from deploy import INTERRUPTED


def run() -> int:
    """Load the program and run it; Ctrl-C ends it without a traceback from its first moment on."""
    raising = signal.getsignal(signal.SIGINT)
    if (
        raising is signal.default_int_handler
    ):  # not so where a shell starts it in the background: ignored there
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    # boto3, the settings and all that they need: most of a second
    from deploy.verbs import main

    signal.signal(signal.SIGINT, raising)
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
