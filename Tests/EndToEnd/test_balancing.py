"""Which endpoint gets a request, through the binary."""
from __future__ import annotations

import json
import threading
from collections import Counter

import pytest

from harness.client import request_bytes
from harness.martlet import run_command, simple_config
from harness.ports import closed_port


def upstream(backends, balancing: str = "round-robin", extra: str = "", each: str = "") -> str:
    endpoints = ", ".join(
        f'{{ url: "{backend.url}"{each and ", " + each} }}' for backend in backends)
    return f"{{ endpoints: [{endpoints}], balancing: {balancing}{extra and ', ' + extra} }}"


def names(martlet, count: int, headers=lambda _: {}, target=lambda _: "/") -> list[str]:
    with martlet.connect() as client:
        return [client.exchange(request_bytes("GET", target(i), headers(i))).value(
            "x-endpoint").decode() for i in range(count)]


@pytest.mark.parametrize("balancing", [
    "random", "least-request", "least-request-of-all", "peak-ewma",
    "{ algorithm: round-robin, slow-start: { window: 1s } }",
])
def test_every_endpoint_gets_its_share(proxied, trio, balancing):
    seen = Counter(names(proxied(upstream(trio, balancing)), 600))
    assert set(seen) == {"a", "b", "c"}
    if not balancing.startswith("peak"):
        assert all(120 <= count <= 280 for count in seen.values()), seen


def test_weights_hold_for_random(proxied, trio):
    endpoints = ", ".join(f'{{ url: "{b.url}", weight: {w} }}' for b, w in zip(trio, (6, 3, 0)))
    martlet = proxied(f"{{ endpoints: [{endpoints}], balancing: random }}")
    seen = Counter(names(martlet, 900))
    assert "c" not in seen and 520 <= seen["a"] <= 680, seen


@pytest.mark.parametrize("balancing", ["least-request", "least-request-of-all", "peak-ewma"])
def test_a_slow_endpoint_gets_less(proxied, trio, balancing):
    trio[0].mood = "slow"
    martlet = proxied(upstream(trio, balancing))
    seen: Counter = Counter()
    lock = threading.Lock()

    def client() -> None:
        mine = names(martlet, 30)
        with lock:
            seen.update(mine)

    threads = [threading.Thread(target=client) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sum(seen.values()) == 180
    assert seen["a"] < 30, f"a third would be 60: {seen}"


SOURCES = {
    "header:x-user": (lambda i: {"X-User": f"u{i}"}, lambda _: "/"),
    "cookie:session": (lambda i: {"Cookie": f"a=b; session=s{i}"}, lambda _: "/"),
    "query:id": (lambda _: {}, lambda i: f"/?x=1&id={i}"),
}


@pytest.mark.parametrize("source", SOURCES)
def test_the_same_key_goes_to_the_same_endpoint(proxied, trio, source):
    headers, target = SOURCES[source]
    balancing = f'{{ algorithm: consistent-hash, hash-on: "{source}" }}'
    martlet = proxied(upstream(trio, balancing))
    first = names(martlet, 90, headers, target)
    assert names(martlet, 90, headers, target) == first
    counts = Counter(first)
    assert len(counts) == 3 and min(counts.values()) >= 10, counts
    # Another process, as after a restart, sends them the same way.
    assert names(proxied(upstream(trio, balancing)), 90, headers, target) == first


def test_hash_by_path_capture(start, trio):
    config = simple_config(upstream(
        trio, "{ algorithm: consistent-hash, hash-on: [capture:tenant, client-address] }"))
    martlet = start(config.replace("{ prefix: / }", '{ path: "/{tenant}/{rest*}" }'))
    where = {t: names(martlet, 4, target=lambda i: f"/t{t}/{i}") for t in range(30)}
    assert all(len(set(seen)) == 1 for seen in where.values())
    assert len({seen[0] for seen in where.values()}) == 3


def test_hash_by_client_address_keeps_one_client_together(proxied, trio):
    balancing = "{ algorithm: consistent-hash, hash-on: client-address }"
    assert len(set(names(proxied(upstream(trio, balancing)), 30))) == 1


def test_only_the_keys_of_a_lost_endpoint_move(start, trio):
    def config(backends) -> str:
        return simple_config(upstream(
            backends, "{ algorithm: consistent-hash, hash-on: header:x-user }"))

    martlet = start(config(trio))
    user = SOURCES["header:x-user"][0]
    before = names(martlet, 120, user)
    martlet.reload(config(trio[:2]))
    after = names(martlet, 120, user)
    moved = [(old, new) for old, new in zip(before, after) if old != new]
    assert all(new in "ab" for new in after)
    others = [move for move in moved if move[0] != "c"]
    assert len(others) <= 6, f"keys moved that had no reason to: {others}"


def test_bounded_load_spills_a_hot_key_over(proxied, trio):
    for backend in trio:
        backend.mood = "slow"
    balancing = "{ algorithm: consistent-hash, hash-on: header:x-user, bounded-load: 150 }"
    martlet = proxied(upstream(trio, balancing))
    clients = [martlet.connect() for _ in range(12)]
    for client in clients:
        client.send(request_bytes("GET", "/", {"X-User": "hot"}))
    seen = Counter(client.response().value("x-endpoint").decode() for client in clients)
    for client in clients:
        client.socket.close()
    assert len(seen) >= 2 and max(seen.values()) <= 7, seen


STICKY = "{ algorithm: random, sticky: { cookie: home, secret: 0123456789abcdef, max-age: 1h } }"


def test_sticky_cookie(proxied, trio):
    martlet = proxied(upstream(trio, STICKY))
    answer = martlet.get("/")
    cookie = answer.value("set-cookie").decode()
    value = cookie.split(";")[0]
    assert value.startswith("home=") and len(value) == len("home=") + 16
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Max-Age=3600" in cookie
    assert "127.0.0.1" not in cookie
    bound = answer.value("x-endpoint").decode()
    again = [martlet.get("/", headers={"Cookie": value}) for _ in range(20)]
    assert {a.value("x-endpoint").decode() for a in again} == {bound}
    assert all(a.value("set-cookie") is None for a in again), "bound already"


@pytest.mark.parametrize("value", ["0" * 16, "zz", "", "f" * 17, "0123456789abcdeg"])
def test_a_made_up_cookie_binds_to_nothing(proxied, trio, value):
    martlet = proxied(upstream(trio, STICKY))
    answers = [martlet.get("/", headers={"Cookie": f"home={value}"}) for _ in range(40)]
    assert len({a.value("x-endpoint") for a in answers}) == 3
    assert all(a.value("set-cookie") for a in answers), "a new one is given"


def test_a_client_whose_endpoint_is_gone_is_bound_anew(start, trio):
    martlet = start(simple_config(upstream(trio, STICKY)))
    answer = martlet.get("/")
    bound = answer.value("x-endpoint").decode()
    cookie = {"Cookie": answer.value("set-cookie").decode().split(";")[0]}
    martlet.reload(simple_config(upstream([b for b in trio if b.name != bound], STICKY)))
    answer = martlet.get("/", headers=cookie)
    assert answer.status == 200 and answer.value("set-cookie")


def test_priorities_are_used_in_order(proxied, trio):
    endpoints = ", ".join(
        f'{{ url: "{b.url}", priority: {p} }}' for b, p in zip(trio, (0, 0, 1)))
    seen = Counter(names(proxied(f"{{ endpoints: [{endpoints}] }}"), 60))
    assert set(seen) == {"a", "b"}


def test_near_endpoints_come_before_far_ones(start, trio):
    places = ("region: eu, zone: eu-2", "region: us, zone: us-1", "region: eu, zone: eu-1")
    endpoints = ", ".join(f'{{ url: "{b.url}", {p} }}' for b, p in zip(trio, places))
    config = simple_config(f"{{ endpoints: [{endpoints}] }}",
                           extra="locality: { region: eu, zone: eu-1 }")
    assert set(names(start(config), 30)) == {"c"}
    # The only near one is dead: its requests go on, and none fails.
    dead = config.replace(trio[2].url, f"http://127.0.0.1:{closed_port()}")
    assert set(names(start(dead), 30)) == {"a"}


def test_connections_survive_a_reload(start, trio):
    martlet = start(simple_config(upstream(trio, "least-request-of-all")))
    names(martlet, 30)
    before = [len(backend.connections) for backend in trio]
    martlet.reload(simple_config(upstream(trio, "random")))
    names(martlet, 30)
    assert [len(backend.connections) for backend in trio] == before


def test_a_full_pool_makes_room_for_the_endpoint_that_is_wanted(proxied, trio):
    balancing = "{ algorithm: consistent-hash, hash-on: header:x-user }"
    martlet = proxied(upstream(trio, balancing, "max-connections: 1"))
    user = SOURCES["header:x-user"][0]
    assert names(martlet, 40, user) == names(martlet, 40, user)


def test_explain_tells_the_endpoint(start, trio, tmp_path):
    file = tmp_path / "explained.yaml"
    file.write_text(simple_config(upstream(
        trio, "{ algorithm: consistent-hash, hash-on: header:x-user }", "retries: {}")))
    martlet = start(file.read_text())
    for user in ("u1", "u2", "u3", "u4"):
        [name] = names(martlet, 1, lambda _, user=user: {"X-User": user})
        port = next(b.port for b in trio if b.name == name)
        out = run_command("explain", "-c", str(file), "-H", f"X-User: {user}",
                          "GET", "http://example.com/", "--output", "json")
        assert out.returncode == 0, out.stderr
        traffic = json.loads(out.stdout)["traffic"]
        assert "balancing consistent-hash by header:x-user" in traffic
        assert f"endpoint 127.0.0.1:{port}" in traffic
        assert "tries 3 on connect-failure, refused, connection-lost" in traffic
