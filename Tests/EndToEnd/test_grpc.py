"""gRPC by its own client and server: every kind of call, nothing collected on the way."""
from __future__ import annotations

import itertools
import threading

import grpc
import pytest

from harness.echo_backend import pattern
from harness.grpc_backend import GRPCBackend
from harness.martlet import Martlet, simple_config

MESSAGE = pattern(100_000)
LARGE = pattern(3_000_000)


@pytest.fixture(scope="module")
def service():
    service = GRPCBackend()
    yield service
    service.stop()


@pytest.fixture(scope="module")
def martlet(start_shared, service) -> Martlet:
    return start_shared(simple_config(service.url))


@pytest.fixture
def channel(martlet):
    host, port = martlet.address()
    with grpc.insecure_channel(f"{host}:{port}", options=[
            ("grpc.max_receive_message_length", -1), ("grpc.enable_http_proxy", 0)]) as channel:
        yield channel


def test_unary(channel, service):
    call = channel.unary_unary("/test.Echo/Unary")
    answer, about = call.with_call(MESSAGE, timeout=10, metadata=[("x-a", "b"), ("x-bin", b"\0\1\xfe")])
    assert answer == MESSAGE
    assert (service.metadata["x-a"], service.metadata["x-bin"]) == ("b", b"\0\1\xfe")
    begin, end = dict(about.initial_metadata()), dict(about.trailing_metadata())
    assert (begin["x-begin"], begin["x-begin-bin"]) == ("1", b"\0\xff")
    assert (end["x-end"], end["x-end-bin"]) == ("2", b"\xff\0")


def test_where_bodies_are_looked_at(start, service):
    """Messages flow past a filter; a rule for bodies takes them only if it names them."""
    martlet = start(f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ s: {{ endpoints: "{service.url}" }} }}
routes:
  - {{ match: {{ path: /test.Echo/Unary, headers: {{ x-route: inspect }} }}, upstream: s, inspect: block }}
  - match: {{ path: /test.Echo/Unary, headers: {{ x-route: named }} }}
    upstream: s
    validate: {{ content-types: application/grpc, body: {{ max-size: 1KiB }} }}
  - {{ match: {{ path: /test.Echo/Unary }}, upstream: s, validate: {{ body: {{ max-size: 1KiB }} }} }}
""")
    host, port = martlet.address()
    with grpc.insecure_channel(f"{host}:{port}", options=[("grpc.enable_http_proxy", 0)]) as channel:
        call = channel.unary_unary("/test.Echo/Unary")
        for route in ("inspect", "named"):
            assert call(MESSAGE, timeout=10, metadata=[("x-route", route)]) == MESSAGE
        with pytest.raises(grpc.RpcError) as refused:
            call(b"x", timeout=10)
        assert refused.value.code() == grpc.StatusCode.UNKNOWN
    assert martlet.exchange(error="request_invalid")["finding"] == "request-validation"


@pytest.mark.parametrize("message", [b"", b"x", MESSAGE, LARGE], ids=len)
def test_sizes(channel, message):
    assert channel.unary_unary("/test.Echo/Unary")(message, timeout=20) == message


def test_many_calls(channel):
    call = channel.unary_unary("/test.Echo/Unary")
    waiting = [call.future(b"%d" % number, timeout=20) for number in range(500)]
    assert [future.result() for future in waiting] == [b"%d" % number for number in range(500)]


def test_failure(channel):
    """The status comes in trailers, here without a body before them."""
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/test.Echo/Fail")(b"x", timeout=10)
    assert caught.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    assert caught.value.details() == "nothing like – that: 100 %"


def test_unknown_method(channel):
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/test.Echo/Nothing")(b"x", timeout=10)
    assert caught.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_server_streaming(channel):
    answers = channel.unary_stream("/test.Echo/Count")(b"1000", timeout=20)
    assert list(answers) == [b"%d" % number for number in range(1000)]


def test_client_streaming(channel):
    call = channel.stream_unary("/test.Echo/Sum")
    assert call(itertools.repeat(MESSAGE, 30), timeout=20) == b"3000000"
    assert call(iter(()), timeout=20) == b"0"


def test_both_streaming(channel):
    """Each answer comes before the next question: nobody waits for an end."""
    questions: list[bytes] = [b"%d" % number for number in range(200)]
    answered = threading.Semaphore(1)

    def ask():
        for question in questions:
            assert answered.acquire(timeout=10)
            yield question

    answers = []
    for answer in channel.stream_stream("/test.Echo/Chat")(ask(), timeout=30):
        answers.append(answer)
        answered.release()
    assert answers == questions


def test_cancelled(channel, service):
    service.cancelled.clear()
    call = channel.unary_stream("/test.Echo/Hang")(b"", timeout=20)
    assert next(call) == b"begun"
    call.cancel()
    assert service.cancelled.wait(10)


def test_deadline(channel, service):
    service.cancelled.clear()
    with pytest.raises(grpc.RpcError) as caught:
        list(channel.unary_stream("/test.Echo/Hang")(b"", timeout=0.5))
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    assert service.cancelled.wait(10)
