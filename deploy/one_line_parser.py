"""argparse, with our one line and exit code for what is wrong."""

import argparse
from typing import NoReturn

from deploy.errors import RefusedError


class OneLineParser(argparse.ArgumentParser):
    """Raises `RefusedError` instead of printing its usage."""

    def error(self, message: str) -> NoReturn:
        """See argparse.ArgumentParser.error."""
        raise RefusedError(f"{message}; `{self.prog} --help` explains")
