"""HTTP/2 frames for tests: written as the test says, right or wrong, and read one by one.

Nothing here keeps the rules of the protocol for the test: a stream has no state, a window no
limit, and a length field says what it is told to say.
"""
from __future__ import annotations

import socket
import struct
import time
from dataclasses import dataclass

from hpack import Decoder
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, \
    CONTINUATION = range(10)
TYPES = ["DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY",
         "WINDOW_UPDATE", "CONTINUATION"]
ACK = END_STREAM = 0x1
END_HEADERS, PADDED, PRIORITISED = 0x4, 0x8, 0x20

HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE, \
    MAX_HEADER_LIST_SIZE = range(1, 7)
ENABLE_CONNECT_PROTOCOL = 8

NO_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR, FLOW_CONTROL_ERROR, SETTINGS_TIMEOUT, STREAM_CLOSED, \
    FRAME_SIZE_ERROR, REFUSED_STREAM, CANCEL, COMPRESSION_ERROR, CONNECT_ERROR, \
    ENHANCE_YOUR_CALM, INADEQUATE_SECURITY, HTTP_1_1_REQUIRED = range(14)

LARGEST_STREAM = 2 ** 31 - 1
LARGEST_WINDOW = 2 ** 31 - 1
Field = tuple[bytes | str, bytes | str]


# Frames


def frame(kind: int, flags: int, stream: int, payload: bytes = b"",
          length: int | None = None) -> bytes:
    size = len(payload) if length is None else length
    return struct.pack(">I", size)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def padded(payload: bytes, pad: int | None) -> bytes:
    """With a pad length that may be a lie: only as many bytes follow as fit its promise."""
    return payload if pad is None else bytes([pad]) + payload + bytes(pad)


def data(stream: int, payload: bytes = b"", end: bool = False, pad: int | None = None,
         flags: int = 0) -> bytes:
    flags |= (END_STREAM if end else 0) | (0 if pad is None else PADDED)
    return frame(DATA, flags, stream, padded(payload, pad))


def headers(stream: int, block: bytes, end: bool = True, end_headers: bool = True,
            pad: int | None = None, priority: bytes | None = None, flags: int = 0) -> bytes:
    flags |= (END_STREAM if end else 0) | (END_HEADERS if end_headers else 0)
    flags |= (0 if pad is None else PADDED) | (0 if priority is None else PRIORITISED)
    return frame(HEADERS, flags, stream, padded((priority or b"") + block, pad))


def continuation(stream: int, block: bytes, end_headers: bool = True) -> bytes:
    return frame(CONTINUATION, END_HEADERS if end_headers else 0, stream, block)


def dependency(on: int, weight: int = 15, exclusive: bool = False) -> bytes:
    return struct.pack(">IB", on | (0x8000_0000 if exclusive else 0), weight)


def priority(stream: int, on: int = 0) -> bytes:
    return frame(PRIORITY, 0, stream, dependency(on))


def reset(stream: int, code: int = CANCEL) -> bytes:
    return frame(RST_STREAM, 0, stream, struct.pack(">I", code))


def settings(*pairs: tuple[int, int], ack: bool = False) -> bytes:
    payload = b"".join(struct.pack(">HI", key, value) for key, value in pairs)
    return frame(SETTINGS, ACK if ack else 0, 0, payload)


def ping(payload: bytes = b"\0" * 8, ack: bool = False) -> bytes:
    return frame(PING, ACK if ack else 0, 0, payload)


def goaway(last: int = 0, code: int = NO_ERROR, debug: bytes = b"") -> bytes:
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, code) + debug)


def window_update(stream: int, increment: int) -> bytes:
    return frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", increment))


def push_promise(stream: int, promised: int, block: bytes = b"") -> bytes:
    return frame(PUSH_PROMISE, END_HEADERS, stream, struct.pack(">I", promised) + block)


def split_headers(stream: int, block: bytes, sizes: int, end: bool = True) -> bytes:
    """A block in HEADERS and as many CONTINUATIONs as it takes, `sizes` bytes in each."""
    parts = [block[at:at + sizes] for at in range(0, len(block), sizes)] or [b""]
    frames = [headers(stream, parts[0], end, end_headers=len(parts) == 1)]
    frames += [continuation(stream, part, index == len(parts) - 1)
               for index, part in enumerate(parts) if index]
    return b"".join(frames)


# Field blocks (RFC 7541), without any check of what is in them


def as_bytes(text: bytes | str) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def integer(value: int, bits: int, first: int = 0) -> bytes:
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    out, value = [first | limit], value - limit
    while value >= 0x80:
        out.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes([*out, value])


def huffman(text: bytes) -> bytes:
    return HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH).encode(text)


def string(text: bytes | str, huffman_coded: bool = False) -> bytes:
    coded = huffman(as_bytes(text)) if huffman_coded else as_bytes(text)
    return integer(len(coded), 7, 0x80 if huffman_coded else 0) + coded


def indexed(index: int) -> bytes:
    return integer(index, 7, 0x80)


def literal(name: bytes | str | int, value: bytes | str, kind: str = "plain",
            huffman_coded: bool = False) -> bytes:
    """`kind` is `plain` (not indexed), `never` or `indexed`; a number names a table's entry."""
    bits, first = {"plain": (4, 0x00), "never": (4, 0x10), "indexed": (6, 0x40)}[kind]
    if isinstance(name, int):
        return integer(name, bits, first) + string(value, huffman_coded)
    return bytes([first]) + string(name, huffman_coded) + string(value, huffman_coded)


def table_size(size: int) -> bytes:
    return integer(size, 5, 0x20)


def block(*fields: Field) -> bytes:
    return b"".join(literal(name, value) for name, value in fields)


def request_fields(method: bytes | str = "GET", path: bytes | str = "/",
                   authority: bytes | str = "example.com",
                   scheme: bytes | str = "http") -> list[Field]:
    return [(":method", method), (":scheme", scheme), (":path", path), (":authority", authority)]


def request(method: bytes | str = "GET", path: bytes | str = "/", *more: Field,
            **pseudo: bytes | str) -> bytes:
    """The block of an ordinary request, with more fields behind."""
    return block(*request_fields(method, path, **pseudo), *more)


# Reading


@dataclass(frozen=True)
class Frame:
    """One frame as it came."""

    kind: int
    flags: int
    stream: int
    payload: bytes

    def __str__(self) -> str:
        name = TYPES[self.kind] if self.kind < len(TYPES) else f"type {self.kind}"
        return f"{name} stream={self.stream} flags={self.flags:#x} {self.payload[:60]!r}" \
               f"{'…' if len(self.payload) > 60 else ''}"

    @property
    def is_ack(self) -> bool:
        return self.kind in (SETTINGS, PING) and bool(self.flags & ACK)

    @property
    def ends_stream(self) -> bool:
        return self.kind in (DATA, HEADERS) and bool(self.flags & END_STREAM)

    @property
    def code(self) -> int:
        """The error code of RST_STREAM or GOAWAY."""
        return struct.unpack(">I", self.payload[0 if self.kind == RST_STREAM else 4:][:4])[0]

    @property
    def number(self) -> int:
        """The increment of WINDOW_UPDATE, the last stream of GOAWAY."""
        return struct.unpack(">I", self.payload[:4])[0] & LARGEST_STREAM

    @property
    def pairs(self) -> list[tuple[int, int]]:
        return list(struct.iter_unpack(">HI", self.payload))

    @property
    def content(self) -> bytes:
        """The payload without padding and priority."""
        payload = self.payload
        if self.kind in (DATA, HEADERS) and self.flags & PADDED:
            payload = payload[1:len(payload) - payload[0]]
        return payload[5:] if self.kind == HEADERS and self.flags & PRIORITISED else payload


class ConnectionEnded(Exception):
    """The peer closed or reset the connection."""


class FrameStream:
    """Frames to and from one socket; `seen` is everything that came."""

    def __init__(self, sock: socket.socket, timeout: float):
        self.socket = sock
        self.timeout = timeout
        self.buffer = bytearray()
        self.seen: list[Frame] = []
        self.decoder = Decoder(max_header_list_size=1 << 24)
        self.peer_settings: dict[int, int] = {}
        self.has_settings = False

    def send(self, *frames: bytes) -> None:
        self.socket.sendall(b"".join(frames))

    def take(self, count: int, deadline: float) -> bytes:
        while len(self.buffer) < count:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"nothing more after {[str(f) for f in self.seen[-20:]]}")
            self.socket.settimeout(left)
            try:
                more = self.socket.recv(1 << 18)
            except TimeoutError:
                continue
            except OSError as error:
                raise ConnectionEnded(f"{error} after {[str(f) for f in self.seen]}") from None
            finally:
                self.socket.settimeout(self.timeout)
            if not more:
                rest = f", in a frame: {bytes(self.buffer[:80])!r}" if self.buffer else ""
                raise ConnectionEnded(f"after {[str(f) for f in self.seen]}{rest}")
            self.buffer += more
        taken = bytes(self.buffer[:count])
        del self.buffer[:count]
        return taken

    def frame(self, timeout: float | None = None) -> Frame:
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        head = self.take(9, deadline)
        length = int.from_bytes(head[:3], "big")
        kind, flags, stream = struct.unpack(">BBI", head[3:])
        assert length <= 1 << 24 and not stream >> 31, f"not a frame: {head!r}"
        found = Frame(kind, flags, stream, self.take(length, deadline))
        self.seen.append(found)
        if kind == SETTINGS and not found.is_ack:
            self.peer_settings |= dict(found.pairs)
            self.has_settings = True
        return found

    def close(self) -> None:
        self.socket.close()
