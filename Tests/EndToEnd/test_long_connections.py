"""Thousands of open WebSockets and event streams live through reload after reload."""
from __future__ import annotations

import resource

import pytest

from harness.many_streams import EVENT, ManyStreamsBackend, open_stream
from harness.martlet import Martlet

COUNT = 5_000
RELOADS = 50
# Measured: 12.9 KB for a WebSocket, 12.6 KB for an event stream: an exchange and two connections.
BYTES_EACH = 16 * 1024


def config(backend: ManyStreamsBackend, turn: int) -> str:
    """Another document each time; what the streams use stays."""
    return f"""
workers: 2
listeners:
  public: {{ address: 127.0.0.1:0, limits: {{ max-connections: 30000 }} }}
upstreams:
  streams: {{ endpoints: '{backend.url}', max-connections: 30000 }}
routes:
  - name: streams
    match: {{ prefix: / }}
    upstream: streams
  - name: other-{turn}
    match: {{ path: /other/{turn} }}
    respond: {{ status: 200, body: "{turn}" }}
"""


@pytest.fixture
def backend():
    backend = ManyStreamsBackend()
    yield backend
    backend.stop()


@pytest.fixture(autouse=True)
def file_limit():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before[1], before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_open_streams_live_through_reloads(start, backend):
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    count = min(COUNT, (limit - 500) // 4)
    martlet: Martlet = start(config(backend, 0))
    address = martlet.address()
    # The first hundred pay for what is shared: pools, tables, the allocator's arenas.
    sockets = [open_stream(address, "/socket") for _ in range(50)]
    readers = [open_stream(address, "/events") for _ in range(50)]
    before = martlet.resident_bytes()
    sockets += [open_stream(address, "/socket") for _ in range(count)]
    between = martlet.resident_bytes()
    readers += [open_stream(address, "/events") for _ in range(count)]
    each = (between - before) / count, (martlet.resident_bytes() - between) / count
    print(f"\n{each[0]:.0f} bytes for each of {count} WebSockets, {each[1]:.0f} for each event stream")
    for turn in range(1, RELOADS + 1):
        martlet.reload(config(backend, turn))
        assert martlet.get(f"/other/{turn}").body == b"%d" % turn
    reloaded = martlet.resident_bytes()
    for number, client in enumerate(sockets):
        client.sendall(b"%05d" % number)
    for number, client in enumerate(sockets):
        assert client.recv(4096) == b"%05d" % number
    backend.publish()
    for client in readers:
        received = b""
        while EVENT not in received:
            part = client.recv(4096)
            assert part, received
            received += part
    assert len(backend.open) >= len(sockets) + len(readers), "some were opened anew"
    print(f"{(reloaded - before) / 1048576:.1f} MiB for all after {RELOADS} reloads")
    assert max(each) <= BYTES_EACH
    for client in sockets + readers:
        client.close()
    martlet.wait_until(
        lambda: martlet.metric("martlet_downstream_connections", listener="public") == 0,
        "the end of every connection", timeout=30)
