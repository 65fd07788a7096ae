"""WebSockets through Martlet: a real client, a real server, and handshakes that are wrong."""
from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import socket

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from harness.martlet import Martlet, simple_config
from harness.websocket_backend import WebSocketBackend

KEY = base64.b64encode(bytes(range(16))).decode()


def accept(key: str) -> str:
    guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    return base64.b64encode(hashlib.sha1((key + guid).encode()).digest()).decode()


def handshake(**changes: str | None) -> bytes:
    fields = {"Host": "a", "Connection": "Upgrade", "Upgrade": "websocket",
              "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13"}
    fields.update({name.replace("_", "-"): value for name, value in changes.items()})
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    return ("GET /chat HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode()


@pytest.fixture(scope="module")
def backend():
    backend = WebSocketBackend()
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def martlet(start_shared, backend) -> Martlet:
    return start_shared(simple_config(backend.url).replace("workers: 1", "workers: 2"))


def url(martlet: Martlet, path: str) -> str:
    return martlet.url(path).replace("http://", "ws://")


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def test_messages_of_every_size(martlet):
    async def main():
        async with connect(url(martlet, "/echo"), max_size=None) as client:
            for size in (0, 1, 125, 126, 127, 65535, 65536, 1_000_000):
                message = os.urandom(size)
                await client.send(message)
                assert await client.recv() == message
            await client.send("a" * 70_000)
            assert await client.recv() == "a" * 70_000
    run(main())


def test_many_messages_at_once(martlet):
    async def main():
        async with connect(url(martlet, "/echo")) as client:
            async def send():
                for number in range(2000):
                    await client.send(str(number))
            sender = asyncio.create_task(send())
            for number in range(2000):
                assert await client.recv() == str(number)
            await sender
    run(main())


def test_the_server_may_speak_first(martlet):
    async def main():
        async with connect(url(martlet, "/greet")) as client:
            assert await client.recv() == "hello"
    run(main())


def test_a_close_arrives_with_its_code(martlet):
    async def main():
        async with connect(url(martlet, "/close")) as client:
            with pytest.raises(ConnectionClosed) as closed:
                await client.recv()
            assert closed.value.rcvd.code == 4001
            assert closed.value.rcvd.reason == "go away"
    run(main())


def test_subprotocols_and_headers_pass(martlet, backend):
    async def main():
        async with connect(url(martlet, "/headers?a=b"), subprotocols=["chat"],
                           additional_headers={"X-Test": "1"}) as client:
            assert client.subprotocol == "chat"
            assert client.response.headers["x-request-id"]
    run(main())
    assert backend.paths[-1] == "/headers?a=b"
    assert backend.headers[-1]["x-test"] == "1"
    assert backend.headers[-1]["x-forwarded-for"] == "127.0.0.1"


def test_it_is_logged_when_it_ends(martlet):
    async def main():
        async with connect(url(martlet, "/logged")) as client:
            await client.send("x")
            await client.recv()
    run(main())
    record = martlet.exchange(path="/logged")
    assert record["status"] == 101
    assert record["bytes_in"] > 0 and record["bytes_out"] > 0
    assert "error" not in record


@pytest.mark.parametrize("changes, status", [
    ({"Sec_WebSocket_Key": None}, 400),
    ({"Sec_WebSocket_Key": "short"}, 400),
    ({"Sec_WebSocket_Key": KEY + "\r\nSec-WebSocket-Key: " + KEY}, 400),
    ({"Sec_WebSocket_Version": None}, 400),
    ({"Sec_WebSocket_Version": "8"}, 400),
    ({"Connection": "keep-alive"}, 400),
    ({"Content_Length": "3"}, 400),
])
def test_malformed_handshakes(martlet, backend, changes, status):
    before = len(backend.paths)
    with martlet.connect() as client:
        client.send(handshake(**changes))
        answer = client.response()
    assert answer.status == status
    assert b"upgrade_malformed" in answer.body
    assert answer.value("sec-websocket-version") == b"13"
    assert len(backend.paths) == before


def test_other_upgrades_are_taken_off(martlet, backend):
    """The server answers a request that is no WebSocket with 426 or 400 itself."""
    with martlet.connect() as client:
        client.send(handshake(Upgrade="h2c"))
        assert client.response().status in (400, 426)


def test_a_route_may_forbid_them(start, backend):
    martlet = start(simple_config(backend.url, route="websocket: false"))

    async def main():
        with pytest.raises(InvalidStatus) as refused:
            async with connect(url(martlet, "/echo")):
                pass
        assert refused.value.response.status_code == 501
    run(main())


@pytest.mark.parametrize("answer, status", [
    # Not what was asked for.
    ("101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
     "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=", 502),
    ("101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n"
     f"Sec-WebSocket-Accept: {accept(KEY)}", 502),
    ("101 Switching Protocols\r\nUpgrade: websocket\r\n"
     f"Sec-WebSocket-Accept: {accept(KEY)}", 502),
    # An ordinary answer is passed on.
    ("403 Forbidden\r\nContent-Length: 0", 403),
    ("200 OK\r\nContent-Length: 2\r\n\r\nhi", 200),
])
def test_what_an_upstream_answers(start, scripted, answer, status):
    head = answer if "\r\n\r\n" in answer else answer + "\r\n\r\n"

    def script(connection):
        connection.request()
        connection.send(f"HTTP/1.1 {head}".encode())
        connection.wait_for_close()

    backend = scripted(script)
    martlet = start(simple_config(backend.url))
    with martlet.connect() as client:
        client.send(handshake())
        assert client.response().status == status


def test_a_reload_leaves_open_ones_alone(start, backend):
    config = simple_config(backend.url)
    martlet = start(config)

    async def main():
        async with connect(url(martlet, "/echo")) as client:
            for number in range(20):
                martlet.reload(config.replace("workers: 1", f"workers: 1 # {number}"))
                await client.send(str(number))
                assert await client.recv() == str(number)
    run(main())


def test_idle_ones_end(start, backend):
    martlet = start(simple_config(
        f"{{ endpoints: '{backend.url}', timeouts: {{ websocket-idle: 500ms }} }}"))

    async def main():
        async with connect(url(martlet, "/echo"), ping_interval=None) as client:
            await client.send("x")
            await client.recv()
            with pytest.raises(ConnectionClosed):
                await client.recv()
    run(main())


def test_early_bytes_are_held_until_the_upstream_has_agreed(martlet):
    """A client that does not wait for 101: a masked text frame right behind the handshake."""
    mask = b"\1\2\3\4"
    frame = b"\x81\x82" + mask + bytes(c ^ m for c, m in zip(b"hi", mask))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        client.sendall(handshake() + frame)
        received = b""
        while b"\x81\x02hi" not in received:
            part = client.recv(4096)
            assert part, received
            received += part
    assert received.startswith(b"HTTP/1.1 101 ")
    assert f"sec-websocket-accept: {accept(KEY)}".encode() in received.lower() \
        or accept(KEY).encode() in received
