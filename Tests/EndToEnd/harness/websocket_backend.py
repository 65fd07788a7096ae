"""A WebSocket server made by other people (`websockets`) on a thread of its own."""
from __future__ import annotations

import asyncio
import threading

from websockets.asyncio.server import serve


class WebSocketBackend:
    """Echoes every message; `/close` closes at once with 4001, `/greet` speaks first."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(10), "the WebSocket backend did not start"

    async def _answer(self, connection) -> None:
        self.paths.append(connection.request.path)
        self.headers.append({k.lower(): v for k, v in connection.request.headers.raw_items()})
        if connection.request.path.startswith("/close"):
            await connection.close(4001, "go away")
            return
        if connection.request.path.startswith("/greet"):
            await connection.send("hello")
        async for message in connection:
            await connection.send(message)

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        async with serve(self._answer, "127.0.0.1", 0, max_size=None,
                         ping_interval=None,
                         select_subprotocol=lambda _, offered: offered[0] if offered else None) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._started.set()
            await self._stop.wait()

    def _run(self) -> None:
        self._loop.run_until_complete(self._main())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
