"""Canaries, splits and gates through the binary."""
from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter

import pytest

from harness.client import fetch, request_bytes
from harness.martlet import BINARY, ROOT, run_command, simple_config
from harness.moody_backend import MoodyBackend


@pytest.fixture
def pair():
    backends = [MoodyBackend("old"), MoodyBackend("new")]
    for backend in backends:
        backend.keep_requests = False
    yield backends
    for backend in backends:
        backend.stop()


def config(pair, release: str, workers: int = 1) -> str:
    text = simple_config(pair[0].url, route=f"release: {release}")
    text = text.replace("workers: 1", f"workers: {workers}")
    return text.replace("routes:", f"  next: {pair[1].url}\nroutes:")


def sides(martlet, users=range(400)) -> dict[int, str]:
    with martlet.connect() as client:
        return {user: client.exchange(request_bytes("GET", "/", {"X-User": f"u{user}"})).value(
            "x-endpoint").decode() for user in users}


COHORT = "cohort: [header:x-user, client-address]"


def test_a_share_of_the_users_gets_the_canary(start, pair):
    martlet = start(config(pair, f"{{ canary: next, share: 25, {COHORT} }}"))
    first = sides(martlet)
    assert 60 <= list(first.values()).count("new") <= 140
    assert sides(martlet) == first, "the same users again"


def test_a_raised_share_moves_users_one_way(start, pair):
    martlet = start(config(pair, f"{{ canary: next, share: 5, {COHORT} }}"))
    before = sides(martlet)
    for share in (20, "50.5", 100):
        martlet.reload(config(pair, f"{{ canary: next, share: {share}, {COHORT} }}"))
        after = sides(martlet)
        assert not [u for u in before if before[u] == "new" and after[u] == "old"], share
        before = after
    assert set(before.values()) == {"new"}


REGIONS = "regions: { office: 192.0.2.0/24, home: [198.51.100.0/24, '2001:db8::/32'] }\n"


def placed(martlet, target: str = "/", address: str = "203.0.113.1", **headers: str) -> str:
    headers["X-Forwarded-For"] = address
    return martlet.get(target, headers=headers).value("x-endpoint").decode()


def in_regions(pair, release: str) -> str:
    return REGIONS + config(pair, release).replace(
        "address: 127.0.0.1:0", "address: 127.0.0.1:0\n    trusted-proxies: 127.0.0.0/8")


def test_conditions_choose_the_canary(start, pair):
    martlet = start(in_regions(pair, "{ canary: next, share: 0, always: ["
                                     "{ headers: { x-build: next } }, { query: { build: [next, '2'] } },"
                                     "{ cookies: { build: next }, region: home }, { region: office }] }"))
    assert placed(martlet) == "old"
    assert placed(martlet, **{"X-Build": "next"}) == "new"
    assert placed(martlet, **{"X-Build": "nex"}) == "old"
    assert placed(martlet, "/?a=b&build=2") == "new" and placed(martlet, "/?build=3") == "old"
    assert placed(martlet, address="192.0.2.9") == "new"
    assert placed(martlet, address="198.51.100.1") == "old", "a cookie is asked for too"
    for address, side in (("198.51.100.1", "new"), ("2001:db8::7", "new"), ("203.0.113.1", "old")):
        assert placed(martlet, address=address, Cookie="build=next") == side
    martlet.wait_until(lambda: release(martlet)["baseline"]["requests"] >= 5, "counts")
    assert release(martlet)["canary"]["requests"] == 0, "chosen ones are no sample"


def test_conditions_alone_are_a_release(start, pair):
    martlet = start(in_regions(pair, "{ canary: next, always: { region: [office, home] } }"))
    assert placed(martlet, address="198.51.100.9") == "new"
    assert {placed(martlet, address=f"203.0.113.{n}") for n in range(30)} == {"old"}


SECRET = "0123456789abcdef0123456789abcdef"


def test_callers_are_cohorts_and_conditions(start, pair, tmp_path):
    """Whatever address and key a consumer comes with, it is on the same side."""
    file = tmp_path / "keys.yaml"
    file.write_text("listeners: { public: 127.0.0.1:0 }\nroutes: [{ respond: 204 }]\n"
                    f"authentication: {{ key-secret: {SECRET} }}\n")

    def key(name: str) -> dict:
        result = run_command("keys", "create", "-c", str(file), "--output", "json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    names = [f"c{n}" for n in range(12)]
    keys = {name: [key(name), key(name)] for name in names}
    entries = {name: ", ".join(f'{{ name: {k["name"]}, hash: "{k["hash"]}" }}' for k in made)
               for name, made in keys.items()}
    access = (f"authentication: {{ key-secret: {SECRET}, default: keys,"
              " policies: { keys: [{ api-key: { header: x-key } }] } }\nconsumers:\n"
              + "".join(f"  {name}: {{ api-keys: [{text}] }}\n" for name, text in entries.items()))
    martlet = start(access + in_regions(
        pair, "{ canary: next, share: 50, cohort: consumer, always: { consumers: [c0, c1] } }"))
    found = {name: {placed(martlet, address=f"203.0.113.{n}", **{"X-Key": k["key"]})
                    for n in range(3) for k in made} for name, made in keys.items()}
    assert all(len(sides) == 1 for sides in found.values()), found
    assert found["c0"] == found["c1"] == {"new"}
    assert set().union(*(found[name] for name in names[2:])) == {"old", "new"}


def test_a_share_of_those_who_take_part(start, pair):
    martlet = start(in_regions(
        pair, "{ canary: next, share: 50, cohort: header:x-user, among: { region: home } }"))
    home = [placed(martlet, address="198.51.100.1", **{"X-User": f"u{n}"}) for n in range(60)]
    assert 15 <= home.count("new") <= 45
    assert {placed(martlet, **{"X-User": f"u{n}"}) for n in range(60)} == {"old"}

    def counted() -> int:
        found = release(martlet)
        return found["canary"]["requests"] + found["baseline"]["requests"]

    martlet.wait_until(lambda: counted() >= 60, "counts")
    assert counted() == 60, "only those count"


def test_explain_tells_who_is_placed(start, pair, tmp_path):
    file = tmp_path / "placed.yaml"
    file.write_text(in_regions(
        pair, "{ canary: next, share: 5, always: { query: { b: x } }, among: { region: home } }"))

    def told(target: str) -> list[str]:
        out = run_command("explain", "-c", str(file), "GET", f"http://example.com{target}",
                          "--output", "json")
        assert out.returncode == 0, out.stderr
        return json.loads(out.stdout)["traffic"]

    assert "release all: gets next by `always`" in told("/?b=x")
    assert "release all: takes no part, gets backend" in told("/")


def test_nobody_and_everybody(start, pair):
    martlet = start(config(pair, f"{{ canary: next, share: 0, {COHORT} }}"))
    assert set(sides(martlet, range(100)).values()) == {"old"}
    martlet.reload(config(pair, f"{{ canary: next, share: 100, {COHORT} }}"))
    assert set(sides(martlet, range(100)).values()) == {"new"}, "blue-green switch"


def test_a_client_without_a_header_stays_by_its_address(start, pair):
    martlet = start(config(pair, "{ canary: next, share: 50 }"))
    with martlet.connect() as client:
        seen = {client.exchange(request_bytes("GET", "/")).value("x-endpoint") for _ in range(30)}
    assert len(seen) == 1


def test_split_among_several(start, pair):
    third = MoodyBackend("third")
    text = config(pair, "{ split: [{ upstream: next, share: 30 }, { upstream: third, share: 30 }],"
                        f" {COHORT} }}").replace("routes:", f"  third: {third.url}\nroutes:")
    counts = Counter(sides(start(text), range(1000)).values())
    third.stop()
    assert all(240 <= counts[name] <= 460 for name in ("old", "new", "third")), counts


class Users:
    """Users that ask on and on, each on a connection of his own."""

    def __init__(self, martlet, threads: int = 8):
        self.stopping = threading.Event()
        self.answers: Counter = Counter()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._run, args=(martlet, i), daemon=True)
                        for i in range(threads)]
        for thread in self.threads:
            thread.start()

    def _run(self, martlet, number: int) -> None:
        count = 0
        with martlet.connect() as client:
            while not self.stopping.is_set():
                count += 1
                answer = client.exchange(request_bytes(
                    "GET", "/", {"X-User": f"{number}-{count % 997}"}))
                with self.lock:
                    self.answers[(answer.value("x-endpoint").decode(), answer.status)] += 1

    def stop(self) -> Counter:
        self.stopping.set()
        for thread in self.threads:
            thread.join(10)
        return self.answers


def release(martlet) -> dict:
    answer = martlet.admin("/v1/releases")
    assert answer.status == 200, answer.body
    [found] = json.loads(answer.body)["releases"]
    return found


def rollout(steps: str, gate: str = "", hold: str = "300ms") -> str:
    return (f"{{ name: build-7, canary: next, steps: {steps}, hold: {hold}, {COHORT},"
            f" gate: {{ window: 300ms, min-requests: 50{gate and ', ' + gate} }} }}")


@pytest.mark.parametrize("workers", [1, 3])
def test_a_bad_canary_is_taken_back_by_itself(start, pair, workers):
    pair[1].mood = "500"
    martlet = start(config(pair, rollout("[10, 50]"), workers))
    users = Users(martlet)
    event = martlet.event("release_aborted", timeout=20)
    assert "requests failed" in event["reason"] and event["release"] == "build-7"
    users.stop()
    found = release(martlet)
    assert found["state"] == "aborted" and found["sharePercent"] == 0
    assert found["events"][-1]["what"].startswith("aborted: ")
    served = pair[1].served
    assert set(sides(martlet, range(200)).values()) == {"old"}
    assert pair[1].served == served, "nobody gets it any more"
    assert martlet.metric("martlet_release_share_ratio", release="build-7") == 0
    assert martlet.metric("martlet_release_aborts_total", release="build-7") == 1
    assert martlet.metric("martlet_release_errors_total", variant="canary") >= 5


def test_a_slow_canary_is_taken_back(start, pair):
    pair[1].mood, pair[1].delay = "slow", 0.03
    martlet = start(config(pair, rollout("50")))
    users = Users(martlet)
    event = martlet.event("release_aborted", timeout=30)
    users.stop()
    assert "took up to" in event["reason"]


def test_a_good_canary_gets_everything_in_the_end(start, pair):
    martlet = start(config(pair, rollout("[10, 50]"), 2))
    users = Users(martlet)
    martlet.event("release_step", share="10 %")
    martlet.event("release_step", share="50 %", timeout=30)
    martlet.event("release_promoted", timeout=30)
    answers = users.stop()
    assert {status for _, status in answers} == {200}
    assert set(sides(martlet, range(200)).values()) == {"new"}
    assert release(martlet)["state"] == "promoted"


def test_a_rollout_is_kept_over_a_reload(start, pair):
    pair[1].mood = "500"
    text = config(pair, rollout("20"))
    martlet = start(text)
    users = Users(martlet)
    martlet.event("release_aborted", timeout=20)
    users.stop()
    martlet.reload(text + "\n# another line\n")
    assert release(martlet)["state"] == "aborted"
    assert set(sides(martlet, range(100)).values()) == {"old"}


def test_an_operator_has_the_last_word(start, pair):
    martlet = start(config(pair, rollout("[10, 50]", hold="1h")))
    martlet.event("release_step")

    def post(path: str, **headers: str):
        address = martlet.address("admin")
        return fetch(address, f"/v1/releases/{path}", "POST", host=f"{address[0]}:{address[1]}",
                     headers={"Content-Type": "application/json", **headers}, body=b"")

    def ask(action: str) -> dict:
        answer = post(f"build-7/{action}")
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    assert ask("promote")["sharePercent"] == 50
    assert ask("pause")["state"] == "paused"
    assert ask("resume")["state"] == "running"
    assert ask("abort")["state"] == "aborted"
    assert set(sides(martlet, range(100)).values()) == {"old"}
    assert post("build-7/nonsense").status == 404
    assert post("other/abort").status == 404
    assert post("build-7/abort", Origin="https://evil.example").status == 403
    assert martlet.admin("/v1/releases/build-7/abort", method="POST").status == 415
    assert json.loads(martlet.admin("/v1/releases/build-7").body)["name"] == "build-7"


def test_the_drill():
    drill = subprocess.run([sys.executable, ROOT / "examples/release-drill/drill", BINARY],
                           capture_output=True, text=True, timeout=120)
    assert drill.returncode == 0, drill.stdout + drill.stderr
    assert "drill passed" in drill.stdout and "affected: " in drill.stdout
