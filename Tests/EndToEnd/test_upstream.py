"""Upstreams that fail, are slow, are many, or talk nonsense."""
from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo, EchoBackend
from harness.http1 import EndOfStream
from harness.martlet import simple_config
from harness.ports import closed_port
from harness.scripted_backend import OK, answers, reply_and_close


def failed(answer, status: int, error: str) -> None:
    assert answer.status == status, (answer.start_line, answer.body)
    assert error.encode() in answer.value("proxy-status"), answer.value("proxy-status")
    assert answer.value("content-type") == b"application/problem+json"
    assert json.loads(answer.body)["status"] == status


def test_refused(proxied):
    martlet = proxied(f"http://127.0.0.1:{closed_port()}")
    failed(martlet.get("/"), 502, "connection_refused")
    failed(martlet.get("/", method="POST", body=b"x" * 100_000), 502, "connection_refused")


def test_client_connection_survives_an_upstream_failure(proxied):
    with proxied(f"http://127.0.0.1:{closed_port()}").connect() as client:
        for _ in range(3):
            assert client.exchange(request_bytes("GET", "/")).status == 502


def test_connect_timeout(proxied):
    """A listening socket whose backlog is full swallows further connection attempts."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    address = listener.getsockname()
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(address)
        fillers.append(filler)
    upstream = (f"{{ endpoints: [\"http://127.0.0.1:{address[1]}\"],"
                " timeouts: { connect: 300ms } }")
    martlet = proxied(upstream)
    start = time.monotonic()
    failed(martlet.get("/"), 504, "connection_timeout")
    assert 0.2 < time.monotonic() - start < 5
    for sock in (*fillers, listener):
        sock.close()


def test_response_timeout(proxied, echo):
    martlet = proxied(f"{{ endpoints: [\"{echo.url}\"], timeouts: {{ response: 300ms }} }}")
    failed(martlet.get("/?delay=3"), 504, "http_response_timeout")
    assert martlet.get("/").status == 200


def test_route_overrides_the_response_timeout(proxied, echo):
    martlet = proxied(echo.url, route="timeouts: { response: 300ms }")
    failed(martlet.get("/?delay=3"), 504, "http_response_timeout")


def test_a_slow_upstream_may_take_its_time_for_a_body(proxied, scripted):
    """When the last byte is written, the kernel holds megabytes that the upstream has not read."""
    size = 6_000_000
    counts = []

    def slow(connection):
        def take(data):
            counts.append(len(data))
            threading.Event().wait(len(data) / 1_500_000)

        connection.request(sink=take)
        connection.send(OK)

    backend = scripted(slow, receive_buffer=65536)
    martlet = proxied(f"{{ endpoints: [\"{backend.url}\"],"
                      " timeouts: { response: 1s, stream-idle: 1s } }")
    answer = martlet.get("/", method="POST", body=bytes(size))
    assert answer.status == 200 and sum(counts) == size


def test_an_upstream_that_takes_no_more_of_a_body_is_not_waited_for(proxied, scripted):
    backend = scripted(lambda connection: backend.closing.wait(20), receive_buffer=65536)
    martlet = proxied(f"{{ endpoints: [\"{backend.url}\"],"
                      " timeouts: { response: 500ms, stream-idle: 500ms } }")
    started = time.monotonic()
    failed(martlet.get("/", method="POST", body=bytes(6_000_000)), 504, "http_response_timeout")
    assert time.monotonic() - started < 5


def test_stalled_response_body_is_cut(proxied, scripted):
    def stall(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        connection.wait_for_close()

    backend = scripted(stall)
    martlet = proxied(f"{{ endpoints: [\"{backend.url}\"], timeouts: {{ stream-idle: 500ms }} }}")
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/"))
        with pytest.raises((EndOfStream, ConnectionResetError)):
            client.response()


@pytest.mark.parametrize("reply", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n",
], ids=["length", "in-chunk", "between-chunks", "before-trailers-end"])
def test_body_cut_by_the_upstream_is_visibly_cut(proxied, scripted, reply):
    martlet = proxied(scripted(reply_and_close(reply)).url)
    with martlet.connect() as client:
        client.send(request_bytes("GET", "/cut"))
        with pytest.raises((EndOfStream, ConnectionResetError)):
            answer = client.response()
            assert answer.status == 502  # cut before anything was passed on
            raise EndOfStream
    assert martlet.exchange(path="/cut").get("error")


def test_upstream_killed_in_mid_body(proxied, scripted):
    def die(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 200_000)
        connection.reset()

    with proxied(scripted(die).url).connect() as client:
        client.send(request_bytes("GET", "/"))
        with pytest.raises((EndOfStream, ConnectionResetError)):
            client.response()


def test_closed_before_any_answer(proxied, scripted):
    backend = scripted(lambda connection: connection.request())
    martlet = proxied(backend.url)
    answer = martlet.get("/", method="POST", body=b"once")
    failed(answer, 502, "connection_terminated")
    assert len(backend.requests) == 1, "an unsafe request was sent twice"


MALFORMED = {
    "no-http": b"hello\r\n\r\n",
    "bad-version": b"HTTP/2.0 200 OK\r\n\r\n",
    "no-status": b"HTTP/1.1 OK\r\n\r\n",
    "status-two-digits": b"HTTP/1.1 20 OK\r\n\r\n",
    "status-zero": b"HTTP/1.1 000 OK\r\n\r\n",
    "space-before-colon": b"HTTP/1.1 200 OK\r\nX-A : b\r\nContent-Length: 0\r\n\r\n",
    "control-in-value": b"HTTP/1.1 200 OK\r\nX-A: \x00\r\nContent-Length: 0\r\n\r\n",
    "bare-cr": b"HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 0\r\n\r\n",
    "te-and-cl": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
    "two-lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
    "bad-length": b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok",
    "bad-coding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "upgrade": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "huge-head": b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 100_000 + b"\r\n\r\n",
    "endless-head": b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 50_000,
    "endless-interim": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 5_000,
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_response(proxied, scripted, name):
    martlet = proxied(scripted(reply_and_close(MALFORMED[name])).url)
    with martlet.connect() as client:
        answer = client.exchange(request_bytes("GET", "/"))
        assert answer.status == 502, answer.start_line
        assert answer.value("content-type") == b"application/problem+json"
        assert b"martlet; error=" in answer.value("proxy-status")


def test_obsolete_folding_in_a_response_never_reaches_the_client(proxied, scripted):
    """RFC 9112 §5.2: a proxy either refuses it with 502 or replaces it by spaces."""
    reply = b"HTTP/1.1 200 OK\r\nX-A: b\r\n c\r\nContent-Length: 2\r\n\r\nok"
    answer = proxied(scripted(reply_and_close(reply)).url).get("/")
    assert answer.status == 502 or answer.value("x-a").split() == [b"b", b"c"]


@pytest.mark.parametrize("body", [b"5\r\nhel", b"+5\r\nhello\r\n0\r\n\r\n", b"5\nhello\r\n0\r\n\r\n",
                                  b"5\r\nhelloX\r\n0\r\n\r\n", b"zz\r\n"])
def test_malformed_chunks_are_visibly_cut(proxied, scripted, body):
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body
    with proxied(scripted(reply_and_close(reply)).url).connect() as client:
        client.send(request_bytes("GET", "/"))
        try:
            assert client.response().status == 502
        except (EndOfStream, ConnectionResetError):
            pass


def test_bytes_after_an_answer_poison_no_other_request(proxied, scripted):
    """What follows a complete answer must not be taken for the next request's answer."""
    backend = scripted(answers(OK + b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison", OK))
    with proxied(backend.url).connect() as client:
        for _ in range(5):
            answer = client.exchange(request_bytes("GET", "/"))
            assert answer.body == b"ok"


def test_stale_pooled_connection_is_retried_once(proxied, scripted):
    """The upstream closes an idle connection in the moment of its reuse: nobody notices."""
    def once_each(connection):
        connection.request()
        connection.send(OK)
        if connection.index < 5:
            # Reads the next request and closes without a word, as a server at its idle limit.
            connection.stream.line()

    backend = scripted(once_each)
    with proxied(backend.url).connect() as client:
        for _ in range(5):
            assert client.exchange(request_bytes("GET", "/")).status == 200


def test_unsafe_request_is_never_sent_twice(proxied, scripted):
    def once_each(connection):
        connection.request()
        connection.send(OK)
        connection.request()

    backend = scripted(once_each)
    with proxied(backend.url).connect() as client:
        assert client.exchange(request_bytes("GET", "/first")).status == 200
        answer = client.exchange(request_bytes("POST", "/second", body=b"x"))
        assert answer.status == 502
    assert [r.target for r in backend.requests].count(b"/second") == 1


def test_connections_are_reused(proxied, scripted):
    backend = scripted(answers(OK))
    martlet = proxied(backend.url)
    for _ in range(20):
        assert martlet.get("/").status == 200
    assert len(backend.connections) == 1


def test_keep_alive_limit_of_idle_connections(proxied, scripted):
    backend = scripted(answers(OK))
    martlet = proxied(f"{{ endpoints: [\"{backend.url}\"], timeouts: {{ keep-alive: 500ms }} }}")
    assert martlet.get("/").status == 200
    martlet.wait_until(lambda: martlet.metric("martlet_upstream_connections") == 0, "idle close")


def test_connection_limit_and_queue(start, echo):
    upstream = (f"{{ endpoints: [\"{echo.url}\"], max-connections: 2, max-pending: 3,"
                " timeouts: { queue: 5s } }")
    martlet = start(simple_config(upstream))
    results: list[int] = []
    lock = threading.Lock()

    def ask() -> None:
        status = martlet.get("/?delay=1").status
        with lock:
            results.append(status)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    # A request that waits for its connection to be opened waits too: first come those served.
    for thread in threads[:2]:
        thread.start()
    martlet.wait_until(lambda: martlet.metric("martlet_upstream_connections") == 2
                       and martlet.metric("martlet_upstream_pending") == 0, "two connections")
    for thread in threads[2:]:
        thread.start()
    for thread in threads:
        thread.join(15)
    # Two are served, three wait, the others are refused at once.
    assert sorted(results) == [200] * 5 + [503] * 3


def test_queue_timeout(start, echo):
    upstream = (f"{{ endpoints: [\"{echo.url}\"], max-connections: 1, max-pending: 10,"
                " timeouts: { queue: 300ms } }")
    martlet = start(simple_config(upstream))
    with martlet.connect() as first:
        first.send(request_bytes("GET", "/?delay=2"))
        martlet.wait_until(lambda: martlet.metric("martlet_upstream_connections") >= 1, "a connection")
        answer = martlet.get("/")
        assert answer.status in (503, 504) and answer.value("proxy-status").startswith(b"martlet")
        assert first.response().status == 200


def test_round_robin_with_weights(proxied):
    backends = [EchoBackend(name) for name in ("a", "b", "c")]
    upstream = ("{ endpoints: [ { url: \"%s\", weight: 3 }, \"%s\", { url: \"%s\", weight: 0 } ] }"
                % tuple(backend.url for backend in backends))
    martlet = proxied(upstream)
    with martlet.connect() as client:
        names = [Echo(client.exchange(request_bytes("GET", "/"))).name for _ in range(40)]
    assert {name: names.count(name) for name in set(names)} == {"a": 30, "b": 10}
    for backend in backends:
        backend.stop()


def test_dead_endpoint_among_several(proxied, echo):
    """A connection that cannot be made has sent nothing: another endpoint is tried or 502 given."""
    martlet = proxied(f"{{ endpoints: [\"http://127.0.0.1:{closed_port()}\", \"{echo.url}\"] }}")
    statuses = [martlet.get("/").status for _ in range(10)]
    assert statuses.count(200) >= 5 and set(statuses) <= {200, 502}


def test_host_names_are_resolved(proxied, echo):
    martlet = proxied(f"http://localhost:{echo.port}")
    assert Echo(martlet.get("/")).name == "echo"


def test_unknown_host_name(proxied):
    answer = proxied("http://no-such-host.invalid:80").get("/", timeout=20)
    assert answer.status in (502, 503, 504)
    assert b"dns" in answer.value("proxy-status") or b"unavailable" in answer.value("proxy-status")


def test_one_upstream_in_trouble_does_not_slow_another(start, echo):
    martlet = start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams:
  good: {echo.url}
  slow: {{ endpoints: ["{echo.url}"], max-connections: 1, max-pending: 100 }}
routes:
  - {{ match: {{ prefix: /good }}, upstream: good }}
  - {{ match: {{ prefix: /slow }}, upstream: slow }}
""")
    clients = [martlet.connect() for _ in range(20)]
    for client in clients:
        client.send(request_bytes("GET", "/slow?delay=1"))
    start_time = time.monotonic()
    assert martlet.get("/good").status == 200
    assert time.monotonic() - start_time < 0.5
    for client in clients:
        client.socket.close()
