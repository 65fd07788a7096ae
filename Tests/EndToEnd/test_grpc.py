"""gRPC by its own client and server: every kind of call, nothing collected on the way."""
from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest

from harness.echo_backend import pattern
from harness.martlet import Martlet, simple_config
from harness.ports import free_port

MESSAGE = pattern(100_000)
LARGE = pattern(3_000_000)


class Service(grpc.GenericRpcHandler):
    """Messages are plain bytes. `cancelled` tells that the server heard of a cancelled call."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.metadata: dict[str, str | bytes] = {}

    def service(self, call: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        make = {
            "Unary": grpc.unary_unary_rpc_method_handler, "Fail": grpc.unary_unary_rpc_method_handler,
            "Hang": grpc.unary_stream_rpc_method_handler, "Count": grpc.unary_stream_rpc_method_handler,
            "Sum": grpc.stream_unary_rpc_method_handler, "Chat": grpc.stream_stream_rpc_method_handler,
        }
        name = call.method.rpartition("/")[2]
        return make[name](getattr(self, name.lower())) if name in make else None

    def unary(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        self.metadata = dict(context.invocation_metadata())
        context.send_initial_metadata([("x-begin", "1"), ("x-begin-bin", b"\0\xff")])
        context.set_trailing_metadata([("x-end", "2"), ("x-end-bin", b"\xff\0")])
        return request

    def fail(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "nothing like – that: 100 %")

    def hang(self, request: bytes, context: grpc.ServicerContext):
        context.add_callback(self.cancelled.set)
        yield b"begun"
        self.cancelled.wait(20)

    def count(self, request: bytes, context: grpc.ServicerContext):
        for number in range(int(request)):
            yield b"%d" % number

    def sum(self, requests, context: grpc.ServicerContext) -> bytes:
        return b"%d" % sum(len(request) for request in requests)

    def chat(self, requests, context: grpc.ServicerContext):
        yield from requests


@pytest.fixture(scope="module")
def service():
    service = Service()
    server = grpc.server(ThreadPoolExecutor(16), handlers=[service], options=[
        ("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)])
    service.port = server.add_insecure_port(f"127.0.0.1:{free_port()}")
    server.start()
    yield service
    server.stop(None)


@pytest.fixture(scope="module")
def martlet(start_shared, service) -> Martlet:
    return start_shared(simple_config(f"h2c://127.0.0.1:{service.port}"))


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
