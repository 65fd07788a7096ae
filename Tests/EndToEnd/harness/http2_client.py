"""A raw HTTP/2 client: the test decides every frame, the answers are read strictly."""
from __future__ import annotations

import socket
import time
from dataclasses import dataclass, field
from typing import Callable

from . import http2 as h2
from .client import Address
from .http2 import ConnectionEnded, Frame, FrameStream

Fields = list[tuple[bytes, bytes]]


@dataclass
class Answer:
    """What one stream got."""

    stream: int
    status: int = 0
    headers: Fields = field(default_factory=list)
    body: bytes = b""
    trailers: Fields = field(default_factory=list)
    interim: list[Fields] = field(default_factory=list)
    ended: bool = False
    reset: int | None = None

    def values(self, name: str) -> list[bytes]:
        return [value for key, value in self.headers if key == name.encode()]

    def value(self, name: str) -> bytes | None:
        found = self.values(name)
        return found[0] if found else None

    @property
    def start_line(self) -> str:
        return f":status {self.status}, reset {self.reset}"

    @property
    def finished(self) -> bool:
        return self.ended or self.reset is not None


class Http2Client(FrameStream):
    """One connection. SETTINGS are acknowledged, PINGs answered and header blocks decoded as they
    are read, and with `credit` the windows are opened again; all else is up to the test.
    """

    def __init__(self, address: Address, *pairs: tuple[int, int], preface: bytes = h2.PREFACE,
                 settings: bool = True, timeout: float = 10, receive_buffer: int | None = None,
                 tls: Callable[[socket.socket], socket.socket] | None = None):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.settimeout(timeout)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(tls(sock) if tls else sock, timeout)
        self.answers: dict[int, Answer] = {}
        self.acknowledges = self.answers_pings = True
        self.credit = True
        self.sent_bytes: dict[int, int] = {}
        self.next_stream = 1
        self.goaway: Frame | None = None
        self.pings = 0
        self._open: tuple[int, bytes, bool] | None = None
        self.send(preface + (h2.settings(*pairs) if settings else b""))

    def __enter__(self) -> "Http2Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, *frames: bytes) -> None:
        """A peer that has closed is found out about by reading."""
        try:
            super().send(*frames)
        except (BrokenPipeError, ConnectionResetError):
            pass

    # Reading

    def frame(self, timeout: float | None = None) -> Frame:
        found = super().frame(timeout)
        if self._open:
            assert found.kind == h2.CONTINUATION and found.stream == self._open[0], str(found)
        if found.kind == h2.SETTINGS and not found.is_ack and self.acknowledges:
            self.send(h2.settings(ack=True))
        elif found.kind == h2.PING and not found.is_ack and self.answers_pings:
            self.send(h2.ping(found.payload, ack=True))
        elif found.kind == h2.GOAWAY:
            self.goaway = found
        elif found.kind == h2.RST_STREAM:
            self.answer(found.stream).reset = found.code
        elif found.kind == h2.DATA:
            self._data(found)
        elif found.kind in (h2.HEADERS, h2.CONTINUATION):
            self._headers(found)
        return found

    def answer(self, stream: int) -> Answer:
        return self.answers.setdefault(stream, Answer(stream))

    def _data(self, found: Frame) -> None:
        answer = self.answer(found.stream)
        assert answer.status and not answer.ended, f"DATA out of place: {found}"
        answer.body += found.content
        answer.ended = found.ends_stream
        if self.credit and found.payload:
            size = len(found.payload)
            self.send(h2.window_update(0, size),
                      b"" if answer.ended else h2.window_update(found.stream, size))

    def _headers(self, found: Frame) -> None:
        stream, begun, ends = self._open or (found.stream, b"", found.ends_stream)
        begun += found.content
        self._open = None if found.flags & h2.END_HEADERS else (stream, begun, ends)
        if self._open:
            return
        fields = [(bytes(name), bytes(value)) for name, value in
                  self.decoder.decode(begun, raw=True)]
        answer = self.answer(stream)
        assert not answer.ended, f"HEADERS after the end: {fields}"
        if answer.status:
            assert ends and not any(name.startswith(b":") for name, _ in fields), fields
            answer.trailers, answer.ended = fields, True
            return
        assert fields[0][0] == b":status", fields
        assert all(not name.startswith(b":") and name == name.lower() for name, _ in fields[1:])
        status = int(fields[0][1])
        if status < 200:
            assert not ends, fields
            answer.interim.append(fields)
            return
        answer.status, answer.headers, answer.ended = status, fields[1:], ends

    def until(self, condition: Callable[[], object], timeout: float | None = None):
        """Reads until the condition holds; raises when the connection ends or time is over."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while not (found := condition()):
            self.frame(max(deadline - time.monotonic(), 0.001))
        return found

    def until_frame(self, kind: int, stream: int | None = None, timeout: float | None = None,
                    **wanted: object) -> Frame:
        """The next frame of that kind; what comes before is looked at and dropped."""
        deadline = time.monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            found = self.frame(max(deadline - time.monotonic(), 0.001))
            if found.kind == kind and stream in (None, found.stream) \
                    and all(getattr(found, key) == value for key, value in wanted.items()):
                return found

    def until_closed(self, timeout: float | None = None) -> None:
        """Reads until the peer closes."""
        try:
            self.until(lambda: False, timeout)
        except ConnectionEnded:
            return

    def response(self, stream: int, timeout: float | None = None) -> Answer:
        return self.until(lambda: (a := self.answers.get(stream)) and a.finished and a, timeout)

    def head(self, stream: int, timeout: float | None = None) -> Answer:
        """As soon as the head has come."""
        return self.until(
            lambda: (a := self.answers.get(stream)) and (a.status or a.finished) and a, timeout)

    # Ordinary traffic

    def open_stream(self) -> int:
        self.next_stream += 2
        return self.next_stream - 2

    def begin(self, method: str = "POST", path: str = "/", *more: h2.Field, end: bool = False,
              **pseudo: str) -> int:
        """A request's head on a new stream."""
        stream = self.open_stream()
        self.send(h2.headers(stream, h2.request(method, path, *more, **pseudo), end=end))
        return stream

    def fetch(self, path: str = "/", method: str = "GET", *more: h2.Field,
              **pseudo: str) -> Answer:
        return self.response(self.begin(method, path, *more, end=True, **pseudo))

    def send_body(self, stream: int, body: bytes, trailers: list[h2.Field] | None = None) -> None:
        """All of a body as the peer's windows allow, then the end of the request."""
        at = 0
        while at < len(body):
            count = min(16_384, len(body) - at, self.room(stream))
            if count > 0:
                last = at + count == len(body) and trailers is None
                self.send(h2.data(stream, body[at:at + count], end=last))
                self.sent_bytes[stream] = self.sent_bytes.get(stream, 0) + count
                at += count
                continue
            self.frame()
            if self.answer(stream).finished:
                return
        if trailers is not None:
            self.send(h2.headers(stream, h2.block(*trailers)))
        elif not body:
            self.send(h2.data(stream, end=True))

    def room(self, stream: int) -> int:
        """Body bytes that the peer's windows let go now, of what `send_body` has sent."""
        self.until(lambda: self.has_settings)
        granted = {0: 0, stream: 0}
        for found in self.seen:
            if found.kind == h2.WINDOW_UPDATE and found.stream in granted:
                granted[found.stream] += found.number
        initial = self.peer_settings.get(h2.INITIAL_WINDOW_SIZE, 65_535)
        return min(initial + granted[stream] - self.sent_bytes.get(stream, 0),
                   65_535 + granted[0] - sum(self.sent_bytes.values()))

    def settled(self, timeout: float | None = None) -> None:
        """Returns when the peer has gone through all that was sent: it answers a PING."""
        self.pings += 1
        payload = b"mark%04d" % self.pings
        self.send(h2.ping(payload))
        self.until_frame(h2.PING, timeout=timeout, is_ack=True, payload=payload)
