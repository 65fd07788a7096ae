"""TLS towards clients: versions, names, ALPN, client certificates, and what must stay as without it."""
from __future__ import annotations

import base64
import hashlib
import re
import shutil
import socket
import ssl
import subprocess
import threading

import pytest

from harness.certificates import Authority
from harness.client import RawConnection, request_bytes
from harness.echo_backend import BLOCK, Echo, pattern
from harness.http1 import EndOfStream
from harness.martlet import indent, simple_config
from harness.tls import TLSConnection, client_context

GET = request_bytes("GET", "/a?b=c")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def tls_config(url: str, folder, extra: str = "", listener: str = "", route: str = "",
               certificates: str = "- { certificate: server.pem, key: server.key }",
               root: str = "") -> str:
    """One TLS listener, whose files are named relative to `folder`."""
    certificates = re.sub(r"\b([\w-]+\.(?:pem|key))", rf"{folder}/\1", certificates)
    extra = re.sub(r"\b([\w-]+\.pem)", rf"{folder}/\1", extra)
    text = f"tls:\n  certificates:\n{indent(certificates, 4)}\n{indent(extra, 2)}\n{listener}"
    return simple_config(url, extra=root, listener=text, route=route)


@pytest.fixture(scope="module")
def files(authority, tmp_path_factory):
    """Certificates on disk: the server's, others by name, clients'."""
    folder = tmp_path_factory.mktemp("certificates")
    authority.write(folder)
    authority.issue("example.com", "www.example.com", "localhost", "127.0.0.1").write(folder, "server")
    authority.issue("*.wild.example", "other.example", kind="rsa").write(folder, "wild")
    authority.issue("exact.wild.example", kind="ed25519").write(folder, "exact")
    authority.issue("alice@example.com", "spiffe://example.com/alice", subject="alice",
                    client=True).write(folder, "alice")
    Authority("Somebody Else").issue(subject="mallory", client=True).write(folder, "mallory")
    authority.issue(subject="late", client=True, days=1, age=3).write(folder, "late")
    return folder


@pytest.fixture(scope="module")
def martlet(start_shared, echo, files):
    return start_shared(tls_config(echo.url, files))


@pytest.fixture(scope="module")
def trusting(files):
    """A client that checks everything."""
    return client_context(files / "ca.pem")


# --- Versions, names, protocols


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions_that_are_spoken(martlet, files, version):
    context = client_context(files / "ca.pem", version=version)
    with TLSConnection(martlet.address(), context) as client:
        assert Echo(client.exchange(GET)).target == "/a?b=c"
        assert client.version == {771: "TLSv1.2", 772: "TLSv1.3"}[version]
    number = client.version.removeprefix("TLSv")
    assert martlet.exchange(tls=number)["status"] == 200


def openssl(martlet, *arguments: str) -> subprocess.CompletedProcess:
    host, port = martlet.address()
    return subprocess.run(
        ["openssl", "s_client", "-connect", f"{host}:{port}", "-brief", *arguments], input="",
        capture_output=True, text=True, timeout=20)


@pytest.mark.parametrize("option", ["-tls1", "-tls1_1"])
def test_versions_that_are_refused(martlet, option):
    before = martlet.metric("martlet_tls_handshakes_total", result="failed")
    result = openssl(martlet, option, "-cipher", "ALL:@SECLEVEL=0")
    assert result.returncode != 0
    assert "alert" in result.stderr, result.stderr
    assert martlet.metric("martlet_tls_handshakes_total", result="failed") == before + 1


@pytest.mark.parametrize("cipher", [
    "ECDHE-ECDSA-AES128-SHA256", "ECDHE-ECDSA-AES128-SHA", "AES128-GCM-SHA256", "AES128-SHA", "DHE-RSA-AES128-GCM-SHA256",
])
def test_ciphers_that_are_refused(martlet, cipher):
    result = openssl(martlet, "-tls1_2", "-cipher", f"{cipher}:@SECLEVEL=0")
    assert result.returncode != 0 and "handshake failure" in result.stderr


@pytest.mark.parametrize("cipher", [
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305",
])
def test_ciphers_that_are_spoken(martlet, cipher):
    result = openssl(martlet, "-tls1_2", "-cipher", cipher)
    assert result.returncode == 0 and cipher in result.stderr


def test_only_tls_1_3_on_request(start, echo, files):
    martlet = start(tls_config(echo.url, files, extra="min-version: '1.3'"))
    assert openssl(martlet, "-tls1_2").returncode != 0
    with TLSConnection(martlet.address(), client_context(files / "ca.pem")) as client:
        assert client.version == "TLSv1.3"


@pytest.mark.parametrize("offered, agreed", [
    (["http/1.1"], "http/1.1"), (["h3", "http/1.1"], "http/1.1"), (["h3"], None), (None, None),
])
def test_alpn(martlet, files, offered, agreed):
    with TLSConnection(martlet.address(), client_context(files / "ca.pem", alpn=offered)) as client:
        assert client.protocol == agreed
        assert client.exchange(GET).status == 200


def test_curl_checks_names_and_addresses(martlet, files):
    host, port = martlet.address()
    for name in ("example.com", "www.example.com", "localhost", "127.0.0.1"):
        result = subprocess.run(
            ["curl", "-sS", "--cacert", str(files / "ca.pem"), "--resolve", f"{name}:{port}:{host}",
             f"https://{name}:{port}/x"], capture_output=True, text=True, timeout=20)
        assert result.returncode == 0, result.stderr
    result = subprocess.run(
        ["curl", "-sS", "--cacert", str(files / "ca.pem"), "--resolve", f"b.example:{port}:{host}",
         f"https://b.example:{port}/x"], capture_output=True, text=True, timeout=20)
    assert result.returncode == 60


@pytest.fixture(scope="module")
def several(start_shared, echo, files):
    return start_shared(tls_config(echo.url, files, certificates="""
- { certificate: server.pem, key: server.key }
- { certificate: wild.pem, key: wild.key }
- { certificate: exact.pem, key: exact.key }
"""))


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("name, subject", [
    ("example.com", "example.com"), ("www.example.com", "example.com"),
    ("other.example", "*.wild.example"), ("a.wild.example", "*.wild.example"),
    ("A.WILD.example", "*.wild.example"), ("exact.wild.example", "exact.wild.example"),
    ("a.b.wild.example", "example.com"), ("unknown.example", "example.com"),
    (None, "example.com"),
])
def test_certificate_by_server_name(several, files, name, subject, version):
    context = client_context(version=version)
    with TLSConnection(several.address(), context, name=name) as client:
        assert client.certificate.subject.rfc4514_string() == f"CN={subject}"
        assert client.exchange(GET).status == 200


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_first_message_in_small_pieces(several, size):
    """The server name is found however the bytes are cut."""
    context = client_context()
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="exact.wild.example")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    hello = outgoing.read()
    with RawConnection(several.address()) as raw:
        for start in range(0, len(hello), size):
            raw.send(hello[start:start + size])
        while True:
            incoming.write(raw.socket.recv(65536))
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                continue
    assert b"exact.wild.example" in tls.getpeercert(binary_form=True)


@pytest.mark.parametrize("which", ["martlet", "several"])
@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x00\x04\x01\x00\x00\x00",
                                  b"\x00" * 100, b"\x16\x03\x01\xff\xff" + b"a" * 100])
def test_what_is_no_tls(request, which, data):
    martlet = request.getfixturevalue(which)
    before = martlet.metric("martlet_tls_handshakes_total", result="failed")
    with RawConnection(martlet.address(), timeout=5) as raw:
        raw.send(data)
        answer = b""
        try:
            while piece := raw.socket.recv(4096):
                answer += piece
        except ConnectionResetError:
            pass
    assert b"HTTP" not in answer
    assert martlet.metric("martlet_tls_handshakes_total", result="failed") == before + 1
    # Those of other tests may still be closing.
    martlet.wait_until(lambda: martlet.metric("martlet_downstream_connections") == 0, "quiet")


def test_clients_that_do_not_finish(start, echo, files):
    martlet = start(tls_config(echo.url, files, listener="timeouts: { tls-handshake: 300ms }"))
    with RawConnection(martlet.address()) as silent, RawConnection(martlet.address()) as slow:
        slow.send(b"\x16\x03\x01\x02\x00\x01")
        assert silent.socket.recv(1) == b"" and slow.socket.recv(1) == b""
    assert martlet.metric("martlet_tls_handshakes_total", result="timeout") == 2
    with RawConnection(martlet.address()):
        pass
    martlet.wait_until(
        lambda: martlet.metric("martlet_tls_handshakes_total", result="closed") == 1, "a count")


def test_the_connection_limit_counts_handshakes(start, echo, files):
    martlet = start(tls_config(echo.url, files, listener="limits: { max-connections: 2 }"))
    with RawConnection(martlet.address()) as one, RawConnection(martlet.address()) as two:
        with RawConnection(martlet.address()) as three:
            try:
                assert three.socket.recv(1) == b""
            except ConnectionResetError:
                pass
        del one, two
    assert martlet.metric("martlet_downstream_rejected_total", reason="connection_limit") == 1

    def serves() -> bool:
        try:
            with TLSConnection(martlet.address()) as client:
                return client.exchange(GET).status == 200
        except (ConnectionError, ssl.SSLError):
            return False

    martlet.wait_until(serves, "a free place")


def test_sessions_are_resumed(martlet, files):
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = client_context(files / "ca.pem", version=version)
        session = None
        for _ in range(2):
            with socket.create_connection(martlet.address()) as plain, context.wrap_socket(
                    plain, server_hostname="example.com", session=session) as client:
                client.sendall(request_bytes("GET", "/", {"Connection": "close"}))
                while client.recv(65536):
                    pass
                if session:
                    assert client.session_reused
                session = client.session


def test_expiry_is_a_metric(several, files):
    from cryptography import x509
    for name, certificate in (("server", "example.com"), ("wild", "*.wild.example")):
        loaded = x509.load_pem_x509_certificate((files / f"{name}.pem").read_bytes())
        shown = several.metric("martlet_tls_certificate_expiry_timestamp_seconds",
                               listener="public", certificate=certificate)
        assert shown == int(loaded.not_valid_after_utc.timestamp())


# --- The scheme


def test_upstreams_hear_of_https(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        echo = Echo(client.exchange(GET))
    assert echo.value("x-forwarded-proto") == "https"
    assert echo.value("x-forwarded-port") == str(martlet.address()[1])
    assert "proto=https" in echo.value("forwarded") if echo.value("forwarded") else True


def test_forwarded_and_redirects_say_https(start, echo, files):
    config = tls_config(echo.url, files, route="forwarded: { rfc7239: true }", root="")
    config = config.replace("routes:", """routes:
  - { match: { path: /moved }, redirect: /new }
""")
    martlet = start(config)
    with TLSConnection(martlet.address()) as client:
        assert "proto=https" in Echo(client.exchange(GET)).value("forwarded")
        moved = client.exchange(request_bytes("GET", "/moved"))
        assert moved.value("location") == b"https://example.com/new"


def test_redirect_to_https(start, files, echo):
    text = tls_config(echo.url, files)
    plain = "listeners:\n  plain: { address: 127.0.0.1:0, https-redirect: true }\n" \
            "  moved: { address: 127.0.0.1:0, https-redirect: { port: 8443, status: 301 } }\n" \
            "  short: { address: 127.0.0.1:0, https-redirect: 444 }\n"
    martlet = start(text.replace("listeners:\n", plain))
    for listener, status, location in (
            ("plain", 308, "https://example.com/a?b=c"),
            ("moved", 301, "https://example.com:8443/a?b=c"),
            ("short", 308, "https://example.com:444/a?b=c")):
        answer = martlet.get("/a?b=c", listener=listener, host="example.com:80")
        assert (answer.status, answer.value("location")) == (status, location.encode())
    answer = martlet.get("//evil.example/..;/%2e%2e/x", listener="plain")
    assert answer.status in (400, 308)
    assert answer.value("location") in (None, b"https://example.com/evil.example/..;/x",
                                        b"https://example.com/x")


def test_hsts(start, echo, files):
    config = tls_config(echo.url, files, extra="hsts: { max-age: 17520h, include-subdomains: true }")
    martlet = start(config.replace("routes:", "routes:\n  - { match: { path: /own }, respond: 204 }\n"))
    expected = [b"max-age=63072000; includeSubDomains"]
    with TLSConnection(martlet.address()) as client:
        assert client.exchange(GET).values("strict-transport-security") == expected
        assert client.exchange(request_bytes("GET", "/own")).values(
            "strict-transport-security") == expected
        theirs = client.exchange(request_bytes(
            "GET", "/", {"X-Echo-Set-Header": "Strict-Transport-Security:max-age=1"}))
        assert theirs.values("strict-transport-security") == expected
        broken = client.exchange(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        assert (broken.status, broken.values("strict-transport-security")) == (400, expected)


# --- Client certificates


def mutual(url, files, mode: str, forward: bool = True) -> str:
    extra = f"client-certificates:\n  mode: {mode}\n  ca: ca.pem\n"
    return tls_config(url, files, extra=extra + ("  forward: client-cert\n" if forward else ""))


@pytest.fixture(scope="module", params=["optional", "required"])
def mtls(request, start_shared, echo, files):
    martlet = start_shared(mutual(echo.url, files, request.param))
    martlet.mode = request.param
    return martlet


def shown(files, name: str) -> tuple:
    return files / f"{name}.pem", files / f"{name}.key"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_with_a_certificate(mtls, files, version):
    context = client_context(certificate=shown(files, "alice"), version=version)
    der = ssl.PEM_cert_to_DER_cert((files / "alice.pem").read_text())
    with TLSConnection(mtls.address(), context) as client:
        for _ in range(2):
            echo = Echo(client.exchange(request_bytes("GET", "/alice", {
                "Client-Cert": ":AAAA:", "client_cert": ":AAAA:", "Client-Cert-Chain": ":AAAA:",
                "Client_Cert-chain": "x", "Connection": "keep-alive, client-cert"})))
            assert [v for n, v in echo.headers if "client" in n.lower()] == [
                f":{base64.b64encode(der).decode()}:"]
    assert mtls.exchange(path="/alice", client_certificate="CN=alice")


def test_a_client_without_a_certificate(mtls, files):
    before = mtls.metric("martlet_tls_handshakes_total", result="certificate")
    if mtls.mode == "optional":
        with TLSConnection(mtls.address()) as client:
            echo = Echo(client.exchange(request_bytes("GET", "/nobody", {"Client-Cert": ":AAAA:"})))
        assert echo.value("client-cert") is None
        assert "client_certificate" not in mtls.exchange(path="/nobody")
    else:
        with pytest.raises((ssl.SSLError, ConnectionError, EndOfStream)):
            with TLSConnection(mtls.address()) as client:
                client.exchange(GET)
        assert mtls.metric("martlet_tls_handshakes_total", result="certificate") == before + 1


@pytest.mark.parametrize("name", ["mallory", "late"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_client_with_a_wrong_certificate(mtls, files, name, version):
    before = mtls.metric("martlet_tls_handshakes_total", result="certificate")
    with pytest.raises((ssl.SSLError, ConnectionError, EndOfStream)):
        context = client_context(certificate=shown(files, name), version=version)
        with TLSConnection(mtls.address(), context) as client:
            client.exchange(GET)
    assert mtls.metric("martlet_tls_handshakes_total", result="certificate") == before + 1


def test_a_resumed_session_is_still_the_same_client(mtls, files):
    context = client_context(certificate=shown(files, "alice"))
    session = None
    for path in ("/first", "/second"):
        with socket.create_connection(mtls.address()) as plain, context.wrap_socket(
                plain, server_hostname="example.com", session=session) as client:
            client.sendall(request_bytes("GET", path, {"Connection": "close"}))
            while client.recv(65536):
                pass
            session = client.session
        assert mtls.exchange(path=path)["client_certificate"] == "CN=alice"


def test_client_certificate_fields_are_stripped_without_tls_too(start, echo):
    martlet = start(simple_config(echo.url))
    echoed = Echo(martlet.get("/", headers={"Client-Cert": "a", "Client_Cert": "b",
                                             "client-cert-chain": "c", "client_cert_chain": "d"}))
    assert not [name for name, _ in echoed.headers if "client" in name.lower()]


# --- What must be as without TLS


def test_bodies_both_ways(martlet, trusting):
    size = 1 << 20
    body = pattern(size)
    with TLSConnection(martlet.address(), trusting) as client:
        for _ in range(3):
            echo = Echo(client.exchange(request_bytes("POST", "/", body=body)))
            assert (echo.body_length, echo.body_sha256) == (size, hashlib.sha256(body).hexdigest())
            digest = hashlib.sha256()
            client.send(request_bytes("GET", f"/?bytes={size}"))
            assert client.response(sink=digest.update).body_length == size
            expected = hashlib.sha256(BLOCK * (size // len(BLOCK)))
            assert digest.hexdigest() == expected.hexdigest()


def test_chunked_both_ways(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(b"POST /?chunked=1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for size in (1, 4096, 5000, 70000):
            client.send(b"%x\r\n%s\r\n" % (size, pattern(size)))
        client.send(b"0\r\n\r\n")
        echo = Echo(client.response())
        assert echo.body_length == 1 + 4096 + 5000 + 70000


def test_pipelining(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(b"".join(request_bytes("GET", f"/{number}") for number in range(200)))
        for number in range(200):
            assert Echo(client.response()).target == f"/{number}"


def test_slow_readers_do_not_fill_memory(start, echo, files):
    """The answer is much larger than every buffer; it waits in the backend."""
    martlet = start(tls_config(echo.url, files))
    with TLSConnection(martlet.address()) as client:
        client.exchange(GET)
    before = martlet.resident_bytes()
    clients = [TLSConnection(martlet.address(), receive_buffer=4096) for _ in range(8)]
    size = 64 << 20
    for client in clients:
        client.send(request_bytes("GET", f"/?bytes={size}"))
        client.socket.recv(1000)
    peak = 0
    for _ in range(20):
        threading.Event().wait(0.05)
        peak = max(peak, martlet.resident_bytes())
    assert peak - before < 8 * 3 * (1 << 20), f"{(peak - before) >> 20} MiB for 8 slow readers"
    for client in clients:
        client.socket.close()


def test_a_slow_reader_gets_everything(martlet, trusting):
    size = 3 << 20
    with TLSConnection(martlet.address(), trusting, receive_buffer=8192) as client:
        client.send(request_bytes("GET", f"/?bytes={size}"))
        digest = hashlib.sha256()
        assert client.response(sink=digest.update).body_length == size
        assert digest.hexdigest() == hashlib.sha256(BLOCK * (size // len(BLOCK))).hexdigest()


def test_a_slow_upstream_pauses_a_fast_client(start, scripted, files):
    gate = threading.Event()

    def script(connection):
        gate.wait(10)
        message = connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%d" % (
            len(str(message.body_length)), message.body_length))

    backend = scripted(script, receive_buffer=8192)
    martlet = start(tls_config(backend.url, files))
    size = 24 << 20
    with TLSConnection(martlet.address(), timeout=30) as client:
        before = martlet.resident_bytes()
        sender = threading.Thread(
            target=lambda: client.send(request_bytes("POST", "/", body=pattern(size))), daemon=True)
        sender.start()
        threading.Event().wait(1)
        assert martlet.resident_bytes() - before < 8 << 20
        gate.set()
        sender.join(30)
        assert client.response().body == str(size).encode()


def test_the_last_answer_is_followed_by_close_notify(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(request_bytes("GET", "/", {"Connection": "close"}))
        assert client.response().status == 200
        # Raises if TCP ends without close_notify.
        assert client.socket.recv(10) == b""


def test_half_close_still_gets_answers(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(GET + request_bytes("GET", "/second?delay=0.2"))
        client.half_close()
        assert Echo(client.response()).target == "/a?b=c"
        assert Echo(client.response()).target == "/second?delay=0.2"
        assert client.is_closed()


def test_tcp_half_close_without_close_notify_still_gets_answers(martlet, trusting):
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(request_bytes("GET", "/second?delay=0.2"))
        client.plain.shutdown(socket.SHUT_WR)
        assert Echo(client.response()).target == "/second?delay=0.2"
        assert client.is_closed()


def test_a_request_cut_off_is_never_forwarded_as_whole(start, scripted, files):
    seen = []

    def script(connection):
        try:
            connection.request()
            seen.append("whole")
        except Exception as error:
            seen.append(type(error).__name__)

    backend = scripted(script)
    martlet = start(tls_config(backend.url, files))
    with TLSConnection(martlet.address()) as client:
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc")
        backend.wait_until(lambda: backend.connections)
        client.plain.shutdown(socket.SHUT_WR)
    martlet.wait_until(lambda: seen, "the end of the request")
    assert seen == ["EndOfStream"]


def test_lingering_close_keeps_the_answer(martlet, trusting):
    """A refusal reaches a client that is still sending: no reset takes it away."""
    with TLSConnection(martlet.address(), trusting) as client:
        client.send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000000\r\n\r\n")
        try:
            for _ in range(20):
                client.send(b"x" * 10000)
        except (ConnectionError, ssl.SSLError):
            pass
        assert client.response("POST").status == 413
        assert client.socket.recv(10) == b""


def test_an_answer_cut_off_ends_without_close_notify(start, scripted, files):
    """HTTP/1.0 knows the end of a body by the end of the connection, so it must not look whole."""
    def script(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")
        connection.reset()

    martlet = start(tls_config(scripted(script).url, files))
    with TLSConnection(martlet.address()) as client:
        client.send(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")
        with pytest.raises((ConnectionError, ssl.SSLError)):
            while client.socket.recv(65536):
                pass


def test_a_whole_answer_to_http_1_0_ends_with_close_notify(start, scripted, files):
    def script(connection):
        connection.request()
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")

    martlet = start(tls_config(scripted(script).url, files))
    with TLSConnection(martlet.address()) as client:
        client.send(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n")
        received = b""
        while piece := client.socket.recv(65536):
            received += piece
        assert received.endswith(b"\r\n\r\nabc")


def test_idle_connections_are_closed(start, echo, files):
    martlet = start(tls_config(echo.url, files, listener="timeouts: { idle: 300ms }"))
    with TLSConnection(martlet.address()) as fresh, TLSConnection(martlet.address()) as used:
        used.exchange(GET)
        assert fresh.is_closed() and used.is_closed()


def test_a_stalled_reader_is_cut(start, echo, files):
    martlet = start(tls_config(echo.url, files, listener="timeouts: { write-stall: 500ms }"))
    with TLSConnection(martlet.address(), receive_buffer=4096) as client:
        client.send(request_bytes("GET", f"/?bytes={64 << 20}"))
        assert martlet.exchange(error="client_stalled")
    assert martlet.metric("martlet_downstream_rejected_total", reason="write_stall") == 1


def test_drain_ends_connections_in_order(start, echo, files):
    martlet = start(tls_config(echo.url, files))
    with TLSConnection(martlet.address()) as idle, TLSConnection(martlet.address()) as busy:
        idle.exchange(GET)
        busy.exchange(GET)
        busy.send(request_bytes("GET", "/?delay=0.5"))
        martlet.signal(15)
        answer = busy.response()
        assert answer.status == 200 and answer.asks_close
        assert idle.is_closed() and busy.is_closed()
    assert martlet.wait_for_exit() == 0


def test_mozilla_intermediate(martlet, files):
    """What sslyze finds is what Mozilla's intermediate profile allows."""
    sslyze = shutil.which("sslyze", path=str(__import__("pathlib").Path(__import__("sys").executable).parent))
    if not sslyze:
        pytest.skip("sslyze is not installed")
    host, port = martlet.address()
    result = subprocess.run(
        [sslyze, "--mozilla_config", "intermediate", "--certinfo_ca_file", str(files / "ca.pem"),
         f"localhost:{port}"], capture_output=True, text=True, timeout=110)
    assert "OK - Compliant" in result.stdout, result.stdout[-3000:] + result.stderr[-2000:]
