"""Retries, budgets, breakers and bulkheads with backends that misbehave on command."""
from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections import Counter
from email.utils import formatdate

import pytest

from harness.client import request_bytes
from harness.load import Load
from harness.martlet import simple_config
from harness.scripted_backend import ScriptedBackend
from harness.moody_backend import upstream

BUDGET = "retry-budget: { percent: 100, min-retries: 1000 }"


def failed(answer, status: int, error: str) -> None:
    assert answer.status == status, (answer.start_line, answer.body)
    assert f"error={error}".encode() in answer.value("proxy-status")
    assert json.loads(answer.body)["status"] == status


def statuses(martlet, count: int, method: str = "GET", **options) -> Counter:
    return Counter(martlet.get("/", method=method, **options).status for _ in range(count))


@pytest.mark.parametrize("mood,retries", [
    ("reset", "{ on: connection-lost, backoff-start: 0s }"),
    ("503", "{ statuses: [503], backoff-start: 0s }"),
    ("500", "{ statuses: [500, 503], backoff-start: 1ms }"),
    ("silent", "{ on: timeout, try-timeout: 100ms, backoff-start: 0s }"),
])
def test_a_failed_try_goes_to_another_endpoint(proxied, trio, mood, retries):
    trio[0].mood = mood
    martlet = proxied(upstream(trio, f"retries: {retries}, {BUDGET}"))
    assert statuses(martlet, 18) == {200: 18}
    assert trio[0].served >= 3, "its turn came"
    assert martlet.metric("martlet_upstream_retries_total") == trio[0].served


@pytest.mark.parametrize("mood,status", [("reset", 502), ("503", 503), ("silent", 504)])
def test_without_retries_the_client_sees_it(proxied, trio, mood, status):
    trio[0].mood = mood
    martlet = proxied(upstream(trio, "retries: off, timeouts: { response: 100ms }"))
    assert statuses(martlet, 9) == {200: 6, status: 3}


def test_a_dead_endpoint_costs_nothing(start, trio):
    trio[0].stop()
    martlet = start(simple_config(upstream(trio, "retries: {}")))
    load = Load(martlet.address(), threads=6)
    load.wait_for(400)
    assert not load.stop().failures


def test_unsafe_methods_are_sent_once(proxied, trio):
    for backend in trio:
        backend.mood = "reset"
    martlet = proxied(upstream(trio, f"retries: {{}}, {BUDGET}"))
    failed(martlet.get("/", method="POST"), 502, "connection_terminated")
    assert sum(backend.served for backend in trio) == 1
    failed(martlet.get("/", method="GET"), 502, "connection_terminated")
    assert sum(backend.served for backend in trio) == 4, "three tries"


def test_a_route_may_say_otherwise(proxied, trio):
    trio[0].mood = trio[1].mood = "reset"
    martlet = proxied(upstream(trio, f"retries: off, {BUDGET}"),
                      route="retries: { unsafe: true, on: connection-lost }")
    assert statuses(martlet, 6, method="POST") == {200: 6}


def test_a_body_that_is_not_kept_is_not_sent_again(proxied, trio):
    for backend in trio:
        backend.mood = "reset"
    martlet = proxied(upstream(
        trio, f"retries: {{ unsafe: true, max-replay-body: 0B }}, {BUDGET}"))
    failed(martlet.get("/", method="PUT", body=b"x" * 10), 502, "connection_terminated")
    assert sum(backend.served for backend in trio) == 1


def test_a_body_is_sent_again_within_its_bound(proxied, trio):
    trio[0].mood = trio[1].mood = "503"
    martlet = proxied(upstream(
        trio, f"retries: {{ statuses: [503], backoff-start: 0s, max-replay-body: 1000B }}, {BUDGET}"))
    body = bytes(range(250)) * 4
    for count in (1, 1000):
        answer = martlet.get("/", method="PUT", body=body[:count])
        assert answer.status == 200 and answer.value("x-endpoint") == b"c"
    assert {request.body for b in trio for request in b.requests} == {body[:1], body}
    # A byte more, and it has one try.
    seen = statuses(martlet, 9, "PUT", body=body + b"x")
    assert seen == {200: 3, 503: 6}, seen


def test_a_body_that_still_comes_is_sent_again(proxied, trio):
    """The first try fails in the middle of the upload; what had come goes out again."""
    def fail(connection) -> None:
        got = b""
        while b"first" not in got:
            got += connection.socket.recv(1000)
        connection.reset()

    backend = ScriptedBackend(fail)
    urls = f'"{backend.url}", "{trio[2].url}"'
    martlet = proxied(f"{{ endpoints: [{urls}], retries: {{ backoff-start: 0s }}, {BUDGET} }}")
    for _ in range(2):
        with martlet.connect() as client:
            client.send(b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        b"5\r\nfirst\r\n")
            time.sleep(0.2)
            client.send(b"6\r\nsecond\r\n0\r\n\r\n")
            assert client.response().status == 200
    assert backend.connections, "its turn came"
    assert [request.body for request in trio[2].requests] == [b"firstsecond"] * 2
    backend.stop()


def test_retry_after_is_honoured_within_its_bound(proxied, trio):
    trio[0].mood = "503"
    trio[0].headers = ["Retry-After: 1"]
    martlet = proxied(upstream(
        trio[:1], f"retries: {{ statuses: [503], backoff-start: 0s }}, {BUDGET}"))
    threading.Timer(0.5, lambda: setattr(trio[0], "mood", "ok")).start()
    begin = time.monotonic()
    assert martlet.get("/").status == 200
    assert 1.0 <= time.monotonic() - begin < 3
    trio[0].mood = "503"
    trio[0].headers = ["Retry-After: 120"]
    begin = time.monotonic()
    answer = martlet.get("/")
    assert answer.status == 503 and answer.value("x-endpoint") == b"a", "passed on as it is"
    assert time.monotonic() - begin < 0.9


@pytest.mark.parametrize("seconds,tries", [(-100, 3), (1, 3), (120, 1)])
def test_retry_after_may_be_a_date(proxied, trio, seconds, tries):
    trio[0].mood = "503"
    trio[0].headers = [f"Retry-After: {formatdate(time.time() + seconds, usegmt=True)}"]
    martlet = proxied(upstream(
        trio[:1], f"retries: {{ statuses: [503], backoff-start: 0s }}, {BUDGET}"))
    begin = time.monotonic()
    assert martlet.get("/").status == 503
    assert trio[0].served == tries and time.monotonic() - begin < 2.5


def test_the_budget_is_never_exceeded(proxied, trio):
    for backend in trio:
        backend.mood = "503"
    martlet = proxied(upstream(
        trio, "retries: { statuses: [503], backoff-start: 0s },"
              " retry-budget: { percent: 10, min-retries: 5, window: 60s }"))
    assert statuses(martlet, 100) == {503: 100}
    retries = martlet.metric("martlet_upstream_retries_total")
    assert 5 <= retries <= 10, retries
    assert sum(backend.served for backend in trio) == 100 + retries


def test_retries_in_flight_are_limited(proxied, trio):
    for backend in trio:
        backend.mood = "503"
    martlet = proxied(upstream(trio, f"retries: {{ statuses: [503] }}, max-retries: 0, {BUDGET}"))
    assert statuses(martlet, 10) == {503: 10}
    assert martlet.metric("martlet_upstream_retries_total") == 0


def test_one_retry_after_another_has_a_place(proxied, trio):
    """A bulkhead bounds retries at the same time, not in all."""
    trio[0].mood = "503"
    for backend in trio[1:]:
        backend.mood, backend.delay = "slow", 0.5
    martlet = proxied(upstream(
        trio, f"retries: {{ statuses: [503], backoff-start: 0s }}, max-retries: 2, {BUDGET}"))
    for turn in (1, 2):
        before = trio[0].served
        clients = [martlet.connect() for _ in range(12)]
        for client in clients:
            client.send(request_bytes("GET", "/"))
        found = Counter(client.response().status for client in clients)
        failed_count = trio[0].served - before
        assert failed_count >= 3
        assert found == {200: 14 - failed_count, 503: failed_count - 2}, "two had a place"
        assert martlet.metric("martlet_upstream_retries_total") == 2 * turn


def test_requests_in_flight_are_limited(proxied, trio):
    trio[0].mood, trio[0].delay = "slow", 1
    martlet = proxied(upstream(trio[:1], "max-requests: 3"))
    clients = [martlet.connect() for _ in range(8)]
    for client in clients:
        client.send(request_bytes("GET", "/"))
    answers = [client.response() for client in clients]
    assert Counter(answer.status for answer in answers) == {200: 3, 503: 5}
    failed(next(a for a in answers if a.status == 503), 503, "connection_limit_reached")
    assert martlet.get("/").status == 200, "the places are free again"


def test_total_timeout_bounds_all_tries(proxied, trio):
    for backend in trio:
        backend.mood = "silent"
    martlet = proxied(
        upstream(trio, f"retries: {{ on: timeout, attempts: 8, try-timeout: 300ms }}, {BUDGET}"),
        route="timeouts: { total: 700ms }")
    begin = time.monotonic()
    failed(martlet.get("/"), 504, "http_response_timeout")
    assert 0.25 < time.monotonic() - begin < 1.2
    assert martlet.exchange()["error"] in ("exchange_timeout", "response_timeout")
    assert sum(backend.served for backend in trio) >= 2


def test_total_timeout_cuts_a_body(proxied, scripted):
    def drip(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            connection.send(b"x")
            time.sleep(0.05)

    martlet = proxied(scripted(drip).url, route="timeouts: { total: 500ms }")
    begin = time.monotonic()
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/"))
        with pytest.raises(Exception):
            client.response()
    assert time.monotonic() - begin < 3
    assert martlet.exchange()["error"] == "exchange_timeout"


BREAKER = "{ min-calls: 10, failures: 50, open: 1s, probes: 2 }"


def test_circuit_breaker_of_an_upstream(proxied, trio):
    backend = trio[0]
    backend.mood = "500"
    martlet = proxied(upstream([backend], f"circuit-breaker: {BREAKER}"))
    assert statuses(martlet, 10) == {500: 10}
    begin = time.monotonic()
    for _ in range(20):
        failed(martlet.get("/"), 503, "destination_unavailable")
    assert martlet.exchange(error="circuit_open")
    assert backend.served == 10, "it is left alone"
    backend.mood = "ok"
    time.sleep(max(0.0, 1.1 - (time.monotonic() - begin)))
    assert statuses(martlet, 20) == {200: 20}, "probes passed, and it closed"


def test_circuit_breaker_opens_again_when_probes_fail(proxied, trio):
    backend = trio[0]
    backend.mood = "500"
    martlet = proxied(upstream([backend], f"circuit-breaker: {BREAKER}"))
    statuses(martlet, 10)
    time.sleep(1.1)
    seen = statuses(martlet, 10)
    assert seen == {500: 1, 503: 9}, "one probe, and with it half of them failed"


def test_circuit_breaker_by_slow_calls(proxied, trio):
    trio[0].mood, trio[0].delay = "slow", 0.15
    martlet = proxied(upstream(
        trio[:1], "circuit-breaker: { min-calls: 10, slow-after: 50ms, slow-calls: 100 }"))
    assert statuses(martlet, 12) == {200: 10, 503: 2}


def test_circuit_breaker_of_an_endpoint_leaves_the_others(proxied, trio):
    trio[0].mood = "500"
    martlet = proxied(upstream(trio, f"endpoint-circuit-breaker: {BREAKER}"))
    seen = statuses(martlet, 60)
    assert seen == {500: 10, 200: 50}
    assert trio[0].served == 10
    trio[0].mood = "ok"
    time.sleep(1.1)
    assert statuses(martlet, 30) == {200: 30}
    assert trio[0].served > 12, "it is back"


def test_state_is_kept_over_reloads(start, trio):
    trio[0].mood = "500"
    config = simple_config(upstream(trio[:1], "circuit-breaker: { min-calls: 10, open: 60s }"))
    martlet = start(config)
    statuses(martlet, 10)
    martlet.reload(config + "\n# another revision\n")
    assert statuses(martlet, 3) == {503: 3}, "still open"


def test_clients_that_leave_do_not_leave_places_taken(proxied, trio):
    trio[0].mood = "silent"
    martlet = proxied(upstream(trio[:1], "max-requests: 2, balancing: least-request"))
    for _ in range(6):
        with martlet.connect() as client:
            client.send(request_bytes("GET", "/"))
            time.sleep(0.1)
            # A reset: one that only ends its side may still read.
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    trio[0].mood = "ok"
    martlet.wait_until(lambda: martlet.get("/").status == 200, "a free place")


