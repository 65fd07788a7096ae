"""Bodies both ways: framing, trailers, interim answers, early answers, back-pressure."""
from __future__ import annotations

import hashlib
import socket
import threading
import time

import pytest

from harness.client import request_bytes
from harness.echo_backend import BLOCK, Echo, pattern
from harness.http1 import EndOfStream
from harness.martlet import Martlet, simple_config
from harness.scripted_backend import OK, answers, reply_and_close

GIGABYTE = 1 << 30
UNLIMITED = "limits: { max-body: 4GiB, min-body-rate: 0B }"


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    echo.keep_requests = False
    return start_shared(simple_config(echo.url, listener=UNLIMITED))


class ResidentBytes:
    """Samples a process's memory until stopped; `growth` is the peak over the start."""

    def __init__(self, martlet: Martlet):
        self.martlet = martlet
        self.start = self.peak = martlet.resident_bytes()
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.done.wait(0.05):
            self.peak = max(self.peak, self.martlet.resident_bytes())

    def __enter__(self) -> "ResidentBytes":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.done.set()
        self.thread.join()
        print(f"\nmemory: {self.start >> 10} KiB, at most {(self.peak - self.start) >> 10} KiB more")

    @property
    def growth(self) -> int:
        return self.peak - self.start


@pytest.mark.parametrize("size", [0, 1, 1000, 16_384, 65_536, 65_537, 1_000_000, 5_000_000])
def test_length_up(martlet, size):
    body = pattern(size)
    seen = Echo(martlet.get("/", method="POST", body=body))
    assert (seen.body_length, seen.body_sha256) == (size, hashlib.sha256(body).hexdigest())
    assert seen.framing == "length"


@pytest.mark.parametrize("sizes", [[], [1], [1] * 300, [65_536, 1, 65_537], [3, 0xfff, 0x10000]])
def test_chunked_up(martlet, sizes):
    body = b"".join(pattern(size) for size in sizes)
    chunks = b"".join(b"%x\r\n%s\r\n" % (size, pattern(size)) for size in sizes)
    data = request_bytes("POST", "/", {"Transfer-Encoding": "chunked"}) + chunks + b"0\r\n\r\n"
    with martlet.connect() as client:
        seen = Echo(client.exchange(data))
    assert (seen.body_length, seen.body_sha256) == (len(body), hashlib.sha256(body).hexdigest())
    assert seen.framing == "chunked"


@pytest.mark.parametrize("size", [0, 1, 65_536, 1_000_000, 5_000_000])
@pytest.mark.parametrize("framing", ["", "&chunked=1"])
def test_down(martlet, size, framing):
    answer = martlet.get(f"/?bytes={size}{framing}")
    assert answer.framing == ("chunked" if framing else "length")
    assert answer.body == pattern(size)


def test_until_close_down(proxied, scripted):
    backend = scripted(reply_and_close(b"HTTP/1.0 200 OK\r\n\r\n" + pattern(200_000)))
    with proxied(backend.url).connect() as client:
        answer = client.exchange(request_bytes("GET", "/"))
        assert answer.body == pattern(200_000)
        assert answer.framing in ("chunked", "close")


def test_trailers_both_ways(proxied, scripted):
    reply = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Down\r\n\r\n"
             b"4\r\ndown\r\n0\r\nX-Down: 2\r\nX-More: 3\r\n\r\n")
    backend = scripted(answers(reply))
    data = request_bytes("POST", "/", {"Transfer-Encoding": "chunked", "TE": "trailers",
                                       "Connection": "TE"})
    with proxied(backend.url).connect() as client:
        answer = client.exchange(data + b"2\r\nup\r\n0\r\nX-Up: 1\r\n\r\n")
    assert [(n.lower(), v) for n, v in backend.requests[0].trailers] == [(b"x-up", b"1")]
    assert answer.body == b"down"
    assert [(n.lower(), v) for n, v in answer.trailers] == [(b"x-down", b"2"), (b"x-more", b"3")]


@pytest.mark.parametrize("name", ["content-length", "transfer-encoding", "host", "set-cookie"])
def test_forbidden_response_trailers_do_not_pass(proxied, scripted, name):
    backend = scripted(reply_and_close(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndown\r\n0\r\n"
        + name.encode() + b": 7\r\n\r\n"))
    with proxied(backend.url).connect() as client:
        client.send(request_bytes("GET", "/"))
        try:
            names = [n.lower() for n, _ in client.response().trailers]
        except EndOfStream:
            names = []  # cut: visibly incomplete
    if name != "set-cookie":
        assert name.encode() not in names


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_body(martlet, status):
    with martlet.connect() as client:
        assert client.exchange(request_bytes("GET", f"/?status={status}")).body == b""
        assert client.exchange(request_bytes("GET", "/")).status == 200


@pytest.mark.parametrize("target", ["/", "/?bytes=100000", "/?bytes=5&chunked=1"])
def test_head(martlet, target):
    with martlet.connect() as client:
        answer = client.exchange(request_bytes("HEAD", target), "HEAD")
        assert (answer.status, answer.body) == (200, b"")
        assert client.exchange(request_bytes("GET", "/")).status == 200


@pytest.mark.parametrize("status", [b"204 No Content", b"304 Not Modified"])
def test_body_of_a_bodiless_status_is_no_second_answer(proxied, scripted, status):
    """RFC 9112 §6.3: such an answer ends with its head, whatever the upstream sends."""
    backend = scripted(reply_and_close(
        b"HTTP/1.1 " + status + b"\r\nContent-Length: 5\r\n\r\nhello"))
    with proxied(backend.url).connect() as client:
        answer = client.exchange(request_bytes("GET", "/"))
        assert answer.status in (204, 304) or answer.status == 502
        second = client.exchange(request_bytes("GET", "/2")) if not answer.asks_close else None
        assert second is None or second.status in (204, 304, 502)


def test_expect_continue(martlet):
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/", {"Expect": "100-continue", "Content-Length": "5"}))
        # The body follows only when the interim answer is there.
        line = client.stream.line()
        assert line.startswith(b"HTTP/1.1 100"), line
        assert client.stream.lines_until_blank() is not None
        client.send(b"hello")
        assert Echo(client.response()).body_length == 5


def test_expect_continue_refused_by_the_upstream(proxied, scripted):
    def refuse(connection):
        connection.stream.lines_until_blank()
        connection.send(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n"
                        b"Connection: close\r\n\r\n")
        connection.wait_for_close()

    backend = scripted(refuse)
    with proxied(backend.url).connect() as client:
        client.send(request_bytes("POST", "/", {"Expect": "100-continue", "Content-Length": "5"}))
        answer = client.response()
        assert answer.status == 417


def test_interim_answers_are_relayed(proxied, scripted):
    backend = scripted(answers(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
        b"HTTP/1.1 102 Processing\r\n\r\n" + OK))
    with proxied(backend.url).connect() as client:
        answer = client.exchange(request_bytes("GET", "/"))
    assert answer.body == b"ok"
    assert 103 in [interim.status for interim in answer.interim]
    hints = next(i for i in answer.interim if i.status == 103)
    assert hints.values("link") == [b"</a.css>; rel=preload"]


def test_early_answer_ends_the_upload(proxied, scripted):
    def early(connection):
        head = connection.stream.lines_until_blank()
        assert head
        connection.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig")
        connection.wait_for_close()

    backend = scripted(early)
    with proxied(backend.url, listener=UNLIMITED).connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": str(50_000_000)}) + BLOCK)
        answer = client.response()
        assert (answer.status, answer.body) == (413, b"big")


def test_early_answer_while_the_body_goes_on(proxied, scripted):
    """The upstream answers first and reads on: the client may finish its body, too."""
    def early(connection):
        connection.stream.lines_until_blank()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nearly")
        received = []
        connection.stream.take(1_000_000, received.append)
        connection.stream.rest()

    backend = scripted(early)
    with proxied(backend.url, listener=UNLIMITED).connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": "1000000"}))
        answer = client.response()
        assert answer.body == b"early"
        try:
            client.send(pattern(1_000_000))
        except OSError:
            pass


def test_half_closing_client_gets_its_answer(martlet):
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/?delay=0.2", body=b"hello"))
        client.half_close()
        assert Echo(client.response()).body_length == 5
        assert client.is_closed()


@pytest.mark.parametrize("body", ["length", "chunked"])
def test_half_close_while_the_upstream_is_being_connected(proxied, echo, body):
    """The very first request, so no connection is pooled yet; all of it is there already."""
    data = request_bytes("POST", "/", body=b"hello") if body == "length" else request_bytes(
        "POST", "/", {"Transfer-Encoding": "chunked"}) + b"5\r\nhello\r\n0\r\n\r\n"
    with proxied(echo.url).connect() as client:
        client.send(data)
        client.half_close()
        assert Echo(client.response()).body_length == 5


def test_a_half_closed_client_that_gets_nothing_is_taken_for_gone(proxied, scripted):
    """First it gets its answer piece by piece, longer than the timeout in all; then nothing."""
    gone = threading.Event()

    def script(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(6):
            threading.Event().wait(0.25)
            connection.send(b"1\r\nx\r\n")
        connection.wait_for_close()
        gone.set()

    martlet = proxied(scripted(script).url, listener="timeouts: { half-closed: 1s }")
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/events"))
        client.half_close()
        assert gone.wait(10)
    assert martlet.exchange(path="/events")["bytes_out"] == 6
    assert martlet.metric("martlet_downstream_rejected_total", reason="half_closed") == 1


def test_half_close_after_pipelined_requests(martlet):
    with martlet.connect() as client:
        client.send(b"".join(request_bytes("GET", f"/{number}") for number in range(5)))
        client.half_close()
        assert [Echo(client.response()).target for _ in range(5)] == [f"/{n}" for n in range(5)]
        assert client.is_closed()


def test_http10_clients(martlet):
    with martlet.connect() as client:
        answer = client.exchange(b"GET /?bytes=100000&chunked=1 HTTP/1.0\r\nHost: h\r\n\r\n")
        assert answer.framing in ("close", "length") and answer.body == pattern(100_000)
        assert client.is_closed()


def test_http10_keep_alive(martlet):
    data = b"GET /?bytes=5 HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n"
    with martlet.connect() as client:
        first = client.exchange(data)
        assert first.body == pattern(5)
        if b"keep-alive" in first.joined("connection").lower():
            assert client.exchange(data).body == pattern(5)
        else:
            assert client.is_closed()


def test_connection_close_is_honoured(martlet):
    with martlet.connect() as client:
        answer = client.exchange(request_bytes("GET", "/", {"Connection": "close"}))
        assert answer.asks_close and client.is_closed()


def test_pipelining_keeps_the_order(martlet):
    with martlet.connect() as client:
        client.send(b"".join(request_bytes("GET", f"/{number}") for number in range(100)))
        assert [Echo(client.response()).target for _ in range(100)] == [f"/{n}" for n in range(100)]


def test_pipelining_with_bodies(martlet):
    with martlet.connect() as client:
        client.send(b"".join(request_bytes("POST", f"/{n}", body=pattern(n * 100)) for n in range(50)))
        found = [Echo(client.response()) for _ in range(50)]
    assert [(e.target, e.body_length) for e in found] == [(f"/{n}", n * 100) for n in range(50)]


def test_head_byte_by_byte(martlet):
    data = request_bytes("POST", "/slow", {"X-A": "b" * 200}, body=b"hello")
    with martlet.connect() as client:
        for position in range(len(data)):
            client.send(data[position:position + 1])
        assert Echo(client.response()).body_length == 5


def test_gigabyte_down_with_flat_memory(start, nginx):
    path = nginx.sparse_file("gigabyte", GIGABYTE)
    martlet = start(simple_config(nginx.url))
    count = 0

    def sink(part: bytes) -> None:
        nonlocal count
        count += len(part)

    martlet.get("/")
    with ResidentBytes(martlet) as memory, martlet.connect(timeout=60) as client:
        client.send(request_bytes("GET", path))
        assert client.response(sink=sink).status == 200
    assert count == GIGABYTE
    assert memory.growth < 30 << 20


def test_gigabyte_up_with_flat_memory(start, echo):
    martlet = start(simple_config(echo.url, listener=UNLIMITED))
    martlet.get("/")
    block = pattern(1 << 20)
    with ResidentBytes(martlet) as memory, martlet.connect(timeout=60) as client:
        client.send(request_bytes("PUT", "/up", {"Content-Length": str(GIGABYTE)}))
        for _ in range(GIGABYTE // len(block)):
            client.send(block)
        assert Echo(client.response()).body_length == GIGABYTE
    assert memory.growth < 30 << 20


def test_slow_reader_keeps_memory_flat(start, nginx):
    """A client that takes little gets the upstream paused; what is under way stays bounded."""
    path = nginx.sparse_file("for-slow-readers", 256 << 20)
    martlet = start(simple_config(nginx.url, listener="timeouts: { write-stall: 60s }"))
    martlet.get("/")
    with ResidentBytes(martlet) as memory:
        clients = [martlet.connect(receive_buffer=4096) for _ in range(20)]
        for client in clients:
            client.send(request_bytes("GET", path))
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            for client in clients:
                client.socket.recv(4096)
            threading.Event().wait(0.02)
        for client in clients:
            client.socket.close()
    assert memory.growth < 30 << 20


def test_slow_upstream_keeps_memory_flat(start, scripted):
    """An upstream that takes little gets the client paused."""
    released = threading.Event()

    def slow(connection):
        connection.stream.line()
        released.wait(20)

    backend = scripted(slow, receive_buffer=4096)
    martlet = start(simple_config(backend.url, listener=UNLIMITED))
    with ResidentBytes(martlet) as memory:
        clients = []
        for _ in range(10):
            client = martlet.connect()
            client.send(request_bytes("PUT", "/", {"Content-Length": str(256 << 20)}))
            client.socket.setblocking(False)
            clients.append(client)
        sent = 0
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            for client in clients:
                try:
                    sent += client.socket.send(BLOCK)
                except BlockingIOError:
                    pass
            threading.Event().wait(0.005)
        for client in clients:
            client.socket.close()
        released.set()
    assert memory.growth < 30 << 20
    assert sent < 200 << 20, "the client was never paused"


def test_body_arrives_as_it_comes(proxied, scripted):
    """Nothing is held back until it is complete: each part passes before the next is sent."""
    step = threading.Event()

    def stream(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        b"Transfer-Encoding: chunked\r\n\r\n")
        for number in range(5):
            connection.send(b"9\r\ndata: %d\n\n\r\n" % number)
            assert step.wait(10)
            step.clear()
        connection.send(b"0\r\n\r\n")

    backend = scripted(stream)
    with proxied(backend.url).connect() as client:
        client.send(request_bytes("GET", "/events"))
        collected = b""
        for number in range(5):
            while b"data: %d" % number not in collected:
                collected += client.socket.recv(65536)
            step.set()


def test_upload_arrives_as_it_comes(proxied, scripted):
    arrived = threading.Semaphore(0)

    def listen(connection):
        connection.request(sink=lambda part: [arrived.release() for _ in part])
        connection.send(OK)

    backend = scripted(listen)
    with proxied(backend.url).connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": "3"}))
        for byte in (b"a", b"b", b"c"):
            client.send(byte)
            assert arrived.acquire(timeout=5), "a part of the body was held back"
        assert client.response().status == 200


def test_client_that_goes_away_ends_the_upstream_exchange(proxied, scripted):
    gone = threading.Event()

    def endless(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while True:
                connection.send(b"%x\r\n%s\r\n" % (len(BLOCK), BLOCK))
        except OSError:
            gone.set()

    backend = scripted(endless)
    client = proxied(backend.url).connect()
    client.send(request_bytes("GET", "/"))
    client.socket.recv(100_000)
    client.socket.close()
    assert gone.wait(10), "the upstream still sends to nobody"


def test_upload_cut_by_the_client_is_not_completed(proxied, scripted):
    outcome: list[object] = []

    def listen(connection):
        try:
            outcome.append(connection.request())
        except EndOfStream:
            outcome.append("cut")

    backend = scripted(listen)
    with proxied(backend.url).connect() as client:
        client.send(request_bytes("POST", "/", {"Transfer-Encoding": "chunked"}) + b"5\r\nhel")
        backend.wait_until(lambda: bool(backend.connections))
        client.socket.shutdown(socket.SHUT_RDWR)
    backend.wait_until(lambda: bool(outcome))
    assert outcome == ["cut"]
