"""The end of the process: nothing that is under way is cut, and nothing hangs."""
from __future__ import annotations

import signal
import threading
import time

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.load import Load
from harness.martlet import simple_config


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_idle_process_ends_at_once(start, echo, number):
    martlet = start(simple_config(echo.url))
    martlet.signal(number)
    begun = time.monotonic()
    assert martlet.wait_for_exit() == 0
    assert time.monotonic() - begun < 3


def test_idle_connections_do_not_hold_up_the_end(start, echo):
    martlet = start(simple_config(echo.url))
    clients = [martlet.connect() for _ in range(20)]
    for client in clients:
        assert client.exchange(request_bytes("GET", "/")).status == 200
    begun = time.monotonic()
    assert martlet.terminate() == 0
    assert time.monotonic() - begun < 5
    for client in clients:
        assert client.is_closed()


def test_exchange_under_way_is_finished(start, echo):
    martlet = start(simple_config(echo.url))
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/?delay=1"))
        martlet.wait_until(
            lambda: martlet.metric("martlet_upstream_connections") >= 1, "a request under way")
        martlet.signal(signal.SIGTERM)
        answer = client.response()
        assert Echo(answer).target == "/?delay=1"
        assert answer.asks_close and client.is_closed()
    assert martlet.wait_for_exit() == 0


def test_download_under_way_is_finished(start, nginx):
    size = 64 << 20
    path = nginx.sparse_file("for-drain", size)
    martlet = start(simple_config(nginx.url))
    count = 0

    def sink(part: bytes) -> None:
        nonlocal count
        count += len(part)

    with martlet.connect(receive_buffer=65536) as client:
        client.send(request_bytes("GET", path))
        client.socket.recv(1, 2)  # MSG_PEEK: the answer has begun
        martlet.signal(signal.SIGTERM)
        client.response(sink=sink)
        assert count == size
    assert martlet.wait_for_exit() == 0


def test_upload_under_way_is_finished(start, echo):
    martlet = start(simple_config(echo.url))
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/", {"Content-Length": "10"}) + b"hello")
        martlet.wait_until(
            lambda: martlet.metric("martlet_upstream_connections") >= 1, "a request under way")
        martlet.signal(signal.SIGTERM)
        martlet.event("draining")
        client.send(b"world")
        assert Echo(client.response()).body_length == 10
    assert martlet.wait_for_exit() == 0


def test_grace_keeps_serving_while_not_ready(start, echo):
    martlet = start(simple_config(echo.url, extra="drain: { grace: 2s, deadline: 10s }"))
    assert martlet.admin("/readyz").status == 200
    kept = martlet.connect()
    assert not kept.exchange(request_bytes("GET", "/")).asks_close
    martlet.signal(signal.SIGTERM)
    martlet.event("draining")
    assert martlet.admin("/readyz").status == 503
    assert martlet.admin("/livez").status == 200
    answer = kept.exchange(request_bytes("GET", "/"))
    assert answer.status == 200 and answer.asks_close and kept.is_closed()
    fresh = martlet.get("/")
    assert fresh.status == 200 and fresh.asks_close
    assert martlet.wait_for_exit() == 0
    with pytest.raises(OSError):
        martlet.get("/")


def test_deadline_cuts_and_says_so(start, echo):
    martlet = start(simple_config(echo.url, extra="drain: { deadline: 1s }"))
    martlet.expected_exit = 3
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/?delay=20"))
        martlet.wait_until(
            lambda: martlet.metric("martlet_upstream_connections") >= 1, "a request under way")
        begun = time.monotonic()
        martlet.signal(signal.SIGTERM)
        assert martlet.wait_for_exit() == 3
        assert 0.5 < time.monotonic() - begun < 5


def test_second_interrupt_ends_at_once(start, echo):
    martlet = start(simple_config(echo.url))
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/?delay=20"))
        martlet.wait_until(
            lambda: martlet.metric("martlet_upstream_connections") >= 1, "a request under way")
        martlet.signal(signal.SIGINT)
        martlet.event("draining")
        begun = time.monotonic()
        martlet.signal(signal.SIGINT)
        martlet.expected_exit = martlet.wait_for_exit()
        assert time.monotonic() - begun < 3
        assert martlet.expected_exit != 0


@pytest.mark.parametrize("grace", ["0s", "1s"])
def test_no_answer_is_cut_under_load(start, nginx, grace):
    """Every request that was taken is answered in full, the last one of a connection with a close."""
    martlet = start(simple_config(nginx.url, extra=f"drain: {{ grace: {grace}, deadline: 10s }}")
                    .replace("workers: 1", "workers: 2"))
    load = Load(martlet.address(), threads=6, stop_when_refused=True)
    load.wait_for(500)
    martlet.signal(signal.SIGTERM)
    assert martlet.wait_for_exit() == 0
    tally = load.stop()
    print(f"\n{tally.answered} answered, {tally.refused} refused after the end")
    assert not tally.failures, tally.failures[:5]


def test_access_log_is_complete_at_the_end(start, echo):
    martlet = start(simple_config(echo.url))
    for number in range(50):
        martlet.get(f"/{number}")
    assert martlet.terminate() == 0
    martlet.exchange(path="/49")
    assert {e["path"] for e in martlet.exchanges} >= {f"/{number}" for number in range(50)}


def test_broken_pipes_do_not_end_the_process(start, echo):
    martlet = start(simple_config(echo.url))
    for _ in range(20):
        client = martlet.connect()
        client.send(request_bytes("GET", "/?bytes=1000000"))
        client.socket.close()
    threading.Event().wait(0.2)
    assert martlet.get("/").status == 200
