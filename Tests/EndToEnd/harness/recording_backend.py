"""A backend that records every byte it gets and can say when nothing more is under way.

One thread serves all connections, so that after `settle` everything that the proxy wrote before
has been recorded. It answers only complete, exactly framed requests.
"""
from __future__ import annotations

import os
import re
import selectors
import socket
import threading
from dataclasses import dataclass, field

from .http1 import HEXADECIMAL, REQUEST_LINE, Malformed, Message, framing_of, parse_fields


@dataclass
class Recording:
    """One connection from the proxy."""

    received: bytearray = field(default_factory=bytearray)
    requests: list[Message] = field(default_factory=list)
    malformed: str | None = None
    consumed: int = 0
    closed: bool = False


def parse_request(data: bytes) -> tuple[Message, int] | None:
    """The first complete request with its length; `None` when bytes are missing."""
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    head = data[:head_end]
    if re.search(rb"\r(?!\n)|(?<!\r)\n", head):
        raise Malformed(f"bare CR or LF in head {head[:200]!r}")
    lines = head.split(b"\r\n")
    if not REQUEST_LINE.match(lines[0]):
        raise Malformed(f"request line {lines[0][:200]!r}")
    message = Message(lines[0], parse_fields(lines[1:]))
    framing, length = framing_of(message)
    message.framing = framing
    position = head_end + 4
    if framing == "none":
        return message, position
    if framing == "length":
        message.body = data[position:position + length]
        return (message, position + length) if len(message.body) == length else None
    return _parse_chunked(data, message, position)


def _parse_chunked(data: bytes, message: Message, position: int) -> tuple[Message, int] | None:
    body = bytearray()
    while True:
        line_end = data.find(b"\r\n", position)
        if line_end < 0:
            return None
        size_text = data[position:line_end]
        if not HEXADECIMAL.match(size_text):
            raise Malformed(f"chunk size {size_text[:40]!r}")
        size = int(size_text, 16)
        position = line_end + 2
        if size == 0:
            break
        if len(data) < position + size + 2:
            return None
        body += data[position:position + size]
        if data[position + size:position + size + 2] != b"\r\n":
            raise Malformed("chunk without CRLF")
        position += size + 2
    message.body = bytes(body)
    lines = []
    while True:
        line_end = data.find(b"\r\n", position)
        if line_end < 0:
            return None
        line, position = data[position:line_end], line_end + 2
        if not line:
            message.trailers = parse_fields(lines)
            return message, position
        lines.append(line)


class RecordingBackend:
    """Answers `200` to everything, with the body `recorded`."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nrecorded"

    def __init__(self) -> None:
        self.recordings: list[Recording] = []
        self.selector = selectors.DefaultSelector()
        self.wake_read, self.wake_write = os.pipe()
        os.set_blocking(self.wake_read, False)
        self.settled: list[threading.Event] = []
        self.lock = threading.Lock()
        self.stopping = False
        self.sequence = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.listener.setblocking(False)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.selector.register(self.wake_read, selectors.EVENT_READ, None)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def settle(self) -> None:
        """Returns when all that has arrived is recorded."""
        event = threading.Event()
        with self.lock:
            self.settled.append(event)
        os.write(self.wake_write, b"x")
        assert event.wait(10), "the recording backend is stuck"

    def clear(self) -> None:
        self.settle()
        with self.lock:
            self.recordings = [r for r in self.recordings if not r.closed]
            for recording in self.recordings:
                recording.received.clear()
                recording.requests.clear()
                recording.consumed = 0

    @property
    def requests(self) -> list[Message]:
        with self.lock:
            # In the order of arrival, whichever connection brought each.
            return sorted(
                (request for recording in self.recordings for request in recording.requests),
                key=lambda request: request.sequence)

    @property
    def received(self) -> bytes:
        with self.lock:
            return b"".join(bytes(recording.received) for recording in self.recordings)

    @property
    def malformed(self) -> list[str]:
        with self.lock:
            return [r.malformed for r in self.recordings if r.malformed]

    def stop(self) -> None:
        self.stopping = True
        os.write(self.wake_write, b"x")
        self.thread.join(5)
        self.listener.close()

    def _run(self) -> None:
        while not self.stopping:
            self._poll(None)
            with self.lock:
                waiting, self.settled = self.settled, []
            if waiting:
                while self._poll(0):
                    pass
                for event in waiting:
                    event.set()

    def _poll(self, timeout: float | None) -> bool:
        busy = False
        for key, _ in self.selector.select(timeout):
            if key.fileobj == self.wake_read:
                os.read(self.wake_read, 4096)
            elif key.fileobj is self.listener:
                busy = True
                sock, _ = self.listener.accept()
                sock.setblocking(False)
                recording = Recording()
                with self.lock:
                    self.recordings.append(recording)
                self.selector.register(sock, selectors.EVENT_READ, recording)
            else:
                busy = True
                self._read(key.fileobj, key.data)
        return busy

    def _read(self, sock: socket.socket, recording: Recording) -> None:
        try:
            data = sock.recv(1 << 18)
        except ConnectionResetError:
            data = b""
        with self.lock:
            recording.received += data
            recording.closed = not data
            replies = self._requests_in(recording)
        if not data:
            self.selector.unregister(sock)
            sock.close()
        elif replies:
            sock.setblocking(True)
            sock.sendall(self.ANSWER * replies)
            sock.setblocking(False)

    def _requests_in(self, recording: Recording) -> int:
        count = 0
        try:
            while not recording.malformed:
                found = parse_request(bytes(recording.received[recording.consumed:]))
                if not found:
                    break
                self.sequence += 1
                found[0].sequence = self.sequence
                recording.requests.append(found[0])
                recording.consumed += found[1]
                count += 1
        except Malformed as error:
            recording.malformed = str(error)
        return count
