"""Listeners that pass connections on as they are: raw TCP, and TLS by its server name."""
from __future__ import annotations

import hashlib
import os
import socket
import ssl
import struct
import threading

import pytest

from harness.certificates import Authority
from harness.martlet import Martlet, indent
from harness.ports import free_port

MEGABYTE = 1 << 20


class EchoServer:
    """Sends back what it gets until the client ends; with TLS, says its name first."""

    def __init__(self, greeting: bytes = b"", context: ssl.SSLContext | None = None):
        self.greeting, self.context = greeting, context
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
            connection.sendall(self.greeting)
            while data := connection.recv(65536):
                connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        finally:
            connection.close()

    def close(self) -> None:
        self.listener.close()


@pytest.fixture
def server():
    servers = []

    def make(**options) -> EchoServer:
        servers.append(EchoServer(**options))
        return servers[-1]

    yield make
    for each in servers:
        each.close()


def config(upstreams: dict[str, int], tcp: str, more: str = "", idle: str = "30s") -> str:
    lines = "\n".join(
        f"{name}: {{ endpoints: ['http://127.0.0.1:{port}'], timeouts: {{ connect: 1s, websocket-idle: {idle} }} }}"
        for name, port in upstreams.items())
    return f"""
workers: 2
listeners:
  public:
    address: 127.0.0.1:0
    tcp: {tcp}
{indent(more, 4)}
upstreams:
{indent(lines, 2)}
routes: []
"""


def test_bytes_go_both_ways(start, server):
    martlet: Martlet = start(config({"echo": server(greeting=b"hi ").port}, "{ upstream: echo }"))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        assert client.recv(3) == b"hi "
        client.sendall(b"one")
        assert client.recv(3) == b"one"
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b""
    record = martlet.exchange(protocol="TCP")
    assert record["bytes_in"] == 3 and record["bytes_out"] == 6
    assert record["upstream"] == "echo"
    assert martlet.metric("martlet_tcp_received_bytes_total", listener="public") == 3
    assert martlet.metric("martlet_tcp_sent_bytes_total", listener="public") == 6


def test_a_large_transfer_is_whole(start, server):
    martlet: Martlet = start(config({"echo": server().port}, "{ upstream: echo }"))
    data = os.urandom(32 * MEGABYTE)
    received = bytearray()
    with socket.create_connection(martlet.address(), timeout=30) as client:
        sender = threading.Thread(
            target=lambda: (client.sendall(data), client.shutdown(socket.SHUT_WR)))
        sender.start()
        while part := client.recv(65536):
            received += part
        sender.join()
    assert hashlib.sha256(received).digest() == hashlib.sha256(data).digest()
    assert martlet.resident_bytes() < 200 * MEGABYTE


def test_what_a_client_said_before_it_went_arrives(start, scripted):
    """Also at an endpoint that takes longer for it than a connection may be idle."""
    size, counts = 6 * MEGABYTE, []

    def slow(connection):
        while part := connection.socket.recv(65536):
            counts.append(len(part))
            threading.Event().wait(len(part) / (2 * MEGABYTE))

    backend = scripted(slow, receive_buffer=65536)
    martlet: Martlet = start(config({"slow": backend.port}, "{ upstream: slow }", idle="500ms"))
    with socket.create_connection(martlet.address(), timeout=30) as client:
        client.sendall(os.urandom(size))
    backend.wait_until(lambda: sum(counts) == size)


def test_what_is_broken_off_is_no_end(start, scripted):
    """A reset is passed on in both directions: a clean end would say that all has come."""
    ends = []

    def breaks_off(connection):
        connection.send(b"half")
        assert connection.socket.recv(4) == b"more"
        connection.reset()

    def listens(connection):
        backend.notify()
        try:
            while connection.socket.recv(65536):
                pass
            ends.append("end")
        except ConnectionResetError:
            ends.append("reset")
        backend.notify()

    martlet: Martlet = start(config({"a": scripted(breaks_off).port}, "{ upstream: a }"))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        assert client.recv(4) == b"half"
        client.sendall(b"more")
        with pytest.raises(ConnectionResetError):
            client.recv(1)

    backend = scripted(listens)
    martlet = start(config({"a": backend.port}, "{ upstream: a }"))
    client = socket.create_connection(martlet.address(), timeout=10)
    client.sendall(b"half")
    backend.wait_until(lambda: len(backend.connections) == 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
    backend.wait_until(lambda: ends == ["reset"])


def test_an_endpoint_that_is_down_closes(start):
    martlet: Martlet = start(config({"down": free_port()}, "{ upstream: down }"))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        assert client.recv(1) == b""
    assert martlet.exchange(protocol="TCP")["error"] == "connect_refused"


def test_an_idle_one_ends(start, server):
    martlet: Martlet = start(config({"echo": server().port}, "{ upstream: echo }", idle="1s"))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        client.sendall(b"x")
        assert client.recv(1) == b"x"
        assert client.recv(1) == b""


@pytest.fixture
def named(server, tmp_path):
    """Two TLS servers with certificates of their own, and what makes clients trust them."""
    authority = Authority()
    ports = {}
    for name in ("a.example.com", "x.b.example.com"):
        certificate, key = authority.issue(name).write(tmp_path, name)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        ports[name] = server(greeting=name.encode(), context=context).port
    trust = ssl.create_default_context(cafile=str(authority.write(tmp_path)))
    return ports, trust


def test_tls_is_passed_on_by_its_server_name(start, named, server):
    ports, trust = named
    martlet: Martlet = start(config(
        {"a": ports["a.example.com"], "b": ports["x.b.example.com"],
         "other": server(greeting=b"other").port},
        "{ upstream: other, server-names: [{ name: a.example.com, upstream: a }, "
        "{ name: '*.b.example.com', upstream: b }] }"))
    for name in ("a.example.com", "x.b.example.com"):
        with socket.create_connection(martlet.address(), timeout=10) as raw:
            with trust.wrap_socket(raw, server_hostname=name) as client:
                assert client.recv(100) == name.encode()
                client.sendall(b"secret")
                assert client.recv(100) == b"secret"
    # Neither a listed name nor TLS at all.
    with socket.create_connection(martlet.address(), timeout=10) as client:
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert client.recv(5) == b"other"


def test_a_name_that_is_not_listed_is_closed(start, named):
    ports, trust = named
    martlet: Martlet = start(config(
        {"a": ports["a.example.com"]}, "{ server-names: { name: a.example.com, upstream: a } }"))
    with socket.create_connection(martlet.address(), timeout=10) as raw:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            trust.wrap_socket(raw, server_hostname="b.example.com")
    assert martlet.exchange(protocol="TCP")["error"] == "route_not_found"


def test_a_client_that_says_nothing_is_closed(start, named):
    ports, _ = named
    martlet: Martlet = start(config(
        {"a": ports["a.example.com"]}, "{ server-names: { name: a.example.com, upstream: a } }",
        more="timeouts: { tls-handshake: 500ms }"))
    with socket.create_connection(martlet.address(), timeout=10) as client:
        client.sendall(b"\x16\x03\x01")
        assert client.recv(1) == b""


def test_a_reload_leaves_open_connections_alone(start, server):
    text = config({"echo": server().port}, "{ upstream: echo }")
    martlet: Martlet = start(text)
    with socket.create_connection(martlet.address(), timeout=10) as client:
        for number in range(5):
            martlet.reload(text.replace("workers: 2", f"workers: 2 # {number}"))
            client.sendall(b"x")
            assert client.recv(1) == b"x"
