"""Certificate and key files: what is wrong with them is told, and new ones are taken up."""
from __future__ import annotations

import socket
import ssl
import threading

import pytest
from cryptography.hazmat.primitives import serialization

from harness.certificates import Authority, key_pem
from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.martlet import run_command
from harness.tls import TLSConnection, client_context

GET = request_bytes("GET", "/")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def config(url: str = "http://127.0.0.1:9", extra: str = "") -> str:
    return f"""
workers: 2
listeners:
  public:
    address: 127.0.0.1:0
    tls:
      certificates: {{ certificate: server.pem, key: server.key }}
{extra}
upstreams: {{ backend: {url} }}
routes: [{{ match: {{ prefix: / }}, upstream: backend }}]
"""


def broken(authority: Authority):
    """Name, the two files, and what is said of them."""
    good = authority.issue("a.example")
    other = authority.issue("a.example")
    middle = Authority("Middle", parent=authority)
    chained = middle.issue("a.example")
    expired = authority.issue("a.example", days=10, age=20)
    early = authority.issue("a.example", age=-5)
    traditional = serialization.PrivateFormat.TraditionalOpenSSL
    return [
        ("missing-certificate", None, good.key_pem, "`server.pem` cannot be used: there is no such file"),
        ("missing-key", good.pem, None, "`server.key` cannot be used: there is no such file"),
        ("not-pem", b"hello\n", good.key_pem, "the file `server.pem` is not a PEM file"),
        ("der", good.der, good.key_pem, "`server.pem` cannot be used: it is not UTF-8 text"),
        ("key-for-certificate", good.key_pem, good.key_pem,
         "the file `server.pem` holds no certificate, but PRIVATE KEY"),
        ("certificate-for-key", good.pem, good.pem,
         "the file `server.key` holds no private key, but CERTIFICATE"),
        ("wrong-key", good.pem, other.key_pem,
         "the file `server.key` does not belong to the certificate"),
        ("cut", good.pem[:200], good.key_pem, "the file `server.pem` is cut"),
        ("expired", expired.pem, expired.key_pem,
         "the file `server.pem` holds a certificate that has expired: it was valid until 20"),
        ("early", early.pem, early.key_pem,
         "the file `server.pem` holds a certificate that is not valid yet: it will be from 20"),
        ("encrypted", good.pem, key_pem(good.key, b"secret"),
         "the file `server.key` holds a key that is encrypted with a passphrase"),
        ("encrypted-old", good.pem, key_pem(good.key, b"secret", traditional),
         "the file `server.key` holds a key that is encrypted with a passphrase"),
        ("order", middle.pem + chained.pem, chained.key_pem,
         "the file `server.pem` is out of order: the key is that of certificate 2"),
        ("order-behind", chained.pem + authority.pem + middle.pem, chained.key_pem,
         "the file `server.pem` is out of order: certificate 2 did not issue certificate 1"),
    ]


CASES = [case[0] for case in broken(Authority())]


@pytest.fixture(scope="module")
def cases(authority):
    return {case[0]: case[1:] for case in broken(authority)}


def put(folder, certificate: bytes | None, key: bytes | None) -> None:
    for name, content in (("server.pem", certificate), ("server.key", key)):
        file = folder / name
        if content is None:
            file.unlink(missing_ok=True)
        else:
            temporary = folder / f"{name}.new"
            temporary.write_bytes(content)
            temporary.replace(file)


@pytest.mark.parametrize("case", CASES)
def test_bad_files_at_start(cases, case, tmp_path):
    certificate, key, message = cases[case]
    put(tmp_path, certificate, key)
    (tmp_path / "martlet.yaml").write_text(config())
    for command in ("validate", "run"):
        result = run_command(command, "-c", "martlet.yaml", directory=tmp_path)
        assert result.returncode == 2
        assert message in result.stderr, result.stderr
        assert "martlet.yaml:7:" in result.stderr and "hint: " in result.stderr or "no such file" in message
        assert "BEGIN" not in result.stderr.replace("-----BEGIN CERTIFICATE-----`", "").replace(
            "-----BEGIN PRIVATE KEY-----`", ""), "nothing of the files is shown"


def test_soon_expired_is_a_warning(authority, tmp_path):
    authority.issue("a.example", days=10, age=5.5).write(tmp_path, "server")
    (tmp_path / "martlet.yaml").write_text(config())
    result = run_command("validate", "-c", "martlet.yaml", directory=tmp_path)
    assert result.returncode == 0
    assert "warning: the file `server.pem` holds a certificate that expires in 4 days" in result.stderr


def test_names_in_two_certificates_and_in_none(authority, tmp_path):
    for name, names in (("server", ["a.example"]), ("two", ["b.example", "a.example"]), ("none", [])):
        authority.issue(*names).write(tmp_path, name)
    text = config().replace("{ certificate: server.pem, key: server.key }", """
      - { certificate: server.pem, key: server.key }
      - { certificate: two.pem, key: two.key }
      - { certificate: none.pem, key: none.key }""")
    (tmp_path / "martlet.yaml").write_text(text)
    result = run_command("validate", "-c", "martlet.yaml", directory=tmp_path)
    assert result.returncode == 0
    assert "a.example is in two certificates; clients see the first one" in result.stderr
    assert "the certificate in `none.pem` has no DNS name, so no client will see it" in result.stderr


def start_with(start, authority, echo, extra: str = ""):
    """Martlet in a folder of its own, with its first certificate."""
    folder = start.directory / str(len(start.running))
    folder.mkdir()
    first = authority.issue("example.com")
    put(folder, first.chain_pem, first.key_pem)
    return start(config(echo.url, extra)), first


def serial(martlet) -> int:
    with TLSConnection(martlet.address()) as client:
        return client.serial


@pytest.mark.parametrize("case", CASES)
def test_bad_files_at_reload_change_nothing(start, authority, echo, cases, case):
    martlet, first = start_with(start, authority, echo)
    certificate, key, message = cases[case]
    with TLSConnection(martlet.address()) as open_before:
        open_before.exchange(GET)
        put(martlet.directory, certificate, key)
        failed = martlet.event("reload_failed", timeout=10)
        assert message in failed["reason"] or "server" in failed["reason"]
        martlet.wait_until(
            lambda: any(message in e.get("reason", "") for e in martlet.events), message)
        assert serial(martlet) == first.serial
        assert open_before.exchange(GET).status == 200
    # And good ones mend it.
    second = authority.issue("example.com")
    put(martlet.directory, second.chain_pem, second.key_pem)
    martlet.wait_until(lambda: serial(martlet) == second.serial, "the new certificate")


def test_files_are_swapped_under_load(start, authority, echo):
    martlet, first = start_with(start, authority, echo)
    kept = [TLSConnection(martlet.address()) for _ in range(4)]
    failures: list[BaseException] = []
    served = [0]
    stop = threading.Event()

    def load(fresh: bool, client: TLSConnection | None) -> None:
        try:
            while not stop.is_set():
                if fresh:
                    with TLSConnection(martlet.address()) as connection:
                        assert Echo(connection.exchange(GET)).target == "/"
                else:
                    assert Echo(client.exchange(GET)).target == "/"
                served[0] += 1
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=load, args=(False, client)) for client in kept]
    threads += [threading.Thread(target=load, args=(True, None)) for _ in range(2)]
    for thread in threads:
        thread.start()
    last = first
    for _ in range(4):
        last = authority.issue("example.com")
        put(martlet.directory, last.chain_pem, last.key_pem)
        martlet.wait_until(lambda: serial(martlet) == last.serial, "the new certificate")
    stop.set()
    for thread in threads:
        thread.join(20)
    assert not failures, failures[:3]
    assert served[0] > 100
    # Open connections keep what they began with.
    assert {client.serial for client in kept} == {first.serial}


def test_sessions_survive_a_reload_of_something_else(start, authority, echo, tmp_path):
    martlet, _ = start_with(start, authority, echo)
    context = client_context(version=ssl.TLSVersion.TLSv1_2)
    def connect(session):
        with socket.create_connection(martlet.address()) as plain, context.wrap_socket(
                plain, server_hostname="example.com", session=session) as client:
            client.sendall(request_bytes("GET", "/", {"Connection": "close"}))
            while client.recv(65536):
                pass
            return client.session, client.session_reused

    session, _ = connect(None)
    martlet.reload(config(echo.url) + "\ndrain: { grace: 1ms }\n")
    assert connect(session)[1]


def test_client_authorities_are_swapped(start, authority, echo, tmp_path):
    second = Authority("Second")
    folder = start.directory / "0"
    authority.write(folder, "clients")
    martlet_config = config(
        echo.url, "      client-certificates: { ca: clients.pem }")
    first = authority.issue("example.com")
    put(folder, first.chain_pem, first.key_pem)
    martlet = start(martlet_config)
    old = authority.issue(subject="old", client=True).write(tmp_path, "old")
    new = second.issue(subject="new", client=True).write(tmp_path, "new")

    def is_served(certificate) -> bool:
        try:
            with TLSConnection(martlet.address(), client_context(certificate=certificate)) as client:
                return client.exchange(GET).status == 200
        except Exception:
            return False

    assert is_served(old) and not is_served(new)
    with TLSConnection(martlet.address(), client_context(certificate=old)) as kept:
        second.write(folder, "clients")
        martlet.wait_until(lambda: is_served(new), "the new authority")
        assert not is_served(old)
        assert kept.exchange(GET).status == 200


def test_tls_can_be_turned_on_by_a_reload(start, authority, echo):
    folder = start.directory / "0"
    folder.mkdir()
    first = authority.issue("example.com")
    put(folder, first.chain_pem, first.key_pem)
    tls = config(echo.url)
    plain = tls.replace("    tls:\n      certificates: { certificate: server.pem, key: server.key }\n", "")
    assert plain != tls
    martlet = start(plain)
    with martlet.connect() as kept:
        assert Echo(kept.exchange(GET)).value("x-forwarded-proto") == "http"
        martlet.reload(tls)
        with TLSConnection(martlet.address()) as client:
            assert Echo(client.exchange(GET)).value("x-forwarded-proto") == "https"
        # The open one goes on as it began, and says so.
        assert Echo(kept.exchange(GET)).value("x-forwarded-proto") == "http"


def test_the_key_is_never_shown(start, authority, echo):
    martlet, first = start_with(start, authority, echo)
    for target in ("/metrics", "/v1/status", "/readyz?verbose"):
        assert b"PRIVATE" not in martlet.admin(target).body
    assert "PRIVATE" not in "\n".join(martlet.output)
    result = run_command("explain", "-c", "martlet.yaml", "GET", "https://example.com/",
                         directory=martlet.directory)
    assert result.returncode == 0 and "PRIVATE" not in result.stdout
    assert "x-forwarded-proto: https" in result.stdout
