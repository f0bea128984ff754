"""`python -m visitor_counter`: read the settings, serve until SIGTERM."""

import sys

from visitor_counter.config import Config, ConfigError


def main() -> int:
    """Serve; 2 when a setting is wrong, like a command line that is."""
    try:
        config = Config.from_environment()
        # Only now: a wrong setting is answered before the framework and the server are loaded.
        from visitor_counter.server import listen, serve

        listener = listen(config)
    except ConfigError as error:
        print(f"visitor_counter: {error}", file=sys.stderr)
        return 2
    serve(config, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
