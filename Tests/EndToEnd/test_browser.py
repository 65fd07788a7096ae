"""A real browser: server-sent events, WebSockets and gRPC-Web, over HTTP/1.1 and over HTTP/2."""
from __future__ import annotations

import pytest

from harness.browser import BrowserSite
from harness.certificates import Authority
from harness.grpc_backend import GRPCBackend
from harness.martlet import Martlet
from harness.websocket_backend import WebSocketBackend

MESSAGES = [str(number) for number in range(20)] + ["status 0"]


@pytest.fixture(scope="module")
def site():
    site = BrowserSite()
    yield site
    site.stop()


@pytest.fixture(scope="module")
def martlet(start_shared, site, tmp_path_factory) -> Martlet:
    folder = tmp_path_factory.mktemp("certificates")
    Authority().issue("127.0.0.1", "localhost").write(folder, "server")
    sockets, service = WebSocketBackend(), GRPCBackend()
    yield start_shared(f"""
workers: 1
listeners:
  public: 127.0.0.1:0
  secure:
    address: 127.0.0.1:0
    tls: {{ certificates: {{ certificate: {folder}/server.pem, key: {folder}/server.key }} }}
upstreams:
  site: {site.url}
  sockets: {sockets.url}
  grpc: {service.url}
routes:
  - match: {{ prefix: /ws }}
    upstream: sockets
  - match: {{ prefix: /test.Echo }}
    upstream: grpc
  - match: {{ prefix: / }}
    upstream: site
""")
    sockets.close()
    service.stop()


@pytest.mark.parametrize("listener, scheme, protocol", [
    ("public", "http", "http/1.1"), ("secure", "https", "h2")])
def test_what_a_browser_needs(martlet, site, listener, scheme, protocol):
    host, port = martlet.address(listener)
    result = site.visit(f"{scheme}://{host}:{port}/page")
    assert result == {
        "events": [f"event {number}" for number in range(5)],
        "socket": [3, 3, 100_000, 1000],
        "binary": MESSAGES, "text": MESSAGES, "protocol": protocol,
    }
    if protocol == "h2":
        # The browser took the WebSocket through its connection of HTTP/2 (RFC 8441).
        record = martlet.exchange(path="/ws/echo", listener="secure")
        assert record["protocol"] == "HTTP/2", record
