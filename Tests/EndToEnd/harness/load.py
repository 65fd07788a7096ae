"""A small load generator that accounts for every request.

A request fails when its answer is cut, is not 200, or never comes. A connection that the proxy
closes between two answers must have been announced by `Connection: close` in the answer before.
"""
from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field

from .client import Address, RawConnection, request_bytes
from .http1 import EndOfStream, Malformed


@dataclass
class Tally:
    answered: int = 0
    refused: int = 0
    announced_closes: int = 0
    failures: list[str] = field(default_factory=list)


class Load:
    """`threads` keep-alive clients until `stop`."""

    def __init__(self, address: Address, threads: int = 8, target: str = "/load",
                 stop_when_refused: bool = False):
        self.address = address
        self.request = request_bytes("GET", target)
        self.stop_when_refused = stop_when_refused
        self.tally = Tally()
        self.lock = threading.Lock()
        self.progressed = threading.Condition(self.lock)
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self.threads:
            thread.start()

    def wait_for(self, answered: int, timeout: float = 20) -> None:
        with self.progressed:
            assert self.progressed.wait_for(
                lambda: self.tally.answered >= answered, timeout), f"too slow: {self.tally}"

    def stop(self) -> Tally:
        self.stopping.set()
        for thread in self.threads:
            thread.join(20)
            assert not thread.is_alive(), "a client hangs"
        return self.tally

    def _run(self) -> None:
        while not self.stopping.is_set():
            try:
                connection = RawConnection(self.address)
            except (ConnectionRefusedError, ConnectionResetError):
                with self.lock:
                    self.tally.refused += 1
                if self.stop_when_refused:
                    return
                continue
            with connection:
                self._serve(connection)

    def _serve(self, connection: RawConnection) -> None:
        first = True
        while not self.stopping.is_set():
            try:
                answer = connection.exchange(self.request)
            except (EndOfStream, Malformed, OSError, socket.timeout) as error:
                if first and self.stop_when_refused and self._listener_is_gone():
                    # Accepted by the kernel in the instant the listening socket was closed: Linux
                    # resets what waits in the queue of a closed one. Nothing was answered yet.
                    with self.lock:
                        self.tally.refused += 1
                    return
                self._fail(f"{type(error).__name__}: {error}")
                return
            first = False
            if answer.status != 200:
                self._fail(f"{answer.start_line!r} {answer.body[:200]!r}")
            with self.progressed:
                self.tally.answered += 1
                self.progressed.notify_all()
                if answer.asks_close:
                    self.tally.announced_closes += 1
            if answer.asks_close:
                return

    def _listener_is_gone(self) -> bool:
        """Each worker has a listening socket of its own; they close within moments."""
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            try:
                socket.create_connection(self.address, timeout=1).close()
            except OSError:
                return True
            self.stopping.wait(0.02)
        return False

    def _fail(self, reason: str) -> None:
        with self.lock:
            self.tally.failures.append(reason)
