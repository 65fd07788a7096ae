"""A strict HTTP/1 message reader for tests: it keeps every byte as it came.

It is deliberately not lenient: what the proxy sends must be exactly framed, and a backend that
reads leniently could hide a smuggled request.
"""
from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from typing import Callable

HEXADECIMAL = re.compile(rb"^[0-9A-Fa-f]{1,15}$")
TOKEN = re.compile(rb"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$")
VALUE = re.compile(rb"^[\t\x20-\x7e\x80-\xff]*$")
REQUEST_LINE = re.compile(rb"^([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e]+) HTTP/1\.([01])$")
STATUS_LINE = re.compile(rb"^HTTP/1\.([01]) ([1-5][0-9][0-9])(?: [\t\x20-\x7e\x80-\xff]*)?$")


class Malformed(Exception):
    """The peer sent something that RFC 9112 does not allow."""


class EndOfStream(Exception):
    """The peer closed, with what had been read of the unfinished message."""

    def __init__(self, unfinished: bytes = b""):
        super().__init__(f"closed after {unfinished[:200]!r}")
        self.unfinished = unfinished


@dataclass
class Message:
    """One request or response."""

    start_line: bytes
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    body_length: int = 0
    sequence: int = 0
    framing: str = "none"
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)
    interim: list["Message"] = field(default_factory=list)

    def values(self, name: str) -> list[bytes]:
        wanted = name.lower().encode()
        return [value for key, value in self.headers if key.lower() == wanted]

    def value(self, name: str) -> bytes | None:
        found = self.values(name)
        return found[0] if found else None

    def joined(self, name: str) -> bytes:
        return b",".join(self.values(name))

    @property
    def method(self) -> bytes:
        return self.start_line.split(b" ")[0]

    @property
    def target(self) -> bytes:
        return self.start_line.split(b" ")[1]

    @property
    def status(self) -> int:
        return int(self.start_line.split(b" ")[1])

    @property
    def minor_version(self) -> int:
        text = self.start_line
        version = text.split(b" ")[0] if text.startswith(b"HTTP/") else text.split(b" ")[-1]
        return int(version[-1:])

    @property
    def asks_close(self) -> bool:
        return b"close" in tokens(self.joined("connection"))


def tokens(value: bytes) -> list[bytes]:
    return [part.strip().lower() for part in value.split(b",") if part.strip()]


def parse_fields(lines: list[bytes]) -> list[tuple[bytes, bytes]]:
    fields = []
    for line in lines:
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t")
        if not colon or not TOKEN.match(name) or not VALUE.match(value):
            raise Malformed(f"field line {line[:100]!r}")
        fields.append((name, value))
    return fields


class Stream:
    """Buffered reading from a socket."""

    def __init__(self, sock: socket.socket):
        self.socket = sock
        self.buffer = bytearray()

    def fill(self) -> None:
        data = self.socket.recv(1 << 18)
        if not data:
            raise EndOfStream(bytes(self.buffer))
        self.buffer += data

    def line(self, limit: int = 1 << 20) -> bytes:
        while (end := self.buffer.find(b"\n")) < 0:
            if len(self.buffer) > limit:
                raise Malformed("line too long")
            self.fill()
        line = bytes(self.buffer[:end + 1])
        if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
            raise Malformed(f"line end of {line[:100]!r}")
        del self.buffer[:end + 1]
        return line[:-2]

    def take(self, count: int, sink: Callable[[bytes], None]) -> None:
        while count:
            if not self.buffer:
                self.fill()
            part = bytes(self.buffer[:count])
            del self.buffer[:count]
            count -= len(part)
            sink(part)

    def lines_until_blank(self) -> list[bytes]:
        lines = []
        while line := self.line():
            lines.append(line)
        return lines

    def rest(self) -> bytes:
        """Everything until the peer closes or resets."""
        try:
            while True:
                self.fill()
        except (EndOfStream, ConnectionResetError):
            data = bytes(self.buffer)
            self.buffer.clear()
            return data


def framing_of(message: Message) -> tuple[str, int]:
    """`chunked`, `length` or `none`; raises on anything two readers could read differently."""
    codings = message.values("transfer-encoding")
    lengths = message.values("content-length")
    if codings:
        if lengths or codings != [b"chunked"]:
            raise Malformed(f"framing {codings} {lengths}")
        return "chunked", 0
    if lengths:
        if len(lengths) > 1 or not re.match(rb"^[0-9]{1,18}$", lengths[0]):
            raise Malformed(f"content-length {lengths}")
        return "length", int(lengths[0])
    return "none", 0


def read_chunked(stream: Stream, sink: Callable[[bytes], None]) -> list[tuple[bytes, bytes]]:
    while True:
        size_text = stream.line().split(b";")[0]
        if not HEXADECIMAL.match(size_text):
            raise Malformed(f"chunk size {size_text[:40]!r}")
        size = int(size_text, 16)
        if size == 0:
            return parse_fields(stream.lines_until_blank())
        stream.take(size, sink)
        if stream.line() != b"":
            raise Malformed("chunk without CRLF")


def read_body(stream: Stream, message: Message, framing: str, length: int,
              sink: Callable[[bytes], None] | None) -> None:
    parts: list[bytes] = []

    def keep(part: bytes) -> None:
        message.body_length += len(part)
        (sink or parts.append)(part)

    message.framing = framing
    if framing == "chunked":
        message.trailers = read_chunked(stream, keep)
    elif framing == "length":
        stream.take(length, keep)
    elif framing == "close":
        try:
            while True:
                stream.take(1 << 62, keep)
        except EndOfStream:
            pass
    message.body = b"".join(parts)


def read_request_head(stream: Stream) -> Message:
    start_line = stream.line()
    if not REQUEST_LINE.match(start_line):
        raise Malformed(f"request line {start_line[:200]!r}")
    return Message(start_line, parse_fields(stream.lines_until_blank()))


def read_request(stream: Stream, sink: Callable[[bytes], None] | None = None,
                 before_body: Callable[[Message], None] | None = None) -> Message:
    message = read_request_head(stream)
    framing, length = framing_of(message)
    if before_body:
        before_body(message)
    read_body(stream, message, framing, length, sink)
    return message


def read_response(stream: Stream, method: str = "GET",
                  sink: Callable[[bytes], None] | None = None) -> Message:
    interim: list[Message] = []
    while True:
        start_line = stream.line()
        if not STATUS_LINE.match(start_line):
            raise Malformed(f"status line {start_line[:200]!r}")
        message = Message(start_line, parse_fields(stream.lines_until_blank()), interim=interim)
        if not 100 <= message.status < 200:
            break
        interim.append(message)
    framing, length = framing_of(message)
    if method == "HEAD" or message.status in (204, 304):
        framing = "none"
    elif framing == "none":
        framing = "close"
    read_body(stream, message, framing, length, sink)
    return message
