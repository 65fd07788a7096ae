"""TLS towards upstreams: what is checked, what is shown, and what a client is told."""
from __future__ import annotations

import hashlib
import json
import ssl
import threading

import pytest

from harness.certificates import Authority, self_signed
from harness.client import request_bytes
from harness.echo_backend import BLOCK, Echo, EchoBackend, pattern
from harness.martlet import indent, run_command, simple_config
from harness.nginx import Nginx
from harness.scripted_backend import ScriptedBackend


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    folder = tmp_path_factory.mktemp("upstream")
    authority.write(folder)
    Authority("Somebody Else").write(folder, "other-ca")
    authority.issue("127.0.0.1", "localhost").write(folder, "good")
    authority.issue("127.0.0.1", "localhost", kind="rsa").write(folder, "rsa")
    authority.issue("orders.internal").write(folder, "named")
    authority.issue("127.0.0.2", "somebody.else").write(folder, "wrong-name")
    authority.issue("127.0.0.1", "localhost", days=10, age=20).write(folder, "expired")
    authority.issue("127.0.0.1", age=-10).write(folder, "early")
    self_signed("127.0.0.1", "localhost").write(folder, "self-signed")
    Authority("Somebody Else").issue("127.0.0.1").write(folder, "other")
    authority.issue(subject="martlet", client=True).write(folder, "client")
    Authority("Somebody Else").issue(subject="mallory", client=True).write(folder, "mallory")
    return folder


@pytest.fixture(scope="module")
def servers(files):
    """nginx with a certificate, by name; `+client` demands one."""
    running: dict[str, Nginx] = {}

    def make(name: str) -> Nginx:
        if name not in running:
            certificate, _, demand = name.partition("+")
            extra = f"ssl_client_certificate {files}/ca.pem; ssl_verify_client on;" if demand else ""
            running[name] = Nginx(tls=(files / f"{certificate}.pem", files / f"{certificate}.key"),
                                  extra=extra)
        return running[name]

    yield make
    for server in running.values():
        server.stop()


def config(url: str, tls: str = "", extra: str = "", route: str = "") -> str:
    """One upstream under `url`, with `tls` under its key."""
    upstream = f"\n    endpoints: {url}\n{indent(extra, 4)}"
    if tls:
        upstream += f"\n    tls:\n{indent(tls, 6)}"
    return simple_config(upstream, route=route)


def test_a_good_certificate(start, servers, files):
    martlet = start(config(servers("good").secure_url, f"ca: {files}/ca.pem"))
    with martlet.connect() as client:
        for _ in range(3):
            answer = client.exchange(request_bytes("GET", "/"))
            assert (answer.status, json.loads(answer.body)["id"]) == (200, 42)
    assert martlet.metric("martlet_upstream_connects_total", upstream="backend") == 1


@pytest.mark.parametrize("name, status", [
    ("rsa", 200), ("named", 502), ("wrong-name", 502), ("expired", 502), ("early", 502),
    ("self-signed", 502), ("other", 502),
])
def test_what_is_checked(start, servers, files, name, status):
    martlet = start(config(servers(name).secure_url, f"ca: {files}/ca.pem"))
    answer = martlet.get("/")
    assert answer.status == status
    if status == 502:
        assert answer.value("proxy-status") == b"martlet; error=tls_certificate_error"
        assert json.loads(answer.body)["code"] == "tls_certificate_invalid"
        assert martlet.exchange(error="tls_certificate_invalid")
        assert martlet.metric("martlet_upstream_connect_failures_total", reason="tls_certificate") >= 1
        assert martlet.metric("martlet_upstream_connections", upstream="backend") == 0


def test_system_roots_do_not_know_ours(start, servers):
    martlet = start(config(servers("good").secure_url))
    assert json.loads(martlet.get("/").body)["code"] == "tls_certificate_invalid"


@pytest.mark.parametrize("name, tls, status", [
    ("named", "server-name: orders.internal", 200),
    ("named", "server-name: Orders.Internal", 200),
    ("good", "server-name: orders.internal", 502),
    ("wrong-name", "server-name: somebody.else", 200),
])
def test_server_name(start, servers, files, name, tls, status):
    martlet = start(config(servers(name).secure_url, f"ca: {files}/ca.pem\n{tls}"))
    assert martlet.get("/").status == status


def test_host_names_are_asked_for_and_checked(start, servers, files):
    url = servers("good").secure_url.replace("127.0.0.1", "localhost")
    assert start(config(url, f"ca: {files}/ca.pem")).get("/").status == 200
    url = servers("named").secure_url.replace("127.0.0.1", "localhost")
    assert start(config(url, f"ca: {files}/ca.pem")).get("/").status == 502


def test_a_self_signed_certificate_named_as_authority(start, servers, files):
    martlet = start(config(servers("self-signed").secure_url, f"ca: {files}/self-signed.pem"))
    assert martlet.get("/").status == 200


def test_insecure_takes_anything_and_is_warned_of(start, servers, tmp_path):
    text = config(servers("expired").secure_url, "insecure: true")
    assert start(text).get("/").status == 200
    (tmp_path / "martlet.yaml").write_text(text)
    result = run_command("validate", "-c", str(tmp_path / "martlet.yaml"))
    assert result.returncode == 0 and "warning: endpoints are not checked" in result.stderr
    assert run_command("validate", "--strict", "-c", str(tmp_path / "martlet.yaml")).returncode == 2


@pytest.mark.parametrize("tls, status", [
    ("client-certificate: {f}/client.pem\nclient-key: {f}/client.key", 200),
    ("client-certificate: {f}/mallory.pem\nclient-key: {f}/mallory.key", 400), ("", 400),
])
def test_a_server_that_demands_a_certificate(start, servers, files, tls, status):
    """nginx answers 400 by itself where others end the handshake."""
    text = config(servers("good+client").secure_url, f"ca: {files}/ca.pem\n{tls.format(f=files)}")
    martlet = start(text)
    assert martlet.get("/").status == status
    if status == 200:
        assert martlet.metric("martlet_upstream_tls_certificate_expiry_timestamp_seconds",
                              upstream="backend") > 0


class TLSBackend(EchoBackend):
    """The echo backend behind Python's TLS."""

    def __init__(self, context: ssl.SSLContext):
        super().__init__()
        self.context = context
        self.url = f"https://127.0.0.1:{self.port}"

    def wrap(self, sock):
        return self.context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)


def server_context(files, name: str = "good", demand: bool = False,
                   version: ssl.TLSVersion | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / f"{name}.pem", files / f"{name}.key")
    context.set_alpn_protocols(["http/1.1"])
    if demand:
        context.load_verify_locations(files / "ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
    if version:
        context.minimum_version = context.maximum_version = version
    return context


@pytest.fixture
def echo_tls(files):
    backends = []

    def make(**options) -> TLSBackend:
        backends.append(TLSBackend(server_context(files, **options)))
        return backends[-1]

    yield make
    for backend in backends:
        backend.stop()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_missing_client_certificate(start, echo_tls, files, version):
    """With TLS 1.3 the refusal comes when the handshake is over for the client."""
    backend = echo_tls(demand=True, version=version)
    martlet = start(config(backend.url, f"ca: {files}/ca.pem"))
    answer = martlet.get("/")
    assert answer.status == 502
    assert json.loads(answer.body)["code"] == "tls_handshake_failed"
    assert answer.value("proxy-status") == b"martlet; error=tls_protocol_error"


def test_an_old_version_is_refused(start, echo_tls, files):
    backend = echo_tls(version=ssl.TLSVersion.TLSv1_2)
    martlet = start(config(backend.url, f"ca: {files}/ca.pem\nmin-version: '1.3'"))
    assert json.loads(martlet.get("/").body)["code"] == "tls_handshake_failed"
    assert martlet.metric("martlet_upstream_connect_failures_total", reason="tls_handshake") >= 1


def test_a_server_without_tls(start, echo, files):
    martlet = start(config(echo.url.replace("http:", "https:"), f"ca: {files}/ca.pem"))
    assert json.loads(martlet.get("/").body)["code"] in ("tls_handshake_failed", "connect_refused")
    echo.errors.clear()


@pytest.mark.parametrize("timeouts, code", [
    ("connect: 300ms", "connect_timeout"),
    ("connect: 10s, tls-handshake: 300ms", "tls_handshake_timeout"),
    ("connect: 50ms, tls-handshake: 300ms", "tls_handshake_timeout"),
])
def test_the_handshake_has_a_deadline(start, scripted, files, timeouts, code):
    """A server that takes the connection and says nothing."""
    backend = scripted(lambda connection: connection.wait_for_close())
    martlet = start(config(backend.url.replace("http:", "https:"), f"ca: {files}/ca.pem",
                           extra=f"timeouts: {{ {timeouts} }}"))
    answer = martlet.get("/")
    assert (answer.status, json.loads(answer.body)["code"]) == (504, code)
    # And the connection is given up, not left hanging.
    backend.wait_until(lambda: backend.connections and backend.connections[0].stream is not None)
    martlet.wait_until(lambda: martlet.open_files() < 40, "closed sockets")
    assert martlet.metric("martlet_upstream_connections") == 0


def test_bodies_both_ways(start, echo_tls, files):
    martlet = start(config(echo_tls().url, f"ca: {files}/ca.pem"))
    size = 1 << 20
    body = pattern(size)
    with martlet.connect() as client:
        for _ in range(3):
            echo = Echo(client.exchange(request_bytes("POST", "/", body=body)))
            assert (echo.body_length, echo.body_sha256) == (size, hashlib.sha256(body).hexdigest())
            digest = hashlib.sha256()
            client.send(request_bytes("GET", f"/?bytes={size}&chunked=1"))
            assert client.response(sink=digest.update).body_length == size
            assert digest.hexdigest() == hashlib.sha256(BLOCK * (size // len(BLOCK))).hexdigest()
    assert martlet.metric("martlet_upstream_connects_total") == 1


def test_a_slow_client_pauses_a_fast_upstream(start, servers, files):
    server = servers("good")
    path = server.sparse_file("zeros", 64 << 20)
    martlet = start(config(server.secure_url, f"ca: {files}/ca.pem"))
    martlet.get("/")
    before = martlet.resident_bytes()
    with martlet.connect(receive_buffer=4096) as client:
        client.send(request_bytes("GET", path))
        threading.Event().wait(1)
        assert martlet.resident_bytes() - before < 8 << 20
        assert client.response(sink=lambda data: None).body_length == 64 << 20


def test_an_answer_that_ends_with_the_connection(start, files):
    """Whole only if TLS says that it is over (RFC 9112 §9.8)."""
    context = server_context(files)

    class Backend(ScriptedBackend):
        def wrap(self, sock):
            return context.wrap_socket(sock, server_side=True)

    def script(connection):
        message = connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\n\r\nabc")
        if message.target == b"/whole":
            try:
                connection.socket.unwrap()
            except (OSError, ssl.SSLError):
                pass
        else:
            # TCP ends, TLS does not.
            connection.socket.shutdown(2)
        connection.socket.close()

    with Backend(script) as backend:
        martlet = start(config(f"https://127.0.0.1:{backend.port}", f"ca: {files}/ca.pem"))
        assert martlet.get("/whole").body == b"abc"
        with martlet.connect() as client:
            client.send(request_bytes("GET", "/cut"))
            with pytest.raises(Exception):
                client.response()
        assert martlet.exchange(path="/cut", error="response_incomplete")


def test_host_field(start, echo_tls, files, tmp_path):
    backend = echo_tls()
    martlet = start(config(backend.url, f"ca: {files}/ca.pem", route="host: upstream"))
    assert Echo(martlet.get("/")).value("host") == f"127.0.0.1:{backend.port}"
    (tmp_path / "martlet.yaml").write_text(config("https://orders.internal", route="host: upstream"))
    result = run_command("explain", "-c", str(tmp_path / "martlet.yaml"), "GET", "/")
    assert "host: orders.internal\n" in result.stdout.lower()
    assert "https://orders.internal:443" in result.stdout


def test_authorities_are_swapped(start, servers, files, tmp_path):
    ca = tmp_path / "trusted.pem"
    ca.write_bytes((files / "other-ca.pem").read_bytes())
    martlet = start(config(servers("good").secure_url, f"ca: {ca}"))
    assert martlet.get("/").status == 502
    ca.write_bytes((files / "ca.pem").read_bytes())
    martlet.wait_until(lambda: martlet.get("/").status == 200, "the new authority")
    # Kept connections were made under the old rules, and go with them.
    ca.write_bytes((files / "other-ca.pem").read_bytes())
    martlet.wait_until(lambda: martlet.get("/").status == 502, "the other authority")


def test_turning_tls_on_leaves_no_plain_connection(start, echo_tls, files):
    """The same address, now with TLS: kept plain connections must not be used."""
    backend = echo_tls()
    secure = config(backend.url, f"ca: {files}/ca.pem")
    martlet = start(secure)
    assert martlet.get("/").status == 200
    martlet.reload(config(backend.url.replace("https", "http")))
    assert martlet.get("/").status == 502
    backend.errors.clear()
    martlet.reload(secure)
    assert martlet.get("/").status == 200
