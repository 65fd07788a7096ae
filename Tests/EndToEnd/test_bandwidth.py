"""Bandwidth through the binary: what passes in a time, who waits for whom, and who is not cut."""
from __future__ import annotations

import threading
import time
from typing import Callable

import pytest

from harness.client import RawConnection, fetch, request_bytes
from harness.http2_client import Http2Client
from harness.martlet import Martlet

RATE, BURST, PIECE, FRAME = 256 * 1024, 64 * 1024, 30_000, 16_000


def config(upstream: str, limits: str, routes: str, timeouts: str = "", grace: str = "1s") -> str:
    return f"""
workers: 2
listeners:
  public: {{ address: 127.0.0.1:0, timeouts: {{ body-grace: {grace} }} }}
upstreams:
  backend: {{ endpoints: "{upstream}"{timeouts} }}
rate-limits:
{limits}
routes:
{routes}
"""


def limited(start, upstream: str) -> Martlet:
    return start(config(
        upstream,
        '  down: { key: "{client.network}", bandwidth: { response: 256KiB, burst: 64KiB } }\n'
        '  up: { key: "{client.network}", bandwidth: { request: 256KiB, burst: 64KiB } }',
        "  - { match: { path: /down }, rate-limits: down, upstream: backend }\n"
        "  - { match: { path: /up }, rate-limits: up, upstream: backend }"))


def small_answers_http1(martlet: Martlet) -> Callable[[], int]:
    connection = RawConnection(martlet.address())
    return lambda: len(connection.exchange(request_bytes("GET", f"/down?bytes={PIECE}")).body)


def small_answers_http2(martlet: Martlet) -> Callable[[], int]:
    client = Http2Client(martlet.address())
    return lambda: len(client.fetch(f"/down?bytes={PIECE}").body)


def small_uploads_http1(martlet: Martlet) -> Callable[[], int]:
    connection = RawConnection(martlet.address())

    def upload() -> int:
        request = request_bytes("POST", "/up", body=b"x" * PIECE)
        assert connection.exchange(request, "POST").status == 200
        return PIECE
    return upload


def small_uploads_http2(martlet: Martlet) -> Callable[[], int]:
    client = Http2Client(martlet.address())

    def upload() -> int:
        stream = client.begin("POST", "/up")
        # One frame: a second one would be held already.
        client.send_body(stream, b"x" * FRAME)
        assert client.response(stream).status == 200
        return FRAME
    return upload


def passed(clients: list[Callable[[], int]], seconds: float) -> tuple[int, float]:
    """Bytes of exchanges that follow one another as fast as they can, and the time they took."""
    began = time.monotonic()
    counts: list[int] = []

    def run(client: Callable[[], int]) -> None:
        count = 0
        while time.monotonic() < began + seconds:
            count += client()
        counts.append(count)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == len(clients), "one has failed"
    return sum(counts), time.monotonic() - began


@pytest.mark.parametrize("client", [small_answers_http1, small_answers_http2, small_uploads_http1,
                                    small_uploads_http2])
@pytest.mark.parametrize("count", [1, 6])
def test_small_bodies_are_limited_too(start, echo, client, count):
    """Each is over before it could be held; the next one waits, and so does everybody's."""
    martlet = limited(start, echo.url)
    total, elapsed = passed([client(martlet) for _ in range(count)], 3)
    assert total <= BURST + RATE * elapsed + count * PIECE
    assert total >= RATE * (elapsed - 1) * 0.6
    # Who comes behind them pays for no more than what was under way.
    began = time.monotonic()
    size = 400_000
    if "answers" in client.__name__:
        assert len(martlet.get(f"/down?bytes={size}", timeout=20).body) == size
    else:
        assert martlet.get("/up", method="POST", body=b"x" * size, timeout=20).status == 200
    assert time.monotonic() - began <= (size + count * PIECE) / RATE + 2


def test_a_key_does_not_pay_for_another(start, echo):
    martlet = start(config(
        echo.url, '  each: { key: "{header.x-key}", bandwidth: { response: 2KiB, burst: 64KiB } }',
        "  - { rate-limits: each, respond: { body: " + 80_000 * "x" + " } }"))
    with martlet.connect(timeout=30) as connection:
        def ask(key: str) -> float:
            began = time.monotonic()
            answer = connection.exchange(request_bytes("GET", "/", {"X-Key": key}))
            assert len(answer.body) == 80_000
            return time.monotonic() - began

        assert ask("a") < 2 and ask("b") < 2
        # 14 kB too much, at 2 KiB a second.
        assert 6 <= ask("a") <= 10


def download_http1(martlet: Martlet, size: int) -> bool:
    return len(fetch(martlet.address(), f"/down?bytes={size}", timeout=60).body) == size


def download_http2(martlet: Martlet, size: int) -> bool:
    with Http2Client(martlet.address(), timeout=60) as client:
        return len(client.fetch(f"/down?bytes={size}").body) == size


def upload_http1(martlet: Martlet, size: int) -> bool:
    return fetch(martlet.address(), "/up", "POST", body=b"x" * size, timeout=60).status == 200


def upload_http2(martlet: Martlet, size: int) -> bool:
    with Http2Client(martlet.address(), timeout=60) as client:
        stream = client.begin("POST", "/up")
        client.send_body(stream, b"x" * size)
        return client.response(stream).status == 200


@pytest.mark.parametrize("version", ["http1", "http2"])
def test_who_is_held_is_not_cut(start, echo, version):
    """Deadlines far shorter than the holds: neither side is to blame for them."""
    upstream = echo.url
    if version == "http2":
        # Which has the same right to complain of a slow client, but is not asked here.
        host, port = start(config(echo.url, "  none: 1000000/1s", "  - { upstream: backend }",
                                  grace="60s")).address()
        upstream = f"h2c://{host}:{port}"
    martlet = start(config(
        upstream,
        "  down: { bandwidth: { response: 64KiB } }\n  up: { bandwidth: { request: 64KiB } }",
        "  - { match: { path: /down }, rate-limits: down, upstream: backend }\n"
        "  - { match: { path: /up }, rate-limits: up, upstream: backend }",
        timeouts=", timeouts: { response: 1s, stream-idle: 1s }"))
    results: list[tuple[str, bool]] = []

    def run(transfer: Callable[[Martlet, int], bool]) -> None:
        results.append((transfer.__name__, transfer(martlet, 150_000)))

    threads = [threading.Thread(target=run, args=(transfer,)) for transfer in
               2 * [download_http1, download_http2, upload_http1, upload_http2]]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 8 and all(is_whole for _, is_whole in results), results
    # 600 kB in each direction behind a burst of 64 KiB; nobody waits for his own last piece.
    assert 5 <= time.monotonic() - began <= 16


def test_busy_keys_that_lose_their_place_are_counted(start):
    martlet = start(config(
        "http://127.0.0.1:1", '  each: { key: "{header.x-key}", max-keys: 1, windows: 9/1h }',
        "  - { rate-limits: each, respond: 204 }"))
    with martlet.connect() as client:
        for key in range(30):
            client.exchange(request_bytes("GET", "/", {"X-Key": str(key)}))
    assert martlet.metric("martlet_rate_limit_evictions_total", limit="each") >= 20
