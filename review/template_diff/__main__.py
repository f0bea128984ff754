"""`python -m review.template_diff BEFORE AFTER`, or `--base REF`: what `make template-diff` runs."""

import sys

from review.template_diff.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
