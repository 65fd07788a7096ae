"""Each limit and timeout of a listener: its answer, the close, its metric."""
from __future__ import annotations

import json
import threading
import time

import pytest

from harness.client import RawConnection, request_bytes
from harness.martlet import Martlet, simple_config

# Short times, so that the tests are; the wheel of timers may be coarse.
LISTENER = """
limits:
  max-request-line: 1KiB
  max-header: 8KiB
  max-header-count: 20
  max-body: 10KiB
  max-requests-per-connection: 5
  min-body-rate: 1000B
timeouts: { request-head: 1s, idle: 2s, body-grace: 1s, write-stall: 2s }
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(simple_config(echo.url, listener=LISTENER))


def rejected(martlet: Martlet) -> float:
    """All that is counted for requests and connections that Martlet turned away."""
    return (martlet.metric("martlet_downstream_rejected_total")
            + martlet.metric("martlet_local_replies_total"))


def refused(martlet: Martlet, data: bytes, status: int) -> None:
    before = rejected(martlet)
    with martlet.connect() as client:
        try:
            client.send(data)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = client.response()
        assert answer.status == status, (answer.start_line, answer.body)
        assert answer.value("content-type") == b"application/problem+json"
        problem = json.loads(answer.body)
        assert problem["status"] == status and problem["title"]
        assert b"http_request_error" in answer.value("proxy-status")
        assert answer.asks_close and client.is_closed()
    assert rejected(martlet) > before


def test_request_line_too_long(martlet):
    refused(martlet, request_bytes("GET", "/" + "a" * 2000), 414)


def test_request_line_without_an_end(martlet):
    refused(martlet, b"GET /" + b"a" * 20_000, 414)


def test_header_section_too_large(martlet):
    refused(martlet, request_bytes("GET", "/", {f"X-{n}": "v" * 900 for n in range(10)}), 431)


def test_header_section_without_an_end(martlet):
    refused(martlet, b"GET / HTTP/1.1\r\nHost: a\r\nX-A: " + b"v" * 50_000, 431)


def test_too_many_fields(martlet):
    refused(martlet, request_bytes("GET", "/", {f"X-{n}": "v" for n in range(30)}), 431)


def test_fields_up_to_the_limit(martlet):
    assert martlet.get("/", headers={f"X-{n}": "v" for n in range(19)}).status == 200


def test_announced_body_too_large(martlet):
    refused(martlet, request_bytes("POST", "/", {"Content-Length": "10241"}), 413)


def test_chunked_body_too_large(martlet):
    chunk = b"400\r\n" + b"x" * 1024 + b"\r\n"
    refused(martlet, request_bytes("POST", "/", {"Transfer-Encoding": "chunked"}) + chunk * 11, 413)


def test_body_up_to_the_limit(martlet):
    assert martlet.get("/", method="POST", body=b"x" * 10_240).status == 200


def test_expectation_of_too_large_a_body_is_refused_before_it_is_sent(martlet):
    with martlet.connect() as client:
        answer = client.exchange(request_bytes(
            "POST", "/", {"Content-Length": "99999", "Expect": "100-continue"}))
        assert answer.status == 413 and not answer.interim


def test_route_may_take_larger_bodies(proxied, echo):
    martlet = proxied(echo.url, listener=LISTENER, route="limits: { max-body: 1MiB }")
    assert martlet.get("/", method="POST", body=b"x" * 100_000).status == 200


def test_requests_on_one_connection(martlet):
    with martlet.connect() as client:
        answers = [client.exchange(request_bytes("GET", "/")) for _ in range(5)]
        assert [a.asks_close for a in answers] == [False] * 4 + [True]
        assert client.is_closed()


def elapsed(action) -> float:
    start = time.monotonic()
    action()
    return time.monotonic() - start


def test_idle_connection_is_closed(martlet):
    with martlet.connect() as client:
        assert client.exchange(request_bytes("GET", "/")).status == 200
        assert 1 < elapsed(client.is_closed) < 5


def test_connection_without_a_first_byte_is_closed(martlet):
    with martlet.connect() as client:
        assert 0.5 < elapsed(client.is_closed) < 5


def test_head_has_an_absolute_deadline(martlet):
    """One byte now and then does not extend it."""
    before = rejected(martlet)
    with martlet.connect() as client:
        done = threading.Event()

        def drip() -> None:
            try:
                client.send(b"GET / HTTP/1.1\r\nHost: a\r\n")
                while not done.wait(0.1):
                    client.send(b"X-A: b\r\n"[:1])
            except OSError:
                pass

        start = time.monotonic()
        threading.Thread(target=drip, daemon=True).start()
        answer = client.response()
        done.set()
        assert answer.status == 408 and answer.asks_close
        assert 0.5 < time.monotonic() - start < 4
    assert rejected(martlet) > before


def test_body_has_a_minimum_rate(martlet):
    before = rejected(martlet)
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": "5000"}))
        done = threading.Event()

        def drip() -> None:
            try:
                while not done.wait(0.1):
                    client.send(b"x")
            except OSError:
                pass

        threading.Thread(target=drip, daemon=True).start()
        answer = client.response()
        done.set()
        assert answer.status == 408 and answer.asks_close
    assert rejected(martlet) > before


def test_steady_body_is_not_cut(martlet):
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": "6000"}))
        for _ in range(20):
            client.send(b"x" * 300)
            threading.Event().wait(0.1)
        assert client.response().status == 200


def test_stalled_reader_is_closed(martlet):
    """RFC 9112 §9.5 leaves the time to the server; without a limit such a client costs for ever."""
    before = rejected(martlet)
    client = martlet.connect(receive_buffer=4096)
    client.send(request_bytes("GET", "/?bytes=100000000"))
    client.socket.recv(10)
    deadline = time.monotonic() + 10
    while rejected(martlet) == before and time.monotonic() < deadline:
        threading.Event().wait(0.2)
    assert rejected(martlet) > before, "no stalled reader was closed"
    client.stream.rest()
    client.socket.close()


def test_slow_but_steady_reader_is_not_cut(martlet):
    """Though nothing leaves the proxy for longer than `write-stall`, as the kernel holds megabytes."""
    client = martlet.connect(receive_buffer=65536)
    client.send(request_bytes("GET", "/?bytes=12000000", {"Connection": "close"}))
    start, received = time.monotonic(), bytearray()
    while time.monotonic() - start < 7:
        received += client.socket.recv(16_384)
        threading.Event().wait(0.05)
    received += client.stream.rest()
    client.socket.close()
    assert len(received.split(b"\r\n\r\n", 1)[1]) == 12_000_000


def test_connections_of_a_listener(start, echo):
    martlet = start(simple_config(echo.url, listener="limits: { max-connections: 10 }"))
    clients = []
    for _ in range(10):
        client = martlet.connect()
        assert client.exchange(request_bytes("GET", "/")).status == 200
        clients.append(client)
    with martlet.connect() as one_more:
        try:
            one_more.send(request_bytes("GET", "/"))
            rest = one_more.stream.rest()
        except (ConnectionResetError, BrokenPipeError):
            rest = b""
        assert not rest or rest.startswith(b"HTTP/1.1 503")
    assert martlet.metric("martlet_downstream_rejected_total") >= 1
    for client in clients[:5]:
        client.socket.close()
    martlet.wait_until(lambda: martlet.metric("martlet_downstream_connections") <= 5, "free places")
    assert martlet.get("/").status == 200


def test_defaults_are_on(start, echo):
    """Without any limits in the file, the documented ones hold."""
    martlet = start(simple_config(echo.url))
    with RawConnection(martlet.address()) as client:
        assert client.exchange(request_bytes("GET", "/" + "a" * 9000)).status == 414
    with RawConnection(martlet.address()) as client:
        assert client.exchange(request_bytes("GET", "/", {"X-A": "a" * 40_000})).status == 431
    with RawConnection(martlet.address()) as client:
        fields = {f"X-{n}": "a" for n in range(120)}
        assert client.exchange(request_bytes("GET", "/", fields)).status == 431
    with RawConnection(martlet.address()) as client:
        body = {"Content-Length": str(200 * 1024 * 1024)}
        assert client.exchange(request_bytes("POST", "/", body)).status == 413
