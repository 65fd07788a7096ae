"""A gRPC server made by other people (`grpcio`), with a method for each kind of call."""
from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc

from .ports import free_port


class GRPCBackend(grpc.GenericRpcHandler):
    """Messages are plain bytes. `cancelled` tells that the server heard of a cancelled call."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.metadata: dict[str, str | bytes] = {}
        self._server = grpc.server(ThreadPoolExecutor(16), handlers=[self], options=[
            ("grpc.max_receive_message_length", -1), ("grpc.so_reuseport", 0)])
        self.port = self._server.add_insecure_port(f"127.0.0.1:{free_port()}")
        self._server.start()

    @property
    def url(self) -> str:
        return f"h2c://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._server.stop(None)

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
