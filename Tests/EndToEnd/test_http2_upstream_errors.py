"""HTTP/2 upstreams that break the rules, give up, or go away: what a client is told, what is tried
again, and what the next request finds.
"""
from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Callable

import pytest

from harness import http2 as h2
from harness.client import RawConnection, request_bytes
from harness.http1 import EndOfStream, Message
from harness.http2 import (
    COMPRESSION_ERROR, ENHANCE_YOUR_CALM, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR,
    block, continuation, data, frame, goaway, headers, ping, push_promise, reset, settings,
    window_update)
from harness.http2_client import Http2Client
from harness.http2_upstream import Http2Upstream, Request, UpstreamConnection, serves
from harness.martlet import Martlet, simple_config

OK = block((":status", "200"))
FIVE = block((":status", "200"), ("content-length", "5"))


@dataclass(frozen=True)
class Broken:
    """`frames` answer stream 1; `code` is what Martlet's GOAWAY says, `None` if the connection may
    stay."""

    name: str
    frames: bytes
    code: tuple[int, ...] = ()


def stream_errors() -> list[Broken]:
    """The answer is lost before it has begun, the connection need not be."""
    return [
        Broken("reset", reset(1, h2.INTERNAL_ERROR)),
        Broken("cancelled", reset(1, h2.CANCEL)),
        Broken("reset with an unknown code", reset(1, 12345)),
        Broken("HTTP/1.1 required", reset(1, h2.HTTP_1_1_REQUIRED)),
        Broken("body before the head", data(1, b"hello", end=True)),
        Broken("end before the head", data(1, end=True)),
        Broken("length without a body", headers(1, FIVE)),
        Broken("interim answer that ends", headers(1, block((":status", "103")))),
        Broken("switching protocols", headers(1, block((":status", "101")), end=False)),
        Broken("interim answers without end", headers(1, block((":status", "103")), end=False) * 30),
        Broken("head after head", headers(1, block((":status", "103")), end=False) + headers(1, b"")),
        Broken("fields without a status", headers(1, block(("x-a", "b")))),
        Broken("head too large", h2.split_headers(1, OK + block(("x-a", "v" * 16_000)) * 6, 16_384)),
    ]


def connection_errors() -> list[Broken]:
    """RFC 9113 gives the code."""
    wrong = (PROTOCOL_ERROR,)
    return [
        Broken("body of a stream that is idle", data(3, b"x"), wrong),
        Broken("head of a stream that is idle", headers(3, OK), wrong),
        Broken("head of an even stream", headers(2, OK), wrong),
        Broken("head of stream 0", headers(0, OK), wrong),
        Broken("body of stream 0", data(0, b"x"), wrong),
        Broken("reset of a stream that is idle", reset(3), wrong),
        Broken("window of a stream that is idle", window_update(3, 1), wrong),
        Broken("push", push_promise(1, 2, h2.request()), wrong),
        Broken("continuation of nothing", continuation(1, OK), wrong),
        Broken("something else in a block", headers(1, OK, end_headers=False) + ping(), wrong),
        Broken("block that cannot be decoded", headers(1, b"\xff\xff\xff\xff"), (COMPRESSION_ERROR,)),
        Broken("index 0", headers(1, OK + b"\x80"), (COMPRESSION_ERROR,)),
        Broken("table larger than allowed", headers(1, h2.table_size(65_537) + OK), (COMPRESSION_ERROR,)),
        Broken("padding too long", frame(h2.HEADERS, 0xD, 1, b"\xff" + OK), wrong),
        Broken("frame too large", frame(h2.DATA, 0, 1, bytes(16_385)), (FRAME_SIZE_ERROR,)),
        Broken("setting out of range", settings((h2.MAX_FRAME_SIZE, 1)), wrong),
        Broken("push enabled by the server", settings((h2.ENABLE_PUSH, 1)), wrong),
        Broken("window out of range", settings((h2.INITIAL_WINDOW_SIZE, 1 << 31)), (FLOW_CONTROL_ERROR,)),
        Broken("settings of a stream", frame(h2.SETTINGS, 0, 1), wrong),
        Broken("settings of 5 bytes", frame(h2.SETTINGS, 0, 0, bytes(5)), (FRAME_SIZE_ERROR,)),
        Broken("ping of 7 bytes", frame(h2.PING, 0, 0, bytes(7)), (FRAME_SIZE_ERROR,)),
        Broken("ping of a stream", frame(h2.PING, 0, 1, bytes(8)), wrong),
        Broken("goaway of 7 bytes", frame(h2.GOAWAY, 0, 0, bytes(7)), (FRAME_SIZE_ERROR,)),
        Broken("increment of 0", window_update(0, 0), wrong),
        Broken("connection window overflows", window_update(0, h2.LARGEST_WINDOW), (FLOW_CONTROL_ERROR,)),
        Broken("endless block", headers(1, OK, end_headers=False)
               + continuation(1, b"", False) * 5000, (ENHANCE_YOUR_CALM,)),
        Broken("block of a gigabyte", headers(1, OK, end_headers=False)
               + continuation(1, block(("x-a", "v" * 16_000)), False) * 50, (ENHANCE_YOUR_CALM,)),
        Broken("pings without end", ping() * 5000, (ENHANCE_YOUR_CALM,)),
        Broken("settings without end", settings() * 5000, (ENHANCE_YOUR_CALM,)),
    ]


BROKEN = stream_errors() + connection_errors()


class BrokenUpstream(Http2Upstream):
    """Answers stream 1 of each connection with the frames set last, all others well."""

    def __init__(self) -> None:
        self.frames = b""
        super().__init__(self.talk)

    def talk(self, connection: UpstreamConnection) -> None:
        while True:
            request = connection.request()
            if request.path == "/broken":
                assert request.stream == 1
                connection.send(self.frames)
            else:
                connection.respond(request.stream, 200, body=b"fine")


@pytest.fixture
def upstream():
    backend = BrokenUpstream()
    yield backend
    backend.stop()


@pytest.mark.parametrize("broken", BROKEN, ids=lambda b: b.name.replace(" ", "-"))
def test_broken_answer(start, upstream, broken: Broken):
    """502 at once; whatever comes next is served."""
    upstream.frames = broken.frames
    martlet = start(simple_config(upstream.url))
    answer = martlet.get("/broken")
    assert answer.status == 502, (answer.start_line, answer.body)
    assert (answer.value("proxy-status") or b"").startswith(b"martlet")
    assert martlet.get("/next").body == b"fine"
    first = upstream.connections[0]
    if broken.code:
        upstream.wait_until(lambda: first.goaway)
        assert first.goaway.code in broken.code, str(first.goaway)
    else:
        assert not first.goaway and len(upstream.connections) == 1, str(first.goaway)


# Answers that end too soon


def begun(stream: int) -> bytes:
    return headers(stream, OK, end=False) + data(stream, b"hello")


def five(stream: int) -> bytes:
    return headers(stream, FIVE, end=False)


# By stream; those in CLOSING are followed by the end of the connection.
TOO_SOON: dict[str, Callable[[int], bytes]] = {
    "reset": lambda s: begun(s) + reset(s, h2.INTERNAL_ERROR),
    "closed": begun,
    "goaway for an error": lambda s: begun(s) + goaway(s, h2.INTERNAL_ERROR),
    "shorter than announced": lambda s: five(s) + data(s, b"hell", end=True),
    "longer than announced": lambda s: five(s) + data(s, b"hello!", end=True),
    "trailers too soon": lambda s: five(s) + data(s, b"hell") + headers(s, block(("x-sum", "1"))),
    "pseudo-field in trailers": lambda s: begun(s) + headers(s, OK),
    "line break in trailers": lambda s: begun(s) + headers(s, block(("x-a", "b\r\nc: d"))),
    "head again": lambda s: begun(s) + headers(s, OK, end=False),
    "padding too long": lambda s: begun(s) + frame(h2.DATA, 8, s, b"\xffx"),
    "broken block": lambda s: begun(s) + headers(s, b"\x80"),
}
CLOSING = ("closed", "goaway for an error")


def complete(client: RawConnection) -> Message | None:
    try:
        return client.response()
    except EndOfStream:
        return None


@pytest.mark.parametrize("name", TOO_SOON, ids=lambda name: name.replace(" ", "-"))
def test_answer_that_ends_too_soon(start, scripted_http2, name):
    """A client can tell: it is never handed a whole message, nor a byte more than announced."""
    def answer(connection: UpstreamConnection, request: Request) -> None:
        connection.send(TOO_SOON[name](request.stream))
        if name in CLOSING:
            connection.socket.close()

    martlet = start(simple_config(scripted_http2(serves(answer)).url))
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/"))
        answer = complete(client)
        # What has not been passed on yet may still be refused as a whole.
        assert answer is None or answer.status == 502, answer
    with Http2Client(martlet.address()) as client:
        answer = client.fetch("/")
        assert answer.reset not in (None, h2.NO_ERROR) or answer.status == 502, answer
        assert len(answer.body) <= 5 or answer.status == 502


# What is tried again


def first_then_fine(first: Callable[[UpstreamConnection, Request], None]):
    """The first request of all is treated so, all others are answered."""
    lock = threading.Lock()
    state = {"first": True}

    def answer(connection: UpstreamConnection, request: Request) -> None:
        with lock:
            is_first, state["first"] = state["first"], False
        if is_first:
            first(connection, request)
        else:
            connection.respond(request.stream, 200, body=b"fine")

    return serves(answer)


UNPROCESSED = {
    "refused": lambda c, r: c.send(reset(r.stream, h2.REFUSED_STREAM)),
    "goaway below": lambda c, r: c.send(goaway(0)),
    "goaway below for an error": lambda c, r: (c.send(goaway(0, h2.ENHANCE_YOUR_CALM)), c.socket.close()),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", UNPROCESSED)
def test_what_was_not_processed_is_sent_again(start, scripted_http2, name, method):
    """§8.7: safe for every method, since the server says that it did nothing."""
    upstream = scripted_http2(first_then_fine(UNPROCESSED[name]))
    answer = start(simple_config(upstream.url)).get("/", method=method)
    assert (answer.status, answer.body) == (200, b"fine")
    assert len(upstream.requests) == 2


def first_head(treat: Callable[[UpstreamConnection, Request], None], bytes_wanted: int = 0):
    """The first request of all is treated so with its head, or when that much of its body is there;
    all others are answered with the size of their body when they are whole."""
    lock = threading.Lock()
    state = {"first": True}

    def talk(connection: UpstreamConnection) -> None:
        with lock:
            is_first, state["first"] = state["first"], False
        if is_first:
            request = connection.head()
            connection.until(lambda: len(request.body) >= bytes_wanted)
            treat(connection, request)
        serves(lambda c, r: c.respond(r.stream, 200, body=b"%d" % len(r.body)))(connection)

    return talk


@pytest.mark.parametrize("size", [1, 10_000, 65_536])
@pytest.mark.parametrize("name", UNPROCESSED)
def test_a_body_goes_along(start, scripted_http2, name, size):
    """As every unary gRPC call has one: what went out is kept for an endpoint that did nothing."""
    upstream = scripted_http2(first_head(UNPROCESSED[name], size))
    martlet = start(simple_config(upstream.url))
    answer = martlet.get("/", method="POST", body=bytes(size))
    assert (answer.status, answer.body) == (200, b"%d" % size)
    assert len(upstream.requests) == 2 and len(upstream.requests[1].body) == size
    assert martlet.exchange(path="/")["attempts"] == 2


@pytest.mark.parametrize("name", UNPROCESSED)
def test_a_body_that_is_still_coming_goes_along(start, scripted_http2, name):
    """What had come is sent again, and what comes later behind it, trailers included."""
    refused = threading.Event()

    def refuse(connection: UpstreamConnection, request: Request) -> None:
        UNPROCESSED[name](connection, request)
        refused.set()

    upstream = scripted_http2(first_head(refuse, 5))
    with Http2Client(start(simple_config(upstream.url)).address()) as client:
        stream = client.begin("POST", "/", ("content-type", "application/grpc"))
        client.send(data(stream, b"first"))
        assert refused.wait(10)
        upstream.wait_until(lambda: len(upstream.requests) == 2)
        client.send(data(stream, b" second"), headers(stream, block(("x-sum", "1"))))
        assert client.response(stream).body == b"12"
    assert upstream.requests[1].body == b"first second"
    assert upstream.requests[1].trailers == [(b"x-sum", b"1")]


def test_a_body_too_large_to_be_kept(start, scripted_http2):
    upstream = scripted_http2(first_head(UNPROCESSED["refused"], 65_537), pairs=[
        (h2.INITIAL_WINDOW_SIZE, 1 << 20)])
    answer = start(simple_config(upstream.url)).get("/", method="POST", body=bytes(65_537))
    assert answer.status == 502 and len(upstream.requests) == 1


def test_refused_for_ever(start, scripted_http2):
    upstream = scripted_http2(serves(UNPROCESSED["refused"]))
    answer = start(simple_config(upstream.url)).get("/")
    assert answer.status in (502, 503) and len(upstream.requests) <= 4


def test_a_kept_connection_that_was_closed(start, scripted_http2):
    """As with HTTP/1: an idempotent request is sent once more."""
    def answer(connection: UpstreamConnection, request: Request) -> None:
        if request.stream == 3:
            connection.socket.close()
        else:
            connection.respond(request.stream, 200, body=b"fine")

    upstream = scripted_http2(serves(answer))
    martlet = start(simple_config(upstream.url))
    assert [martlet.get("/").body for _ in range(3)] == [b"fine"] * 3
    assert martlet.get("/", method="POST").status in (200, 502)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_closed_before_an_answer(start, scripted_http2, method):
    """A new connection is none that turned out to be closed: nothing is sent again."""
    upstream = scripted_http2(serves(lambda connection, request: connection.socket.close()))
    martlet = start(simple_config(upstream.url))
    assert martlet.get("/", method=method).status == 502
    assert len(upstream.requests) == 1


def test_a_reset_is_an_answer(start, scripted_http2):
    """On a kept connection, too: the server has looked at the request, so it is not sent again."""
    def answer(connection: UpstreamConnection, request: Request) -> None:
        if request.path == "/reset":
            connection.send(reset(request.stream, h2.INTERNAL_ERROR))
        else:
            connection.respond(request.stream, 200, body=b"fine")

    upstream = scripted_http2(serves(answer))
    martlet = start(simple_config(upstream.url))
    assert martlet.get("/").status == 200 and martlet.get("/reset").status == 502
    assert [r.path for r in upstream.requests] == ["/", "/reset"]


# Going away


def test_goaway_lets_what_is_under_way_end(start, scripted_http2):
    def answer(connection: UpstreamConnection, request: Request) -> None:
        connection.respond(request.stream, 200, body=b"he", end=False)
        connection.send(goaway(h2.LARGEST_STREAM), goaway(request.stream))
        connection.send(data(request.stream, b"llo", end=True))

    upstream = scripted_http2(serves(answer))
    martlet = start(simple_config(upstream.url))
    for count in range(1, 4):
        assert martlet.get("/").body == b"hello"
        assert len(upstream.connections) == count


def test_goaway_on_an_idle_connection(start, scripted_http2):
    def answer(connection: UpstreamConnection, request: Request) -> None:
        connection.respond(request.stream, 200, body=b"fine")
        connection.send(goaway(request.stream))

    martlet = start(simple_config(scripted_http2(serves(answer)).url))
    assert [martlet.get("/").status for _ in range(20)] == [200] * 20


def test_no_preface(start, scripted_http2):
    """The upstream speaks something else."""
    def talk(connection: UpstreamConnection) -> None:
        connection.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        connection.closing.wait(5)

    martlet: Martlet = start(simple_config(scripted_http2(talk, pairs=None).url))
    assert martlet.get("/").status == 502


def test_silence(start, scripted_http2):
    """Not even SETTINGS come: the response deadline counts."""
    upstream = scripted_http2(lambda connection: connection.closing.wait(20), pairs=None)
    martlet = start(simple_config(f"\n    endpoints: {upstream.url}\n    timeouts: {{ response: 1s }}"))
    assert martlet.get("/").status == 504
