"""gRPC-Web: a client of its own (`sonora`), and raw messages in both forms, before a real server."""
from __future__ import annotations

import base64
import struct
import time

import grpc
import httpx
import pytest
import sonora.client
from sonora.protocol import WebRpcError

from harness.echo_backend import pattern
from harness.grpc_backend import GRPCBackend
from harness.http1 import Message
from harness.martlet import Martlet, simple_config

BINARY = "application/grpc-web+proto"
TEXT = "application/grpc-web-text+proto"


@pytest.fixture(scope="module")
def service():
    service = GRPCBackend()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def martlet(start_shared, service) -> Martlet:
    return start_shared(simple_config(service.url, listener="timeouts: { half-closed: 500ms }"))


@pytest.fixture
def channel(martlet):
    with sonora.client.insecure_web_channel(martlet.url("/")) as channel:
        yield channel


def same(message: bytes) -> bytes:
    return message


@pytest.mark.parametrize("size", [0, 1, 100_000, 3_000_000])
def test_unary_by_a_client(channel, size):
    call = channel.unary_unary("/test.Echo/Unary", same, same)
    assert call(pattern(size)) == pattern(size)


def test_metadata_by_a_client(channel, service):
    answer, call = channel.unary_unary("/test.Echo/Unary", same, same).with_call(
        b"x", metadata=[("x-a", "b")])
    assert answer == b"x"
    assert service.metadata["x-a"] == "b"
    assert dict(call.initial_metadata())["x-begin"] == "1"
    assert dict(call.trailing_metadata())["x-end"] == "2"


def test_server_streaming_by_a_client(channel):
    answers = channel.unary_stream("/test.Echo/Count", same, same)(b"1000")
    assert list(answers) == [b"%d" % number for number in range(1000)]


def test_failure_by_a_client(channel):
    with pytest.raises(WebRpcError) as caught:
        channel.unary_unary("/test.Echo/Fail", same, same)(b"x")
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION


def test_nobody_there_by_a_client(start):
    martlet = start(simple_config("h2c://127.0.0.1:1"))
    with sonora.client.insecure_web_channel(martlet.url("/")) as channel:
        with pytest.raises(WebRpcError) as caught:
            channel.unary_unary("/test.Echo/Unary", same, same)(b"x")
    assert caught.value.code() == grpc.StatusCode.UNAVAILABLE


def test_a_page_of_another_origin_can_read_the_status(start):
    """Martlet's own answer is a head alone, whose fields scripts see only if it says so."""
    martlet = start("""
listeners: { public: 127.0.0.1:0 }
upstreams: { gone: h2c://127.0.0.1:1 }
routes: [{ cors: https://page.example, upstream: gone }]
""")
    answer = martlet.get("/test.Echo/Unary", method="POST", body=b"", headers={
        "content-type": BINARY, "origin": "https://page.example"})
    assert answer.value("grpc-status") == b"14"
    assert answer.values("access-control-expose-headers") == [b"grpc-status, grpc-message"]


def test_deadline_by_a_client(channel, service):
    """The client's own timer is set later, so that the status is Martlet's."""
    service.cancelled.clear()
    begun = time.monotonic()
    with pytest.raises(WebRpcError) as caught:
        list(channel.unary_stream("/test.Echo/Hang", same, same)(
            b"", metadata=[("grpc-timeout", "300m")]))
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert time.monotonic() - begun < 5
    assert service.cancelled.wait(10)


# Message by message


def framed(message: bytes) -> bytes:
    return struct.pack(">BI", 0, len(message)) + message


def frames(body: bytes) -> list[tuple[int, bytes]]:
    found = []
    while body:
        flags, count = struct.unpack(">BI", body[:5])
        assert len(body) >= 5 + count, body
        found.append((flags, body[5:5 + count]))
        body = body[5 + count:]
    return found


def pieces_of_base64(text: bytes) -> bytes:
    """Each piece may be padded by itself."""
    decoded = b""
    for at in range(0, len(text), 4):
        decoded += base64.b64decode(text[at:at + 4], validate=True)
    return decoded


@pytest.fixture(params=["http1", "http2"])
def client(request):
    with httpx.Client(http1=request.param == "http1", http2=request.param == "http2") as client:
        client.version = "HTTP/2" if request.param == "http2" else "HTTP/1.1"
        yield client


@pytest.mark.parametrize("kind", [BINARY, TEXT])
@pytest.mark.parametrize("message", [b"", b"\0\1\2", pattern(70_001)], ids=len)
def test_the_last_frame_is_the_trailers(martlet, client, kind, message):
    body = framed(message)
    answer = client.post(martlet.url("/test.Echo/Unary"), headers={"content-type": kind},
                         content=base64.b64encode(body) if kind == TEXT else body)
    assert (answer.status_code, answer.http_version) == (200, client.version)
    assert answer.headers["content-type"].startswith(kind.partition("+")[0])
    content = pieces_of_base64(answer.content) if kind == TEXT else answer.content
    first, last = frames(content)
    assert first == (0, message)
    assert last[0] == 0x80
    lines = last[1].decode().split("\r\n")
    assert "grpc-status:0" in [line.replace(": ", ":").lower() for line in lines]
    assert any(line.lower().startswith("x-end:") for line in lines)


@pytest.mark.parametrize("kind", [BINARY, TEXT])
def test_a_stream_arrives_as_it_is_sent(martlet, service, client, kind):
    """The first message is there while the server still holds the call."""
    service.cancelled.clear()
    body = framed(b"")
    with client.stream("POST", martlet.url("/test.Echo/Hang"), headers={"content-type": kind},
                       content=base64.b64encode(body) if kind == TEXT else body) as answer:
        received = b""
        for piece in answer.iter_bytes():
            received += piece
            content = pieces_of_base64(received) if kind == TEXT and len(received) % 4 == 0 \
                else received
            if framed(b"begun") in content:
                break
        assert not service.cancelled.is_set()
    # This client says nothing of a stream that it gives up over HTTP/2.
    client.close()
    assert service.cancelled.wait(10)


@pytest.mark.parametrize("text", [b"****", b"AAAA=AAA", b"A"])
def test_what_is_no_base64(martlet, client, text):
    answer = client.post(martlet.url("/test.Echo/Unary"), headers={"content-type": TEXT}, content=text)
    assert answer.headers.get("grpc-status") == "13"


def test_an_answer_that_is_no_grpc_stays_what_it_is(start, scripted, client):
    """Of a server in front that knows nothing of gRPC; clients go by its HTTP status."""
    def script(connection) -> None:
        message: Message = connection.request()
        assert message.value("content-type") == b"application/grpc+proto"
        connection.send(b"HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nbusy")
        connection.wait_for_close()

    martlet = start(simple_config(scripted(script).url))
    answer = client.post(martlet.url("/test.Echo/Unary"), headers={"content-type": BINARY},
                         content=framed(b"x"))
    assert (answer.status_code, answer.content) == (503, b"busy")
