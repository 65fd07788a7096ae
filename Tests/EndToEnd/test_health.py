"""Active checks and outlier ejection with backends that misbehave on command."""
from __future__ import annotations

import json
import time
from collections import Counter

import pytest

from harness.client import request_bytes
from harness.http1 import EndOfStream
from harness.load import Load
from harness.martlet import simple_config
from harness.moody_backend import MoodyBackend, upstream


def seen(martlet, count: int = 30) -> Counter:
    with martlet.connect() as client:
        return Counter((a.value("x-endpoint") or b"").decode() for a in (
            client.exchange(request_bytes("GET", "/")) for _ in range(count)))


def states(martlet) -> dict[str, dict]:
    answer = martlet.admin("/v1/upstreams")
    assert answer.status == 200, answer.body
    [found] = json.loads(answer.body)["upstreams"]
    return {endpoint["address"]: endpoint for endpoint in found["endpoints"]}


def state(martlet, backend) -> dict:
    return states(martlet)[backend.url.removeprefix("http://")]


CHECK = ("health-check: { path: /healthz, interval: 100ms, timeout: 300ms, healthy-after: 2,"
         " unhealthy-after: 2%s }")


def test_an_unhealthy_endpoint_gets_nothing_and_comes_back(proxied, trio):
    martlet = proxied(upstream(trio, CHECK % ""))
    martlet.wait_until(lambda: all(s["available"] for s in states(martlet).values()), "all")
    assert seen(martlet).keys() == {"a", "b", "c"}
    trio[0].mood = "503"
    martlet.event("endpoint_unhealthy", result="status_unexpected")
    martlet.wait_until(lambda: not state(martlet, trio[0])["available"], "an unhealthy endpoint")
    assert state(martlet, trio[0])["conditions"] == ["unhealthy"]
    assert seen(martlet).keys() == {"b", "c"}
    address = trio[0].url.removeprefix("http://")
    assert martlet.metric("martlet_upstream_endpoint_available", endpoint=address) == 0
    assert martlet.metric(
        "martlet_upstream_health_checks_total", result="status_unexpected") >= 2
    trio[0].mood = "ok"
    martlet.wait_until(lambda: state(martlet, trio[0])["available"], "a healthy endpoint")
    assert seen(martlet).keys() == {"a", "b", "c"}


@pytest.mark.parametrize("mood,result", [
    ("silent", "timed_out"), ("reset", "connection_lost"), ("500", "status_unexpected")])
def test_what_fails_a_check(proxied, trio, mood, result):
    trio[0].mood = mood
    martlet = proxied(upstream(trio, CHECK % ""))
    martlet.wait_until(lambda: state(martlet, trio[0]).get("lastCheck") == result, result)
    martlet.wait_until(lambda: seen(martlet, 12).keys() == {"b", "c"}, "the others")


def test_a_dead_endpoint_fails_its_check(proxied, trio):
    trio[0].stop()
    martlet = proxied(upstream(trio, CHECK % ""))
    martlet.wait_until(lambda: state(martlet, trio[0]).get("lastCheck") == "connect_failed", "it")


@pytest.mark.parametrize("expect,passes", [
    ("{ body: a }", True), ("{ body: other }", False),
    ("{ headers: { x-endpoint: a } }", True), ("{ headers: { x-endpoint: b } }", False),
    ("{ status: [204, 200] }", True), ("{ status: 201-299 }", False),
])
def test_expectations(proxied, trio, expect, passes):
    martlet = proxied(upstream(trio[:1], CHECK % f", expect: {expect}"))
    martlet.wait_until(lambda: state(martlet, trio[0]).get("lastCheck"), "a check")
    found = state(martlet, trio[0]).get("lastCheck")
    assert (found == "passed") == passes, found
    request = next(r for r in trio[0].requests if r.target == b"/healthz")
    assert request.value("user-agent") == b"martlet-health-check"


def test_tcp_checks(proxied, trio):
    trio[0].mood = "silent"
    trio[1].stop()
    martlet = proxied(upstream(
        trio, "health-check: { type: tcp, interval: 100ms, unhealthy-after: 1 }"))
    martlet.wait_until(lambda: not state(martlet, trio[1])["available"], "a closed port")
    assert state(martlet, trio[0]).get("lastCheck") == "passed", "a connection is enough"


def test_all_unhealthy_is_no_reason_to_answer_nobody(proxied, trio):
    for backend in trio:
        backend.mood = "404"
    martlet = proxied(upstream(trio, CHECK % ""))
    martlet.wait_until(
        lambda: not any(s["available"] for s in states(martlet).values()), "all unhealthy")
    assert seen(martlet).keys() == {"a", "b", "c"}, "panic: believed of nobody"


def test_without_panic_there_is_nobody_left(proxied, trio):
    trio[0].mood = "404"
    martlet = proxied(upstream(
        trio[:1], CHECK % "" + ", balancing: { panic-threshold: 0 }"))
    martlet.wait_until(lambda: not state(martlet, trio[0])["available"], "an unhealthy endpoint")
    assert martlet.get("/").status == 503


def test_what_was_found_is_kept_over_a_reload(start, trio):
    trio[0].mood = "404"
    config = simple_config(upstream(trio, CHECK % ""))
    martlet = start(config)
    martlet.wait_until(lambda: state(martlet, trio[0]).get("lastCheck"), "a check")
    martlet.wait_until(lambda: not state(martlet, trio[0])["available"], "an unhealthy endpoint")
    martlet.reload(config + "\n# again\n")
    assert seen(martlet).keys() == {"b", "c"}
    martlet.reload(simple_config(upstream(trio, "balancing: random")))
    martlet.wait_until(lambda: state(martlet, trio[0])["available"], "nobody checks any more")


def test_spill_over_to_the_next_priority(proxied, trio):
    trio[0].mood = "404"
    endpoints = ", ".join(
        f'{{ url: "{b.url}", priority: {p} }}' for b, p in zip(trio, (0, 0, 1)))
    martlet = proxied(f"{{ endpoints: [{endpoints}], {CHECK % ''} }}")
    martlet.wait_until(lambda: not state(martlet, trio[0])["available"], "an unhealthy endpoint")
    martlet.wait_until(lambda: state(martlet, trio[2])["available"], "the second priority")
    counts = seen(martlet, 200)
    # One of two is left: 140 % of half is 70 %, and the rest goes on.
    assert counts["a"] == 0 and 110 <= counts["b"] <= 170, counts


def test_ejection_by_consecutive_failures(proxied, trio):
    trio[0].mood = "500"
    martlet = proxied(upstream(
        trio, "outlier-ejection: { consecutive-failures: 5, duration: 1s, max-ejected: 50 }"))
    begin = time.monotonic()
    while not any(e.get("event") == "endpoint_ejected" for e in martlet.events):
        martlet.get("/")
        assert time.monotonic() - begin < 10
        time.sleep(0.02)
    martlet.wait_until(lambda: state(martlet, trio[0])["conditions"] == ["ejected"], "it")
    assert seen(martlet).keys() == {"b", "c"}
    assert martlet.metric(
        "martlet_upstream_ejections_total", reason="consecutive_failures") == 1
    trio[0].mood = "ok"
    martlet.event("endpoint_returned")
    martlet.wait_until(lambda: seen(martlet, 12).keys() == {"a", "b", "c"}, "it is back")


def test_an_endpoint_that_cuts_its_answers_is_ejected(proxied, trio):
    """A head that comes well is no success if the body does not."""
    trio[0].mood = "half"
    martlet = proxied(upstream(
        trio, "outlier-ejection: { consecutive-failures: 3, duration: 60s, max-ejected: 50 }"))
    for _ in range(12):
        try:
            martlet.get("/")
        except (EndOfStream, OSError):
            pass
    martlet.event("endpoint_ejected", reason="consecutive_failures")
    # Told by one worker; the others learn of it a moment later.
    martlet.wait_until(lambda: state(martlet, trio[0])["conditions"] == ["ejected"], "it")
    assert seen(martlet, 12).keys() == {"b", "c"}


def test_ejection_by_latency(proxied, trio):
    trio[0].mood, trio[0].delay = "slow", 0.1
    martlet = proxied(upstream(
        trio, "outlier-ejection: { interval: 1s, latency: { min-requests: 5 } }"))
    load = Load(martlet.address(), threads=6)
    martlet.event("endpoint_ejected", reason="latency")
    assert not load.stop().failures


def test_ejection_by_success_rate(proxied):
    backends = [MoodyBackend(name) for name in "abcdefg"]
    backends[0].mood = "500"
    martlet = proxied(upstream(
        backends, "outlier-ejection: { interval: 1s, consecutive-failures: 0,"
                  " success-rate: { min-requests: 5 } }"))
    load = Load(martlet.address(), threads=4)
    martlet.event("endpoint_ejected", reason="success_rate")
    load.stop()
    for backend in backends:
        backend.stop()


def test_the_last_endpoints_are_never_ejected(proxied, trio):
    for backend in trio:
        backend.mood = "500"
    martlet = proxied(upstream(
        trio, "outlier-ejection: { consecutive-failures: 2, duration: 60s, max-ejected: 40 }"))
    for _ in range(60):
        martlet.get("/")
        time.sleep(0.01)
    martlet.event("endpoint_ejected")
    assert sum(s["conditions"] == ["ejected"] for s in states(martlet).values()) == 1


def test_grpc_health_checks(proxied):
    grpc = pytest.importorskip("grpc")
    from concurrent import futures

    status = {"value": b"\x08\x01"}

    class Health(grpc.GenericRpcHandler):
        def service(self, details):
            if details.method != "/grpc.health.v1.Health/Check":
                return None
            return grpc.unary_unary_rpc_method_handler(lambda request, _: status["value"])

    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers((Health(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    martlet = proxied(
        f'{{ endpoints: ["h2c://127.0.0.1:{port}"], health-check: {{ type: grpc,'
        " service: orders, interval: 100ms, unhealthy-after: 1, healthy-after: 1 } }")
    def last() -> str:
        return states(martlet)[f"127.0.0.1:{port}"].get("lastCheck")

    martlet.wait_until(lambda: last() == "passed", "a server that serves")
    status["value"] = b"\x08\x02"
    martlet.wait_until(lambda: last() == "not_serving", "a server that does not")
    server.stop(None)
