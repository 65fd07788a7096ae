"""What costs a client nothing and a server much: each flood ends its connection, and nobody else
notices.
"""
from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass
from typing import Callable, Iterator

import pytest

from harness import http2 as h2
from harness.http2 import (
    ConnectionEnded, continuation, data, frame, headers, literal, ping, priority, request, reset,
    settings, window_update)
from harness.http2_client import Http2Client
from harness.martlet import Martlet, simple_config

GET = request("GET", "/flood")
POST = request("POST", "/flood")
MEGABYTE = 1 << 20
ODD = range(1, 1 << 24, 2)
TIMEOUTS = "timeouts: { write-stall: 1s, body-grace: 1s, request-head: 2s, idle: 3s }"


@dataclass(frozen=True)
class Flood:
    """`pieces` are sent one after another for as long as the connection stands; `reached` is how
    many requests may get to the upstream."""

    name: str
    pieces: Callable[[], Iterator[bytes]]
    reached: int = 0
    settings: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return self.name.replace(" ", "-")


def streams(make: Callable[[int], bytes], batch: int = 100) -> Callable[[], Iterator[bytes]]:
    """One frame group for each stream, a hundred streams in a write."""
    def pieces() -> Iterator[bytes]:
        for start in range(0, 1 << 16, batch):
            yield b"".join(make(stream) for stream in ODD[start:start + batch])

    return pieces


def forever(piece: bytes, before: bytes = b"") -> Callable[[], Iterator[bytes]]:
    return lambda: itertools.chain([before], itertools.repeat(piece, 20_000))


def bomb() -> Iterator[bytes]:
    """One entry of 4,000 bytes, named 16,000 times in a block: 64 MB from 16 KB."""
    yield headers(1, GET + literal("x-bomb", "v" * 4000, "indexed"))
    for stream in ODD[1:2000]:
        yield headers(stream, GET + h2.indexed(62) * 16_000)


def small_bombs() -> Iterator[bytes]:
    """The same, seven times in a block: as much as a head may have, from 7 bytes."""
    yield headers(1, GET + literal("x-bomb", "v" * 4000, "indexed"))
    for start in range(1, 2000, 99):
        yield b"".join(headers(stream, GET + h2.indexed(62) * 7) for stream in ODD[start:start + 99])


def large_lists() -> Iterator[bytes]:
    """Header lists of 1 MB each, in as many frames as it takes."""
    block = GET + literal("x-large", "v" * 16_000) * 64
    for stream in ODD[:2000]:
        yield h2.split_headers(stream, block, 16_384)


def toggled() -> Iterator[bytes]:
    """Table sizes: the client's for us, and ours for the client."""
    for stream in ODD[:20_000]:
        size = 0 if stream % 4 == 1 else 4096
        yield settings((h2.HEADER_TABLE_SIZE, size)) * 10 \
            + headers(stream, h2.table_size(0) + h2.table_size(4096) + GET, end=False)


BODY = 65_536
FLOODS = [
    # CVE-2023-44487; what is reset in the write that brought it costs nothing at all.
    Flood("rapid reset", streams(lambda s: headers(s, GET) + reset(s)), reached=5),
    Flood("rapid reset in one write", streams(lambda s: headers(s, GET) + reset(s), 10_000), reached=5),
    Flood("rapid reset with a body", streams(lambda s: headers(s, POST, end=False)
                                             + data(s, b"x") + reset(s)), reached=5),
    # CVE-2025-8671: the server is made to reset.
    Flood("window update of 0", streams(lambda s: headers(s, GET) + window_update(s, 0)), reached=5),
    Flood("window overflow", streams(lambda s: headers(s, GET)
                                     + window_update(s, h2.LARGEST_WINDOW)), reached=5),
    Flood("body after the end", streams(lambda s: headers(s, GET) + data(s, b"x")), reached=5),
    Flood("body longer than announced", streams(lambda s: headers(
        s, request("POST", "/flood", ("content-length", "1")), end=False) + data(s, b"xy")), reached=5),
    Flood("malformed heads", streams(lambda s: headers(s, request("GET", "/flood", ("X-A", "b"))))),
    Flood("priority of the wrong length", streams(
        lambda s: headers(s, POST, end=False) + frame(h2.PRIORITY, 0, s, b"1234")), reached=5),
    Flood("depends on itself", streams(lambda s: headers(s, GET, priority=h2.dependency(s)))),
    Flood("more streams than allowed", streams(lambda s: headers(s, POST, end=False)), reached=100),
    # CVE-2024-27316
    Flood("endless block", forever(continuation(1, bytes(16_384), False),
                                   headers(1, GET, end_headers=False))),
    Flood("endless block of small parts", forever(continuation(1, b"\x82", False) * 50,
                                                  headers(1, GET, end_headers=False))),
    Flood("endless block of nothing", forever(continuation(1, b"", False) * 50,
                                              headers(1, GET, end_headers=False))),
    Flood("SETTINGS", forever(settings((h2.MAX_FRAME_SIZE, 16_384)) * 50)),
    Flood("SETTINGS of many", forever(settings(*[(h2.INITIAL_WINDOW_SIZE, n) for n in range(2000)]))),
    Flood("acknowledgements", forever(settings(ack=True) * 50)),
    Flood("PING", forever(ping() * 50)),
    Flood("PRIORITY", forever(b"".join(priority(s, s + 2) for s in ODD[:50]))),
    Flood("unknown frames", forever(frame(0x42, 0, 0, b"x") * 50)),
    Flood("large unknown frames", forever(frame(0x42, 0, 0, bytes(16_384)))),
    Flood("WINDOW_UPDATE", forever(window_update(0, 1) * 500)),
    Flood("WINDOW_UPDATE of a closed stream", forever(window_update(1, 1) * 500, headers(1, GET)),
          reached=1),
    Flood("empty DATA", forever(data(1) * 50, headers(1, POST, end=False)), reached=1),
    Flood("nothing but padding", forever(data(1, pad=255) * 20, headers(1, POST, end=False)), reached=1),
    Flood("empty DATA of closed streams", forever(data(1) * 50, headers(1, POST, end=False) + reset(1)),
          reached=1),
    # What was under way when a stream was reset is taken, but no more than its window let go.
    Flood("DATA of a stream that was reset", forever(
        data(1, bytes(100)) * 20, headers(1, POST, end=False) + window_update(1, 0)), reached=1),
    Flood("HEADERS of a stream that was reset", forever(
        headers(1, GET) * 20, headers(1, POST, end=False) + window_update(1, 0)), reached=1),
    Flood("unfinished HEADERS of a stream that was reset", forever(
        headers(1, GET, end=False) * 20, headers(1, POST, end=False) + window_update(1, 0)), reached=1),
    Flood("HPACK bomb", bomb, reached=1),
    Flood("HPACK bombs below the limit", small_bombs, reached=60),
    Flood("header lists too large", large_lists),
    Flood("table sizes", toggled, reached=130),
    Flood("acknowledged window changes", forever(b"".join(
        settings((h2.INITIAL_WINDOW_SIZE, n)) for n in (0, 100_000) * 25),
        b"".join(headers(s, POST, end=False) for s in ODD[:100])), reached=100),
]


@pytest.fixture(scope="module")
def martlet(start_shared, recorder) -> Martlet:
    return start_shared(simple_config(recorder.url, listener=TIMEOUTS))


class Bystander:
    """Another connection that asks on and on; `worst` is the longest that it waited."""

    def __init__(self, martlet: Martlet):
        self.client = Http2Client(martlet.address())
        self.worst, self.count = 0.0, 0
        self.failure: BaseException | None = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self) -> None:
        try:
            while not self.over.wait(0.005) or not self.count:
                began = time.monotonic()
                assert self.client.fetch("/canary").status == 200
                self.client.seen.clear()
                self.worst = max(self.worst, time.monotonic() - began)
                self.count += 1
        except BaseException as error:
            self.failure = error

    def finish(self) -> None:
        self.over.set()
        self.thread.join(15)
        self.client.close()
        assert not self.failure, self.failure
        assert self.count and self.worst < 5, (self.count, self.worst)


def drown(client: Http2Client, pieces: Iterator[bytes], seconds: float = 10) -> bool:
    """Sends until the server closes; `False` if it never did."""
    end = time.monotonic() + seconds
    client.socket.settimeout(seconds)
    try:
        for piece in pieces:
            client.socket.sendall(piece)
            if time.monotonic() > end:
                return False
    except TimeoutError:
        return False
    except OSError:
        return True
    try:
        client.until_closed(max(end - time.monotonic(), 1))
        return True
    except TimeoutError:
        return False


def rejections(martlet: Martlet) -> float:
    """Of all reasons: floods, refused streams, malformed requests, stalls."""
    return martlet.metric("martlet_downstream_rejected_total")


@pytest.mark.parametrize("flood", FLOODS, ids=str)
def test_flood(martlet, recorder, flood: Flood):
    for _ in range(3):
        assert martlet.get("/canary").status == 200
    # The first connection of HTTP/2 brings its code into memory.
    with Http2Client(martlet.address()) as client:
        assert client.fetch("/canary").status == 200
    recorder.clear()
    memory, rejected = martlet.resident_bytes(), rejections(martlet)
    bystander = Bystander(martlet)
    with Http2Client(martlet.address(), *flood.settings) as client:
        client.settled()
        assert drown(client, flood.pieces()), "the connection was never closed"
        try:
            client.until_closed(1)
        except (TimeoutError, ConnectionEnded):
            pass
    bystander.finish()
    recorder.settle()
    # A body that never came whole has a head all the same.
    reached = recorder.received.count(b" /flood HTTP/1.1")
    grown = martlet.resident_bytes() - memory
    print(f"\n{flood.name}: {reached} reached the upstream, {grown / 1024:+.0f} KiB, bystander "
          f"{bystander.count} requests, worst {bystander.worst * 1000:.0f} ms, {client.goaway}")
    assert reached <= flood.reached
    # Measured: up to 1.02 MiB for the first flood, which leaves a hundred exchanges in the free list.
    assert grown <= 5 * MEGABYTE // 4
    assert rejections(martlet) > rejected


def test_streams_after_the_last_goaway(start, echo):
    """They are refused, and counted like other resets."""
    martlet = start(simple_config(echo.url, listener="""
limits: { max-requests-per-connection: 2, http2: { max-resets: 10 } }
"""))
    with Http2Client(martlet.address()) as client:
        kept = [client.begin("POST", "/flood") for _ in range(2)]
        client.until(lambda: client.goaway and client.goaway.number == kept[-1])
        client.send(*[headers(stream, POST, end=False) + data(stream, b"x") for stream in ODD[2:8]])
        client.settled()
        assert all(client.answer(stream).reset == h2.REFUSED_STREAM for stream in ODD[2:8])
        client.send(data(kept[0], b"x", end=True))
        assert client.response(kept[0]).status == 200
        assert drown(client, streams(lambda s: headers(s + 100, GET))())


def test_what_was_under_way_when_a_stream_was_reset(martlet):
    """One window of DATA, and trailers: an honest client may have sent as much by then."""
    with Http2Client(martlet.address()) as client:
        for _ in range(20):
            stream = client.begin("POST", "/flood")
            client.settled()
            client.send(window_update(stream, 0), *[data(stream, bytes(16_384)) for _ in range(16)],
                        headers(stream, h2.block(("x-sum", "1"))))
            client.settled()
            assert client.answer(stream).reset == h2.PROTOCOL_ERROR
        assert client.fetch("/canary").status == 200 and not client.goaway


@pytest.fixture(scope="module")
def lenient(start_shared, echo) -> Martlet:
    """All counts as high as they can be, so that what bounds is how much a client takes."""
    return start_shared(simple_config(echo.url, listener=f"""
{TIMEOUTS}
limits:
  http2: {{ max-control-frames: 1000000, max-window-updates: 10000000, max-resets: 1000000 }}
"""))


@pytest.mark.parametrize("piece", [settings() * 50, ping() * 50], ids=["SETTINGS", "PING"])
def test_answers_that_are_never_read(lenient, piece):
    """The client sends what must be answered and reads nothing: Martlet stops reading, too."""
    # The first connection brings code and the admin server into memory.
    with Http2Client(lenient.address()) as client:
        assert client.fetch("/canary").status == 200
    assert lenient.metric("martlet_downstream_connections") >= 0
    memory = lenient.resident_bytes()
    with Http2Client(lenient.address(), receive_buffer=4096) as client:
        client.socket.settimeout(1.5)
        sent = 0
        try:
            for _ in range(200_000):
                client.socket.sendall(piece)
                sent += len(piece)
                assert lenient.resident_bytes() - memory < 8 * MEGABYTE
            pytest.fail(f"took {sent} bytes without an answer being read")
        except (TimeoutError, OSError):
            pass
        assert lenient.get("/canary").status == 200
        lenient.wait_until(lambda: lenient.metric("martlet_downstream_connections") <= 1,
                           "end of the connection", timeout=15)
    grown = lenient.resident_bytes() - memory
    print(f"\n{sent} bytes taken, {grown / 1024:+.0f} KiB")
    # Measured: 0.6 to 1.0 MiB, most of it the allocator's, and no more with the next connection.
    assert grown <= 3 * MEGABYTE // 2


@pytest.mark.parametrize("window", [0, 1, 1000])
def test_many_answers_and_hardly_any_window(lenient, window):
    """Slow readers: what is held is bounded, and `write-stall` ends it."""
    assert lenient.get("/canary").status == 200
    memory, stalls = lenient.resident_bytes(), lenient.metric(
        "martlet_downstream_rejected_total", reason="write_stall")
    bystander = Bystander(lenient)
    with Http2Client(lenient.address(), (h2.INITIAL_WINDOW_SIZE, window)) as client:
        client.credit = False
        opened = [client.begin("GET", "/?bytes=1000000", end=True) for _ in range(100)]
        for stream in opened:
            client.head(stream)
        held = lenient.resident_bytes() - memory
        assert all(client.response(stream, 15).reset is not None for stream in opened)
    bystander.finish()
    grown = lenient.resident_bytes() - memory
    print(f"\nheld {held / MEGABYTE:.1f} MiB for 100 answers, {grown / 1024:+.0f} KiB afterwards")
    # Measured: 0.7 to 1.1 MiB, the first time, when upstream connections are opened for it.
    assert held <= 2 * MEGABYTE
    assert lenient.metric("martlet_downstream_rejected_total", reason="write_stall") > stalls


def test_a_window_opened_byte_by_byte(lenient):
    """A client may be slow, but what it makes Martlet hold is one stream's share."""
    with Http2Client(lenient.address(), (h2.INITIAL_WINDOW_SIZE, 1)) as client:
        client.credit = False
        stream = client.begin("GET", "/?bytes=100000", end=True)
        client.head(stream)
        for _ in range(500):
            client.send(window_update(stream, 1))
        client.until(lambda: len(client.answer(stream).body) == 501)


def test_honest_clients_are_not_taken_for_an_attack(martlet):
    """Many requests, pings and window updates, and now and then a request that is given up."""
    with Http2Client(martlet.address()) as client:
        for number in range(2000):
            assert client.fetch("/canary").status == 200
            if number % 40 == 0:
                client.settled()
                client.send(reset(client.begin("GET", "/canary", end=True)))
            client.seen.clear()
        assert not client.goaway
