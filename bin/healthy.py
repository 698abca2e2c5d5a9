"""The health check of a web container: does the process answer for one of its host names?"""

import http.client
import os
import sys


def main() -> int:
    """0 when /health/live/ answers 200, as a container's health check wants it."""
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=5)
    name = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
    try:
        connection.request("GET", "/health/live/", headers={"Host": name})
        return int(connection.getresponse().status != 200)
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
