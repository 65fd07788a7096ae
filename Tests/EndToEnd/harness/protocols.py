"""One small site in each protocol that an endpoint may speak, and one client for each that Martlet
serves, so that a test can be run for every pair.
"""
from __future__ import annotations

import socket
import ssl
import struct
from dataclasses import dataclass, field

from . import http2 as h2
from .client import Address, RawConnection, request_bytes
from .echo_backend import pattern
from .http1 import read_body, framing_of, read_request_head
from .http2_client import Http2Client
from .http2_upstream import Http2Upstream, Request, UpstreamConnection
from .scripted_backend import BackendConnection, ScriptedBackend
from .tls import TLSConnection

PAGE = pattern(50_000)
SUM = ("x-sum", "2f")
PROTOCOLS = ["h1", "h1-tls", "h2", "h2-tls"]


@dataclass
class Seen:
    """One request as the site has seen it."""

    method: str
    path: str
    fields: list[tuple[bytes, bytes]]
    body: bytes = b""
    trailers: list[tuple[bytes, bytes]] = field(default_factory=list)
    cancelled: bool = False


def reply_to(seen: Seen) -> tuple[int, list[h2.Field], bytes, list[h2.Field] | None]:
    """Status, fields, body and trailers for a whole request."""
    page = seen.path.rpartition("/")[2]
    if page == "not-modified":
        return 304, [("etag", '"1"')], b"", None
    if page == "trailers":
        return 200, [("trailer", "x-sum")], PAGE, [SUM]
    if page == "echo":
        return 200, [], seen.body, None
    return 200, [("etag", '"1"')], PAGE, None


class Http1Site(ScriptedBackend):
    """The site in HTTP/1.1."""

    def __init__(self, context: ssl.SSLContext | None = None):
        self.context = context
        self.seen: list[Seen] = []
        super().__init__(self.talk)
        self.url = f"{'https' if context else 'http'}://127.0.0.1:{self.port}"

    def wrap(self, sock):
        return self.context.wrap_socket(sock, server_side=True) if self.context else sock

    def talk(self, connection: BackendConnection) -> None:
        while True:
            message = read_request_head(connection.stream)
            seen = Seen(message.method.decode(), message.target.decode(), message.headers)
            self.seen.append(seen)
            self.notify()
            if seen.path.endswith("/early"):
                connection.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n"
                                b"Connection: close\r\n\r\ntoo big")
                connection.wait_for_close()
                return
            if seen.path.endswith("/hang"):
                connection.wait_for_close()
                seen.cancelled = True
                return
            read_body(connection.stream, message, *framing_of(message), None)
            seen.body, seen.trailers = message.body, message.trailers
            connection.send(self.answer(seen))

    @staticmethod
    def answer(seen: Seen) -> bytes:
        status, fields, body, trailers = reply_to(seen)
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in fields)]
        bodiless = seen.method == "HEAD" or status == 304
        if trailers is not None:
            lines.append("Transfer-Encoding: chunked")
            body = b"%x\r\n%s\r\n0\r\n%s\r\n" % (
                len(body), body, "".join(f"{n}: {v}\r\n" for n, v in trailers).encode())
        elif status != 304:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + (b"" if bodiless else body)


class Http2Site(Http2Upstream):
    """The site in HTTP/2."""

    def __init__(self, context: ssl.SSLContext | None = None):
        self.seen: list[Seen] = []
        super().__init__(self.talk, context=context)

    def talk(self, connection: UpstreamConnection) -> None:
        while True:
            request = connection.head()
            seen = Seen(request.method, request.path, request.fields)
            self.seen.append(seen)
            self.notify()
            if seen.path.endswith("/early"):
                connection.respond(request.stream, 413, ("content-length", "7"), body=b"too big")
                connection.send(h2.reset(request.stream, h2.NO_ERROR))
            elif seen.path.endswith("/hang"):
                connection.until(lambda: request.reset is not None)
                seen.cancelled = True
                self.notify()
            else:
                connection.until(lambda: request.ended or request.reset is not None)
                seen.body, seen.trailers = request.body, request.trailers
                self.answer(connection, request, seen)

    @staticmethod
    def answer(connection: UpstreamConnection, request: Request, seen: Seen) -> None:
        status, fields, body, trailers = reply_to(seen)
        bodiless = seen.method == "HEAD" or status == 304
        if trailers is None and status != 304:
            fields = [*fields, ("content-length", str(len(body)))]
        connection.respond(request.stream, status, *fields, body=b"" if bodiless else body,
                           trailers=None if bodiless else trailers)


def site(protocol: str, context: ssl.SSLContext) -> Http1Site | Http2Site:
    return (Http1Site if protocol.startswith("h1") else Http2Site)(
        context if protocol.endswith("-tls") else None)


@dataclass
class Reply:
    """An answer, whatever brought it; names in lower case, without what only frames it."""

    status: int
    fields: dict[str, str]
    body: bytes
    trailers: list[tuple[str, str]]


def lowered(fields) -> list[tuple[str, str]]:
    return [(name.decode().lower(), value.decode("latin-1")) for name, value in fields]


class Http1SiteClient:
    """HTTP/1.1, by hand."""

    def __init__(self, address: Address, context: ssl.SSLContext | None):
        self.connection = (TLSConnection(address, context) if context
                           else RawConnection(address))

    def begin(self, method: str, path: str, body: bytes | None = None, length: int | None = None,
              trailers: list[tuple[str, str]] | None = None) -> None:
        """Without `length`, the body goes out in chunks; with it, more of it may be to come."""
        fields = []
        if body is not None:
            fields = [("Content-Length", str(length))] if length is not None \
                else [("Transfer-Encoding", "chunked")]
        self.connection.send(request_bytes(method, path, fields))
        if length is not None:
            self.connection.send(body)
        elif body is not None:
            parts = [body[at:at + 10_000] for at in range(0, len(body), 10_000)]
            self.connection.send(b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\n"
                                 + "".join(f"{n}: {v}\r\n" for n, v in trailers or []).encode()
                                 + b"\r\n")

    def reply(self, method: str = "GET") -> Reply:
        message = self.connection.response(method)
        return Reply(message.status, dict(lowered(message.headers)), message.body,
                     lowered(message.trailers))

    def cancel(self) -> None:
        """With a reset: a plain close looks like half of one, after which a client may still read."""
        sock = getattr(self.connection.socket, "socket", self.connection.socket)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.close()

    def close(self) -> None:
        self.connection.socket.close()


class Http2SiteClient:
    """HTTP/2, by hand."""

    def __init__(self, address: Address, context: ssl.SSLContext | None):
        wrap = (lambda sock: context.wrap_socket(sock, server_hostname="localhost")) \
            if context else None
        self.client = Http2Client(address, tls=wrap)
        self.stream = 0

    def begin(self, method: str, path: str, body: bytes | None = None, length: int | None = None,
              trailers: list[tuple[str, str]] | None = None) -> None:
        fields = [] if length is None else [("content-length", str(length))]
        self.stream = self.client.begin(method, path, *fields, end=body is None)
        if length is not None and length > len(body):
            self.client.send(h2.data(self.stream, body))
        elif body is not None:
            self.client.send_body(self.stream, body, trailers)

    def reply(self, method: str = "GET") -> Reply:
        answer = self.client.response(self.stream)
        assert answer.status and answer.reset in (None, h2.NO_ERROR), answer
        return Reply(answer.status, dict(lowered(answer.headers)), answer.body,
                     lowered(answer.trailers))

    def cancel(self) -> None:
        self.client.send(h2.reset(self.stream, h2.CANCEL))

    def close(self) -> None:
        self.client.close()


def client(protocol: str, address: Address,
           context: ssl.SSLContext | None) -> Http1SiteClient | Http2SiteClient:
    return (Http1SiteClient if protocol.startswith("h1") else Http2SiteClient)(address, context)
