"""Bodies that a policy wants whole: held, bounded, and sent on as they came."""
from __future__ import annotations

import hashlib
import time

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import Martlet
from harness.scripted_backend import OK

CONFIG = """
workers: 1
held-body-memory: 8MiB
listeners:
  public:
    address: 127.0.0.1:0
    limits: {{ max-body: 64MiB }}
    timeouts: {{ body-grace: 1s }}
upstreams: {{ echo: {{ endpoints: {url} }} }}
routes:
  - name: held
    match: {{ prefix: /held }}
    upstream: echo
    limits: {{ max-held-body: 3MiB }}
    inspect: block
  - name: watched
    match: {{ prefix: /watched }}
    upstream: echo
    limits: {{ max-held-body: 3MiB }}
    inspect: report
  - name: plain
    match: {{ prefix: / }}
    upstream: echo
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(CONFIG.format(url=echo.url))


def text(size: int) -> bytes:
    return (b"lorem ipsum " * (size // 12 + 1))[:size]


@pytest.mark.parametrize("size", [0, 1, 1000, 65_536, 65_537, 1_000_000, 3 << 20])
def test_a_body_with_a_length_goes_on_as_it_was(martlet, size):
    seen = Echo(martlet.get("/held", method="POST", body=text(size)))
    assert (seen.body_length, seen.framing) == (size, "length")
    assert seen.body_sha256 == hashlib.sha256(text(size)).hexdigest()


def test_chunks_become_a_length(martlet):
    body = text(200_000)
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 7000]), body[i:i + 7000])
                      for i in range(0, len(body), 7000))
    with martlet.connect() as client:
        seen = Echo(client.exchange(
            request_bytes("POST", "/held", {"Transfer-Encoding": "chunked"}) + chunks + b"0\r\n\r\n"))
        assert (seen.framing, seen.body_sha256) == ("length", hashlib.sha256(body).hexdigest())
        # The connection serves the next one.
        assert Echo(client.exchange(request_bytes("GET", "/held"))).body_length == 0


def test_trailers_pass_only_where_nothing_is_refused(martlet):
    data = request_bytes("POST", "/held", {"Transfer-Encoding": "chunked", "Trailer": "X-Sum"})
    with martlet.connect() as client:
        seen = Echo(client.exchange(data + b"5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n"))
    assert (seen.framing, seen.body_length, seen.trailers) == ("length", 5, [])
    data = request_bytes("POST", "/watched", {"Transfer-Encoding": "chunked", "Trailer": "X-Sum"})
    with martlet.connect() as client:
        seen = Echo(client.exchange(data + b"5\r\nhello\r\n0\r\nX-Sum: 7\r\n\r\n"))
    assert (seen.framing, seen.body_length) == ("chunked", 5)
    assert [(name.lower(), value) for name, value in seen.trailers] == [("x-sum", "7")]


def test_http2_streams_are_held_each_by_itself(martlet):
    with Http2Client(martlet.address()) as client:
        streams = [client.begin("POST", f"/held/{index}") for index in range(4)]
        for index, stream in enumerate(streams):
            client.send_body(stream, text(100_000 + index))
        seen = [Echo(client.response(stream)) for stream in streams]
    assert [echo.body_length for echo in seen] == [100_000 + index for index in range(4)]


def test_the_route_limit_is_answered_413(martlet):
    assert martlet.get("/held", method="POST", body=text((3 << 20) + 1)).status == 413
    # Also where only the bytes themselves tell.
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/held", {"Transfer-Encoding": "chunked"}))
        for _ in range(4):
            client.send(b"100000\r\n" + text(1 << 20) + b"\r\n")
        assert client.response().status == 413
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/held")
        client.send_body(stream, text((3 << 20) + 1))
        assert client.response(stream).status == 413
    # Without the policy there is no such limit.
    assert martlet.get("/plain", method="POST", body=text((3 << 20) + 1)).status == 200


def test_what_only_reports_refuses_no_body(martlet):
    """It streams, and log and metrics say that it was not looked at."""
    body = text((3 << 20) + 100_000)
    before = martlet.metric("martlet_findings_total", kind="body-not-inspected", action="reported")
    seen = Echo(martlet.get("/watched/length", method="POST", body=body))
    assert seen.body_sha256 == hashlib.sha256(body).hexdigest()
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(body[i:i + 70_000]), body[i:i + 70_000])
                      for i in range(0, len(body), 70_000))
    with martlet.connect() as client:
        seen = Echo(client.exchange(
            request_bytes("POST", "/watched/chunks", {"Transfer-Encoding": "chunked"}) + chunks
            + b"0\r\n\r\n"))
        assert (seen.framing, seen.body_sha256) == ("chunked", hashlib.sha256(body).hexdigest())
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/watched/stream")
        client.send_body(stream, body)
        assert Echo(client.response(stream)).body_sha256 == hashlib.sha256(body).hexdigest()
    for path in ("/watched/length", "/watched/chunks", "/watched/stream"):
        line = martlet.exchange(path=path)
        assert (line["status"], line["finding"], line["finding_action"]) == (
            200, "body-not-inspected", "reported")
    assert martlet.metric(
        "martlet_findings_total", kind="body-not-inspected", action="reported") == before + 3


def test_memory_of_all_bodies_is_bounded(martlet):
    """Bodies that never end use up the budget; then more are refused, and others served."""
    waiting = [martlet.connect() for _ in range(12)]
    try:
        before = martlet.resident_bytes()
        for client in waiting:
            client.send(request_bytes("POST", "/held", {"Content-Length": str(3 << 20)}))
            client.send(text(1_000_000))
        line = martlet.exchange(error="held_body_memory", status=503)
        assert line["route"] == "held"
        assert martlet.resident_bytes() - before < 24 << 20
        assert martlet.get("/plain").status == 200
    finally:
        for client in waiting:
            client.socket.close()
    # What was held is given back.
    deadline = time.monotonic() + 10
    while martlet.get("/held", method="POST", body=text(2_000_000)).status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_client_is_told_to_go_on_once(martlet, echo):
    data = request_bytes("POST", "/held/expect", {"Content-Length": "5", "Expect": "100-continue"})
    with martlet.connect() as client:
        client.send(data)
        time.sleep(0.2)
        client.send(b"hello")
        answer = client.response()
    assert [interim.status for interim in answer.interim] == [100]
    seen = Echo(answer)
    assert seen.body_length == 5
    assert "expect" not in [name.lower() for name, _ in seen.headers]


def test_a_refused_body_is_never_asked_for(martlet):
    data = request_bytes(
        "POST", "/held", {"Content-Length": str(4 << 20), "Expect": "100-continue"})
    with martlet.connect() as client:
        client.send(data)
        answer = client.response()
    assert (answer.status, answer.interim) == (413, [])


def test_a_slow_body_is_given_up(martlet):
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/held/slow", {"Content-Length": "100000"}) + b"x")
        assert client.response().status == 408
    assert martlet.exchange(path="/held/slow")["error"] == "request_timeout"


def test_a_client_that_leaves_is_forgotten(martlet):
    client = martlet.connect()
    client.send(request_bytes("POST", "/held/left", {"Content-Length": "100000"}) + b"x" * 500)
    time.sleep(0.1)
    client.socket.close()
    line = martlet.exchange(path="/held/left")
    assert line["error"] == "client_aborted"


def test_pipelined_requests_behind_a_held_body(martlet):
    first = request_bytes("POST", "/held", {"Content-Length": "3"}) + b"abc"
    second = request_bytes("POST", "/held", {"Content-Length": "4"}) + b"defg"
    with martlet.connect() as client:
        client.send(first + second)
        assert Echo(client.response()).body_length == 3
        assert Echo(client.response()).body_length == 4


def test_a_stale_connection_gets_the_body_again(start, scripted):
    """Nothing of a held body is used up: it is sent once more on another connection."""
    seen = []

    def talk(connection):
        while True:
            seen.append(connection.request().body)
            connection.send(OK)
            if len(seen) == 1:
                # Closed as the next request arrives on it.
                connection.socket.recv(1)
                return connection.reset()

    martlet = start(CONFIG.format(url=scripted(talk).url))
    assert martlet.get("/held", method="PUT", body=b"one").status == 200
    assert martlet.get("/held", method="PUT", body=b"two").status == 200
    assert seen == [b"one", b"two"]
