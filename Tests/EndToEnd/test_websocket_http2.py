"""WebSockets over HTTP/2 (RFC 8441), on either side and on both: nghttpx speaks it, and raw frames."""
from __future__ import annotations

import asyncio
import os

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from harness import http2 as h2
from harness.http2_client import Http2Client
from harness.martlet import Martlet, simple_config
from harness.nghttpx import Nghttpx
from harness.websocket_backend import WebSocketBackend


@pytest.fixture(scope="module")
def backend():
    backend = WebSocketBackend()
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def martlet(start_shared, backend) -> Martlet:
    return start_shared(simple_config(backend.url))


@pytest.fixture(scope="module", params=["h2-to-http1", "http1-to-h2", "h2-to-h2"])
def address(request, start_shared, backend):
    """Where a client of HTTP/1.1 connects; the sides of Martlet speak as the name says."""
    before, _, after = request.param.partition("-to-")
    helpers: list[Nghttpx] = []
    target = f"http://127.0.0.1:{backend.port}"
    if after == "h2":
        helpers.append(Nghttpx(("127.0.0.1", backend.port), "http/1.1"))
        target = f"h2c://127.0.0.1:{helpers[-1].port}"
    martlet = start_shared(simple_config(target))
    address = martlet.address()
    if before == "h2":
        helpers.append(Nghttpx(address, "h2"))
        address = helpers[-1].address
    yield address
    if before == "h2":
        assert any(e.get("protocol") == "HTTP/2" for e in martlet.exchanges), martlet.exchanges[:3]
    for helper in helpers:
        helper.stop()


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def url(address, path: str) -> str:
    return f"ws://{address[0]}:{address[1]}{path}"


def test_messages_of_every_size(address):
    async def main():
        async with connect(url(address, "/echo"), max_size=None) as client:
            for size in (0, 1, 125, 126, 127, 65535, 65536, 1_000_000):
                message = os.urandom(size)
                await client.send(message)
                assert await client.recv() == message
    run(main())


def test_many_at_once(address):
    async def talk(number: int):
        async with connect(url(address, f"/{number}")) as client:
            for turn in range(20):
                await client.send(f"{number} {turn}")
                assert await client.recv() == f"{number} {turn}"

    async def main():
        await asyncio.gather(*(talk(number) for number in range(50)))
    run(main())


def test_a_close_arrives_with_its_code(address):
    async def main():
        async with connect(url(address, "/close")) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await client.recv()
            assert closed.value.rcvd.code == 4001
    run(main())


def test_the_server_may_speak_first(address):
    async def main():
        async with connect(url(address, "/greet")) as client:
            assert await client.recv() == "hello"
    run(main())


def test_headers_and_subprotocols_pass(address, backend):
    async def main():
        async with connect(url(address, "/headers?a=b"), subprotocols=["chat"],
                           additional_headers={"X-Test": "1"}) as client:
            assert client.subprotocol == "chat"
    run(main())
    assert backend.paths[-1] == "/headers?a=b"
    assert backend.headers[-1]["x-test"] == "1"


# Frame by frame


def masked(payload: bytes, opcode: int = 1) -> bytes:
    mask = b"\1\2\3\4"
    body = bytes(byte ^ mask[at % 4] for at, byte in enumerate(payload))
    return bytes([0x80 | opcode, 0x80 | len(payload)]) + mask + body


def handshake(client: Http2Client, protocol: str = "websocket", path: str = "/echo",
              *more: h2.Field, end: bool = False) -> int:
    stream = client.open_stream()
    fields = [(":method", "CONNECT"), (":protocol", protocol), (":scheme", "http"),
              (":path", path), (":authority", "a"), ("sec-websocket-version", "13"), *more]
    client.send(h2.headers(stream, h2.block(*fields), end=end))
    return stream


def test_the_setting_says_that_it_is_spoken(martlet):
    with Http2Client(martlet.address()) as client:
        client.until(lambda: client.has_settings)
        assert client.peer_settings[h2.ENABLE_CONNECT_PROTOCOL] == 1


def test_bytes_go_both_ways_until_one_side_ends(martlet):
    with Http2Client(martlet.address()) as client:
        stream = handshake(client)
        answer = client.head(stream)
        assert answer.status == 200
        assert not answer.values("sec-websocket-accept") and not answer.values("upgrade")
        client.send(h2.data(stream, masked(b"one")))
        client.until(lambda: answer.body == b"\x81\x03one")
        # Another stream of the same connection is served meanwhile.
        assert client.fetch("/plain").status in (400, 426)
        client.send(h2.data(stream, masked(b"\x03\xe8", opcode=8)))
        client.until(lambda: answer.finished)
        assert answer.body == b"\x81\x03one" + b"\x88\x02\x03\xe8"


def test_a_reset_ends_the_upstreams(martlet, backend):
    with Http2Client(martlet.address()) as client:
        stream = handshake(client, path="/reset")
        assert client.head(stream).status == 200
        client.send(h2.reset(stream))
        client.settled()
        martlet.wait_until(lambda: martlet.metric("martlet_upstream_connections",
                                                  upstream="backend") == 0, "end of the upstream's")
        assert client.fetch("/plain").status in (400, 426)


@pytest.mark.parametrize("protocol, status", [("connect-udp", 501), ("webtransport", 501)])
def test_other_protocols(martlet, protocol, status):
    with Http2Client(martlet.address()) as client:
        assert client.response(handshake(client, protocol)).status == status


def test_a_handshake_that_ends_its_stream(martlet, backend):
    before = len(backend.paths)
    with Http2Client(martlet.address()) as client:
        answer = client.response(handshake(client, end=True))
        assert answer.status == 400 or answer.reset is not None
    assert len(backend.paths) == before


def test_a_wrong_version(martlet, backend):
    before = len(backend.paths)
    with Http2Client(martlet.address()) as client:
        stream = client.open_stream()
        fields = [(":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"),
                  (":path", "/echo"), (":authority", "a"), ("sec-websocket-version", "8")]
        client.send(h2.headers(stream, h2.block(*fields), end=False))
        assert client.response(stream).status == 400
    assert len(backend.paths) == before


def test_an_upstream_without_the_setting(start, scripted_http2):
    """It cannot take an extended CONNECT: said to the client, not tried."""
    martlet = start(simple_config(scripted_http2(lambda connection: connection.until_closed()).url))

    async def main():
        from websockets.exceptions import InvalidStatus
        with pytest.raises(InvalidStatus) as refused:
            async with connect(url(martlet.address(), "/echo")):
                pass
        assert refused.value.response.status_code in (501, 502)
    run(main())
