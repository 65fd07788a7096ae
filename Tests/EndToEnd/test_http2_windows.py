"""HTTP/2 flow control (RFC 9113 §5.2, §6.9): what may be sent is sent, and not a byte more."""
from __future__ import annotations

import hashlib

import pytest

from harness import http2 as h2
from harness.echo_backend import Echo, pattern
from harness.http2 import (
    FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, LARGEST_WINDOW, PROTOCOL_ERROR, data, frame, headers,
    settings, window_update)
from harness.http2_cases import (
    IGNORED, OK, Case, Server, closes, either, half_closed, nothing, opened)
from harness.http2_client import Http2Client
from harness.martlet import simple_config

GET = h2.request("GET", "/small?bytes=100")

CASES = [
    Case("6.9", "increment of 0 for the connection", nothing, window_update(0, 0),
         closes(PROTOCOL_ERROR)),
    Case("6.9", "increment of 0 with the reserved bit", nothing, window_update(0, 1 << 31),
         closes(PROTOCOL_ERROR)),
    Case("6.9", "increment of 0 for a stream", opened, window_update(1, 0), either(PROTOCOL_ERROR)),
    Case("6.9", "WINDOW_UPDATE too short", nothing, frame(h2.WINDOW_UPDATE, 0, 0, bytes(3)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.9", "WINDOW_UPDATE too long", nothing, frame(h2.WINDOW_UPDATE, 0, 0, bytes(5)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.9", "WINDOW_UPDATE too short for a stream", opened,
         frame(h2.WINDOW_UPDATE, 0, 1, bytes(3)), closes(FRAME_SIZE_ERROR)),
    Case("6.9", "reserved bit of an increment", nothing,
         window_update(0, 1 << 31 | 1) + headers(1, GET), OK),
    Case("6.9.1", "largest window of the connection", nothing,
         window_update(0, LARGEST_WINDOW - 65_535) + headers(1, GET), OK),
    Case("6.9.1", "one more than the largest window of the connection", nothing,
         window_update(0, LARGEST_WINDOW - 65_535) + window_update(0, 1),
         closes(FLOW_CONTROL_ERROR)),
    Case("6.9.1", "connection window overflows at once", nothing, window_update(0, LARGEST_WINDOW),
         closes(FLOW_CONTROL_ERROR)),
    Case("6.9.1", "stream window overflows", opened, window_update(1, LARGEST_WINDOW),
         either(FLOW_CONTROL_ERROR)),
    Case("6.9.1", "stream window overflows in steps", half_closed,
         window_update(1, LARGEST_WINDOW) * 2, either(FLOW_CONTROL_ERROR)),
    Case("6.9.2", "a stream's window overflows by SETTINGS", half_closed,
         window_update(1, LARGEST_WINDOW) + settings((h2.INITIAL_WINDOW_SIZE, 1 << 20)),
         closes(FLOW_CONTROL_ERROR)),
    Case("6.9.2", "initial window does not concern the connection", nothing,
         settings((h2.INITIAL_WINDOW_SIZE, LARGEST_WINDOW)) + window_update(0, 1 << 20)
         + settings((h2.INITIAL_WINDOW_SIZE, LARGEST_WINDOW)), IGNORED),
    Case("6.9.1", "empty DATA needs no window", opened, data(1) + data(1, end=True), OK),
]


@pytest.fixture(scope="module")
def server(start_shared, echo) -> Server:
    return Server(start_shared(simple_config(echo.url)).address())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(server, case: Case):
    case.run(server)


def stalled(server: Server, window: int, streams: int = 1) -> Http2Client:
    """A client that gives nothing back, with answers that have used up their windows."""
    client = Http2Client(server.address, (h2.INITIAL_WINDOW_SIZE, window))
    client.credit = False
    for _ in range(streams):
        client.begin("GET", server.large, end=True)
    return client


def until_body(client: Http2Client, total: int, stream: int | None = None) -> None:
    """Exactly so many bytes come, and after a PING there is still not one more."""
    def received() -> int:
        return sum(len(a.body) for a in client.answers.values() if stream in (None, a.stream))

    client.until(lambda: received() >= total)
    client.settled()
    assert received() == total


@pytest.mark.parametrize("window", [1, 2, 100, 16_383, 16_385, 65_530])
def test_a_stream_gets_its_window_and_no_more(server, window):
    with stalled(server, window) as client:
        until_body(client, window)
        client.send(window_update(1, 3))
        until_body(client, window + 3)
        client.send(window_update(1, 1 << 20))
        until_body(client, 65_535)
        client.send(window_update(0, 1 << 20))
        answer = client.response(1)
        assert len(answer.body) == server.large_bytes
        # §6.9.1: an empty frame or the last bytes end the stream.
        assert answer.ended


def test_all_streams_share_the_window_of_the_connection(server):
    with stalled(server, 1 << 20, streams=3) as client:
        until_body(client, 65_535)
        client.send(window_update(0, 10))
        until_body(client, 65_545)
        client.send(window_update(0, 1 << 20))
        assert [len(client.response(s).body) for s in (1, 3, 5)] == [server.large_bytes] * 3


def test_a_stream_without_window_does_not_hold_up_the_others(server):
    with stalled(server, 10) as client:
        until_body(client, 10)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 0)))
        client.credit = True
        small = client.begin("GET", server.small, end=True)
        client.send(window_update(small, 1000))
        assert client.response(small).ended
        assert not client.answer(1).ended


def test_initial_window_grows_open_streams(server):
    with stalled(server, 0, streams=2) as client:
        client.head(1), client.head(3)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 7)))
        until_body(client, 14)
        client.send(window_update(3, 1), settings((h2.INITIAL_WINDOW_SIZE, 9)))
        until_body(client, 9, stream=1)
        until_body(client, 10, stream=3)


def test_a_window_can_become_negative(server):
    """§6.9.2: what was sent under the larger window counts; only then come new bytes."""
    with stalled(server, 100) as client:
        until_body(client, 100)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 40)))
        client.until_frame(h2.SETTINGS, is_ack=True)
        client.send(window_update(1, 60))
        until_body(client, 100)
        client.send(window_update(1, 1))
        until_body(client, 101)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 0)), settings((h2.INITIAL_WINDOW_SIZE, 50)))
        until_body(client, 111)


def test_a_new_stream_gets_the_new_initial_window(server):
    with stalled(server, 5) as client:
        until_body(client, 5)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 8)))
        client.begin("GET", server.large, end=True)
        until_body(client, 8, stream=3)


def test_trailers_and_heads_need_no_window(server):
    with Http2Client(server.address, (h2.INITIAL_WINDOW_SIZE, 0)) as client:
        assert client.head(client.begin("GET", server.small, end=True)).status == 200
        head = client.response(client.begin("HEAD", server.small, end=True))
        assert head.ended and not head.body


def test_byte_by_byte(server):
    with Http2Client(server.address, (h2.INITIAL_WINDOW_SIZE, 0)) as client:
        client.credit = False
        client.begin("GET", server.small, end=True)
        for count in range(1, 101):
            client.send(window_update(1, 1))
            until_body(client, count)
        assert client.response(1).ended and len(client.answer(1).body) == 100


@pytest.mark.parametrize("pad", [None, 0, 255])
def test_uploads_are_credited(server, pad):
    """§6.9: a body much larger than all windows arrives; padding is given back as well."""
    body = pattern(3_000_000)
    with Http2Client(server.address) as client:
        if pad is None:
            stream = client.begin("POST", "/")
            client.send_body(stream, body)
        else:
            stream = client.begin("POST", "/")
            for at in range(0, len(body), 10_000):
                part = body[at:at + 10_000]
                size = len(part) + 1 + pad
                client.until(lambda: client.room(stream) >= size)
                client.send(data(stream, part, end=at + 10_000 >= len(body), pad=pad))
                client.sent_bytes[stream] = client.sent_bytes.get(stream, 0) + size
        answer = client.response(stream)
        assert answer.status == 200
        echo = Echo(answer)
        assert (echo.body_length, echo.body_sha256) == (len(body), hashlib.sha256(body).hexdigest())


@pytest.fixture
def holding(start, scripted) -> Server:
    """A server whose upstream reads nothing, so that windows are used up."""
    backend = scripted(lambda connection: backend.closing.wait(60), receive_buffer=4096)
    return Server(start(simple_config(backend.url, listener="""
limits: { http2: { stream-window: 64KiB, connection-window: 128KiB, max-control-frames: 100000 } }
""")).address())


def use_up(client: Http2Client, stream: int) -> None:
    """Sends until the stream's or the connection's window is empty and stays so."""
    while True:
        while (count := min(16_384, client.room(stream))) > 0:
            client.send(data(stream, bytes(count)))
            client.sent_bytes[stream] = client.sent_bytes.get(stream, 0) + count
        for _ in range(20):
            client.settled()
        if client.room(stream) <= 0:
            return


def test_a_stream_that_sends_more_than_its_window(holding):
    """§6.9.1: a stream error or a connection error."""
    with Http2Client(holding.address) as client:
        stream = client.begin("POST", "/", ("content-length", "100000000"))
        use_up(client, stream)
        client.send(data(stream, bytes(16_384)))
        client.until(lambda: client.goaway or client.answer(stream).reset is not None)
        code = client.goaway.code if client.goaway else client.answer(stream).reset
        assert code == FLOW_CONTROL_ERROR


def test_streams_that_send_more_than_the_connection_window(holding):
    """§6.9.1: the connection's window is smaller than the streams' together."""
    with Http2Client(holding.address) as client:
        streams = [client.begin("POST", "/") for _ in range(4)]
        for stream in streams:
            use_up(client, stream)
        for stream in streams:
            client.send(data(stream, bytes(16_384)))
        client.until(lambda: client.goaway)
        assert client.goaway.code == FLOW_CONTROL_ERROR
        client.until_closed()
