"""Every protocol of a client with every protocol of an endpoint: the message is the same.

Four protocols on both sides, eight kinds of exchanges, bodies compared byte by byte.
"""
from __future__ import annotations

import ssl

import pytest

from harness.certificates import Authority
from harness.echo_backend import pattern
from harness.martlet import indent
from harness.protocols import PAGE, PROTOCOLS, SUM, Reply, client, lowered, site
from harness.tls import client_context

UPLOAD = pattern(1 << 20)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    authority = Authority()
    authority.write(folder)
    authority.issue("127.0.0.1", "localhost", "example.com").write(folder, "server")
    return folder


@pytest.fixture(scope="module")
def sites(files):
    running = {}
    for protocol in PROTOCOLS:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(files / "server.pem", files / "server.key")
        context.set_alpn_protocols([alpn(protocol)])
        running[protocol] = site(protocol, context)
    yield running
    for each in running.values():
        each.stop()
    assert not [error for each in running.values() for error in each.errors]


def alpn(protocol: str) -> str:
    return "h2" if protocol.startswith("h2") else "http/1.1"


@pytest.fixture(scope="module")
def martlet(start_shared, sites, files):
    """Two listeners, and an upstream in each protocol under a path of its name."""
    upstreams = routes = ""
    for protocol, each in sites.items():
        upstreams += f"{protocol}:\n  endpoints: {each.url}\n"
        if protocol.endswith("-tls"):
            upstreams += f"  tls: {{ ca: {files}/ca.pem, alpn: {alpn(protocol)} }}\n"
        routes += f"- name: {protocol}\n  match: {{ prefix: /{protocol} }}\n  upstream: {protocol}\n"
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
{indent(upstreams, 2)}
routes:
{indent(routes, 2)}
""")


@pytest.fixture(params=PROTOCOLS)
def downstream(request, martlet):
    secure = request.param.endswith("-tls")
    context = client_context(alpn=[alpn(request.param)]) if secure else None
    connection = client(request.param, martlet.address("secure" if secure else "public"), context)
    yield connection
    connection.close()


@pytest.fixture(params=PROTOCOLS)
def upstream(request):
    return request.param


def exchange(downstream, upstream: str, page: str, method: str = "GET", **body) -> Reply:
    downstream.begin(method, f"/{upstream}/{page}", **body)
    return downstream.reply(method)


def last_seen(sites, upstream: str):
    return sites[upstream].seen[-1]


def test_get(downstream, upstream, sites):
    for _ in range(3):
        reply = exchange(downstream, upstream, "page")
        assert (reply.status, reply.body, reply.fields["etag"]) == (200, PAGE, '"1"')
        assert reply.fields["content-length"] == str(len(PAGE))
        assert not last_seen(sites, upstream).body


def test_post_of_a_known_length(downstream, upstream, sites):
    reply = exchange(downstream, upstream, "echo", "POST", body=UPLOAD, length=len(UPLOAD))
    assert reply.status == 200 and reply.body == UPLOAD
    seen = last_seen(sites, upstream)
    assert seen.body == UPLOAD and dict(lowered(seen.fields))["content-length"] == str(len(UPLOAD))


def test_post_of_an_unknown_length(downstream, upstream, sites):
    reply = exchange(downstream, upstream, "echo", "POST", body=UPLOAD)
    assert reply.status == 200 and reply.body == UPLOAD
    seen = last_seen(sites, upstream)
    assert seen.body == UPLOAD and "content-length" not in dict(lowered(seen.fields))


@pytest.mark.parametrize("length", [0, 1, 16_384, 16_385])
def test_bodies_at_the_edge_of_a_frame(downstream, upstream, length):
    reply = exchange(downstream, upstream, "echo", "POST", body=UPLOAD[:length], length=length)
    assert reply.status == 200 and reply.body == UPLOAD[:length]


def test_trailers_of_a_request(downstream, upstream, sites):
    reply = exchange(downstream, upstream, "echo", "POST", body=UPLOAD[:30_000], trailers=[SUM])
    assert reply.status == 200 and reply.body == UPLOAD[:30_000]
    assert lowered(last_seen(sites, upstream).trailers) == [SUM]


def test_trailers_of_an_answer(downstream, upstream):
    reply = exchange(downstream, upstream, "trailers")
    assert (reply.status, reply.body, reply.trailers) == (200, PAGE, [SUM])


def test_head(downstream, upstream):
    reply = exchange(downstream, upstream, "page", "HEAD")
    assert (reply.status, reply.body) == (200, b"")
    assert reply.fields["content-length"] == str(len(PAGE))
    assert exchange(downstream, upstream, "page").body == PAGE


def test_not_modified(downstream, upstream):
    reply = exchange(downstream, upstream, "not-modified")
    assert (reply.status, reply.body, reply.fields["etag"]) == (304, b"", '"1"')
    assert exchange(downstream, upstream, "page").body == PAGE


def test_answer_before_the_request_has_ended(downstream, upstream):
    reply = exchange(downstream, upstream, "early", "POST", body=UPLOAD[:5000], length=len(UPLOAD))
    assert (reply.status, reply.body) == (413, b"too big")


def test_cancelled_by_the_client(downstream, upstream, sites):
    before = len(sites[upstream].seen)
    downstream.begin("GET", f"/{upstream}/hang")
    sites[upstream].wait_until(lambda: len(sites[upstream].seen) > before)
    downstream.cancel()
    sites[upstream].wait_until(lambda: sites[upstream].seen[before].cancelled)
