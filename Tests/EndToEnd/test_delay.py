"""Requests that wait before anything is done about them, over both protocols."""
from __future__ import annotations

import time

import pytest

from harness import http2 as h2
from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {{ endpoints: {echo.url} }} }}
routes:
  - {{ name: fixed, match: {{ path: /fixed }}, respond: 204, delay: 300ms }}
  - {{ name: slow, match: {{ prefix: /slow }}, upstream: echo, delay: 300ms }}
  - {{ name: fast, match: {{ prefix: / }}, upstream: echo }}
""")


def test_the_answer_comes_when_the_time_is_over(martlet):
    begun = time.monotonic()
    assert martlet.get("/fixed").status == 204
    # Time is counted in steps of 50 ms, and part of the first is over.
    assert time.monotonic() - begun >= 0.25


def test_a_body_that_came_before_goes_to_the_upstream(martlet):
    answer = martlet.get("/slow/a", method="POST", body=b"x" * 300_000)
    assert answer.status == 200
    assert Echo(answer).body_length == 300_000


def test_streams_wait_by_themselves(martlet):
    with Http2Client(martlet.address()) as client:
        begun = time.monotonic()
        waiting = [client.begin("GET", "/slow/a", end=True) for _ in range(5)]
        assert client.fetch("/fast").status == 200
        assert time.monotonic() - begun < 0.3
        assert [client.response(stream).status for stream in waiting] == [200] * 5
        assert 0.25 <= time.monotonic() - begun < 1.2


def test_a_stream_with_a_body_waits_and_is_forwarded_whole(martlet):
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/slow/a")
        client.send_body(stream, b"y" * 200_000)
        assert Echo(client.response(stream)).body_length == 200_000


def test_a_stream_that_is_reset_while_it_waits_is_forgotten(martlet, echo):
    with Http2Client(martlet.address()) as client:
        stream = client.begin("GET", "/slow/never", end=True)
        # What is reset in the read that brought it is not even looked at.
        client.settled()
        client.send(h2.reset(stream, 8))
        line = martlet.exchange(path="/slow/never")
        assert line["status"] == 0 or line["error"] == "client_aborted", line
        assert line["duration_ms"] < 250
        assert client.fetch("/slow/other").status == 200


def test_explain_tells_of_the_wait(martlet):
    found = run_command("explain", "-c", str(martlet.file), "GET", "/fixed")
    assert found.returncode == 0, found.stderr
    assert "delay: waits, 300 ms at most" in found.stdout
    assert "static-reply: answers the request" in found.stdout
