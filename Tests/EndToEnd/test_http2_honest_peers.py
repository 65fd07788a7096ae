"""What honest peers do all day, and what looks like a flood to a count: pings and window updates
for what they get, streams that they give up, streams that are quiet.
"""
from __future__ import annotations

import itertools
import threading

import pytest

from harness import http2 as h2
from harness.client import request_bytes
from harness.http2 import ENHANCE_YOUR_CALM, block, data, headers, ping, reset, window_update
from harness.http2_client import Http2Client
from harness.http2_upstream import Request, UpstreamConnection, serves
from harness.martlet import Martlet, simple_config

OK = block((":status", "200"))
GRPC = (("content-type", "application/grpc"), ("te", "trailers"))
MANY = 700  # more than are allowed of anything in ten seconds where there is no other limit


def fine(connection: UpstreamConnection, request: Request) -> None:
    connection.respond(request.stream, 200, body=b"fine")


# Pings and window updates


@pytest.fixture(scope="module")
def strict(start_shared, echo) -> Martlet:
    """Hardly anything may be done for nothing."""
    return start_shared(simple_config(echo.url, listener="""
limits:
  max-requests-per-connection: 100000
  http2: { max-control-frames: 20, max-window-updates: 100, max-resets: 10 }
"""))


def test_a_client_that_measures_with_pings(strict):
    """grpc-go sends one for the first DATA of each round trip."""
    with Http2Client(strict.address()) as client:
        for _ in range(MANY):
            stream = client.begin("GET", "/", end=True)
            client.head(stream)
            client.send(ping())
            assert client.response(stream).status == 200
            client.seen.clear()
        client.settled()
        assert not client.goaway


def test_pings_for_nothing_are_counted_all_the_same(strict):
    with Http2Client(strict.address()) as client:
        for _ in range(5):
            assert client.fetch("/").status == 200
        client.send(*[ping() for _ in range(100)])
        client.until_closed()
        assert client.goaway.code == ENHANCE_YOUR_CALM


def test_an_endpoint_that_measures_with_pings(start, scripted_http2):
    def answer(connection: UpstreamConnection, request: Request) -> None:
        connection.send(ping())
        fine(connection, request)

    upstream = scripted_http2(serves(answer))
    martlet = start(simple_config(upstream.url))
    with Http2Client(martlet.address()) as client:
        for _ in range(MANY):
            stream = client.begin("POST", "/")
            client.send(data(stream, b"x", end=True))
            assert client.response(stream).status == 200
            client.seen.clear()
    assert len(upstream.connections) == 1 and not upstream.connections[0].goaway


def test_a_large_download(strict):
    """Two window updates for each frame, as simple clients send them."""
    with Http2Client(strict.address()) as client:
        answer = client.fetch("/?bytes=5000000")
        assert len(answer.body) == 5_000_000 and not client.goaway
        assert sum(f.kind == h2.DATA for f in client.seen) > 200


def test_a_window_opened_byte_by_byte_is_counted(strict):
    """The DATA that it brings forth pays for next to nothing (CVE-2019-9511)."""
    with Http2Client(strict.address(), (h2.INITIAL_WINDOW_SIZE, 1)) as client:
        client.credit = False
        stream = client.begin("GET", "/?bytes=100000", end=True)
        client.head(stream)
        client.send(*[window_update(stream, 1) for _ in range(500)])
        client.until_closed()
        assert client.goaway.code == ENHANCE_YOUR_CALM
        assert len(client.answer(stream).body) < 200


def test_a_large_upload_in_small_frames(start, scripted_http2):
    """An endpoint that credits each frame twice: more updates than it may send for nothing."""
    count, part = 11_000, bytes(300)

    def talk(connection: UpstreamConnection) -> None:
        connection.send(window_update(0, 8 << 20))
        serves(fine)(connection)

    upstream = scripted_http2(talk, pairs=[(h2.INITIAL_WINDOW_SIZE, 8 << 20)])
    martlet = start(simple_config(upstream.url, listener="""
limits: { http2: { stream-window: 8MiB, connection-window: 8MiB } }
"""))
    with Http2Client(martlet.address(), timeout=30) as client:
        stream = client.begin("POST", "/")
        for _ in range(count // 100):
            client.send(*[data(stream, part) for _ in range(100)])
        client.send(data(stream, end=True))
        assert client.response(stream).status == 200
    assert len(upstream.requests[0].body) == count * len(part)
    assert not upstream.connections[0].goaway


# Streams that are given up


def test_answers_that_are_given_up(strict):
    """Whoever has waited for the head makes room for another request: that is no rapid reset."""
    with Http2Client(strict.address(), (h2.INITIAL_WINDOW_SIZE, 100)) as client:
        client.credit = False
        for _ in range(60):
            stream = client.begin("GET", "/?bytes=100000", end=True)
            assert client.head(stream).status == 200
            client.send(reset(stream))
        client.settled()
        assert not client.goaway


def test_requests_that_are_given_up_after_a_while(strict):
    """A deadline that comes for many at once: they have been under way for a second."""
    with Http2Client(strict.address()) as client:
        slow = [client.begin("GET", "/?delay=9", end=True) for _ in range(40)]
        assert client.fetch("/?delay=1.2").status == 200
        client.send(*[reset(stream) for stream in slow])
        client.settled()
        assert not client.goaway


def test_answered_requests_pay_for_resets(strict):
    """One in three is given up before its answer, for as long as the connection lives."""
    with Http2Client(strict.address()) as client:
        for _ in range(60):
            client.send(reset(client.begin("GET", "/?delay=0.5", end=True)))
            assert [client.fetch("/").status for _ in range(2)] == [200, 200]
        assert not client.goaway


def test_resets_before_the_head_are_counted(strict):
    with Http2Client(strict.address()) as client:
        client.send(*[reset(client.begin("GET", "/?delay=5", end=True)) for _ in range(50)])
        client.until_closed()
        assert client.goaway.code == ENHANCE_YOUR_CALM


def test_one_martlet_behind_another(start, scripted):
    """Many clients' streams share a connection between the two: that some leave early must not cost
    the others theirs."""
    ended = threading.Event()

    def stream_on(connection) -> None:
        request = connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")
        if request.target == b"/kept":
            ended.wait(20)
            connection.send(b"3\r\nend\r\n0\r\n\r\n")
        connection.wait_for_close()

    second = start(simple_config(scripted(stream_on).url, listener="""
limits: { http2: { max-resets: 10 } }
"""))
    host, port = second.address()
    first = start(simple_config(f"h2c://{host}:{port}"))
    with first.connect() as kept:
        kept.send(request_bytes("GET", "/kept"))
        first.wait_until(lambda: second.metric("martlet_upstream_connections") >= 1, "the stream")
        with Http2Client(first.address()) as client:
            for _ in range(60):
                stream = client.begin("GET", "/left", end=True)
                assert client.head(stream).status == 200
                client.send(reset(stream))
            client.settled()
        first.wait_until(lambda: len(first.exchanges) >= 60, "end of the others")
        ended.set()
        assert kept.response().body == b"helloend"


def test_an_endpoint_is_not_flooded_with_resets(start, scripted_http2):
    """Requests that their clients give up before an answer: before the endpoint may take them for
    an attack, another connection is opened, and what is under way on the first ends there."""
    def talk(connection: UpstreamConnection) -> None:
        waiting = []
        while True:
            request = connection.request()
            if request.path == "/hang":
                continue
            waiting.append(request.stream)
            if request.path == "/last":
                for stream in waiting:
                    connection.respond(stream, 200, body=b"%d" % connection.index)

    upstream = scripted_http2(talk)
    martlet = start(simple_config(upstream.url))
    for number in range(70):
        with Http2Client(martlet.address()) as client:
            stream = client.begin("GET", "/hang", end=True)
            upstream.wait_until(lambda: sum(
                r.path == "/hang" for r in upstream.requests) > number)
            client.send(reset(stream))
            client.settled()
    assert martlet.get("/last").body == b"1"
    first = upstream.connections[0]
    assert sum(r.reset is not None for r in list(first.requests.values())) <= 60


# Streams that are quiet


QUIET = "timeouts: { body-grace: 1s }"


def wait_for_the_watch(client: Http2Client) -> None:
    """Twice as long as a body may lie still: until two of them have been ended for it."""
    for _ in range(2):
        assert client.response(client.begin("POST", "/plain"), 8).status == 408


def test_a_quiet_grpc_stream(start, scripted_http2):
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(upstream.url, listener=QUIET))
    with Http2Client(martlet.address()) as client:
        silent, begun = (client.begin("POST", f"/{n}", *GRPC) for n in range(2))
        client.send(data(begun, b"\0\0\0\0\1x"))
        wait_for_the_watch(client)
        client.send(*[data(stream, b"\0\0\0\0\1x", end=True) for stream in (silent, begun)])
        assert [client.response(s).body for s in (silent, begun)] == [b"fine"] * 2


def test_a_grpc_stream_that_never_says_anything_ends(start, scripted_http2):
    """The upstream's `stream-idle` bounds it."""
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(
        f"\n    endpoints: {upstream.url}\n    timeouts: {{ stream-idle: 1s }}"))
    with Http2Client(martlet.address()) as client:
        answer = client.response(client.begin("POST", "/quiet", *GRPC))
        assert dict(answer.headers)[b"grpc-status"] == b"4"


def test_the_type_alone_frees_no_request_to_http1(start, echo):
    martlet = start(simple_config(echo.url, listener=f"{QUIET}\nlimits: {{ max-body: 1KiB }}"))
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/", *GRPC)
        client.send(data(stream, b"x"))
        assert client.response(stream, 8).value("grpc-status") == b"4"
        stream = client.begin("POST", "/", *GRPC)
        client.send(data(stream, bytes(2000)))
        assert client.response(stream).value("grpc-status") == b"8"


def talks_in_turn(connection: UpstreamConnection) -> None:
    """The answer begins with the head of the request and ends with its end."""
    while True:
        request = connection.head()
        if request.path == "/plain":
            continue
        connection.send(headers(request.stream, OK, end=False) + data(request.stream, b"begun "))
        connection.until(lambda: request.ended)
        connection.send(data(request.stream, request.body, end=True))


def test_a_quiet_client_whose_answer_has_begun(start, scripted_http2):
    martlet = start(simple_config(scripted_http2(talks_in_turn).url, listener=QUIET))
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/turns")
        assert client.head(stream).status == 200
        wait_for_the_watch(client)
        client.send(data(stream, b"hello", end=True))
        assert client.response(stream).body == b"begun hello"


def test_a_quiet_client_of_http1_whose_answer_has_begun(start, scripted_http2):
    martlet = start(simple_config(scripted_http2(talks_in_turn).url, listener=QUIET))
    with martlet.connect() as client, Http2Client(martlet.address()) as clock:
        client.send(request_bytes("POST", "/turns", {"Transfer-Encoding": "chunked"}))
        assert client.socket.recv(10_000).startswith(b"HTTP/1.1 200")
        wait_for_the_watch(clock)
        client.send(b"5\r\nhello\r\n0\r\n\r\n")
        received = b""
        while not received.endswith(b"0\r\n\r\n"):
            received += client.socket.recv(10_000)
        assert b"hello" in received


@pytest.mark.parametrize("route, isWhole", [("", True), ("limits: { max-body: 50KB }", False)])
def test_the_size_of_a_grpc_stream(start, scripted_http2, route, isWhole):
    """A stream of messages is no body that could be too large, unless its route says so."""
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(
        upstream.url, listener="limits: { max-body: 20KB }", route=route))
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/", *GRPC)
        client.send_body(stream, bytes(100_000))
        answer = client.response(stream)
        assert (answer.body == b"fine") == isWhole, answer
        assert isWhole or answer.value("grpc-status") == b"8"
        plain = client.begin("POST", "/")
        client.send_body(plain, bytes(100_000))
        assert client.response(plain).status == 413


# Answers that come early


@pytest.fixture(scope="module")
def unrouted(start_shared, echo) -> Martlet:
    config = simple_config(echo.url).replace("prefix: /", "prefix: /routed")
    return start_shared(config)


def test_an_early_answer_is_not_followed_at_once_by_a_reset(unrouted):
    """Clients lose an answer whose stream is reset before they have read it (RFC 9113 §8.1)."""
    with Http2Client(unrouted.address()) as client:
        stream = client.begin("POST", "/", ("content-length", "1000000"))
        assert client.until(lambda: (a := client.answer(stream)).ended and a).status == 404
        client.settled()
        assert client.answer(stream).reset is None
        answer = client.until(lambda: (a := client.answer(stream)).reset is not None and a)
        assert answer.reset == h2.NO_ERROR
        assert client.fetch("/routed").status == 200


def test_a_request_that_ends_after_its_answer(unrouted):
    """Then nothing is left to be reset."""
    with Http2Client(unrouted.address()) as client:
        stream = client.begin("POST", "/", ("content-length", "100000"))
        client.until(lambda: client.answer(stream).ended)
        client.send(*[data(stream, bytes(10_000), end=n == 9) for n in range(10)])
        assert client.fetch("/routed?delay=1").status == 200
        assert client.answer(stream).reset is None


def test_the_rest_of_an_upload_is_dropped_within_bounds(unrouted):
    """It gets no more window, and the connection's is given back."""
    with Http2Client(unrouted.address()) as client:
        for _ in range(5):
            stream = client.begin("POST", "/")
            client.until(lambda: client.answer(stream).ended)
            client.seen.clear()
            client.send(*[data(stream, bytes(16_000)) for _ in range(16)])
            client.until(lambda: client.answer(stream).reset is not None)
            updates = [f.stream for f in client.seen if f.kind == h2.WINDOW_UPDATE]
            assert stream not in updates
        assert client.fetch("/routed").status == 200


def test_streams_are_numbered_on(unrouted):
    """Many early answers in a row, more than there may be streams at once."""
    with Http2Client(unrouted.address()) as client:
        for stream in itertools.islice(itertools.count(1, 2), 300):
            client.send(headers(stream, h2.request("POST", "/"), end=False))
            client.until(lambda: client.answer(stream).ended)
            client.send(data(stream, b"x", end=True))
        client.settled()
        assert not client.goaway and client.answer(599).status == 404
