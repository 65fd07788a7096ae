"""Copies of requests for another upstream, and the comparison of its answers."""
from __future__ import annotations

import json
import threading
import time

import pytest

from harness.client import request_bytes
from harness.martlet import simple_config
from harness.scripted_backend import ScriptedBackend

GOOD = {"id": 7, "total": 12.5, "items": [{"sku": "a", "at": 1}, {"sku": "b", "at": 2}],
        "served": "now"}


class JSONBackend(ScriptedBackend):
    """Answers each path with `change` applied to the same document; time stamps never repeat."""

    def __init__(self, change=lambda path, body: (200, {}, body)):
        self.change = change
        self.stamps = 0
        super().__init__(self._talk)

    def _talk(self, connection) -> None:
        while True:
            request = connection.request()
            self.notify()
            self.stamps += 1
            body = json.loads(json.dumps(GOOD))
            body["served"] = f"{id(self)}-{self.stamps}"
            for item in body["items"]:
                item["at"] = time.monotonic_ns()
            status, fields, body = self.change(request.target.decode(), body)
            text = json.dumps(body).encode()
            fields = {"Content-Type": "application/json", "X-Total": "2", **fields}
            lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(text)}",
                     *(f"{name}: {value}" for name, value in fields.items())]
            connection.send("\r\n".join(lines).encode() + b"\r\n\r\n" + text)


def planted(path: str, body: dict):
    status, fields = 200, {}
    match path:
        case "/missing": del body["total"]
        case "/type": body["id"] = "7"
        case "/number": body["total"] = 12.25
        case "/added": body["items"][1]["price"] = 3
        case "/status": status = 201
        case "/header": fields["X-Total"] = "3"
    return status, fields, body


IGNORE = "headers: [content-type, x-total], ignore: [/served, '/items/*/at']"


@pytest.fixture
def pair():
    backends = [JSONBackend(), JSONBackend(planted)]
    yield backends
    for backend in backends:
        backend.stop()


def config(pair, mirror: str = IGNORE) -> str:
    text = simple_config(pair[0].url, route=f"mirror: {{ name: next, upstream: next, {mirror} }}")
    return text.replace("routes:", f"  next: {pair[1].url}\nroutes:")


def report(martlet) -> dict:
    answer = martlet.admin("/v1/mirrors/next")
    assert answer.status == 200, answer.body
    return json.loads(answer.body)


def compared(martlet, count: int) -> dict:
    def done():
        found = report(martlet)
        return sum(found["results"].values()) >= count and found
    return martlet.wait_until(done, f"{count} comparisons")


def test_identical_answers_with_other_time_stamps(start, pair):
    martlet = start(config(pair))
    for _ in range(30):
        assert martlet.get("/same").status == 200
    found = compared(martlet, 30)
    assert found["results"] == {"identical": 30, "different": 0, "notCompared": 0}
    assert not found["places"] and not found["samples"]


def test_each_planted_difference_is_found(start, pair):
    martlet = start(config(pair))
    kinds = {"/missing": ("missing", "/total"), "/type": ("type", "/id"),
             "/number": ("value", "/total"), "/added": ("added", "/items/*/price"),
             "/status": ("status", ""), "/header": ("header", "x-total")}
    for path in [*kinds, "/same"]:
        assert martlet.get(path).status == 200, "the client sees the upstream's answer"
    found = compared(martlet, 7)
    assert found["results"] == {"identical": 1, "different": 6, "notCompared": 0}
    assert {(p["kind"], p["place"]): p["count"] for p in found["places"]} == {
        kind: 1 for kind in kinds.values()}
    assert found["kinds"] == {kind: 1 for kind, _ in kinds.values()}
    samples = {sample["path"]: sample["differences"] for sample in found["samples"]}
    assert {path: (d["kind"], d["place"]) for path, [d] in samples.items()} == kinds
    assert "12.25" not in json.dumps(found), "no values unless asked for"
    assert martlet.event("mirror_difference", kind="type")["place"] == "/id"
    assert martlet.metric("martlet_mirror_requests_total", result="different") == 6
    assert martlet.metric("martlet_mirror_differences_total", kind="added") == 1


def test_values_are_shown_if_asked_for(start, pair):
    martlet = start(config(pair, IGNORE + ", show-values: true"))
    martlet.get("/number")
    [difference] = compared(martlet, 1)["samples"][0]["differences"]
    assert (difference["expected"], difference["found"]) == ("12.5", "12.25")


def test_the_copy_is_the_request(start, pair):
    martlet = start(config(pair, IGNORE + ", unsafe: true"))
    martlet.get("/a?b=c", method="POST", body=b"x" * 1000, headers={"X-One": "1"})
    pair[1].wait_until(lambda: pair[1].requests)
    [first], [copy] = pair[0].requests, pair[1].requests
    assert copy.method == b"POST" and copy.target == b"/a?b=c" and copy.body == b"x" * 1000
    assert copy.value("martlet-mirror") == b"next" and first.value("martlet-mirror") is None
    kept = {name.lower(): value for name, value in first.headers}
    assert {name.lower(): value for name, value in copy.headers} == {
        **kept, b"martlet-mirror": b"next"}


def test_unsafe_methods_and_large_bodies_are_not_copied(start, pair):
    martlet = start(config(pair, IGNORE + ", max-body: 500B"))
    martlet.get("/post", method="POST", body=b"x")
    martlet.get("/large", method="GET", body=b"x" * 501)
    martlet.get("/same")
    compared(martlet, 1)
    assert [request.target for request in pair[1].requests] == [b"/same"]


def test_a_mirror_that_hangs_delays_nobody(start, pair):
    slow = ScriptedBackend(lambda connection: (connection.request(), connection.wait_for_close()))
    martlet = start(config([pair[0], slow], IGNORE + ", timeout: 300ms, max-in-flight: 5"))
    with martlet.connect() as client:
        begin = time.monotonic()
        for _ in range(40):
            assert client.exchange(request_bytes("GET", "/")).status == 200
        assert time.monotonic() - begin < 2
    martlet.wait_until(lambda: report(martlet)["failed"].get("timed_out", 0) >= 5, "the timeouts")
    found = report(martlet)
    assert found["skipped"]["busy"] >= 30 and not found["results"]["different"]
    # The places are free again.
    martlet.get("/")
    martlet.wait_until(lambda: report(martlet)["failed"]["timed_out"] >= 6, "another copy")
    slow.stop()


def test_a_share_of_the_requests(start, pair):
    martlet = start(config(pair, IGNORE + ", share: 30, max-in-flight: 1000"))
    def ask():
        with martlet.connect() as client:
            for _ in range(100):
                client.exchange(request_bytes("GET", "/"))
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.5)
    assert 70 <= report(martlet)["results"]["identical"] <= 170


def test_what_was_found_is_kept_over_a_reload(start, pair):
    martlet = start(config(pair))
    martlet.get("/type")
    compared(martlet, 1)
    martlet.reload(config(pair) + "\n# again\n")
    martlet.get("/type")
    assert compared(martlet, 2)["places"][0]["count"] == 2
    assert martlet.admin("/v1/mirrors/nothing").status == 404
    assert [m["name"] for m in json.loads(martlet.admin("/v1/mirrors").body)["mirrors"]] == ["next"]
