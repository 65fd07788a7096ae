"""TLS clients: one whose every record is under the test's control, and what a handshake shows."""
from __future__ import annotations

import socket
import ssl
import struct
from pathlib import Path

from cryptography import x509

from .client import Address, RawConnection
from .http1 import Stream


def client_context(ca: Path | None = None, certificate: tuple[Path, Path] | None = None,
                   alpn: list[str] | None = ["http/1.1"],
                   version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    """Checks names and certificates against `ca`, or nothing at all without it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca:
        context.load_verify_locations(ca)
    else:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(*certificate)
    if alpn:
        context.set_alpn_protocols(alpn)
    if version:
        context.minimum_version = context.maximum_version = version
    return context


class TLSSocket:
    """TLS over a socket by hand, so that `close_notify` and the end of TCP are two things."""

    def __init__(self, sock: socket.socket, context: ssl.SSLContext, name: str | None):
        self.socket = sock
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.object = context.wrap_bio(self.incoming, self.outgoing, server_hostname=name)
        self._run(self.object.do_handshake)

    def _flush(self) -> None:
        if data := self.outgoing.read():
            self.socket.sendall(data)

    def _run(self, step, *arguments):
        while True:
            try:
                result = step(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                data = self.socket.recv(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
                continue
            except ssl.SSLError:
                self._flush()
                raise
            self._flush()
            return result

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[self._run(self.object.write, view):]

    def recv(self, count: int) -> bytes:
        """Empty only after `close_notify`; an end without it is an error."""
        try:
            return self._run(self.object.read, count)
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLEOFError as error:
            raise ConnectionResetError("the connection ended without close_notify") from error

    def close_notify(self) -> None:
        """Says that no more will come, and waits for nothing."""
        try:
            self.object.unwrap()
        except ssl.SSLWantReadError:
            pass
        self._flush()

    def settimeout(self, seconds: float | None) -> None:
        self.socket.settimeout(seconds)

    def close(self) -> None:
        self.socket.close()

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()


class TLSConnection(RawConnection):
    """As `RawConnection`, over TLS."""

    def __init__(self, address: Address, context: ssl.SSLContext | None = None,
                 name: str | None = "example.com", timeout: float = 10,
                 receive_buffer: int | None = None):
        super().__init__(address, timeout, receive_buffer)
        self.plain = self.socket
        try:
            self.socket = TLSSocket(self.plain, context or client_context(), name)
        except BaseException:
            self.plain.close()
            raise
        self.stream = Stream(self.socket)

    def half_close(self) -> None:
        self.socket.close_notify()

    @property
    def version(self) -> str:
        return self.socket.object.version()

    @property
    def protocol(self) -> str | None:
        return self.socket.object.selected_alpn_protocol()

    @property
    def certificate(self) -> x509.Certificate:
        return x509.load_der_x509_certificate(self.socket.object.getpeercert(binary_form=True))

    @property
    def serial(self) -> int:
        return self.certificate.serial_number
