"""Trouble that is made on purpose."""
from __future__ import annotations

import json
import time
from collections import Counter

from harness.client import request_bytes


def statuses(martlet, count: int) -> Counter:
    with martlet.connect() as client:
        return Counter(client.exchange(request_bytes("GET", "/")).status for _ in range(count))


def test_some_requests_are_answered_with_the_status(proxied, echo):
    served = echo.served
    martlet = proxied(echo.url, route="fault: { status: 503, status-share: 25 }")
    seen = statuses(martlet, 400)
    assert set(seen) == {200, 503} and 50 <= seen[503] <= 150, seen
    assert echo.served - served == seen[200]
    assert martlet.metric("martlet_local_replies_total", code="fault_injected") == seen[503]
    assert martlet.event("config_warning")["reason"].startswith("requests of this route are made")


def test_the_answer_is_a_problem_document(proxied, echo):
    answer = proxied(echo.url, route="fault: { status: 429 }").get("/")
    assert answer.status == 429
    assert json.loads(answer.body)["code"] == "fault_injected"


def test_delays(proxied, echo):
    martlet = proxied(echo.url, route="fault: { delay: 300ms }")
    begin = time.monotonic()
    assert martlet.get("/").status == 200
    # Time is counted in steps of 50 ms, and part of the first is over.
    assert 0.25 <= time.monotonic() - begin < 3
