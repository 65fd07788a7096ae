"""Server-sent events and other answers without an end: each piece arrives when it is sent."""
from __future__ import annotations

import http.client
import subprocess
import threading

import httpx
import pytest

from harness.martlet import Martlet, simple_config


class EventSource:
    """An upstream that sends an event each time the test lets it."""

    def __init__(self) -> None:
        self.permits = threading.Semaphore(0)
        self.count = 0

    def __call__(self, connection) -> None:
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                        b"Transfer-Encoding: chunked\r\n\r\n")
        while self.permits.acquire(timeout=20):
            self.count += 1
            event = f"id: {self.count}\ndata: event {self.count}\n\n".encode()
            connection.send(b"%x\r\n%s\r\n" % (len(event), event))


@pytest.fixture
def source(scripted):
    source = EventSource()
    source.backend = scripted(source)
    return source


def test_each_event_arrives_before_the_next_is_sent(start, source):
    martlet: Martlet = start(simple_config(source.backend.url))
    connection = http.client.HTTPConnection(*martlet.address(), timeout=10)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    assert answer.headers["content-type"] == "text/event-stream"
    for number in range(1, 21):
        source.permits.release()
        # Would time out if anything on the way waited for more.
        assert answer.readline() == b"id: %d\n" % number
        assert answer.readline() == b"data: event %d\n" % number
        assert answer.readline() == b"\n"
    connection.close()


def test_each_event_arrives_over_http2(start, source):
    martlet: Martlet = start(simple_config(source.backend.url))
    with httpx.Client(http1=False, http2=True, timeout=10) as client:
        with client.stream("GET", martlet.url("/events")) as answer:
            lines = answer.iter_lines()
            assert answer.http_version == "HTTP/2"
            for number in range(1, 21):
                source.permits.release()
                assert next(lines) == f"id: {number}"
                assert next(lines) == f"data: event {number}"
                assert next(lines) == ""


def test_policies_do_not_hold_events_back(start, source):
    martlet: Martlet = start(simple_config(source.backend.url, route="""
headers:
  response: { set: { x-a: b }, remove: [server] }
  request: { set: { x-c: d } }
rewrite: { add-prefix: /base }
"""))
    source.permits.release()
    curl = subprocess.Popen(["curl", "-sN", martlet.url("/events")], stdout=subprocess.PIPE)
    try:
        assert curl.stdout.readline() == b"id: 1\n"
    finally:
        curl.kill()
        curl.wait()


def test_a_client_that_leaves_ends_the_upstreams_stream(start, source):
    martlet: Martlet = start(simple_config(source.backend.url))
    source.permits.release()
    connection = http.client.HTTPConnection(*martlet.address(), timeout=10)
    connection.request("GET", "/events")
    answer = connection.getresponse()
    assert answer.readline() == b"id: 1\n"
    answer.close()
    connection.close()
    # A close looks like half of one until something is written.
    source.permits.release(2)
    assert martlet.exchange(path="/events")["status"] == 200
    martlet.wait_until(lambda: martlet.metric("martlet_upstream_connections", upstream="backend") == 0,
                       "the upstream's connection to be closed")
