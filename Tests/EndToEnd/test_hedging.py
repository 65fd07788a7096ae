"""Reads that are sent once more when their answer takes unusually long."""
from __future__ import annotations

import random
import threading
import time

import pytest

from harness import http2 as h2
from harness.client import RawConnection, request_bytes
from harness.http2_upstream import Request, UpstreamConnection, serves
from harness.martlet import run_command, simple_config
from harness.moody_backend import MoodyBackend, upstream

BUDGET = "retry-budget: { percent: 20, min-retries: 0 }"


class Sometimes(MoodyBackend):
    """Takes 3 ms, and now and then 300."""

    def __init__(self, name: str, seed: int):
        self.random = random.Random(seed)
        super().__init__(name)

    def _talk(self, connection) -> None:
        while True:
            connection.request()
            connection.requests.clear()
            self.served += 1
            time.sleep(0.3 if self.random.random() < 0.03 else 0.003)
            connection.send(self._head(200) + self.name.encode())


@pytest.fixture
def sometimes():
    backends = [Sometimes(name, seed) for seed, name in enumerate("abc")]
    yield backends
    for backend in backends:
        backend.stop()
    assert not [error for backend in backends for error in backend.errors]


def tail(martlet, count: int = 1500, clients: int = 6) -> tuple[float, int]:
    """The 99th percentile of that many requests in seconds, and how many were not answered well."""
    times: list[float] = []
    bad: list[int] = []

    def run() -> None:
        with RawConnection(martlet.address()) as connection:
            for _ in range(count // clients):
                begin = time.monotonic()
                status = connection.exchange(request_bytes("GET", "/")).status
                times.append(time.monotonic() - begin)
                if status != 200:
                    bad.append(status)

    threads = [threading.Thread(target=run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(times) == count // clients * clients
    return sorted(times)[len(times) * 99 // 100], len(bad)


def test_the_tail_gets_short_and_the_load_stays_within_the_budget(start, sometimes, record_property):
    plain = start(simple_config(upstream(sometimes, "balancing: random")))
    before, bad = tail(plain)
    assert bad == 0 and before > 0.2, "three in a hundred are slow"
    for backend in sometimes:
        backend.served = 0
    hedged = start(simple_config(upstream(
        sometimes, f"balancing: random, hedging: {{ after: 25ms }}, {BUDGET}")))
    after, bad = tail(hedged)
    served = sum(backend.served for backend in sometimes)
    hedges = hedged.metric("martlet_upstream_hedges_total")
    won = hedged.metric("martlet_upstream_hedges_won_total")
    print(f"p99 {before * 1000:.0f} ms -> {after * 1000:.0f} ms, {hedges:.0f} hedges, {won:.0f} won")
    assert bad == 0
    assert after < 0.15, f"{before} -> {after}"
    assert 20 <= hedges <= 300 and 0.5 * hedges <= won <= hedges
    assert 1500 <= served <= 1500 + hedges, "each hedge is one more request"


def test_a_budget_bounds_what_the_upstream_sees(start, trio):
    for backend in trio:
        backend.mood, backend.delay = "slow", 0.06
    martlet = start(simple_config(upstream(
        trio, "hedging: { after: 5ms }, retry-budget: { percent: 10, min-retries: 0 }")))
    tail(martlet, count=300)
    served = sum(backend.served for backend in trio)
    assert 301 <= served <= 330, "all are slow: a tenth more, and no more"
    assert martlet.metric("martlet_upstream_hedges_total") == served - 300


def test_what_is_unusual_is_learnt(start, sometimes):
    martlet = start(simple_config(upstream(
        sometimes, f"balancing: random, hedging: {{ percentile: 90, min-samples: 50 }}, {BUDGET}")))
    deadline = time.monotonic() + 40
    while martlet.metric("martlet_upstream_hedges_won_total") < 3:
        tail(martlet, count=300)
        assert time.monotonic() < deadline, "no hedge"


def test_writes_are_sent_once(start, trio):
    for backend in trio:
        backend.mood, backend.delay = "slow", 0.1
    martlet = start(simple_config(upstream(trio, "hedging: { after: 5ms }")))
    for _ in range(6):
        assert martlet.get("/", method="POST").status == 200
    assert sum(backend.served for backend in trio) == 6


def test_a_black_hole_costs_no_more_than_the_delay(start, trio):
    trio[0].mood = "silent"
    martlet = start(simple_config(upstream(
        trio, "hedging: { after: 30ms }, retry-budget: { min-retries: 100 }")))
    begin = time.monotonic()
    assert [martlet.get("/").status for _ in range(12)] == [200] * 12
    assert time.monotonic() - begin < 2
    assert trio[0].served == 4
    assert martlet.exchange(attempts=2)["status"] == 200


def test_over_http2_the_loser_is_reset(start, scripted_http2):
    def never(connection: UpstreamConnection, request: Request) -> None:
        pass

    def soon(connection: UpstreamConnection, request: Request) -> None:
        connection.respond(request.stream, 200, body=b"fine")

    slow, quick = scripted_http2(serves(never)), scripted_http2(serves(soon))
    martlet = start(simple_config(
        f'{{ endpoints: ["{slow.url}", "{quick.url}"], hedging: {{ after: 20ms }} }}'))
    assert [martlet.get("/").body for _ in range(6)] == [b"fine"] * 6
    assert len(slow.requests) == 3 and len(quick.requests) == 6
    slow.wait_until(lambda: sum(
        frame.kind == h2.RST_STREAM for c in slow.connections for frame in c.seen)
        == len(slow.requests))
    assert len(slow.connections) == 1, "the connection itself is kept"


def test_explain_shows_the_delay(tmp_path):
    for hedging, line in (("{ after: 25ms }", "hedging after 25 ms"),
                          ("{ percentile: 99 }", "hedging after what 99 % take")):
        config = simple_config(
            "{ endpoints: [http://127.0.0.1:1, http://127.0.0.1:2], hedging: %s }" % hedging)
        (tmp_path / "martlet.yaml").write_text(config)
        told = run_command("explain", "-c", "martlet.yaml", "GET", "http://a/", directory=tmp_path)
        assert line in told.stdout, told.stdout + told.stderr
