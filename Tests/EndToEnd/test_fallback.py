"""What a client gets when the upstream does not answer."""
from __future__ import annotations

import pytest

from harness.client import request_bytes
from harness.martlet import simple_config
from harness.moody_backend import MoodyBackend


@pytest.fixture
def pair():
    backends = [MoodyBackend("first"), MoodyBackend("second")]
    yield backends
    for backend in backends:
        backend.stop()


def config(pair, fallback: str, extra: str = "timeouts: { response: 200ms }") -> str:
    upstream = f'{{ endpoints: ["{pair[0].url}"], {extra} }}'
    text = simple_config(upstream, route=f"fallback: {fallback}")
    return text.replace("routes:", f"  spare: {pair[1].url}\nroutes:")


@pytest.mark.parametrize("mood", ["reset", "silent", "503", "dead"])
def test_another_upstream_answers(start, pair, mood):
    if mood == "dead":
        pair[0].stop()
    pair[0].mood = mood
    martlet = start(config(pair, "{ upstream: spare, statuses: [503] }"))
    for _ in range(3):
        answer = martlet.get("/")
        assert answer.status == 200 and answer.value("x-endpoint") == b"second"
    assert martlet.metric("martlet_upstream_fallbacks_total") == 3
    assert martlet.exchange(upstream="spare")["status"] == 200


def test_a_good_answer_stays(start, pair):
    martlet = start(config(pair, "{ upstream: spare, statuses: [503] }"))
    assert martlet.get("/").value("x-endpoint") == b"first"
    pair[0].mood = "500"
    answer = martlet.get("/")
    assert answer.status == 500 and answer.value("x-endpoint") == b"first", "not in statuses"
    assert pair[1].served == 0


def test_a_reply_of_our_own_when_both_are_down(start, pair):
    pair[0].mood = "reset"
    pair[1].stop()
    martlet = start(config(
        pair, "{ upstream: spare, respond: { status: 200, body: '{\"items\":[]}',"
              " headers: { content-type: application/json } } }"))
    answer = martlet.get("/")
    assert answer.status == 200 and answer.body == b'{"items":[]}'
    assert answer.value("content-type") == b"application/json"
    assert b"error=connection_refused" in answer.value("proxy-status")
    assert martlet.exchange(status=200)["error"] == "connect_refused"


def test_an_unanswered_post_is_not_sent_again(start, pair):
    pair[0].mood = "reset"
    martlet = start(config(pair, "{ upstream: spare }"))
    assert martlet.get("/", method="POST", body=b"x").status == 502
    assert pair[1].served == 0
    martlet.reload(config(pair, "{ upstream: spare, unsafe: true }"))
    answer = martlet.get("/", method="POST", body=b"abc")
    assert answer.status == 200 and answer.value("x-endpoint") == b"second"
    assert pair[1].requests[-1].body == b"abc", "the body is sent again"


def test_a_post_that_reached_nobody_goes_to_the_other(start, pair):
    pair[0].stop()
    martlet = start(config(pair, "{ upstream: spare }"))
    answer = martlet.get("/", method="POST", body=b"abc")
    assert answer.status == 200 and pair[1].requests[-1].body == b"abc"


def test_a_body_that_is_not_kept_is_not_sent_again(start, pair):
    pair[0].mood = "reset"
    martlet = start(config(pair, "{ upstream: spare, respond: 202 }"))
    answer = martlet.get("/", method="PUT", body=b"x" * 200_000)
    assert answer.status == 202 and pair[1].served == 0


def test_it_comes_after_retries_and_breakers(start, pair):
    pair[0].mood = "503"
    martlet = start(config(
        pair, "{ upstream: spare, statuses: [503] }",
        "retries: { attempts: 2, statuses: [503], backoff-start: 0s },"
        " circuit-breaker: { min-calls: 4, failures: 50 }"))
    for _ in range(4):
        assert martlet.get("/").value("x-endpoint") == b"second"
    assert pair[0].served == 4, "two tries each, until the breaker opened"


def test_a_canary_that_needs_its_fallback_has_failed(start, pair):
    pair[0].mood = "reset"
    release = "release: { name: r, canary: first, share: 100 }"
    text = f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
admin: 127.0.0.1:0
upstreams:
  base: {pair[1].url}
  first: {pair[0].url}
routes:
  - {{ match: {{ prefix: / }}, upstream: base, fallback: {{ upstream: base }}, {release} }}
"""
    martlet = start(text)
    with martlet.connect() as client:
        assert client.exchange(request_bytes("GET", "/")).value("x-endpoint") == b"second"
    martlet.wait_until(
        lambda: martlet.metric("martlet_release_errors_total", variant="canary") == 1, "an error")
