"""A backend that misbehaves on command: slow, reset, half an answer, bursts of errors, silence.

Set `mood` at any time; it holds for the next request of every connection. Answers name the backend
in `X-Endpoint`.
"""
from __future__ import annotations

import threading

from .scripted_backend import BackendConnection, ScriptedBackend


class MoodyBackend(ScriptedBackend):
    """`mood` is `ok`, `slow`, `reset`, `half`, `silent`, or a status such as `503`."""

    def __init__(self, name: str, mood: str = "ok", delay: float = 0.2):
        self.name = name
        self.mood = mood
        self.delay = delay
        self.headers: list[str] = []
        self.served = 0
        self.keep_requests = True
        super().__init__(self._talk)

    def _talk(self, connection: BackendConnection) -> None:
        while True:
            connection.request()
            if not self.keep_requests:
                connection.requests.clear()
            self.served += 1
            mood = self.mood
            if mood == "reset":
                return connection.reset()
            if mood == "silent":
                connection.wait_for_close()
                return None
            if mood == "slow":
                threading.Event().wait(self.delay)
            if mood == "half":
                connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                return connection.reset()
            status = int(mood) if mood.isdigit() else 200
            connection.send(self._head(status) + self.name.encode())

    def _head(self, status: int) -> bytes:
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(self.name)}",
                 f"X-Endpoint: {self.name}", *self.headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


def upstream(backends: list[MoodyBackend], extra: str) -> str:
    """An upstream of the configuration with these endpoints, and more of its keys."""
    urls = ", ".join(f'"{backend.url}"' for backend in backends)
    return f"{{ endpoints: [{urls}], {extra} }}"
