"""Rate limits through the binary: exact over workers, told on every answer, kept over reloads."""
from __future__ import annotations

import json
import re
import threading
import time

import pytest

from harness.client import RawConnection, request_bytes
from harness.http1 import EndOfStream
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command

WORKERS = 2


def config(limits: str, routes: str, upstream: str = "http://127.0.0.1:1",
           workers: int = WORKERS) -> str:
    return f"""
workers: {workers}
listeners:
  public: 127.0.0.1:0
upstreams:
  backend: {upstream}
rate-limits:
{limits}
routes:
{routes}
"""


def standings(answer) -> dict[str, dict[str, int]]:
    """`RateLimit` read: by name, the parameters."""
    field = answer.value("ratelimit").decode()
    return {name: {key: int(number) for key, number in
                   re.findall(r";(\w)=(\d+)", parameters)}
            for name, parameters in re.findall(r'"([^"]+)"((?:;[\w="-]+)*)', field)}


class Flood:
    """Keep-alive clients that ask as fast as they can and count what they are told."""

    def __init__(self, martlet: Martlet, clients: int = 8, target: str = "/",
                 headers: dict[str, str] | None = None):
        self.statuses: dict[int, int] = {}
        self.failures: list[str] = []
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        self.address = martlet.address()
        self.request = request_bytes("GET", target, headers or {})
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(clients)]
        for thread in self.threads:
            thread.start()

    def _run(self) -> None:
        counts: dict[int, int] = {}
        try:
            with RawConnection(self.address) as connection:
                while not self.stopping.is_set():
                    status = connection.exchange(self.request).status
                    counts[status] = counts.get(status, 0) + 1
        except (EndOfStream, OSError, AssertionError) as error:
            self.failures.append(repr(error))
        with self.lock:
            for status, count in counts.items():
                self.statuses[status] = self.statuses.get(status, 0) + count

    def stop(self) -> dict[int, int]:
        self.stopping.set()
        for thread in self.threads:
            thread.join(20)
            assert not thread.is_alive(), "a client hangs"
        assert not self.failures, self.failures
        return self.statuses


@pytest.mark.parametrize("window", ["2000/1h", "{ limit: 2000, per: 1h, algorithm: sliding-window }",
                                    "2000/month"])
def test_exact_over_two_workers(start, window):
    """Far more is asked than there is: what is let through is the limit, not one request more."""
    martlet = start(config(f"  all: {{ windows: [{window}] }}",
                           "  - { rate-limits: all, respond: 204 }"))
    before = time.monotonic()
    flood = Flood(martlet)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and martlet.metric(
            "martlet_rate_limit_requests_total", result="denied") < 3000:
        time.sleep(0.05)
    statuses = flood.stop()
    # A token bucket refills meanwhile: 2000 an hour.
    refilled = (time.monotonic() - before) * 2000 / 3600 + 1
    assert statuses[429] >= 3000 and set(statuses) == {204, 429}
    assert 2000 <= statuses[204] <= 2000 + (refilled if "2000/1h" == window else 0)
    assert martlet.metric("martlet_rate_limit_requests_total", limit="all",
                          result="allowed") == statuses[204]
    assert martlet.metric("martlet_local_replies_total", code="quota_exceeded") == statuses[429]


def test_a_steady_rate_is_met_within_one_per_cent(start):
    """A full bucket is emptied first; from then on only what the rate gives comes through."""
    rate, burst, seconds = 400, 20, 5.0
    martlet = start(config(
        f"  all: {{ windows: {{ limit: {rate}, per: 1s, burst: {burst} }} }}",
        "  - { rate-limits: all, respond: 204 }"))
    flood = Flood(martlet, clients=6)
    began = time.monotonic()
    time.sleep(seconds)
    admitted = martlet.metric("martlet_rate_limit_requests_total", result="allowed")
    elapsed = time.monotonic() - began
    statuses = flood.stop()
    assert statuses.get(429, 0) > 500, "too few requests to tell"
    expected = burst + rate * elapsed
    # Asking for the metric takes a moment, which lies on either side of the count.
    assert expected * 0.99 - rate * 0.05 <= admitted <= expected * 1.01 + rate * 0.05


def test_headers_on_forwarded_answers_and_on_local_ones(start, echo):
    martlet = start(config(
        "  each: { key: '{client.address}', windows: [{ name: burst, limit: 3, per: 1h },"
        " { name: daily, limit: 100, per: day }] }",
        "  - { match: { path: /up }, rate-limits: each, upstream: backend }\n"
        "  - { match: { path: /down }, rate-limits: each, upstream: gone }\n"
        "  - { match: { path: /free }, upstream: backend }",
        upstream=f"{echo.url}\n  gone: http://127.0.0.1:1"))
    answer = martlet.get("/up", headers={
        "X-Echo-Set-Header": "RateLimit:\"theirs\";r=1, x-a:1, RateLimit-Limit:9, X-RateLimit-Reset:1,"
                             " x_ratelimit_remaining:7"})
    assert answer.status == 200 and answer.value("x-a") == b"1"
    assert [name for name, _ in answer.headers if b"ratelimit" in name.lower()] == [
        b"ratelimit-policy", b"ratelimit"]
    assert answer.value("ratelimit-policy") == b'"burst";q=3;w=3600, "daily";q=100;w=86400'
    assert standings(answer)["burst"]["r"] == 2 and standings(answer)["daily"]["r"] == 99
    assert 0 < standings(answer)["daily"]["t"] <= 86_400
    assert len(answer.values("ratelimit")) == 1 and answer.value("retry-after") is None
    failed = martlet.get("/down")
    assert failed.status == 502 and standings(failed)["burst"]["r"] == 1
    assert martlet.get("/up").status == 200
    refused = martlet.get("/up")
    assert refused.status == 429
    problem = json.loads(refused.body)
    assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert problem["violated-policies"] == ["burst"] and problem["code"] == "quota_exceeded"
    wait = int(refused.value("retry-after"))
    assert list(standings(refused)) == ["burst"]
    assert 0 < standings(refused)["burst"]["t"] <= wait <= 1201
    assert martlet.get("/free").value("ratelimit") is None
    line = martlet.exchange(status=429)
    assert line["error"] == "quota_exceeded" and line["rate_limit"] == "each"


def test_answers_that_come_before_the_limit_is_asked_have_its_fields(start):
    """And the fields by which a page of another origin may read them."""
    martlet = start(config(
        "  all: 5/1h",
        "  - match: { path: /closed }\n    rate-limits: all\n    cors: https://page.example\n"
        "    ip-filter: { deny: [127.0.0.0/8] }\n    respond: 204\n"
        "  - { match: { path: /mended }, rate-limits: all, cors: https://page.example,"
        " maintenance: true, respond: 204 }\n"
        "  - { match: { path: /small }, rate-limits: all, cors: https://page.example,"
        " limits: { max-body: 1B }, respond: 204 }"))
    page = {"origin": "https://page.example"}
    for path, status in [("/closed", 403), ("/mended", 503), ("/small", 413)]:
        answer = martlet.get(path, method="POST", headers=page, body=b"xx")
        assert answer.status == status
        assert answer.value("ratelimit-policy") == b'"all";q=5;w=3600'
        assert standings(answer)["all"]["r"] == 5, "nothing is counted"
        assert answer.values("access-control-allow-origin") == [b"https://page.example"]


def test_waiting_as_told_is_enough(start):
    martlet = start(config("  all: 2/2s", "  - { rate-limits: all, respond: 204 }"))
    assert [martlet.get().status for _ in range(2)] == [204, 204]
    refused = martlet.get()
    assert refused.status == 429
    time.sleep(int(refused.value("retry-after")))
    assert martlet.get().status == 204


def test_over_http2(start):
    martlet = start(config("  all: { windows: 2/1h, concurrency: 9 }",
                           "  - { rate-limits: all, respond: 204 }"))
    with Http2Client(martlet.address()) as client:
        first = client.fetch()
        assert first.status == 204
        assert first.value("ratelimit-policy") \
            == b'"all";q=2;w=3600, "all-concurrency";q=9;qu="concurrent-requests"'
        assert standings(first)["all"]["r"] == 1
        # Rounded up, as nobody is to come too early.
        assert 1800 <= standings(first)["all"]["t"] <= 1801
        assert standings(first)["all-concurrency"] == {"r": 8}
        assert client.fetch().status == 204
        refused = client.fetch()
        assert refused.status == 429 and int(refused.value("retry-after")) > 0
        assert json.loads(refused.body)["violated-policies"] == ["all"]


def test_grpc_is_told_in_its_own_way(start):
    martlet = start(config("  all: 1/1h", "  - { rate-limits: all, respond: 204 }"))
    with Http2Client(martlet.address()) as client:
        fields = [("content-type", "application/grpc"), ("te", "trailers")]
        client.fetch("/a.B/C", "POST", *fields)
        refused = client.fetch("/a.B/C", "POST", *fields)
        assert refused.status == 200 and refused.value("grpc-status") == b"8"
        assert standings(refused)["all"]["r"] == 0 and int(refused.value("retry-after")) > 0


def test_reload_keeps_what_was_spent(start):
    limits = "  kept: 5/1h\n  changed: 5/1h"
    routes = ("  - { match: { path: /kept }, rate-limits: kept, respond: 204 }\n"
              "  - { match: { path: /changed }, rate-limits: changed, respond: 204 }")
    martlet = start(config(limits, routes))
    for path in ("/kept", "/changed"):
        assert standings([martlet.get(path) for _ in range(3)][-1])[path[1:]]["r"] == 2
    martlet.reload(config(limits.replace("changed: 5", "changed: 6"), routes
                          + "\n  - { match: { path: /new }, rate-limits: kept, respond: 204 }"))
    assert standings(martlet.get("/new"))["kept"]["r"] == 1
    assert standings(martlet.get("/changed"))["changed"]["r"] == 5
    assert martlet.metric("martlet_rate_limit_requests_total", limit="kept", result="allowed") == 4


def test_requests_under_way(start, echo):
    """Exactly as many as allowed are with the upstream; a place is free again when one ends."""
    martlet = start(config(
        "  few: { concurrency: 3 }", "  - { rate-limits: few, upstream: backend }", upstream=echo.url))
    slow = [martlet.connect() for _ in range(3)]
    served = echo.served
    for client in slow:
        client.send(request_bytes("GET", "/?delay=1.5"))
    deadline = time.monotonic() + 10
    while echo.served < served + 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    refused = martlet.get("/")
    assert refused.status == 429 and refused.value("retry-after") == b"1"
    assert standings(refused) == {"few-concurrency": {"r": 0}}
    assert [client.response().status for client in slow] == [200, 200, 200]
    assert martlet.get("/").status == 200
    # Who goes away in the middle gives the place back too.
    for client in slow:
        client.send(request_bytes("GET", "/?delay=1"))
        client.socket.close()
    deadline = time.monotonic() + 10
    while (left := standings(martlet.get("/"))["few-concurrency"]["r"]) != 2 \
            and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == 2


def test_answers_are_slowed_down(start, echo):
    size, rate = 3_000_000, 1_000_000
    martlet = start(config(
        f"  slow: {{ bandwidth: {{ response: {rate // 1000}KB, burst: 64KiB }} }}",
        "  - { match: { path: /slow }, rate-limits: slow, upstream: backend }\n"
        "  - { match: { path: /fast }, upstream: backend }", upstream=echo.url))
    for path, least, most in (("/fast", 0.0, 1.5), ("/slow", 2.4, 4.5)):
        began = time.monotonic()
        answer = martlet.get(f"{path}?bytes={size}", timeout=20)
        assert answer.status == 200 and len(answer.body) == size
        assert least <= time.monotonic() - began <= most, path


def test_uploads_are_slowed_down(start, echo):
    size, rate = 3_000_000, 1_000_000
    martlet = start(config(
        f"  slow: {{ bandwidth: {{ request: {rate // 1000}KB, burst: 64KiB }} }}",
        "  - { rate-limits: slow, upstream: backend }", upstream=echo.url))
    for send in (_upload_http1, _upload_http2):
        began = time.monotonic()
        assert send(martlet, b"x" * size) == size
        assert 2.4 <= time.monotonic() - began <= 4.5, send


def _upload_http1(martlet: Martlet, body: bytes) -> int:
    answer = martlet.get("/", method="POST", body=body, timeout=20)
    assert answer.status == 200
    return json.loads(answer.body)["body_length"]


def _upload_http2(martlet: Martlet, body: bytes) -> int:
    with Http2Client(martlet.address(), timeout=20) as client:
        stream = client.begin("POST")
        client.send_body(stream, body)
        answer = client.response(stream)
        assert answer.status == 200
        return json.loads(answer.body)["body_length"]


def test_memory_is_bounded_under_many_keys(start):
    """A hundred thousand strangers: no key gets more than the limit, and memory is what was said."""
    martlet = start(config(
        "  each: { key: '{header.x-key} {client.address}', max-keys: 50000, windows: 2/1h }",
        "  - { rate-limits: each, respond: 204 }") + "telemetry: { access-log: off }\n")
    told = martlet.metric("martlet_rate_limit_memory_bytes", limit="each")
    assert told == pytest.approx(50_000 * 16, rel=0.01)
    keys, batch = 100_000, 500
    with martlet.connect() as warm:
        assert warm.exchange(request_bytes("GET", "/")).status == 204
    before = martlet.resident_bytes()
    for start_key in range(0, keys, keys // 4):
        # A connection takes 100,000 requests at most.
        with martlet.connect(timeout=30) as client:
            for first in range(start_key, start_key + keys // 4, batch):
                client.send(b"".join(request_bytes("GET", "/", {"X-Key": str(first + n)})
                                     for n in range(batch)))
                for _ in range(batch):
                    assert client.response().status in (204, 429)
    with martlet.connect(timeout=30) as client:
        # Crowded out or not, nobody has more than two.
        for key in range(0, 2000, 100):
            statuses = [client.exchange(request_bytes("GET", "/", {"X-Key": str(key)})).status
                        for _ in range(3)]
            assert statuses.count(204) <= 2
    assert martlet.resident_bytes() - before < told + 4_000_000


def test_validate_and_explain(start, tmp_path):
    file = tmp_path / "martlet.yaml"
    file.write_text(config("  each: { key: '{client.address}', windows: 5/1h, concurrency: 3 }",
                           "  - { name: a, rate-limits: { name: each, weight: 2 }, respond: 204 }"))
    told = run_command("explain", "-c", str(file), "GET", "/").stdout
    assert "rate-limit" in told and "each: for each `{client.address}`" in told
    assert "3 of 5 left" in told and "at the same time: 2 of 3 left" in told


def test_callers_are_counted_by_what_is_known_of_them(start, echo, tmp_path):
    """By consumer, by claim, and with an alternative for whoever is nobody."""
    keys = {}
    file = tmp_path / "keys.yaml"
    file.write_text("listeners: { public: 127.0.0.1:0 }\nroutes: [{ respond: 204 }]\n"
                    f"authentication: {{ key-secret: {'k' * 32} }}\n")
    for name in ("acme", "bolt"):
        made = run_command("keys", "create", "-c", str(file), "--output", "json")
        assert made.returncode == 0, made.stderr
        keys[name] = json.loads(made.stdout)
    consumers = "\n".join(
        f"  {name}: {{ metadata: {{ plan: free }}, api-keys: ['{key['hash']}'] }}"
        for name, key in keys.items())
    martlet = start(config(
        """  each: { key: "{consumer.name | client.address}", windows: 2/1h }
  plan: { key: "{consumer.metadata.plan}", windows: 3/1h }
""",
        f"""  - {{ match: {{ path: /each }}, rate-limits: each, upstream: backend }}
  - {{ match: {{ path: /plan }}, rate-limits: plan, upstream: backend }}
authentication:
  default: any
  key-secret: {"k" * 32}
  policies:
    any: {{ methods: [api-key], anonymous: guest }}
consumers:
  guest: {{}}
{consumers}
""", upstream=echo.url))

    def ask(path: str, name: str) -> int:
        headers = {"x-api-key": keys[name]["key"]} if name in keys else {}
        return martlet.get(path, headers=headers).status

    assert [ask("/each", "acme") for _ in range(3)] == [200, 200, 429]
    assert [ask("/each", "bolt") for _ in range(3)] == [200, 200, 429]
    assert [ask("/each", "nobody") for _ in range(3)] == [200, 200, 429]
    assert [ask("/plan", name) for name in ("acme", "bolt", "acme", "bolt")] == [200, 200, 200, 429]
    assert ask("/plan", "wrong") == 200, "the guest has no plan"


def test_a_limit_of_callers_needs_authentication():
    result = run_command("validate", "-c", "-", text=config(
        '  each: { key: "{consumer.name}", windows: 2/1h }',
        "  - { match: { path: / }, rate-limits: each, upstream: backend }"))
    assert result.returncode == 2
    assert "`{consumer.name}` of the caller" in result.stderr + result.stdout


def test_a_million_keys_within_their_memory(start):
    """16 bytes a key, told from each other: nobody gets a second request, nobody's is taken."""
    keys, batch = 1_000_000, 500
    martlet = start(config(
        "  each: { key: '{header.x-user}', windows: 1/1h, max-keys: 1000000 }",
        "  - { rate-limits: each, respond: 204 }").replace(
            "  public: 127.0.0.1:0", "  public: { address: 127.0.0.1:0, limits:"
            " { max-requests-per-connection: 10000000 } }") + "telemetry: { access-log: off }\n")
    before = martlet.resident_bytes()

    def ask(connection: RawConnection, users) -> int:
        """How many of them are refused; read without looking closer, as there are so many."""
        connection.send(b"".join(
            b"GET / HTTP/1.1\r\nHost: a\r\nX-User: user-%d\r\n\r\n" % user for user in users))
        received = b""
        while received.count(b"HTTP/1.1 ") < len(users) or not received.endswith(
                (b"\r\n\r\n", b"}\n")):
            part = connection.socket.recv(1 << 20)
            assert part, received[-300:]
            received += part
        return received.count(b"HTTP/1.1 429 ")

    refused = 0
    with RawConnection(martlet.address(), timeout=60) as connection:
        for start_at in range(0, keys, batch):
            refused += ask(connection, range(start_at, start_at + batch))
        grown = martlet.resident_bytes() - before
        again = sum(ask(connection, range(start_at, keys, 5_000)) for start_at in (1, 2_503))
    print(f"refused {refused}, again {again}, grown {grown / 1048576:.1f} MiB")
    # The table is as full as it gets, so that some new keys have to share a word with others.
    assert refused <= keys / 100
    assert again >= 0.999 * 2 * keys / 5_000
    assert grown <= (16 << 20) + (8 << 20)
    assert martlet.metric("martlet_rate_limit_memory_bytes", limit="each") <= 20 << 20
