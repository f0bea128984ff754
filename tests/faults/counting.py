"""What a visitor is told by a counter whose Redis works, and by one whose Redis is away."""

import json

from tests.counter_process import Answer, CounterProcess

LIMIT_SECONDS = 0.3  # how soon a visitor must be told that Redis is away


def visits(answer: Answer) -> int:
    assert answer.status == 200, answer
    return int(json.loads(answer.text)["visits"])


def count(counter: CounterProcess) -> int:
    return visits(counter.ask("/api/visits", "POST"))


WRITING = (("GET", "/"), ("POST", "/api/visits"), ("GET", "/readyz"))
READING = (("GET", "/api/visits"),)


def assert_away(counter: CounterProcess, requests: tuple[tuple[str, str], ...] = WRITING + READING) -> None:
    """Each of `requests` is told in time that Redis is away; the liveness check stays good."""
    for method, path in requests:
        answers = [counter.ask(path, method) for _ in range(3)]
        assert {(answer.status, answer.headers.get("Retry-After")) for answer in answers} == {(503, "5")}
        # The best of three: what the counter needs, and not what else this machine did meanwhile.
        seconds = min(answer.seconds for answer in answers)
        assert seconds < LIMIT_SECONDS, f"{method} {path} took {seconds:.3f} s"
    assert counter.ask("/healthz").status == 200
