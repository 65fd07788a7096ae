"""Raw clients: bytes in, strictly read answers out."""
from __future__ import annotations

import socket

from .http1 import EndOfStream, Malformed, Message, Stream, read_response

Address = tuple[str, int]


class RawConnection:
    """One client connection. Nothing is added to what the test sends.

    `source` is an address of this machine that it comes from."""

    def __init__(self, address: Address, timeout: float = 10, receive_buffer: int | None = None,
                 source: str | None = None):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect(address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = Stream(self.socket)

    def __enter__(self) -> "RawConnection":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def half_close(self) -> None:
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the peer has closed already

    def response(self, method: str = "GET", sink=None) -> Message:
        return read_response(self.stream, method, sink)

    def exchange(self, data: bytes, method: str = "GET") -> Message:
        self.send(data)
        return self.response(method)

    def is_closed(self) -> bool:
        """Waits for the peer to close; any further byte is a failure."""
        rest = self.stream.rest()
        assert not rest, f"bytes after the last answer: {rest[:200]!r}"
        return True


def request_bytes(method: str, target: str, headers: dict[str, str] | list[tuple[str, str]] = (),
                  body: bytes | None = None, host: str | None = "example.com") -> bytes:
    lines = [f"{method} {target} HTTP/1.1"]
    if host is not None:
        lines.append(f"Host: {host}")
    pairs = headers.items() if isinstance(headers, dict) else headers
    lines += [f"{name}: {value}" for name, value in pairs]
    if body is not None:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def fetch(address: Address, target: str = "/", method: str = "GET",
          headers: dict[str, str] | list[tuple[str, str]] = (), body: bytes | None = None,
          host: str | None = "example.com", timeout: float = 10) -> Message:
    """One request on a connection of its own."""
    with RawConnection(address, timeout) as connection:
        return connection.exchange(request_bytes(method, target, headers, body, host), method)


def talk(address: Address, data: bytes, half_close: bool = False,
         timeout: float = 5) -> tuple[list[Message], bool]:
    """Sends raw bytes; returns every answer and whether the peer closed within the timeout."""
    answers: list[Message] = []
    with RawConnection(address, timeout) as connection:
        try:
            connection.send(data)
            if half_close:
                connection.half_close()
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all was sent; the answer may still be read
        try:
            while True:
                answers.append(connection.response())
        except EndOfStream as end:
            assert not end.unfinished, f"cut answer: {end.unfinished[:300]!r}"
            return answers, True
        except ConnectionResetError:
            return answers, True
        except TimeoutError:
            assert not connection.stream.buffer, bytes(connection.stream.buffer[:300])
            return answers, False
        except Malformed as error:
            raise AssertionError(f"unreadable answer: {error}") from error
