"""HTTP/2 upstreams written as a Python function per connection; they can break any rule."""
from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Callable

from . import http2 as h2
from .http2 import ConnectionEnded, Frame, FrameStream
from .http2_client import Fields
from .scripted_backend import ScriptedBackend


@dataclass
class Request:
    """What one stream brought. `head_ended` and `ended` tell how far it has come."""

    stream: int
    fields: Fields = field(default_factory=list)
    body: bytes = b""
    trailers: Fields = field(default_factory=list)
    head_ended: bool = False
    ended: bool = False
    reset: int | None = None

    def value(self, name: str) -> bytes | None:
        found = self.values(name)
        return found[0] if found else None

    def values(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name.encode()]

    @property
    def path(self) -> str:
        return (self.value(":path") or b"").decode("latin-1")

    @property
    def method(self) -> str:
        return (self.value(":method") or b"").decode("latin-1")


class UpstreamConnection(FrameStream):
    """The upstream's side of one connection: `pairs` are its SETTINGS.

    PINGs are answered, SETTINGS acknowledged and windows opened as frames are read, unless the
    script turns it off.
    """

    def __init__(self, sock: socket.socket, index: int, backend: "Http2Upstream"):
        super().__init__(sock, backend.timeout)
        self.index = index
        self.backend = backend
        self.requests: dict[int, Request] = {}
        self.taken: set[int] = set()
        self.acknowledges = self.credit = self.answers_pings = True
        self.goaway: Frame | None = None
        self.windows: dict[int, int] = {0: 65_535}
        self._open: tuple[int, bytes, bool] | None = None

    @property
    def closing(self):
        return self.backend.closing

    def start(self, *pairs: tuple[int, int]) -> None:
        """The client's preface, and our SETTINGS."""
        preface = self.take(len(h2.PREFACE), time.monotonic() + self.timeout)
        assert preface == h2.PREFACE, f"not HTTP/2: {preface!r}"
        self.send(h2.settings(*pairs))

    # Reading

    def frame(self, timeout: float | None = None) -> Frame:
        found = super().frame(timeout)
        if found.kind in (h2.HEADERS, h2.CONTINUATION):
            self._headers(found)
        elif found.kind == h2.DATA:
            self._data(found)
        elif found.kind == h2.RST_STREAM:
            self.request_on(found.stream).reset = found.code
        elif found.kind == h2.SETTINGS and not found.is_ack and self.acknowledges:
            self.send(h2.settings(ack=True))
        elif found.kind == h2.PING and not found.is_ack and self.answers_pings:
            self.send(h2.ping(found.payload, ack=True))
        elif found.kind == h2.GOAWAY:
            self.goaway = found
        elif found.kind == h2.WINDOW_UPDATE:
            self.windows[found.stream] = self.window(found.stream) + found.number
        self.backend.notify()
        return found

    def window(self, stream: int) -> int:
        initial = self.peer_settings.get(h2.INITIAL_WINDOW_SIZE, 65_535)
        return self.windows.get(stream, initial)

    def request_on(self, stream: int) -> Request:
        return self.requests.setdefault(stream, Request(stream))

    def _headers(self, found: Frame) -> None:
        stream, begun, ends = self._open or (found.stream, b"", found.ends_stream)
        begun += found.content
        self._open = None if found.flags & h2.END_HEADERS else (stream, begun, ends)
        if self._open:
            return
        fields = [(bytes(name), bytes(value)) for name, value in
                  self.decoder.decode(begun, raw=True)]
        request = self.request_on(stream)
        assert not request.ended, f"HEADERS after the end: {fields}"
        if request.head_ended:
            request.trailers = fields
        else:
            request.fields = fields
        request.head_ended, request.ended = True, ends

    def _data(self, found: Frame) -> None:
        request = self.request_on(found.stream)
        assert request.head_ended and not request.ended, f"DATA out of place: {found}"
        request.body += found.content
        request.ended = found.ends_stream
        if self.credit and found.payload:
            self.send(h2.window_update(0, len(found.payload)),
                      h2.window_update(found.stream, len(found.payload)))

    def until(self, condition: Callable[[], object], timeout: float | None = None):
        while not (found := condition()):
            self.frame(timeout)
        return found

    def head(self) -> Request:
        """The next request whose head is whole, in the order of arrival."""
        return self._next(lambda request: request.head_ended)

    def request(self) -> Request:
        """The next request that is whole."""
        return self._next(lambda request: request.ended)

    def _next(self, ready: Callable[[Request], bool]) -> Request:
        found = self.until(lambda: next(
            (r for r in self.requests.values() if r.stream not in self.taken and ready(r)), None))
        self.taken.add(found.stream)
        return found

    def until_closed(self) -> None:
        """Reads on until the proxy closes."""
        try:
            self.until(lambda: False)
        except ConnectionEnded:
            return

    # Answering

    def respond(self, stream: int, status: int = 200, *fields: h2.Field, body: bytes = b"",
                trailers: list[h2.Field] | None = None, end: bool = True) -> None:
        """An ordinary answer, as far as the windows let it go."""
        bodiless = not body and trailers is None and end
        self.send(h2.headers(stream, h2.block((":status", str(status)), *fields), end=bodiless))
        if body:
            self.send_body(stream, body, end=end and trailers is None)
        if trailers is not None:
            self.send(h2.headers(stream, h2.block(*trailers)))

    def send_body(self, stream: int, body: bytes, end: bool = True) -> None:
        at = 0
        while at < len(body):
            count = min(16_384, len(body) - at, self.window(stream), self.window(0))
            if count <= 0:
                self.frame()
                if self.request_on(stream).reset is not None:
                    return
                continue
            self.send(h2.data(stream, body[at:at + count], end=end and at + count == len(body)))
            self.windows[0] = self.window(0) - count
            self.windows[stream] = self.window(stream) - count
            at += count


UpstreamScript = Callable[[UpstreamConnection], None]


class Http2Upstream(ScriptedBackend):
    """Runs `script` in a thread for each connection; `context` makes it speak TLS.

    The script gets a connection on which SETTINGS with `pairs` have been sent, unless `pairs` is
    `None`: then not a byte has been.
    """

    def __init__(self, script: UpstreamScript, pairs: list[tuple[int, int]] | None = (),
                 context: ssl.SSLContext | None = None, **options):
        self.pairs, self.context = pairs, context
        super().__init__(script, **options)
        self.url = f"{'https' if context else 'h2c'}://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[Request]:
        return [r for c in self.connections for r in list(c.requests.values())]

    def wrap(self, sock: socket.socket) -> socket.socket:
        return self.context.wrap_socket(sock, server_side=True) if self.context else sock

    def connection(self, sock: socket.socket, index: int) -> UpstreamConnection:
        return UpstreamConnection(sock, index, self)

    def _serve(self, connection: UpstreamConnection) -> None:
        try:
            connection.socket = self.wrap(connection.socket)
            if self.pairs is not None:
                connection.start(*self.pairs)
            self.script(connection)
        except (ConnectionEnded, OSError):
            pass  # the proxy closed, or the test is over
        except AssertionError as error:
            self.errors.append(error)
        finally:
            connection.socket.close()
            self.notify()


def serves(answer: Callable[[UpstreamConnection, Request], None]) -> UpstreamScript:
    """Calls `answer` for each whole request until the proxy closes."""
    def script(connection: UpstreamConnection) -> None:
        while True:
            answer(connection, connection.request())

    return script
