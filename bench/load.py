"""Load on one proxy, and what it costs there."""
from __future__ import annotations

import re
import resource
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from peers import Fleet, Proxy, find


@dataclass
class Cost:
    """One run: CPU seconds of the proxy, and what was done for them."""

    requests: int
    bad: int
    bytes_read: int
    user: float
    system: float
    rate: float

    @property
    def micros_per_request(self) -> float:
        return (self.user + self.system) / max(self.requests, 1) * 1e6

    @property
    def bytes_per_cpu_second(self) -> float:
        return self.bytes_read / max(self.user + self.system, 1e-9)


SIZES = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def run(fleet: Fleet, proxy: Proxy, seconds: int, connections: int, path: str = "/x",
        script: Path | None = None, header: str | None = None) -> Cost:
    """Closed loop with wrk on the other CPUs."""
    if fleet.wire.front == "h2":
        return run_http2(fleet, proxy, seconds, path, header)
    scheme = "https" if fleet.wire.front == "tls" else "http"
    arguments = ["taskset", "-c", fleet.other_cpus, find("wrk") or "wrk", "-t1", f"-c{connections}",
                 f"-d{seconds}s", "--timeout", "10s"]
    if script:
        arguments += ["-s", str(script)]
    if header:
        arguments += ["-H", header]
    before = proxy.cpu_seconds()
    output = subprocess.run([*arguments, f"{scheme}://127.0.0.1:{proxy.port}{path}"],
                            capture_output=True, text=True).stdout
    after = proxy.cpu_seconds()
    total = re.search(r"(\d+) requests in .*?, ([\d.]+)([KMGT]?)B read", output)
    if not total:
        raise SystemExit(f"bench: wrk said of {proxy.name}: {output}")
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    errors = re.search(r"Socket errors: (.*)", output)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", output)
    return Cost(
        requests=int(total[1]),
        bad=(int(bad[1]) if bad else 0)
        + (sum(int(n) for n in re.findall(r"\d+", errors[1])) if errors else 0),
        bytes_read=int(float(total[2]) * SIZES[total[3]]),
        user=after[0] - before[0], system=after[1] - before[1],
        rate=float(rate[1]) if rate else 0.0)


def run_http2(fleet: Fleet, proxy: Proxy, seconds: int, path: str, header: str | None) -> Cost:
    """The same with h2load: 16 connections with 16 streams each; `header` makes it a POST."""
    count = seconds * 8000
    arguments = ["taskset", "-c", fleet.other_cpus, find("h2load") or "h2load", "-n", str(count),
                 "-c", "16", "-m", "16", "-t", "1"]
    if header:
        body = fleet.directory / "body"
        body.write_bytes(b"\0\0\0\0\4test")
        arguments += ["-H", header, "-H", "te: trailers", "-d", str(body)]
    before = proxy.cpu_seconds()
    output = subprocess.run([*arguments, f"http://127.0.0.1:{proxy.port}{path}"],
                            capture_output=True, text=True).stdout
    after = proxy.cpu_seconds()
    good = re.search(r"status codes: (\d+) 2xx", output)
    rate = re.search(r"([\d.]+) req/s", output)
    total = re.search(r"traffic: .*?\((\d+)\) total.*?\((\d+)\) data", output, re.S)
    if not good or not total:
        raise SystemExit(f"bench: h2load said of {proxy.name}: {output}")
    return Cost(
        requests=int(good[1]), bad=count - int(good[1]), bytes_read=int(total[1]),
        user=after[0] - before[0], system=after[1] - before[1],
        rate=float(rate[1]) if rate else 0.0)


def idle_bytes(proxy: Proxy, count: int, is_tls: bool = False) -> float:
    """Memory for each idle connection that has served one request."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, count + 500)), hard))
    context = None
    if is_tls:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    # The first hundred pay for what is shared: pools, tables, the allocator's arenas.
    sockets = [_open_and_ask(proxy.port, context) for _ in range(100)]
    before = proxy.resident_bytes()
    sockets += [_open_and_ask(proxy.port, context) for _ in range(count)]
    each = (proxy.resident_bytes() - before) / count
    for sock in sockets:
        sock.close()
    return each


def _open_and_ask(port: int, context: ssl.SSLContext | None) -> socket.socket:
    sock = socket.create_connection(("127.0.0.1", port), timeout=10)
    if context:
        sock = context.wrap_socket(sock, server_hostname="localhost")
    sock.sendall(b"GET /x HTTP/1.1\r\nHost: h0.example.com\r\n\r\n")
    received = b""
    while b'"stock":17}' not in received:
        data = sock.recv(65536)
        if not data:
            raise SystemExit(f"bench: closed by the proxy on port {port}: {received[:200]!r}")
        received += data
    return sock
