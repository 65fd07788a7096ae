"""Thousands of open WebSockets and event streams, both ends on one thread each."""
from __future__ import annotations

import base64
import hashlib
import select
import socket
import threading

from .client import Address

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
KEY = base64.b64encode(bytes(16))
ACCEPT = base64.b64encode(hashlib.sha1(KEY + GUID).digest())
EVENT = b"data: now\n\n"


class ManyStreamsBackend:
    """Accepts WebSockets at `/socket` and echoes their bytes; sends an event to all at `/events`
    whenever `publish` is called."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.open: dict[int, socket.socket] = {}
        self.subscribers: set[int] = set()
        self._heads: dict[int, bytes] = {}
        self._stopped = False
        self._lock = threading.Lock()
        self._poll = select.epoll()
        self._poll.register(self.listener.fileno(), select.EPOLLIN)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def publish(self) -> None:
        with self._lock:
            for number in self.subscribers:
                self.open[number].sendall(b"%x\r\n%s\r\n" % (len(EVENT), EVENT))

    def _run(self) -> None:
        while not self._stopped:
            for number, _ in self._poll.poll(0.2):
                with self._lock:
                    self._accept() if number == self.listener.fileno() else self._read(number)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except BlockingIOError:
                return
            self.open[connection.fileno()] = connection
            self._heads[connection.fileno()] = b""
            self._poll.register(connection.fileno(), select.EPOLLIN)

    def _read(self, number: int) -> None:
        connection = self.open[number]
        try:
            received = connection.recv(65536)
        except OSError:
            received = b""
        if not received:
            self._poll.unregister(number)
            self.subscribers.discard(number)
            self._heads.pop(number, None)
            self.open.pop(number).close()
        elif number not in self._heads:
            connection.sendall(received)
        else:
            self._heads[number] += received
            if self._heads[number].endswith(b"\r\n\r\n"):
                self._answer(number, connection, self._heads.pop(number))

    def _answer(self, number: int, connection: socket.socket, head: bytes) -> None:
        if head.startswith(b"GET /socket "):
            key = next(line.split(b":")[1].strip() for line in head.split(b"\r\n")
                       if line.lower().startswith(b"sec-websocket-key:"))
            accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
            connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               b"Connection: Upgrade\r\nSec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        else:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                               b"Transfer-Encoding: chunked\r\n\r\n")
            self.subscribers.add(number)

    def stop(self) -> None:
        self._stopped = True
        self._thread.join(10)
        for connection in [*self.open.values(), self.listener]:
            connection.close()


def open_stream(address: Address, path: str) -> socket.socket:
    """A connection with its answer's head read: a WebSocket or a stream of events."""
    client = socket.create_connection(address, timeout=20)
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" \
        b"Sec-WebSocket-Key: " + KEY + b"\r\n" if path == "/socket" else b""
    client.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: a\r\n" + upgrade + b"\r\n")
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        part = client.recv(4096)
        assert part, head
        head += part
    assert head.startswith(b"HTTP/1.1 101 " if path == "/socket" else b"HTTP/1.1 200 "), head
    return client
