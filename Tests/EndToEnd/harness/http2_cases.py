"""Conformance cases as rows: what was there before, what the client sends, what must follow.

What must follow is an `Outcome`. An error's code is asserted where the RFC gives one; where it
leaves a choice, all that it allows are listed. After all but connection errors the connection must
still serve a request, and its compression state must be in step.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import pytest

from . import http2 as h2
from .client import Address
from .http2 import ConnectionEnded
from .http2_client import Http2Client

CODES = ["NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
         "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
         "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED"]


@dataclass(frozen=True)
class Server:
    """Who is tested: `small` gives a short answer, `large` one of `large_bytes`."""

    address: Address
    small: str = "/small?bytes=100"
    large: str = "/large?bytes=200000"
    large_bytes: int = 200_000


@dataclass(frozen=True)
class Outcome:
    """`connection` and `stream` hold the error codes that may follow, `statuses` the answers."""

    connection: tuple[int, ...] = ()
    stream: tuple[int, ...] = ()
    statuses: tuple[int, ...] = ()
    on: int = 1

    def check(self, client: Http2Client, server: Server) -> None:
        if not self.connection and not self.stream and not self.statuses:
            client.settled()
            assert not client.goaway, str(client.goaway)
            resets = [a for a in client.answers.values() if a.reset not in (None, h2.NO_ERROR)]
            assert not resets, resets
            return self.check_alive(client, server)
        answer = client.answer(self.on)
        try:
            client.until(lambda: client.goaway or answer.finished)
        except ConnectionEnded:
            pytest.fail(f"closed without GOAWAY; wanted {self}, got {[str(f) for f in client.seen]}")
        if client.goaway:
            assert client.goaway.code in self.connection, f"wanted {self}, got {client.goaway}"
            return client.until_closed()
        if answer.reset is not None and not (answer.status and answer.ended):
            assert answer.reset in self.stream or answer.status in self.statuses, \
                f"wanted {self}, got {answer}"
        else:
            assert answer.status in self.statuses, f"wanted {self}, got {answer}"
        self.check_alive(client, server)

    @staticmethod
    def check_alive(client: Http2Client, server: Server) -> None:
        """The connection goes on: it serves a request and uses the same dynamic table."""
        client.next_stream = max([client.next_stream, *(s + 2 for s in client.answers if s % 2)])
        mark = h2.literal("x-mark", "in-step", "indexed")
        fields = h2.request("GET", server.small)
        streams = client.open_stream(), client.open_stream()
        client.send(h2.headers(streams[0], fields + mark),
                    h2.headers(streams[1], fields + h2.indexed(62)),
                    h2.settings((h2.INITIAL_WINDOW_SIZE, 1 << 20)))
        for stream in streams:
            assert client.response(stream).status == 200, client.answer(stream)

    def __str__(self) -> str:
        def names(codes: tuple[int, ...]) -> str:
            return "/".join(CODES[code] for code in codes)

        parts = [f"GOAWAY {names(self.connection)}" if self.connection else "",
                 f"RST_STREAM {names(self.stream)}" if self.stream else "",
                 f"status {self.statuses}" if self.statuses else ""]
        return " or ".join(part for part in parts if part) or "nothing"


IGNORED = Outcome()
OK = Outcome(statuses=(200,))


def closes(*codes: int) -> Outcome:
    """A connection error."""
    return Outcome(connection=codes)


def resets(*codes: int, on: int = 1) -> Outcome:
    """A stream error, which does not harm the connection."""
    return Outcome(stream=codes, on=on)


def either(*codes: int, on: int = 1) -> Outcome:
    """The RFC lets the server choose how far the error goes."""
    return Outcome(connection=codes, stream=codes, on=on)


# §8.1.1: a malformed request is a stream error; a server may answer it before that.
MALFORMED = Outcome(stream=(h2.PROTOCOL_ERROR,), statuses=(400,))

# What was there before the case's own frames.
Given = Callable[[Http2Client, Server], None]


def nothing(client: Http2Client, server: Server) -> None:
    """A connection on which both have said what they settle."""
    client.until_frame(h2.SETTINGS, is_ack=True)


def opened(client: Http2Client, server: Server) -> None:
    """Stream 1 is open: its head has come, its body has not."""
    nothing(client, server)
    client.begin("POST", server.small)


def half_closed(client: Http2Client, server: Server) -> None:
    """Stream 1 is half-closed (remote): the request is whole, the answer has no window."""
    nothing(client, server)
    client.send(h2.settings((h2.INITIAL_WINDOW_SIZE, 0)))
    client.until_frame(h2.SETTINGS, is_ack=True)
    client.begin("GET", server.large, end=True)
    assert client.head(1).status == 200


def closed(client: Http2Client, server: Server) -> None:
    """Stream 1 is closed: both have sent END_STREAM."""
    nothing(client, server)
    assert client.fetch(server.small).ended
    client.answers.clear()


def reset_by_client(client: Http2Client, server: Server) -> None:
    """Stream 1 is closed by the client's RST_STREAM."""
    opened(client, server)
    client.send(h2.reset(1, h2.CANCEL))
    client.settled()


def answered(client: Http2Client, server: Server) -> None:
    """Streams 1 to 5 are closed."""
    nothing(client, server)
    for _ in range(3):
        client.fetch(server.small)
    client.answers.clear()


@dataclass(frozen=True)
class Case:
    """One row. `frames` is bytes, or is worked out for the server under test."""

    section: str
    name: str
    given: Given
    frames: bytes | Callable[[Server], bytes]
    outcome: Outcome

    @property
    def id(self) -> str:
        return f"{self.section}-{self.name.replace(' ', '-')}"

    def run(self, server: Server) -> None:
        with Http2Client(server.address) as client:
            self.given(client, server)
            client.send(self.frames if isinstance(self.frames, bytes) else self.frames(server))
            self.outcome.check(client, server)
