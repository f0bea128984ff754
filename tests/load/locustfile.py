"""Visitors of the counter, for Locust: `locust --locustfile tests/load/locustfile.py --host http://127.0.0.1:8000`.

Without --headless it serves a page from which to start and watch them. A visitor opens the page, now and then the
badge, and lets scripts count and read. A number that anybody is told twice is a failure, and so is one that is
below an earlier one of the same visitor.
"""

import re
from threading import Lock

from locust import HttpUser, constant_pacing, task

_ORDINAL = re.compile(r"<title>You're the (\d+)(?:st|nd|rd|th) visitor</title>")
_shown: set[int] = set()
_showing = Lock()


class Visitor(HttpUser):
    """Asks about five times a second, on one connection."""

    wait_time = constant_pacing(0.2)
    last = 0

    @task(4)
    def open_the_page(self) -> None:
        """As a person."""
        with self.client.get("/", catch_response=True) as response:
            found = _ORDINAL.search(response.text or "")
            if response.status_code != 200 or not found:
                response.failure(f"{response.status_code} without a number")
            elif complaint := self._note(int(found[1])):
                response.failure(complaint)

    @task(4)
    def count_by_script(self) -> None:
        """As another site's page."""
        with self.client.post("/api/visits", catch_response=True) as response:
            if response.status_code != 200:
                response.failure(f"{response.status_code}")
            elif complaint := self._note(response.json()["visits"]):
                response.failure(complaint)

    @task(2)
    def read(self) -> None:
        """Without counting."""
        with self.client.get("/api/visits", catch_response=True) as response:
            if response.status_code != 200 or response.json()["visits"] < self.last:
                response.failure(f"{response.status_code} {response.text}, and {self.last} was shown before")

    @task(1)
    def look_at_the_badge(self) -> None:
        """As a README."""
        self.client.get("/badge.svg")

    def _note(self, number: int) -> str:
        with _showing:
            twice = number in _shown
            _shown.add(number)
        complaint = f"{number} was shown twice" if twice else ""
        if number <= self.last:
            complaint = complaint or f"{number} came after {self.last}"
        self.last = number
        return complaint
