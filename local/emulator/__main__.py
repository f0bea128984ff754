"""`python -m local.emulator`: the emulator, in the foreground."""

import sys

from local.emulator import guardian

sys.exit(guardian.run(sys.argv[1:]))
