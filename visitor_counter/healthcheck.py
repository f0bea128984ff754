"""`python -m visitor_counter.healthcheck`: exit code 0 if the server in this container is alive, else 1.

For HEALTHCHECK and the task definition: the image has no shell tools such as curl.
"""

import http.client
import os
import sys


def alive(port: int, timeout: float = 2.0) -> bool:
    """Whether the server on this machine's `port` answers /healthz with 200 within `timeout` seconds."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if alive(int(os.environ.get("PORT") or "8000")) else 1)
