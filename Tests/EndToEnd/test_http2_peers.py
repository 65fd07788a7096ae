"""Programs that other people wrote: HTTP/2 clients, and HTTP/2 servers as upstreams."""
from __future__ import annotations

import re
import ssl
import subprocess

import httpx
import pytest

from harness.certificates import Authority
from harness.echo_backend import pattern
from harness.http2_servers import FILE, Http2Server, program
from harness.martlet import Martlet, simple_config

BODY = pattern(3_000_000)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority()
    authority.write(folder)
    authority.issue("127.0.0.1", "localhost").write(folder, "server")
    (folder / "body").write_bytes(BODY)
    return folder


def run(*command: str, timeout: float = 60) -> str:
    done = subprocess.run([program(command[0]), *command[1:]], capture_output=True, timeout=timeout)
    assert done.returncode == 0, (command, done.stdout[-1000:], done.stderr[-1000:])
    return done.stdout.decode("latin-1")


@pytest.fixture(scope="module")
def martlet(start_shared, echo, nginx, files) -> Martlet:
    return start_shared(f"""
workers: 1
listeners:
  public: 127.0.0.1:0
  secure:
    address: 127.0.0.1:0
    protocols: [h2, http/1.1]
    tls:
      certificates: {{ certificate: {files}/server.pem, key: {files}/server.key }}
upstreams:
  backend: {echo.url}
  nginx: {nginx.url}
routes:
  - name: nginx
    match: {{ prefix: /nginx }}
    upstream: nginx
  - name: early
    match: {{ prefix: /early }}
    upstream: backend
    limits: {{ max-body: 1KiB }}
  - name: all
    match: {{ prefix: / }}
    upstream: backend
""")


@pytest.fixture(params=["h2c", "h2"])
def url(request, martlet) -> str:
    """Where a client of either kind finds the echo."""
    host, port = martlet.address("secure" if request.param == "h2" else "public")
    return f"{'https' if request.param == 'h2' else 'http'}://{host}:{port}"


# Clients


def curl(files, url: str, *arguments: str, fails: bool = True) -> str:
    how = ["--cacert", f"{files}/ca.pem", "--http2"] if url.startswith("https") \
        else ["--http2-prior-knowledge"]
    return run("curl", "-sS", *(["--fail"] if fails else []), *how, *arguments, url)


def test_curl(files, url):
    shown = curl(files, url + "/small?bytes=10", "-o", "/dev/null", "-w", "%{http_version} %{http_code}")
    assert shown == "2 200"


def test_curl_uploads(files, url):
    shown = curl(files, url + "/echo", "-T", f"{files}/body")
    assert f'"body_length": {len(BODY)}' in shown


@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_curl_gets_an_early_answer(files, url, size):
    """The answer comes while the body is being sent: a reset right behind it would cost curl the
    answer (error 92)."""
    (files / "early").write_bytes(BODY[:size])
    for _ in range(5):
        shown = curl(files, url + "/early", "--data-binary", f"@{files}/early", "-o", "/dev/null",
                     "-w", "%{http_version} %{http_code}", fails=False)
        assert shown == "2 413"


def test_curl_many_at_once(files, martlet):
    """With TLS only: curl 7.88 fails at this without, against any server."""
    host, port = martlet.address("secure")
    shown = curl(files, f"https://{host}:{port}/[1-50]?bytes=20000", "--parallel", "-o", "/dev/null",
                 "-w", "%{http_code} %{size_download}\\n")
    assert shown.split("\n")[:50] == ["200 20000"] * 50


def test_nghttp(url):
    """Of three requests on one connection, all are answered."""
    shown = run("nghttp", "-nv", "--no-verify-peer", *[f"{url}/{n}?bytes=50000" for n in range(3)])
    assert shown.count(":status: 200") == 3 and "GOAWAY" in shown


def test_nghttp_with_padding_and_dependencies(files, url):
    shown = run("nghttp", "-nv", "--no-verify-peer", "-b", "200", "-d", f"{files}/body",
                "--no-content-length", url + "/echo")
    assert ":status: 200" in shown and "RST_STREAM" not in shown


@pytest.mark.parametrize("options", [
    ["-c", "1", "-m", "1"], ["-c", "4", "-m", "25"], ["-c", "10", "-m", "100"], ["-c", "2", "-m", "10", "-w", "16"],
], ids=lambda options: "".join(options))
def test_h2load(url, options):
    shown = run("h2load", "-n", "10000", *options, url + "/nginx", timeout=110)
    assert re.search("10000 succeeded, 0 failed, 0 errored, 0 timeout", shown), shown


def test_httpx(files, url):
    context = ssl.create_default_context(cafile=files / "ca.pem")
    with httpx.Client(http1=False, http2=True, verify=context) as client:
        for _ in range(20):
            answer = client.post(url + "/echo", content=BODY[:100_000])
            assert answer.http_version == "HTTP/2" and answer.json()["body_length"] == 100_000
        assert client.get(url + "/?status=404").status_code == 404
        with client.stream("GET", url + "/?bytes=1000000") as streamed:
            assert sum(len(part) for part in streamed.iter_bytes()) == 1_000_000


# Servers


@pytest.fixture(scope="module")
def servers(files):
    running: dict[str, Http2Server] = {}

    def make(name: str) -> Http2Server:
        if name not in running:
            kind, _, tls = name.partition("+")
            running[name] = Http2Server(
                kind, (files / "server.pem", files / "server.key") if tls else None)
        return running[name]

    yield make
    for server in running.values():
        server.stop()


def behind(start, server: Http2Server, files) -> Martlet:
    upstream = f"\n    endpoints: {server.url}"
    if server.tls:
        upstream += f"\n    tls: {{ ca: {files}/ca.pem, alpn: h2 }}"
    return start(simple_config(upstream))


@pytest.mark.parametrize("name", ["nghttpd", "nghttpd+tls", "nginx", "nginx+tls"])
def test_server_of_files(start, servers, files, name):
    martlet = behind(start, servers(name), files)
    for _ in range(20):
        answer = martlet.get("/file")
        assert answer.status == 200 and answer.body == FILE
        assert martlet.get("/nothing").status == 404
    assert martlet.get("/file", method="HEAD").value("content-length") == str(len(FILE)).encode()
    host, port = martlet.address()
    shown = run("h2load", "-n", "3000", "-c", "4", "-m", "20", f"http://{host}:{port}/file")
    assert "3000 succeeded, 0 failed, 0 errored" in shown
    # Streams share connections.
    assert martlet.metric("martlet_upstream_connects_total") <= 4


@pytest.mark.parametrize("name", ["hypercorn", "hypercorn+tls"])
def test_server_that_streams(start, servers, files, name):
    martlet = behind(start, servers(name), files)
    with httpx.Client(http1=True) as client:
        for size in (0, 1, 70_000, len(BODY)):
            answer = client.post(martlet.url("/echo"), content=BODY[:size])
            assert answer.status_code == 200 and answer.content == BODY[:size]
            assert answer.headers["x-version"] == "2" and answer.headers["x-path"] == "/echo"


