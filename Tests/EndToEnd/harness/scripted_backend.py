"""Backends written as a Python function per connection, for answers that no real server gives."""
from __future__ import annotations

import socket
import struct
import threading
from typing import Callable

from .http1 import EndOfStream, Malformed, Message, Stream, read_request


class BackendConnection:
    """The backend's side of one connection, with every byte that arrived."""

    def __init__(self, sock: socket.socket, index: int):
        self.socket = sock
        self.index = index
        self.stream = Stream(sock)
        self.requests: list[Message] = []

    def request(self, sink=None, before_body=None) -> Message:
        message = read_request(self.stream, sink, before_body)
        self.requests.append(message)
        return message

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reset(self) -> None:
        """Closes with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def wait_for_close(self) -> bytes:
        return self.stream.rest()


Script = Callable[[BackendConnection], None]


class ScriptedBackend:
    """Runs `script` in a thread for each accepted connection."""

    def __init__(self, script: Script, receive_buffer: int | None = None, timeout: float = 30):
        self.script = script
        self.timeout = timeout
        self.connections: list[BackendConnection] = []
        self.errors: list[BaseException] = []
        self.changed = threading.Condition()
        self.closing = threading.Event()
        self.listener = socket.socket()
        if receive_buffer:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(1024)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "ScriptedBackend":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def requests(self) -> list[Message]:
        return [message for connection in self.connections for message in connection.requests]

    def wait_until(self, condition: Callable[[], bool], timeout: float = 10) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, timeout), "the backend saw nothing of the kind"

    def notify(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def stop(self) -> None:
        self.closing.set()
        for sock in [self.listener, *(connection.socket for connection in self.connections)]:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    def connection(self, sock: socket.socket, index: int) -> BackendConnection:
        return BackendConnection(sock, index)

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(self.timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = self.connection(sock, len(self.connections))
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def wrap(self, sock: socket.socket) -> socket.socket:
        """What is spoken on an accepted connection; TLS where a test says so."""
        return sock

    def _serve(self, connection: BackendConnection) -> None:
        try:
            connection.socket = self.wrap(connection.socket)
            connection.stream = Stream(connection.socket)
            self.script(connection)
        except (EndOfStream, OSError):
            pass  # the proxy closed, or the test is over
        except (Malformed, AssertionError) as error:
            self.errors.append(error)
        finally:
            connection.socket.close()
            self.notify()


def answers(*replies: bytes) -> Script:
    """Gives the replies in turn to successive requests of any connection, the last one for ever."""
    lock = threading.Lock()
    left = list(replies)

    def script(connection: BackendConnection) -> None:
        while True:
            connection.request()
            with lock:
                reply = left.pop(0) if len(left) > 1 else left[0]
            connection.send(reply)

    return script


def reply_and_close(reply: bytes) -> Script:
    def script(connection: BackendConnection) -> None:
        connection.request()
        connection.send(reply)

    return script


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
