"""Reloads: atomic, unnoticed by clients, and without effect when the file is wrong."""
from __future__ import annotations

import time

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo, EchoBackend
from harness.load import Load
from harness.martlet import simple_config


def with_route(url: str, number: int) -> str:
    """Changes with every number: another route, another edit."""
    return simple_config(url, route=f"headers: {{ response: {{ set: {{ x-plan: p{number} }} }} }}",
                         extra=f"""
  - name: extra-{number}
    match: {{ path: /extra/{number} }}
    respond: 204
""")


def plan_of(martlet) -> bytes:
    return martlet.get("/").value("x-plan")


def test_signal(start, echo):
    martlet = start(with_route(echo.url, 1))
    assert plan_of(martlet) == b"p1"
    assert martlet.get("/extra/2").status == 200
    first = martlet.reload(with_route(echo.url, 2))
    assert plan_of(martlet) == b"p2"
    assert martlet.get("/extra/2").status == 204
    assert martlet.reload(with_route(echo.url, 3))["generation"] == first["generation"] + 1
    assert martlet.metric("martlet_config_generation") == first["generation"] + 1


def test_file_change(start, echo):
    martlet = start(with_route(echo.url, 1))
    after = len(martlet.events)
    martlet.write_config(with_route(echo.url, 2))
    martlet.event("reloaded", after=after)
    assert plan_of(martlet) == b"p2"
    after = len(martlet.events)
    martlet.file.write_text(with_route(echo.url, 3) + "\nadmin: 127.0.0.1:0\n")  # in place
    martlet.event("reloaded", after=after)
    assert plan_of(martlet) == b"p3"


def test_change_of_an_included_file(start, echo, tmp_path):
    directory = tmp_path / "0"
    (directory / "routes").mkdir(parents=True)
    included = directory / "routes/a.yaml"
    text = "routes:\n  - { match: { path: /a }, respond: { status: 200, body: %s } }\n"
    included.write_text(text % "one")
    martlet = start("include: [routes/*.yaml]\nworkers: 1\nlisteners: { public: 127.0.0.1:0 }\n")
    assert martlet.get("/a").body == b"one"
    after = len(martlet.events)
    included.write_text(text % "two")
    martlet.event("reloaded", after=after)
    assert martlet.get("/a").body == b"two"


@pytest.mark.parametrize("bad", [
    "listeners: [", "", "routes: 7", "listenrs: {}", "listeners: { public: 127.0.0.1:0 }\nx: y"])
def test_bad_file_changes_nothing(start, echo, bad):
    martlet = start(with_route(echo.url, 1))
    with martlet.connect() as client:
        assert client.exchange(request_bytes("GET", "/")).value("x-plan") == b"p1"
        event = martlet.reload(bad, expect="reload_failed")
        assert str(martlet.file.name) in str(event)
        assert client.exchange(request_bytes("GET", "/")).value("x-plan") == b"p1"
    assert plan_of(martlet) == b"p1"
    assert martlet.admin("/readyz").status == 200
    assert martlet.metric("martlet_config_reloads_total") >= 1
    martlet.reload(with_route(echo.url, 2))
    assert plan_of(martlet) == b"p2"


def test_exchange_in_flight_ends_on_its_plan(start, echo):
    martlet = start(with_route(echo.url, 1))
    served = echo.served
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/?delay=1"))
        # The request must be under way before the plan changes.
        martlet.wait_until(
            lambda: martlet.metric("martlet_upstream_connections") >= 1, "a request under way")
        martlet.reload(simple_config(echo.url, route="headers: { response: { set: { x-plan: new } } }"))
        assert plan_of(martlet) == b"new"
        assert client.response().value("x-plan") == b"p1"
        assert client.exchange(request_bytes("GET", "/")).value("x-plan") == b"new"
    assert echo.served > served


def test_streams_survive(start, nginx):
    """A download that spans many reloads is neither cut nor closed."""
    size = 64 << 20
    path = nginx.sparse_file("for-reloads", size)
    martlet = start(with_route(nginx.url, 0))
    count = 0

    def sink(part: bytes) -> None:
        nonlocal count
        count += len(part)

    with martlet.connect(receive_buffer=65536) as client:
        client.send(request_bytes("GET", path))
        client.socket.recv(1, 2)  # MSG_PEEK: the answer has begun
        for number in range(1, 6):
            martlet.reload(with_route(nginx.url, number))
        assert client.response(sink=sink).status == 200
        assert count == size
        assert client.exchange(request_bytes("GET", "/")).value("x-plan") == b"p5"


def test_pools_of_unchanged_upstreams_are_kept(start):
    backend = EchoBackend()
    martlet = start(with_route(backend.url, 0))
    for number in range(5):
        assert martlet.get("/").status == 200
        martlet.reload(with_route(backend.url, number + 1))
    assert martlet.get("/").status == 200
    assert len(backend.connections) == 1
    backend.stop()


def test_counters_are_kept(start, echo):
    martlet = start(with_route(echo.url, 0))
    for _ in range(7):
        martlet.get("/")
    before = martlet.metric("martlet_requests_total", route="all")
    martlet.reload(with_route(echo.url, 1))
    assert martlet.metric("martlet_requests_total", route="all") >= before >= 7


def test_listeners_come_and_go(start, echo):
    martlet = start(simple_config(echo.url))
    public = martlet.address()
    martlet.reload(simple_config(echo.url).replace("upstreams:", "  second: 127.0.0.1:0\nupstreams:"))
    assert martlet.get("/", listener="second").status == 200
    assert martlet.address() == public and martlet.get("/").status == 200
    martlet.reload(simple_config(echo.url))
    with pytest.raises(OSError):
        martlet.get("/", listener="second")
    assert martlet.get("/").status == 200


def test_upstreams_move(start):
    first, second = EchoBackend("first"), EchoBackend("second")
    martlet = start(simple_config(first.url))
    with martlet.connect() as client:
        assert Echo(client.exchange(request_bytes("GET", "/"))).name == "first"
        martlet.reload(simple_config(second.url))
        assert Echo(client.exchange(request_bytes("GET", "/"))).name == "second"
    first.stop()
    second.stop()


def test_reload_each_second_under_load(start, nginx):
    """No request fails, no connection is reset, and memory does not grow with the reloads."""
    martlet = start(with_route(nginx.url, 0).replace("workers: 1", "workers: 2"))
    load = Load(martlet.address(), threads=6)
    load.wait_for(200)
    for number in range(1, 11):
        begun = time.monotonic()
        martlet.reload(with_route(nginx.url, number).replace("workers: 1", "workers: 2"))
        load.wait_for(load.tally.answered + 100)
        time.sleep(max(0.0, 1 - (time.monotonic() - begun)))  # the second of the name
    tally = load.stop()
    print(f"\n{tally.answered} answered over 10 reloads, {tally.announced_closes} closes announced")
    assert not tally.failures, tally.failures[:5]
    assert tally.refused == 0 and tally.answered > 1000


def test_many_reloads_leak_nothing(start, echo):
    martlet = start(with_route(echo.url, 0))
    for number in range(10):
        martlet.reload(with_route(echo.url, number))
        assert martlet.get("/").status == 200
    memory, files = martlet.resident_bytes(), martlet.open_files()
    for number in range(40):
        martlet.reload(with_route(echo.url, number))
        assert martlet.get("/").status == 200
    assert martlet.open_files() <= files + 2
    assert martlet.resident_bytes() - memory < 8 << 20
