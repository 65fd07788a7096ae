"""HTTP/2 framing, streams and errors: RFC 9113 §3 to §7, a row for each rule.

Field rules are in `test_http2_messages.py`, compression in `test_http2_hpack.py`, windows in
`test_http2_windows.py`.
"""
from __future__ import annotations

import pytest

from harness import http2 as h2
from harness.http2 import (
    COMPRESSION_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PREFACE,
    PROTOCOL_ERROR, REFUSED_STREAM, STREAM_CLOSED, continuation, data, frame,
    goaway, headers, ping, priority, push_promise, request, reset, settings, window_update)
from harness.http2_cases import (
    IGNORED, OK, Case, Outcome, Server, answered, closed, closes, either, half_closed, nothing,
    opened, reset_by_client, resets)
from harness.http2_client import Http2Client
from harness.martlet import simple_config

GET = request("GET", "/small?bytes=100")
POST = request("POST", "/small?bytes=100")
HALF = len(GET) // 2
BEGUN = headers(1, GET[:HALF], end_headers=False)
REST = continuation(1, GET[HALF:])
LARGE_FRAME = 16_384
TOO_LARGE = bytes(LARGE_FRAME + 1)
RESERVED = 1 << 31
# A stream error that the whole connection may fall to (§5.4.1).
SIZE = either(FRAME_SIZE_ERROR)


def ignored_then_ok(section: str, name: str, frames: bytes) -> Case:
    """The frames change nothing for the request that follows them."""
    return Case(section, name, nothing, frames + headers(1, GET), OK)


STREAMS = [
    Case("4.1", "reserved bit of a stream id", nothing, headers(1 | RESERVED, GET), OK),
    Case("4.1", "undefined flags of HEADERS", nothing, headers(1, GET, flags=0x52), OK),
    Case("4.1", "undefined flags of DATA", opened, data(1, b"x", end=True, flags=0xF6), OK),
    ignored_then_ok("4.1", "undefined flags of PING", frame(h2.PING, 0xFE, 0, bytes(8))),
    ignored_then_ok("4.1", "undefined flags of SETTINGS", frame(h2.SETTINGS, 0xFE, 0)),
    ignored_then_ok("4.1", "undefined flags of WINDOW_UPDATE",
                    frame(h2.WINDOW_UPDATE, 0xFF, 0, b"\0\0\0\1")),
    ignored_then_ok("5.5", "unknown frame on the connection", frame(0x16, 0, 0, b"what")),
    ignored_then_ok("5.5", "unknown frame on an idle stream", frame(0x16, 0xFF, 7, b"what")),
    ignored_then_ok("5.5", "empty unknown frame", frame(0xFF, 0, 0)),
    Case("5.5", "unknown frame on an open stream", opened,
         frame(0x16, 1, 1, b"what") + data(1, b"x", end=True), OK),
    Case("4.2", "DATA of the largest size", opened, data(1, bytes(LARGE_FRAME), end=True), OK),
    Case("4.2", "DATA too large", opened, data(1, TOO_LARGE), SIZE),
    Case("4.2", "HEADERS too large", nothing, headers(1, GET + TOO_LARGE), closes(FRAME_SIZE_ERROR)),
    Case("4.2", "CONTINUATION too large", nothing, BEGUN + continuation(1, TOO_LARGE),
         closes(FRAME_SIZE_ERROR)),
    Case("4.2", "SETTINGS too large", nothing, frame(h2.SETTINGS, 0, 0, bytes(6 * 2731)),
         closes(FRAME_SIZE_ERROR)),
    Case("4.2", "PING too large", nothing, frame(h2.PING, 0, 0, TOO_LARGE), closes(FRAME_SIZE_ERROR)),
    Case("4.2", "GOAWAY too large", nothing, goaway(debug=TOO_LARGE), closes(FRAME_SIZE_ERROR)),
    Case("4.2", "unknown frame too large", nothing, frame(0x16, 0, 0, TOO_LARGE), SIZE),
    Case("4.3", "block that cannot be decoded", nothing, headers(1, b"\x80"),
         closes(COMPRESSION_ERROR)),
    Case("4.3", "trailers that cannot be decoded", opened, headers(1, b"\x80"),
         closes(COMPRESSION_ERROR)),

    Case("5.1", "DATA on an idle stream", nothing, data(1, b"x"), closes(PROTOCOL_ERROR)),
    Case("5.1", "empty DATA on an idle stream", nothing, data(1, end=True), closes(PROTOCOL_ERROR)),
    Case("5.1", "RST_STREAM on an idle stream", nothing, reset(1), closes(PROTOCOL_ERROR)),
    Case("5.1", "WINDOW_UPDATE on an idle stream", nothing, window_update(1, 9),
         closes(PROTOCOL_ERROR)),
    Case("5.1", "CONTINUATION on an idle stream", nothing, continuation(1, GET),
         closes(PROTOCOL_ERROR)),
    ignored_then_ok("5.1", "PRIORITY on an idle stream", priority(1)),
    Case("5.1", "DATA when half-closed", half_closed, data(1, b"x"), either(STREAM_CLOSED)),
    Case("5.1", "empty DATA when half-closed", half_closed, data(1, end=True), either(STREAM_CLOSED)),
    Case("5.1", "HEADERS when half-closed", half_closed, headers(1, GET), either(STREAM_CLOSED)),
    Case("5.1", "trailers when half-closed", half_closed, headers(1, h2.block(("a", "b"))),
         either(STREAM_CLOSED)),
    Case("5.1", "CONTINUATION when half-closed", half_closed, continuation(1, GET),
         closes(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("5.1", "WINDOW_UPDATE when half-closed", half_closed, window_update(1, 1), IGNORED),
    Case("5.1", "PRIORITY when half-closed", half_closed, priority(1), IGNORED),
    Case("5.1", "RST_STREAM when half-closed", half_closed, reset(1), IGNORED),
    Case("5.1", "DATA when closed", closed, data(1, b"x"), either(STREAM_CLOSED)),
    Case("5.1", "HEADERS when closed", closed, headers(1, GET), either(STREAM_CLOSED)),
    Case("5.1", "CONTINUATION when closed", closed, continuation(1, GET),
         closes(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("5.1", "WINDOW_UPDATE when closed", closed, window_update(1, 1), IGNORED),
    Case("5.1", "RST_STREAM when closed", closed, reset(1), IGNORED),
    Case("5.1", "PRIORITY when closed", closed, priority(1), IGNORED),
    Case("5.1", "DATA after RST_STREAM", reset_by_client, data(1, b"x"), either(STREAM_CLOSED)),
    Case("5.1", "HEADERS after RST_STREAM", reset_by_client, headers(1, POST),
         either(STREAM_CLOSED)),
    Case("5.1", "CONTINUATION after RST_STREAM", reset_by_client, continuation(1, GET),
         closes(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("5.1", "PRIORITY after RST_STREAM", reset_by_client, priority(1), IGNORED),
    Case("5.1.1", "even stream", nothing, headers(2, GET), closes(PROTOCOL_ERROR)),
    Case("5.1.1", "stream 0", nothing, headers(0, GET), closes(PROTOCOL_ERROR)),
    Case("5.1.1", "lower stream that was never used", nothing,
         headers(5, POST, end=False) + headers(3, POST, end=False),
         closes(PROTOCOL_ERROR, STREAM_CLOSED)),
    Case("5.1.1", "streams are left out", nothing, headers(1001, GET), Outcome(statuses=(200,), on=1001)),
    Case("5.1.1", "DATA on a stream left out", nothing, headers(5, GET) + data(3, b"x"),
         either(PROTOCOL_ERROR, STREAM_CLOSED, on=3)),
    Case("5.1.1", "used stream after others", answered, headers(3, GET),
         closes(PROTOCOL_ERROR, STREAM_CLOSED)),
    # RFC 7540 §5.3.1; RFC 9113 §5.3.2 no longer asks for it, but lets nobody rely on it either.
    Case("5.3", "HEADERS that depends on itself", nothing,
         headers(1, GET, priority=h2.dependency(1)), either(PROTOCOL_ERROR)),
    Case("5.3", "PRIORITY that depends on itself", opened, priority(1, on=1), either(PROTOCOL_ERROR)),
    Case("5.4.2", "RST_STREAM is not answered", opened, reset(1, PROTOCOL_ERROR), IGNORED),
]

between = [
    ("DATA", data(1, b"x")), ("HEADERS", headers(1, GET)), ("HEADERS of another", headers(3, GET)),
    ("PRIORITY", priority(1)), ("RST_STREAM", reset(1)), ("SETTINGS", settings()), ("PING", ping()),
    ("GOAWAY", goaway()), ("WINDOW_UPDATE", window_update(0, 1)), ("unknown frame", frame(0x16, 0, 1)),
    ("CONTINUATION of another", continuation(3, GET[HALF:])),
    ("PUSH_PROMISE", push_promise(1, 2, GET)),
]

FRAMES = [
    Case("6.1", "DATA on stream 0", nothing, data(0, b"x"), closes(PROTOCOL_ERROR)),
    Case("6.1", "padded DATA", opened, data(1, b"x", end=True, pad=255), OK),
    Case("6.1", "nothing but padding", opened, data(1, b"", end=True, pad=9), OK),
    Case("6.1", "padding of no length", opened, data(1, b"x", end=True, pad=0), OK),
    Case("6.1", "padding as long as the payload", opened, frame(h2.DATA, 8, 1, b"\4abcd"[:4]),
         closes(PROTOCOL_ERROR)),
    Case("6.1", "padding longer than the payload", opened, frame(h2.DATA, 8, 1, b"\xffabcd"),
         closes(PROTOCOL_ERROR)),
    Case("6.1", "padded DATA without a pad length", opened, frame(h2.DATA, 8, 1),
         closes(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("6.2", "padded HEADERS", nothing, headers(1, GET, pad=200), OK),
    Case("6.2", "HEADERS with priority", nothing,
         headers(1, GET, priority=h2.dependency(0, 255, True)), OK),
    Case("6.2", "HEADERS padded and with priority", nothing,
         headers(1, GET, pad=3, priority=h2.dependency(5)), OK),
    Case("6.2", "padding of HEADERS too long", nothing, frame(h2.HEADERS, 0xD, 1, b"\xff" + GET),
         closes(PROTOCOL_ERROR)),
    Case("6.2", "padding and priority too long", nothing,
         frame(h2.HEADERS, 0x2D, 1, b"\1\0\0\0\0\0"), closes(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("6.2", "HEADERS too short for its priority", nothing, frame(h2.HEADERS, 0x25, 1, b"\0\0"),
         either(PROTOCOL_ERROR, FRAME_SIZE_ERROR)),
    Case("6.3", "PRIORITY on stream 0", nothing, priority(0), closes(PROTOCOL_ERROR)),
    Case("6.3", "PRIORITY too short", opened, frame(h2.PRIORITY, 0, 1, bytes(4)), SIZE),
    Case("6.3", "PRIORITY too long", opened, frame(h2.PRIORITY, 0, 1, bytes(6)), SIZE),
    Case("6.4", "RST_STREAM on stream 0", nothing, reset(0), closes(PROTOCOL_ERROR)),
    Case("6.4", "RST_STREAM too short", opened, frame(h2.RST_STREAM, 0, 1, bytes(3)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.4", "RST_STREAM too long", opened, frame(h2.RST_STREAM, 0, 1, bytes(5)),
         closes(FRAME_SIZE_ERROR)),
    Case("7", "RST_STREAM with an unknown code", opened, reset(1, 0xFFFF_FFFF), IGNORED),
    Case("6.5", "acknowledgement with a payload", nothing, frame(h2.SETTINGS, 1, 0, bytes(6)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.5", "SETTINGS on a stream", opened, frame(h2.SETTINGS, 0, 1, bytes(6)),
         closes(PROTOCOL_ERROR)),
    Case("6.5", "empty SETTINGS on a stream", opened, frame(h2.SETTINGS, 0, 1), closes(PROTOCOL_ERROR)),
    Case("6.5", "SETTINGS of 5 bytes", nothing, frame(h2.SETTINGS, 0, 0, bytes(5)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.5", "SETTINGS of 7 bytes", nothing, frame(h2.SETTINGS, 0, 0, bytes(7)),
         closes(FRAME_SIZE_ERROR)),
    Case("6.5", "acknowledgement that nobody waits for", nothing,
         settings(ack=True) + headers(1, GET), Outcome((PROTOCOL_ERROR,), (), (200,))),
    Case("6.5.2", "ENABLE_PUSH of 2", nothing, settings((h2.ENABLE_PUSH, 2)), closes(PROTOCOL_ERROR)),
    Case("6.5.2", "INITIAL_WINDOW_SIZE too large", nothing,
         settings((h2.INITIAL_WINDOW_SIZE, 1 << 31)), closes(FLOW_CONTROL_ERROR)),
    Case("6.5.2", "INITIAL_WINDOW_SIZE of all bits", nothing,
         settings((h2.INITIAL_WINDOW_SIZE, 0xFFFF_FFFF)), closes(FLOW_CONTROL_ERROR)),
    Case("6.5.2", "MAX_FRAME_SIZE too small", nothing, settings((h2.MAX_FRAME_SIZE, 16_383)),
         closes(PROTOCOL_ERROR)),
    Case("6.5.2", "MAX_FRAME_SIZE too large", nothing, settings((h2.MAX_FRAME_SIZE, 1 << 24)),
         closes(PROTOCOL_ERROR)),
    Case("6.5.2", "the second of two is wrong", nothing,
         settings((h2.MAX_FRAME_SIZE, 16_384), (h2.ENABLE_PUSH, 9)), closes(PROTOCOL_ERROR)),
    ignored_then_ok("6.5.2", "unknown setting", settings((0xABCD, 0xFFFF_FFFF), (0, 1))),
    ignored_then_ok("6.5.2", "largest values", settings(
        (1, 0xFFFF_FFFF), (2, 0), (3, 0xFFFF_FFFF), (4, h2.LARGEST_WINDOW), (5, (1 << 24) - 1),
        (6, 0xFFFF_FFFF))),
    ignored_then_ok("6.5.2", "smallest values", settings((1, 0), (2, 1), (3, 0), (5, 16_384))),
    ignored_then_ok("6.5.3", "the last of the same counts", settings((4, 0), (4, 9), (4, 65_535))),
    Case("6.6", "PUSH_PROMISE of a client", opened, push_promise(1, 2, GET), closes(PROTOCOL_ERROR)),
    Case("6.6", "PUSH_PROMISE on stream 0", nothing, push_promise(0, 2, GET), closes(PROTOCOL_ERROR)),
    Case("6.7", "PING on a stream", opened, frame(h2.PING, 0, 1, bytes(8)), closes(PROTOCOL_ERROR)),
    Case("6.7", "PING too short", nothing, frame(h2.PING, 0, 0, bytes(7)), closes(FRAME_SIZE_ERROR)),
    Case("6.7", "PING too long", nothing, frame(h2.PING, 0, 0, bytes(9)), closes(FRAME_SIZE_ERROR)),
    ignored_then_ok("6.7", "answer that nobody waits for", ping(b"surprise", ack=True)),
    Case("6.8", "GOAWAY on a stream", opened, frame(h2.GOAWAY, 0, 1, bytes(8)), closes(PROTOCOL_ERROR)),
    Case("6.8", "GOAWAY too short", nothing, frame(h2.GOAWAY, 0, 0, bytes(7)), closes(FRAME_SIZE_ERROR)),
    Case("6.10", "many parts", nothing, h2.split_headers(1, GET, 10), OK),
    Case("6.10", "empty parts", nothing, BEGUN + continuation(1, b"", False) * 3 + REST, OK),
    Case("6.10", "HEADERS without a byte of the block", nothing,
         headers(1, b"", end_headers=False) + continuation(1, GET), OK),
    Case("6.10", "trailers in parts", opened,
         data(1, b"x") + h2.split_headers(1, h2.block(("x-sum", "1")), 3), OK),
    Case("6.10", "CONTINUATION on stream 0", nothing, BEGUN + continuation(0, GET[HALF:]),
         closes(PROTOCOL_ERROR)),
    Case("6.10", "CONTINUATION after the end", opened, continuation(1, GET), closes(PROTOCOL_ERROR)),
    Case("6.10", "CONTINUATION after DATA", opened, data(1, b"x") + continuation(1, GET),
         closes(PROTOCOL_ERROR)),
    Case("6.10", "CONTINUATION without HEADERS", nothing, continuation(1, GET), closes(PROTOCOL_ERROR)),
    *(Case("6.10", f"{name} in a block", nothing, BEGUN + frames + REST, closes(PROTOCOL_ERROR))
      for name, frames in between),
]
CASES = STREAMS + FRAMES


@pytest.fixture(scope="module")
def server(start_shared, echo) -> Server:
    martlet = start_shared(simple_config(
        echo.url, listener="limits: { http2: { max-concurrent-streams: 10 } }"))
    return Server(martlet.address())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(server, case: Case):
    case.run(server)


@pytest.mark.parametrize("first", [
    headers(1, GET), ping(), window_update(0, 1), priority(1), settings(ack=True), goaway(),
    frame(0x16, 0, 0), PREFACE,
], ids=["HEADERS", "PING", "WINDOW_UPDATE", "PRIORITY", "ACK", "GOAWAY", "unknown", "preface"])
def test_first_frame_is_not_settings(server, first):
    """§3.4: an invalid preface is a connection error; here GOAWAY may be left out."""
    with Http2Client(server.address, settings=False) as client:
        client.send(first)
        client.until_closed()
        assert not client.goaway or client.goaway.code in (PROTOCOL_ERROR, FRAME_SIZE_ERROR)
        assert 1 not in client.answers


@pytest.mark.parametrize("preface", [
    PREFACE[:-1] + b"X", PREFACE.replace(b"SM", b"MS"), PREFACE.replace(b"\r\n\r\nSM", b"\r\nSM"),
    b"PRI * HTTP/2.1\r\n\r\nSM\r\n\r\n", b"PRI / HTTP/2.0\r\n\r\nSM\r\n\r\n"])
def test_invalid_preface(server, preface):
    """§3.4: nothing behind it is served. Its first line may be answered as HTTP/1."""
    with Http2Client(server.address, preface=preface) as client:
        client.send(headers(1, GET))
        received = bytearray()
        try:
            while more := client.socket.recv(65_536):
                received += more
        except ConnectionResetError:
            pass
        assert b" 200 " not in received and b"\x88" not in received


def test_preface_byte_by_byte(server):
    with Http2Client(server.address, preface=b"", settings=False) as client:
        for byte in PREFACE + settings() + headers(1, GET):
            client.send(bytes([byte]))
        assert client.response(1).status == 200


def test_all_at_once(server):
    """§3.4: a client may send before it has the server's SETTINGS, which come first all the same."""
    everything = PREFACE + settings() + headers(1, GET) + headers(3, GET) + ping(b"12345678")
    with Http2Client(server.address, preface=everything, settings=False) as client:
        assert client.response(1).status == client.response(3).status == 200
        assert client.seen[0].kind == h2.SETTINGS and not client.seen[0].is_ack
        assert any(f.kind == h2.PING and f.payload == b"12345678" for f in client.seen)


def test_settings_are_acknowledged_one_by_one(server):
    with Http2Client(server.address) as client:
        client.send(settings((h2.MAX_FRAME_SIZE, 20_000)), settings())
        client.settled()
        assert sum(f.kind == h2.SETTINGS and f.is_ack for f in client.seen) == 3


def test_largest_stream(server):
    """§5.1.1: there is none after it."""
    with Http2Client(server.address) as client:
        client.send(headers(h2.LARGEST_STREAM, GET))
        assert client.response(h2.LARGEST_STREAM).status == 200


def test_streams_above_the_limit(server):
    """§5.1.2: PROTOCOL_ERROR or REFUSED_STREAM, and the others go on."""
    with Http2Client(server.address, (h2.INITIAL_WINDOW_SIZE, 0)) as client:
        client.until(lambda: client.has_settings)
        limit = client.peer_settings[h2.MAX_CONCURRENT_STREAMS]
        streams = [client.begin("GET", server.large, end=True) for _ in range(limit + 1)]
        assert client.response(streams[-1]).reset in (PROTOCOL_ERROR, REFUSED_STREAM)
        client.send(settings((h2.INITIAL_WINDOW_SIZE, 1 << 20)))
        assert {client.response(s).status for s in streams[:-1]} == {200}
        assert client.fetch(server.small).status == 200


def test_goaway_names_the_last_stream(server):
    """§6.8: everything above it may be sent again, so it must not be too small."""
    with Http2Client(server.address) as client:
        assert client.fetch(server.small).status == client.fetch(server.small).status == 200
        client.send(data(0, b"x"), headers(5, GET))
        assert client.until_frame(h2.GOAWAY).number == 3
        client.until_closed()
        assert 5 not in client.answers


def test_goaway_of_the_client(server):
    """§6.8: streams that are open are served, then the connection ends."""
    with Http2Client(server.address) as client:
        stream = client.begin("POST", server.small)
        client.send(goaway(0), data(stream, b"x", end=True))
        assert client.response(stream).status == 200
        client.until_closed()


def test_nothing_is_pushed(server):
    """§8.4: `ENABLE_PUSH` of 0, and all identifiers of the server's are unused anyway."""
    with Http2Client(server.address, (h2.ENABLE_PUSH, 0)) as client:
        for _ in range(3):
            client.fetch(server.small)
        client.settled()
        assert not [f for f in client.seen if f.kind == h2.PUSH_PROMISE or f.stream % 2 == 0 < f.stream]


def test_frames_are_no_larger_than_allowed(server):
    """§4.2: 16,384 bytes unless the client has said more."""
    with Http2Client(server.address, (h2.INITIAL_WINDOW_SIZE, 1 << 20)) as client:
        assert len(client.fetch(server.large).body) == server.large_bytes
        assert max(len(f.payload) for f in client.seen) <= LARGE_FRAME


def test_the_table_is_large():
    assert len(CASES) >= 110 and len({case.id for case in CASES}) == len(CASES)
