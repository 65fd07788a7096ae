"""Limits that follow latency, and requests refused because the process is overloaded."""
from __future__ import annotations

import json
import signal
import threading
import time

from harness.client import request_bytes
from harness.martlet import simple_config
from harness.moody_backend import MoodyBackend


def upstream_of(martlet) -> dict:
    return json.loads(martlet.admin("/v1/upstreams").body)["upstreams"][0]


def test_adaptive_concurrency_refuses_what_would_wait(proxied):
    backend = MoodyBackend("a", "slow", 0.4)
    martlet = proxied(f'{{ endpoints: ["{backend.url}"],'
                      " adaptive-concurrency: { start: 4, min: 2, max: 8 } }")
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(martlet.get("/").status))
               for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(200) == 4 and statuses.count(503) == 8, statuses
    assert upstream_of(martlet)["concurrencyLimit"] == 4
    assert upstream_of(martlet)["requests"] == 0
    assert martlet.metric("martlet_upstream_concurrency_limit") == 4
    backend.stop()


def test_adaptive_concurrency_follows_an_upstream_with_a_queue(proxied):
    """One that serves one at a time gets fewer than it is sent, and each is served soon."""
    lock = threading.Lock()

    class OneAtATime(MoodyBackend):
        def _head(self, status: int) -> bytes:
            with lock:
                time.sleep(0.004)
            return super()._head(status)

    backend = OneAtATime("a")
    backend.keep_requests = False
    martlet = proxied(f'{{ endpoints: ["{backend.url}"],'
                      " adaptive-concurrency: { start: 40, min: 1, max: 40 } }")
    stopping = threading.Event()

    def ask() -> None:
        with martlet.connect() as client:
            while not stopping.is_set():
                if client.exchange(request_bytes("GET", "/")).status == 503:
                    time.sleep(0.01)

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    try:
        martlet.wait_until(lambda: upstream_of(martlet)["concurrencyLimit"] <= 20, "a lower limit")
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
        backend.stop()


def config(url: str, memory: str) -> str:
    return f"""
workers: 1
load-shedding: {{ memory: {memory} }}
listeners: {{ public: 127.0.0.1:0 }}
admin: 127.0.0.1:0
upstreams: {{ backend: {url} }}
routes:
  - {{ match: {{ prefix: /low }}, upstream: backend, importance: low }}
  - {{ match: {{ prefix: /high }}, upstream: backend, importance: high }}
  - {{ match: {{ prefix: /critical }}, upstream: backend, importance: critical }}
  - {{ match: {{ prefix: / }}, upstream: backend }}
"""


def test_the_less_important_is_refused_when_memory_is_short(start, echo):
    martlet = start(config(echo.url, "100GiB"))
    assert {martlet.get(path).status for path in ("/low", "/", "/high", "/critical")} == {200}
    assert martlet.metric("martlet_load_shedding_level") == 0
    # The process has far more than this.
    martlet.reload(config(echo.url, "16MiB"))
    martlet.wait_until(lambda: martlet.get("/high").status == 503, "refusals")
    answer = martlet.get("/low")
    assert answer.status == 503 and answer.value("retry-after") == b"1"
    assert json.loads(answer.body)["code"] == "overloaded"
    assert martlet.get("/critical").status == 200
    assert martlet.metric("martlet_load_shedding_level") == 3
    martlet.reload(config(echo.url, "100GiB"))
    assert martlet.get("/low").status == 200


def test_the_less_important_is_refused_when_the_loop_is_late(start, echo):
    """The process is kept from running for most of the time, as on a machine that is too small."""
    martlet = start(config(echo.url, "100GiB").replace("{ memory", "{ loop-delay: 20ms, memory"))
    paths = ("/low", "/", "/high", "/critical")
    assert {martlet.get(path).status for path in paths} == {200}
    stopping = threading.Event()

    def hinder() -> None:
        while not stopping.is_set():
            martlet.signal(signal.SIGSTOP)
            time.sleep(0.4)
            martlet.signal(signal.SIGCONT)
            time.sleep(0.08)

    hindrance = threading.Thread(target=hinder)
    hindrance.start()
    try:
        martlet.wait_until(lambda: martlet.get("/high").status == 503, "refusals", 20)
        assert [martlet.get(path).status for path in paths] == [503, 503, 503, 200]
        answer = martlet.get("/low")
        assert answer.value("retry-after") == b"1"
        assert json.loads(answer.body)["code"] == "overloaded"
    finally:
        stopping.set()
        hindrance.join()
    martlet.wait_until(lambda: martlet.get("/low").status == 200, "calm", 20)
    assert {martlet.get(path).status for path in paths} == {200}
    assert martlet.metric("martlet_load_shedding_level") == 0


def test_an_open_breaker_is_seen(proxied):
    backend = MoodyBackend("a", "500")
    martlet = proxied(f'{{ endpoints: ["{backend.url}"],'
                      " circuit-breaker: { min-calls: 3, open: 30s } }")
    assert upstream_of(martlet)["circuitBreaker"] == "closed"
    for _ in range(3):
        martlet.get("/")
    assert upstream_of(martlet)["circuitBreaker"] == "open"
    assert martlet.metric("martlet_upstream_circuit_breakers_open") == 1
    assert martlet.metric("martlet_upstream_circuit_breaker_openings_total") == 1
    backend.stop()
