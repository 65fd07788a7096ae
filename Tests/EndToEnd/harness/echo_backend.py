"""A backend that tells what it got, as JSON.

The query of the request steers the answer: `status=418`, `delay=0.5` (or `1s`), `bytes=N` (a body
of N bytes instead of JSON), `chunked=1`, `close=1`. `X-Echo-Set-Header: name:value, name:value`
adds response headers.
"""
from __future__ import annotations

import hashlib
import json
import threading
from urllib.parse import parse_qs, urlsplit

from .http1 import Message
from .scripted_backend import BackendConnection, ScriptedBackend

BLOCK = bytes(range(256)) * 256


def pattern(length: int) -> bytes:
    return (BLOCK * (length // len(BLOCK) + 1))[:length]


class EchoBackend(ScriptedBackend):
    """Serves any number of requests on a connection."""

    def __init__(self, name: str = "echo"):
        super().__init__(self._talk)
        self.name = name
        self.served = 0
        self.keep_requests = True

    def _talk(self, connection: BackendConnection) -> None:
        while True:
            digest = hashlib.sha256()
            message = connection.request(
                sink=digest.update, before_body=lambda m: self._continue(connection, m))
            if not self.keep_requests:
                connection.requests.clear()
            self.served += 1
            self.notify()
            if not self._answer(connection, message, digest.hexdigest()):
                return

    @staticmethod
    def _continue(connection: BackendConnection, message: Message) -> None:
        if (message.value("expect") or b"").lower() == b"100-continue":
            connection.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _answer(self, connection: BackendConnection, message: Message, digest: str) -> bool:
        options = {key: values[-1] for key, values in
                   parse_qs(urlsplit(message.target.decode("latin-1")).query).items()}
        if "delay" in options:
            threading.Event().wait(float(options["delay"].removesuffix("s")))
        status = int(options.get("status", 200))
        headers = [f"HTTP/1.1 {status} Whatever", f"Server: {self.name}/1.0"]
        for pair in (message.value("x-echo-set-header") or b"").decode("latin-1").split(","):
            name, colon, value = pair.partition(":")
            if colon:
                headers.append(f"{name.strip()}: {value.strip()}")
        size = int(options["bytes"]) if "bytes" in options else None
        body = b"" if size is not None else self._description(message, digest)
        length = size if size is not None else len(body)
        bodiless = message.method == b"HEAD" or status in (204, 304)
        chunked = "chunked" in options
        if chunked:
            headers.append("Transfer-Encoding: chunked")
        elif status != 204:
            headers.append(f"Content-Length: {length}")
        if size is None:
            headers.append("Content-Type: application/json")
        close = "close" in options or message.asks_close or message.minor_version == 0
        if close:
            headers.append("Connection: close")
        connection.send("\r\n".join(headers).encode("latin-1") + b"\r\n\r\n"
                        + (b"" if bodiless or chunked else body))
        if not bodiless:
            self._send_body(connection, body, size, chunked)
        return not close

    def _send_body(self, connection: BackendConnection, body: bytes, size: int | None,
                   chunked: bool) -> None:
        if size is None and not chunked:
            return
        left = len(body) if size is None else size
        while left:
            part = body if size is None else BLOCK[:left]
            left -= len(part)
            framed = b"%x\r\n%s\r\n" % (len(part), part) if chunked else part
            connection.send(framed)
        if chunked:
            connection.send(b"0\r\n\r\n")

    def _description(self, message: Message, digest: str) -> bytes:
        return json.dumps({
            "name": self.name,
            "method": message.method.decode("latin-1"),
            "target": message.target.decode("latin-1"),
            "version": message.minor_version,
            "headers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in message.headers],
            "trailers": [[n.decode("latin-1"), v.decode("latin-1")] for n, v in message.trailers],
            "framing": message.framing,
            "body_length": message.body_length,
            "body_sha256": digest,
        }).encode()


class Echo:
    """An echo backend's answer, read."""

    def __init__(self, response: Message):
        assert response.status == 200, (response.start_line, response.headers, response.body[:500])
        self.response = response
        fields = json.loads(response.body)
        self.name: str = fields["name"]
        self.method: str = fields["method"]
        self.target: str = fields["target"]
        self.version: int = fields["version"]
        self.headers: list[tuple[str, str]] = [tuple(pair) for pair in fields["headers"]]
        self.trailers: list[tuple[str, str]] = [tuple(pair) for pair in fields["trailers"]]
        self.framing: str = fields["framing"]
        self.body_length: int = fields["body_length"]
        self.body_sha256: str = fields["body_sha256"]

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def value(self, name: str) -> str | None:
        found = self.values(name)
        return found[0] if found else None
