"""A listener's limits and timeouts for HTTP/2 clients, and the end of a connection without loss."""
from __future__ import annotations

import signal
import socket
import threading
import time

import pytest

from harness import http2 as h2
from harness.echo_backend import Echo, pattern
from harness.client import request_bytes
from harness.http2 import ENHANCE_YOUR_CALM, NO_ERROR, PREFACE, data, headers, request, settings
from harness.http2_client import Answer, Http2Client
from harness.martlet import Martlet, simple_config

MEGABYTE = 1 << 20


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(simple_config(echo.url, listener="""
limits: { max-body: 100KB, max-header: 8KiB, max-request-line: 2KiB, max-header-count: 20 }
timeouts: { request-head: 1s, idle: 1s, body-grace: 1s, write-stall: 1s }
"""))


@pytest.fixture
def client(martlet):
    with Http2Client(martlet.address()) as client:
        yield client


def still_serves(client: Http2Client) -> None:
    assert client.fetch("/after").status == 200


def refused(client: Http2Client, answer: Answer, status: int) -> None:
    assert answer.status == status and answer.reset in (None, NO_ERROR), answer
    assert answer.value("content-type") == b"application/problem+json"
    assert answer.value("content-length") == str(len(answer.body)).encode()
    still_serves(client)


# Sizes: an answer for the stream, nothing for the others


def test_announced_body_too_large(client):
    stream = client.begin("POST", "/", ("content-length", "100001"))
    refused(client, client.response(stream), 413)


def test_body_that_becomes_too_large(client):
    other = client.begin("POST", "/other")
    stream = client.begin("POST", "/")
    for _ in range(7):
        client.send(data(stream, bytes(16_000)))
    refused(client, client.response(stream), 413)
    client.send(data(other, b"hello", end=True))
    assert Echo(client.response(other)).body_length == 5


def test_body_of_the_largest_size(client):
    stream = client.begin("POST", "/", ("content-length", "100000"))
    client.send_body(stream, pattern(100_000))
    assert Echo(client.response(stream)).body_length == 100_000


@pytest.mark.parametrize("fields, statuses", [
    ([("x-large", "v" * 9000)], (431,)),
    ([(f"x-{n}", "v" * 1000) for n in range(10)], (431,)),
    ([(f"x-{n}", "v") for n in range(30)], (431,)),
], ids=["one field", "all fields", "number of fields"])
def test_header_section_too_large(client, fields, statuses):
    answer = client.response(client.begin("GET", "/", *fields, end=True))
    assert answer.status in statuses
    refused(client, answer, answer.status)


def test_path_too_long(client):
    answer = client.fetch("/" + "a" * 3000)
    refused(client, answer, answer.status)
    assert answer.status in (414, 431)


def test_trailers_too_large(client):
    stream = client.begin("POST", "/")
    client.send(data(stream, b"x"), headers(stream, h2.block(("x-large", "v" * 9000))))
    answer = client.response(stream)
    assert answer.status == 431 or answer.reset in (h2.PROTOCOL_ERROR, ENHANCE_YOUR_CALM), answer
    still_serves(client)


def test_the_limit_is_announced(client):
    client.until(lambda: client.has_settings)
    assert client.peer_settings[h2.MAX_HEADER_LIST_SIZE] == 8192


def test_requests_of_a_connection(start, echo):
    """GOAWAY, but what was under way is answered."""
    martlet = start(simple_config(echo.url, listener="limits: { max-requests-per-connection: 5 }"))
    with Http2Client(martlet.address()) as client:
        streams = [client.begin("POST", f"/{n}") for n in range(5)]
        client.until(lambda: client.goaway)
        assert client.goaway.code == NO_ERROR and client.goaway.number >= streams[-1]
        for stream in streams:
            client.send(data(stream, b"x", end=True))
        assert {client.response(stream).status for stream in streams} == {200}
        client.until_closed()


# Times


@pytest.mark.parametrize("sent", [
    b"", PREFACE[:10], PREFACE, PREFACE + settings()[:5],
], ids=["nothing", "half a preface", "no settings", "half a frame"])
def test_a_preface_that_does_not_come(martlet, sent):
    with Http2Client(martlet.address(), preface=sent, settings=False) as client:
        client.until_closed(8)


@pytest.mark.parametrize("answers", [True, False])
def test_an_idle_connection_ends(client, answers):
    client.answers_pings = answers
    still_serves(client)
    client.until_closed(8)
    assert client.goaway and client.goaway.code == NO_ERROR


def test_pings_do_not_keep_an_idle_connection_for_ever(martlet):
    """A client cannot hold a connection with what costs it nothing."""
    with Http2Client(martlet.address()) as client:
        for _ in range(100):
            client.send(h2.ping())
            try:
                client.until(lambda: client.goaway, 0.1)
                return
            except TimeoutError:
                continue
        pytest.fail("still open")


def test_a_block_that_does_not_end(client, martlet):
    before = martlet.metric("martlet_downstream_rejected_total", reason="head_timeout")
    client.settled()
    client.send(headers(1, request()[:5], end_headers=False))
    client.until_closed(8)
    assert client.goaway and client.goaway.code == ENHANCE_YOUR_CALM
    assert martlet.metric("martlet_downstream_rejected_total", reason="head_timeout") == before + 1


def test_a_body_that_is_too_slow(client):
    """408 for the stream, the connection goes on."""
    stream = client.begin("POST", "/", ("content-length", "1000"))
    client.send(data(stream, b"x"))
    refused(client, client.response(stream, 8), 408)


def test_an_answer_that_is_not_taken(martlet):
    """A stream that gets no window is reset; the others go on."""
    with Http2Client(martlet.address(), (h2.INITIAL_WINDOW_SIZE, 10)) as client:
        client.credit = False
        stalled = client.begin("GET", "/?bytes=500000", end=True)
        assert client.response(stalled, 8).reset is not None
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 100_000)))
        still_serves(client)


# The end


@pytest.mark.parametrize("window, size", [(65_535, 1000), (1 << 20, 60_000)])
def test_a_client_that_has_closed_its_side_gets_its_answer(start, echo, window, size):
    martlet = start(simple_config(echo.url))
    with Http2Client(martlet.address(), (h2.INITIAL_WINDOW_SIZE, window)) as client:
        stream = client.begin("GET", f"/?bytes={size}&delay=0.2", end=True)
        client.socket.shutdown(socket.SHUT_WR)
        answer = client.response(stream)
        assert answer.status == 200 and len(answer.body) == size
        client.until_closed()


def begin_large(client: Http2Client, size: int) -> int:
    """Asks for a body for which every window is open."""
    client.credit = False
    client.send(h2.window_update(0, 2 * size))
    return client.begin("GET", f"/?bytes={size}", end=True)


def test_a_client_that_has_closed_its_side_may_read_slowly(start, echo):
    """What the kernel has not taken when the last stream ends is not dropped."""
    martlet = start(simple_config(echo.url))
    size = 4 * MEGABYTE
    with Http2Client(martlet.address(), (h2.INITIAL_WINDOW_SIZE, 2 * size),
                     receive_buffer=4096) as client:
        stream = begin_large(client, size)
        client.socket.shutdown(socket.SHUT_WR)
        answer = client.response(stream)
        assert answer.status == 200 and len(answer.body) == size
        client.until_closed()


def test_a_slow_but_steady_reader_is_not_cut(martlet):
    """Though nothing leaves the proxy for longer than `write-stall`, as the kernel holds megabytes."""
    size = 12 * MEGABYTE
    with Http2Client(martlet.address(), (h2.INITIAL_WINDOW_SIZE, 2 * size),
                     receive_buffer=65536) as client:
        stream = begin_large(client, size)
        start = time.monotonic()
        while time.monotonic() - start < 5:
            client.frame()
            threading.Event().wait(0.05)
        answer = client.response(stream)
        assert answer.status == 200 and len(answer.body) == size


@pytest.mark.parametrize("window", [0, 1000])
def test_a_client_that_has_closed_its_side_opens_no_window(start, echo, window):
    """Nothing is kept for it: neither its connection nor the upstream's."""
    martlet = start(simple_config(echo.url))
    with Http2Client(martlet.address(), (h2.INITIAL_WINDOW_SIZE, window)) as client:
        stream = client.begin("GET", "/?bytes=1000000", end=True)
        client.head(stream)
        client.socket.shutdown(socket.SHUT_WR)
        client.until_closed(5)
    martlet.wait_until(lambda: martlet.metric("martlet_downstream_connections") == 0
                       and martlet.metric("martlet_upstream_connections") == 0, "the end of both")


@pytest.mark.parametrize("answers", [True, False])
def test_drain_lets_requests_end(start, echo, answers):
    """Also for a client that does not answer the PING that goes with the first GOAWAY."""
    martlet = start(simple_config(echo.url))
    with Http2Client(martlet.address()) as client:
        client.answers_pings = answers
        stream = client.begin("POST", "/under-way")
        client.settled()
        martlet.signal(signal.SIGTERM)
        client.until(lambda: client.goaway)
        assert client.goaway.code == NO_ERROR and client.goaway.number >= stream
        client.send(data(stream, b"hello", end=True))
        assert Echo(client.response(stream)).body_length == 5
        client.until_closed()
    assert martlet.wait_for_exit() == 0


def test_a_request_that_crosses_the_goaway_is_not_lost(start, echo):
    """§6.8: the first GOAWAY only warns; what was sent before it was seen is served, or is above the
    last stream of the second."""
    martlet = start(simple_config(echo.url))
    with Http2Client(martlet.address()) as client:
        kept = client.begin("POST", "/kept")
        client.settled()
        martlet.signal(signal.SIGTERM)
        client.until(lambda: client.goaway)
        crossing = client.begin("GET", "/crossing", end=True)
        client.send(data(kept, b"hello", end=True))
        try:
            client.until_closed()
        except TimeoutError:
            pytest.fail("not closed")
        assert client.answer(kept).status == 200
        answer = client.answer(crossing)
        assert answer.status == 200 or answer.reset == h2.REFUSED_STREAM \
            or client.goaway.number < crossing, (answer, str(client.goaway))
    assert martlet.wait_for_exit() == 0


def test_idle_connections_do_not_hold_up_the_end(start, echo):
    martlet = start(simple_config(echo.url))
    clients = [Http2Client(martlet.address()) for _ in range(20)]
    for client in clients:
        still_serves(client)
    assert martlet.terminate(timeout=6) == 0
    for client in clients:
        client.until_closed()
        assert client.goaway and client.goaway.code == NO_ERROR
        client.close()


def test_a_reload_does_not_disturb_connections(start, echo):
    config = simple_config(echo.url)
    martlet = start(config)
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/under-way")
        martlet.reload(config + "\n# changed\n")
        still_serves(client)
        client.send(data(stream, b"hello", end=True))
        assert Echo(client.response(stream)).body_length == 5
        assert not client.goaway


# What is told


def test_access_log_and_metrics(start, echo):
    martlet = start(simple_config(echo.url))
    with Http2Client(martlet.address()) as client:
        client.fetch("/logged?secret=1", "GET", ("user-agent", "test"))
        stream = client.begin("POST", "/body")
        client.send(data(stream, b"hello", end=True))
        client.response(stream)
        line = martlet.exchange(path="/logged")
        assert line["protocol"] == "HTTP/2" and line["status"] == 200 and line["host"] == "example.com"
        assert line["user_agent"] == "test" and line["method"] == "GET"
        assert martlet.exchange(path="/body")["bytes_in"] == 5
        assert martlet.metric("martlet_downstream_connections") == 1
        assert martlet.metric("martlet_requests_total", code="2xx") == 2


def test_both_versions_on_one_listener(martlet):
    with martlet.connect() as old, Http2Client(martlet.address()) as new:
        for _ in range(3):
            assert Echo(old.exchange(request_bytes("GET", "/"))).version == 1
            still_serves(new)


def test_an_upgrade_to_http2_is_not_spoken(martlet):
    """RFC 9113 §3.1: `Upgrade: h2c` is gone; the request is an ordinary one, or refused."""
    with martlet.connect() as client:
        answer = client.exchange(request_bytes("GET", "/", [
            ("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"),
            ("HTTP2-Settings", "AAMAAABkAAQAoAAAAAIAAAAA")]))
        assert answer.status in (200, 501)
        if answer.status == 200:
            assert not Echo(answer).values("upgrade") and not Echo(answer).values("http2-settings")
