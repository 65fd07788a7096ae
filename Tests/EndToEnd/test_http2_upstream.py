"""HTTP/2 upstreams within the rules: settings, windows, streams, and unusual but valid answers."""
from __future__ import annotations

import hashlib
import threading

import pytest

from harness import http2 as h2
from harness.client import request_bytes
from harness.echo_backend import pattern
from harness.http2 import block, continuation, data, headers, ping, settings, window_update
from harness.http2_client import Http2Client
from harness.http2_upstream import Http2Upstream, Request, UpstreamConnection, serves
from harness.martlet import Martlet, simple_config

OK = block((":status", "200"))
BODY = pattern(300_000)


def fine(connection: UpstreamConnection, request: Request) -> None:
    connection.respond(request.stream, 200, body=b"fine")


def upload(martlet: Martlet, body: bytes, path: str = "/") -> int:
    return martlet.get(path, method="POST", body=body).status


# What Martlet says


def test_how_a_connection_begins(start, scripted_http2):
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(upstream.url))
    for _ in range(3):
        assert martlet.get("/").status == 200
    connection = upstream.connections[0]
    assert connection.seen[0].kind == h2.SETTINGS
    assert dict(connection.seen[0].pairs)[h2.ENABLE_PUSH] == 0
    assert sorted(connection.requests) == [1, 3, 5] and len(upstream.connections) == 1
    upstream.wait_until(lambda: any(f.kind == h2.SETTINGS and f.is_ack for f in connection.seen))


def test_the_request_in_fields(start, scripted_http2):
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(upstream.url))
    assert martlet.get("/a/b?c=d", headers=[
        ("Cookie", "a=b; c=d"), ("TE", "trailers"), ("Connection", "TE, X-Secret, keep-alive"),
        ("X-Secret", "1"), ("X-Kept", "Yes"), ("Keep-Alive", "5")]).status == 200
    request = upstream.requests[0]
    pseudo = [name for name, _ in request.fields if name.startswith(b":")]
    assert sorted(pseudo) == [b":authority", b":method", b":path", b":scheme"]
    assert [name for name, _ in request.fields[:4]] == pseudo
    assert (request.method, request.path) == ("GET", "/a/b?c=d")
    assert request.value(":authority") == b"example.com" and not request.values("host")
    assert request.value(":scheme") == b"http"
    names = [name for name, _ in request.fields]
    assert all(name == name.lower() for name in names)
    assert not {b"connection", b"keep-alive", b"x-secret", b"transfer-encoding", b"upgrade"} & set(names)
    assert request.values("te") in ([b"trailers"], [])
    assert b"; ".join(request.values("cookie")) == b"a=b; c=d" and request.value("x-kept") == b"Yes"


def test_te_trailers_is_passed_on(start, scripted_http2):
    """gRPC servers ask for it."""
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(upstream.url))
    with Http2Client(martlet.address()) as client:
        assert client.fetch("/", "POST", ("te", "trailers")).status == 200
    assert upstream.requests[0].values("te") == [b"trailers"]


def test_content_length_is_kept(start, scripted_http2):
    upstream = scripted_http2(serves(fine))
    martlet = start(simple_config(upstream.url))
    assert upload(martlet, BODY) == 200 and upload(martlet, b"") == 200
    assert [r.value("content-length") for r in upstream.requests] == [b"300000", b"0"]
    assert [r.body for r in upstream.requests] == [BODY, b""]


def test_pings_are_answered(start, scripted_http2):
    def answer(connection: UpstreamConnection, request: Request) -> None:
        connection.send(ping(b"12345678"))
        connection.until(lambda: any(
            f.kind == h2.PING and f.is_ack and f.payload == b"12345678" for f in connection.seen))
        fine(connection, request)

    assert start(simple_config(scripted_http2(serves(answer)).url)).get("/").body == b"fine"


# Windows


def known(connection: UpstreamConnection) -> None:
    """An ordinary request, after which our SETTINGS are known to be in force."""
    fine(connection, connection.request())
    connection.until(lambda: any(f.kind == h2.SETTINGS and f.is_ack for f in connection.seen))


def checked_upload(martlet: Martlet, upstream: Http2Upstream, body: bytes) -> None:
    assert martlet.get("/known").status == 200
    assert upload(martlet, body) == 200
    assert upstream.requests[-1].body == body


def barrier(connection: UpstreamConnection) -> None:
    """All that the proxy wrote before has come."""
    connection.send(ping(b"barrier!"))
    connection.until(lambda: connection.seen[-1].kind == h2.PING)


@pytest.mark.parametrize("window", [0, 1, 7, 1000, 16_383, 65_535, 200_000])
def test_uploads_keep_to_the_window(start, scripted_http2, window):
    """Credit comes in small amounts, and never is a byte more sent than it allows."""
    body = BODY[:max(10 * window, 5)][:len(BODY)]

    def talk(connection: UpstreamConnection) -> None:
        known(connection)
        connection.credit = False
        request = connection.head()
        connection.send(window_update(0, 1 << 20))
        allowed = window
        while not request.ended:
            connection.until(lambda: request.ended or len(request.body) >= min(allowed, len(body)))
            assert len(request.body) <= allowed, "more than the window"
            step = max(window, 1)
            connection.send(window_update(request.stream, step), window_update(0, step))
            allowed += step
        fine(connection, request)
        connection.until_closed()

    upstream = scripted_http2(talk, pairs=[(h2.INITIAL_WINDOW_SIZE, window)])
    checked_upload(start(simple_config(upstream.url)), upstream, body)


def test_the_connection_window_is_kept_to(start, scripted_http2):
    def talk(connection: UpstreamConnection) -> None:
        known(connection)
        connection.credit = False
        request = connection.head()
        connection.until(lambda: len(request.body) >= 65_535)
        barrier(connection)
        assert len(request.body) == 65_535, "more than the window of the connection"
        connection.send(window_update(0, 1 << 20))
        connection.until(lambda: request.ended)
        fine(connection, request)
        connection.until_closed()

    upstream = scripted_http2(talk, pairs=[(h2.INITIAL_WINDOW_SIZE, 1 << 20)])
    checked_upload(start(simple_config(upstream.url)), upstream, BODY)


def test_the_initial_window_changes_under_way(start, scripted_http2):
    """RFC 9113 §6.9.2: the window becomes negative, then open again."""
    def talk(connection: UpstreamConnection) -> None:
        known(connection)
        connection.credit = False
        request = connection.head()
        connection.until(lambda: len(request.body) >= 1000)
        connection.send(settings((h2.INITIAL_WINDOW_SIZE, 10)), window_update(request.stream, 990))
        barrier(connection)
        assert len(request.body) == 1000, "the window was negative or 0"
        connection.send(settings((h2.INITIAL_WINDOW_SIZE, 1 << 20)), window_update(0, 1 << 20))
        connection.until(lambda: request.ended)
        fine(connection, request)
        connection.until_closed()

    upstream = scripted_http2(talk, pairs=[(h2.INITIAL_WINDOW_SIZE, 1000)])
    checked_upload(start(simple_config(upstream.url)), upstream, BODY)


@pytest.mark.parametrize("size", [16_384, 16_385, 1 << 24])
def test_frames_are_no_larger_than_allowed(start, scripted_http2, size):
    upstream = scripted_http2(serves(fine), pairs=[
        (h2.MAX_FRAME_SIZE, min(size, (1 << 24) - 1)), (h2.INITIAL_WINDOW_SIZE, 1 << 20)])
    martlet = start(simple_config(upstream.url))
    assert upload(martlet, BODY) == 200
    assert martlet.get("/", headers=[("X-Large", "v" * 7000)] * 4).status == 200
    assert max(len(f.payload) for f in upstream.connections[0].seen) <= size


def test_a_client_that_does_not_read_holds_up_only_itself(start, scripted_http2):
    """The endpoint gets no credit for it, the other streams of the connection go on."""
    held = threading.Event()

    def answer(connection: UpstreamConnection, request: Request) -> None:
        if request.path != "/large":
            return fine(connection, request)
        connection.send(headers(request.stream, OK, end=False))
        window = connection.window(request.stream)
        sent = 0
        while connection.window(request.stream) > 0 and sent < 64 << 20:
            part = min(16_384, connection.window(request.stream), connection.window(0))
            connection.send(data(request.stream, bytes(part)))
            for stream in (0, request.stream):
                connection.windows[stream] = connection.window(stream) - part
            sent += part
            connection.send(ping(b"%08d" % (sent % 10 ** 8)))
            connection.until(lambda: connection.seen[-1].kind == h2.PING)
        assert sent < 32 << 20, f"took {sent} bytes for a client that reads nothing, of {window}"
        held.set()

    upstream = scripted_http2(serves(answer))
    martlet = start(simple_config(upstream.url))
    with martlet.connect(receive_buffer=4096) as slow:
        slow.send(request_bytes("GET", "/large"))
        assert held.wait(20)
        for _ in range(10):
            assert martlet.get("/small").body == b"fine"
    assert len(upstream.connections) == 1


# Streams


def at_once(martlet: Martlet, count: int) -> list[int]:
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(martlet.get("/").status))
               for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return statuses


class Counting:
    """Answers what has come together, and refuses what is above its limit, which the proxy may send
    only as long as it has not seen the limit."""

    def __init__(self, limit: int):
        self.limit = limit

    def talk(self, connection: UpstreamConnection) -> None:
        while True:
            first = connection.request()
            barrier(connection)
            knows = any(f.kind == h2.SETTINGS and f.is_ack for f in connection.seen[:4])
            waiting = [first, *(r for r in connection.requests.values()
                                if r.ended and r.stream not in connection.taken)]
            assert len(waiting) <= self.limit or not knows, f"{len(waiting)} streams at once"
            for count, request in enumerate(waiting):
                connection.taken.add(request.stream)
                if count < self.limit:
                    fine(connection, request)
                else:
                    connection.send(h2.reset(request.stream, h2.REFUSED_STREAM))


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_no_more_streams_than_the_endpoint_takes(start, scripted_http2, limit):
    upstream = scripted_http2(Counting(limit).talk, pairs=[(h2.MAX_CONCURRENT_STREAMS, limit)])
    martlet = start(simple_config(upstream.url))
    assert martlet.get("/").status == 200  # the settings are known from here on
    assert at_once(martlet, 30) == [200] * 30


def test_an_endpoint_that_takes_no_stream(start, scripted_http2):
    """It may say so for a while only: the request waits, as long as `queue` allows."""
    upstream = scripted_http2(lambda c: c.until_closed(), pairs=[(h2.MAX_CONCURRENT_STREAMS, 0)])
    martlet = start(simple_config(
        f"\n    endpoints: {upstream.url}\n    max-connections: 2\n"
        "    timeouts: { queue: 1s, response: 2s }"))
    # 504 if it went out before the limit was known.
    assert all(martlet.get("/").status in (503, 504) for _ in range(4))
    assert len(upstream.connections) <= 4


def test_an_endpoint_that_takes_streams_again(start, scripted_http2):
    def talk(connection: UpstreamConnection) -> None:
        fine(connection, connection.request())
        connection.send(settings((h2.MAX_CONCURRENT_STREAMS, 0)), ping())
        connection.until(lambda: any(f.kind == h2.PING for f in connection.seen))
        connection.send(settings((h2.MAX_CONCURRENT_STREAMS, 10)))
        serves(fine)(connection)

    martlet = start(simple_config(scripted_http2(talk).url))
    assert [martlet.get("/").status for _ in range(5)] == [200] * 5


# Unusual answers


ANSWERS = {
    "padding": headers(1, OK, end=False, pad=100) + data(1, b"fi", pad=255) + data(1, b"ne", True, pad=0),
    "priority": headers(1, OK, end=False, priority=h2.dependency(0)) + data(1, b"fine", True),
    "parts": h2.split_headers(1, OK, 3, end=False) + data(1, b"fine", True),
    "empty parts": headers(1, b"", False, False) + continuation(1, b"", False) + continuation(1, OK)
    + data(1, b"fine", True),
    "empty data": headers(1, OK, end=False) + data(1) * 5 + data(1, b"fine") + data(1, end=True),
    "unknown frames": h2.frame(0x42, 0, 0, b"?") + headers(1, OK, end=False) + h2.frame(0x42, 1, 1)
    + data(1, b"fine", True),
    "early hints": headers(1, block((":status", "103"), ("link", "</a>")), end=False)
    + headers(1, OK, end=False) + data(1, b"fine", True),
    "dynamic table": headers(1, h2.literal(":status", "200", "indexed") + h2.literal(
        "x-a", "b", "indexed") + h2.indexed(62), end=False) + data(1, b"fine", True),
    "length": headers(1, block((":status", "200"), ("content-length", "4")), end=False)
    + data(1, b"fine") + data(1, end=True),
    "trailers": headers(1, OK, end=False) + data(1, b"fine") + headers(1, block(("x-sum", "1"))),
    "nothing but trailers": headers(1, OK, end=False) + headers(1, block(("x-sum", "1"))),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_unusual_answers(start, scripted_http2, name):
    upstream = scripted_http2(serves(lambda connection, request: connection.send(ANSWERS[name])))
    martlet = start(simple_config(upstream.url))
    answer = martlet.get("/")
    assert (answer.status, answer.body) == (200, b"" if name.startswith("nothing") else b"fine")
    assert len(answer.interim) == (name == "early hints")
    trailers = [(name.lower(), value) for name, value in answer.trailers]
    assert trailers == ([(b"x-sum", b"1")] if "trailers" in name else [])


def test_a_large_answer_comes_whole(start, scripted_http2):
    large = pattern(5_000_000)
    upstream = scripted_http2(serves(lambda c, r: c.respond(r.stream, 200, body=large)))
    answer = start(simple_config(upstream.url)).get("/")
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(large).digest()


def test_a_large_head_comes_whole(start, scripted_http2):
    fields = [(f"x-{n}", "v" * 3000) for n in range(10)]
    upstream = scripted_http2(serves(lambda c, r: c.send(
        h2.split_headers(r.stream, OK + block(*fields), 10_000))))
    answer = start(simple_config(upstream.url)).get("/")
    assert all(answer.value(name) == value.encode() for name, value in fields)


