"""Many idle connections: all are served, and each costs little memory."""
from __future__ import annotations

import resource

from harness.client import RawConnection, request_bytes
from harness.martlet import simple_config

COUNT = 2_000
BYTES_EACH = 6 * 1024


def test_two_thousand_idle_connections(start, nginx):
    resource.setrlimit(resource.RLIMIT_NOFILE,
                       (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),
                        resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    martlet = start(simple_config(nginx.url, listener="timeouts: { idle: 300s }"))
    request = request_bytes("GET", "/")
    # The first hundred pay for what is shared: pools, tables, the allocator's arenas.
    clients = [open_and_ask(martlet, request) for _ in range(100)]
    before = martlet.resident_bytes()
    clients += [open_and_ask(martlet, request) for _ in range(COUNT)]
    each = (martlet.resident_bytes() - before) / COUNT
    print(f"\n{each:.0f} bytes for each of {COUNT} idle connections")
    assert each <= BYTES_EACH
    assert martlet.metric("martlet_downstream_connections") >= COUNT
    for client in clients[::50]:
        assert client.exchange(request).status == 200
    for client in clients:
        client.socket.close()
    martlet.wait_until(
        lambda: martlet.metric("martlet_downstream_connections", listener="public") == 0,
        "the end of every connection")


def open_and_ask(martlet, request: bytes) -> RawConnection:
    client = martlet.connect()
    assert client.exchange(request).status == 200
    return client
