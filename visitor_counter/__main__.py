"""`python -m visitor_counter`: read the settings, serve until SIGTERM."""

import os
import sys

from visitor_counter.config import Config, ConfigError

# gunicorn reads these by itself while it is imported, by its own rules: an empty one is a traceback. They are
# read here, and handed to it as settings.
_READ_BY_GUNICORN_TOO = ("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS")


def main() -> int:
    """Serve; 2 when a setting is wrong, like a command line that is."""
    try:
        config = Config.from_environment()
        for variable in _READ_BY_GUNICORN_TOO:
            os.environ.pop(variable, None)
        # Only now: a wrong setting is answered before the framework and the server are loaded.
        from visitor_counter.server import Server, check_address

        check_address(config)
    except ConfigError as error:
        print(f"visitor_counter: {error}", file=sys.stderr)
        return 2
    Server(config).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
