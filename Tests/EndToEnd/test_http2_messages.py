"""HTTP in HTTP/2: RFC 9113 §8, and what RFC 9110 says of fields, a row for each rule.

A malformed request is a stream error PROTOCOL_ERROR or is answered 400 (§8.1.1); nothing of it may
arrive upstream.
"""
from __future__ import annotations

import pytest

from harness import http2 as h2
from harness.echo_backend import Echo
from harness.http2 import PROTOCOL_ERROR, block, data, headers, request
from harness.http2_cases import (
    MALFORMED, OK, Case, Outcome, Server, nothing, opened)
from harness.http2_client import Http2Client
from harness.martlet import Martlet, simple_config

PATH = "/small?bytes=100"
METHOD, SCHEME, TARGET, AUTHORITY = h2.request_fields("GET", PATH)
# §8.5: what a proxy does with CONNECT and with protocols that it does not speak is its own matter.
REFUSED = Outcome(stream=(PROTOCOL_ERROR, h2.CONNECT_ERROR, h2.REFUSED_STREAM, h2.CANCEL),
                  statuses=(400, 403, 405, 501))


def get(*more: h2.Field, **pseudo: str) -> bytes:
    return headers(1, request("GET", pseudo.pop("path", PATH), *more, **pseudo))


def malformed(section: str, name: str, *fields: h2.Field) -> Case:
    return Case(section, name, nothing, headers(1, block(*fields)), MALFORMED)


def with_field(section: str, name: str, *fields: h2.Field) -> Case:
    return Case(section, name, nothing, get(*fields), MALFORMED)


def fine(section: str, name: str, *fields: h2.Field) -> Case:
    return Case(section, name, nothing, get(*fields), OK)


def post(section: str, name: str, outcome: Outcome, fields: list[h2.Field], *frames: bytes) -> Case:
    begin = headers(1, request("POST", PATH, *fields), end=False)
    return Case(section, name, nothing, begin + b"".join(frames), outcome)


def trailers(section: str, name: str, outcome: Outcome, *fields: h2.Field) -> Case:
    return Case(section, name, opened, data(1, b"x") + headers(1, block(*fields)), outcome)


def byte_cases() -> list[Case]:
    """§8.2.1: a name holds no upper case, nothing up to space and nothing above `~`; a value
    no NUL, LF or CR, and no space at either end."""
    names = [0, 9, 10, 13, 32, *b"AZ", 0x7F, 0x80, 0xFF]
    cases = [with_field("8.2.1", f"byte {byte} in a name", (b"x-%ca" % byte, "b")) for byte in names]
    cases += [with_field("8.2.1", f"byte {byte} in a value", ("x-a", b"a%cb" % byte))
              for byte in (0, 10, 13)]
    cases += [with_field("8.2.1", f"byte {byte} at the end of a value", ("x-a", b"b%c" % byte))
              for byte in (0, 9, 10, 13, 32)]
    cases += [with_field("8.2.1", f"byte {byte} before a value", ("x-a", b"%cb" % byte))
              for byte in (0, 9, 10, 13, 32)]
    return cases


FIELDS = [
    *byte_cases(),
    with_field("8.2.1", "empty name", ("", "b")),
    with_field("8.2.1", "colon in a name", ("x-a:b", "c")),
    with_field("8.2.1", "name that is no token", ("x(a)", "b")),
    with_field("8.2", "upper case", ("X-A", "b")),
    with_field("8.2", "upper case in a known name", ("Accept", "*/*")),
    fine("8.2.1", "empty value", ("x-a", "")),
    fine("8.2.1", "bytes above 127 in a value", ("x-a", b"\xc3\xa9\xff\x80")),
    fine("8.2.1", "tab inside a value", ("x-a", "a\tb")),
    fine("8.2.1", "every character of a token", ("!#$%&'*+-.^_`|~0a", "b")),
    with_field("8.2.2", "connection", ("connection", "keep-alive")),
    with_field("8.2.2", "connection: close", ("connection", "close")),
    with_field("8.2.2", "keep-alive", ("keep-alive", "timeout=5")),
    with_field("8.2.2", "proxy-connection", ("proxy-connection", "keep-alive")),
    with_field("8.2.2", "transfer-encoding", ("transfer-encoding", "chunked")),
    with_field("8.2.2", "upgrade", ("upgrade", "h2c")),
    with_field("8.2.2", "te: gzip", ("te", "gzip")),
    with_field("8.2.2", "te: trailers and more", ("te", "trailers, deflate;q=0.5")),
    fine("8.2.2", "te: trailers", ("te", "trailers")),
    fine("8.2.3", "cookie crumbs", ("cookie", "a=b"), ("cookie", "c=d"), ("cookie", "e=f")),
]

PSEUDO = [
    malformed("8.3", "unknown pseudo-field", METHOD, SCHEME, TARGET, AUTHORITY, (":foo", "bar")),
    malformed("8.3", "pseudo-field of responses", METHOD, SCHEME, TARGET, AUTHORITY, (":status", "200")),
    malformed("8.3", "pseudo-field without a name", METHOD, SCHEME, TARGET, AUTHORITY, (":", "x")),
    malformed("8.3", "pseudo-field after a field", METHOD, SCHEME, TARGET, ("x-a", "b"), AUTHORITY),
    malformed("8.3", "path after a field", METHOD, SCHEME, AUTHORITY, ("x-a", "b"), TARGET),
    malformed("8.3", "upper case pseudo-field", (":METHOD", "GET"), SCHEME, TARGET, AUTHORITY),
    *(malformed("8.3", f"{field[0]} twice", METHOD, SCHEME, TARGET, AUTHORITY, field)
      for field in (METHOD, SCHEME, TARGET, AUTHORITY)),
    *(malformed("8.3.1", f"no {field[0]}", *(f for f in (METHOD, SCHEME, TARGET, AUTHORITY) if f != field))
      for field in (METHOD, SCHEME, TARGET)),
    malformed("8.3.1", "no pseudo-field", ("host", "example.com")),
    malformed("8.3.1", "no field at all"),
    malformed("8.3.1", "empty path", METHOD, SCHEME, (":path", ""), AUTHORITY),
    malformed("8.3.1", "empty method", (":method", ""), SCHEME, TARGET, AUTHORITY),
    malformed("8.3.1", "empty scheme", METHOD, (":scheme", ""), TARGET, AUTHORITY),
    malformed("8.3.1", "path without a slash", METHOD, SCHEME, (":path", "small"), AUTHORITY),
    malformed("8.3.1", "asterisk for GET", METHOD, SCHEME, (":path", "*"), AUTHORITY),
    malformed("8.3.1", "query alone", METHOD, SCHEME, (":path", "?a=b"), AUTHORITY),
    malformed("8.3.1", "user information", METHOD, SCHEME, TARGET, (":authority", "me@example.com")),
    malformed("8.3.1", "host that differs", METHOD, SCHEME, TARGET, AUTHORITY, ("host", "other.com")),
    malformed("8.3.1", "two hosts", METHOD, SCHEME, TARGET, ("host", "example.com"),
              ("host", "example.org")),
    malformed("8.3.1", "neither authority nor host", METHOD, SCHEME, TARGET),
    Case("8.3.1", "host alone", nothing,
         headers(1, block(METHOD, SCHEME, TARGET, ("host", "example.com"))), OK),
    Case("8.3.1", "host that is the same", nothing, get(("host", "example.com")), OK),
    Case("8.3.1", "pseudo-fields in another order", nothing,
         headers(1, block(AUTHORITY, TARGET, SCHEME, METHOD)), OK),
    Case("8.3.1", "scheme https", nothing, get(scheme="https"), Outcome(statuses=(200, 400, 421))),
    Case("8.3.1", "asterisk for OPTIONS", nothing, headers(1, request("OPTIONS", "*")),
         Outcome(statuses=(200, 404, 405))),
    Case("8.5", "CONNECT", nothing,
         headers(1, block((":method", "CONNECT"), (":authority", "example.com:443")), end=False), REFUSED),
    Case("8.5", "CONNECT with a path", nothing,
         headers(1, request("CONNECT", "/", authority="example.com:443")), REFUSED),
    Case("8.5", "CONNECT without an authority", nothing, headers(1, block((":method", "CONNECT"))),
         REFUSED),
    # RFC 8441 §4: without CONNECT, or without scheme and path, it means nothing.
    malformed("8441", "protocol without CONNECT", METHOD, (":protocol", "websocket"), SCHEME, TARGET,
              AUTHORITY),
    malformed("8441", "protocol without a path", (":method", "CONNECT"), (":protocol", "websocket"),
              SCHEME, AUTHORITY),
    Case("8441", "unknown protocol", nothing, headers(1, block(
        (":method", "CONNECT"), (":protocol", "gopher"), SCHEME, TARGET, AUTHORITY), end=False), REFUSED),
]

LENGTH = "content-length"
BODIES = [
    post("8.1.1", "one DATA shorter than announced", MALFORMED, [(LENGTH, "2")], data(1, b"x", True)),
    post("8.1.1", "one DATA longer than announced", MALFORMED, [(LENGTH, "1")], data(1, b"xy", True)),
    post("8.1.1", "two DATA longer than announced", MALFORMED, [(LENGTH, "3")],
         data(1, b"xy"), data(1, b"xy", True)),
    post("8.1.1", "two DATA shorter than announced", MALFORMED, [(LENGTH, "5")],
         data(1, b"xy"), data(1, b"xy", True)),
    post("8.1.1", "trailers before all has come", MALFORMED, [(LENGTH, "5")],
         data(1, b"xy"), headers(1, block(("x-sum", "1")))),
    post("8.1.1", "DATA where none was announced", MALFORMED, [(LENGTH, "0")], data(1, b"x", True)),
    Case("8.1.1", "no DATA where some was announced", nothing, get((LENGTH, "5")), MALFORMED),
    post("8.1.1", "two lengths that differ", MALFORMED, [(LENGTH, "1"), (LENGTH, "2")], data(1, b"x", True)),
    *(post("8.1.1", f"length {text!r}", MALFORMED, [(LENGTH, text)], data(1, b"x", True))
      for text in ("", "+1", "-1", "1 ", "0x1", "1,2", "one", "99999999999999999999")),
    post("8.1.1", "length that is met", OK, [(LENGTH, "4")], data(1, b"xy"), data(1, b"zz", True)),
    post("8.1.1", "length without padding", OK, [(LENGTH, "2")], data(1, b"xy", True, pad=100)),
    post("8.1.1", "length of 0", OK, [(LENGTH, "0")], data(1, b"", True)),
    post("8.1.1", "length met before an empty frame", OK, [(LENGTH, "1")], data(1, b"x"), data(1, b"", True)),
    post("8.1.1", "length met before trailers", OK, [(LENGTH, "1")], data(1, b"x"),
         headers(1, block(("x-sum", "1")))),
    Case("8.1.1", "GET with a body", nothing, headers(1, request("GET", PATH), end=False)
         + data(1, b"x", True), OK),
    post("8.1", "empty body", OK, [], data(1, b"", True)),
    trailers("8.1", "trailers", OK, ("x-sum", "1")),
    trailers("8.1", "empty trailers", OK),
    trailers("8.1", "pseudo-field in trailers", MALFORMED, ("x-sum", "1"), METHOD),
    trailers("8.1", "only a pseudo-field in trailers", MALFORMED, TARGET),
    trailers("8.2", "upper case in trailers", MALFORMED, ("X-Sum", "1")),
    trailers("8.2.1", "LF in trailers", MALFORMED, ("x-sum", "1\nhost: evil")),
    trailers("8.2.2", "transfer-encoding in trailers", MALFORMED, ("transfer-encoding", "chunked")),
    Case("8.1", "second HEADERS without END_STREAM", opened,
         data(1, b"x") + headers(1, block(("x-sum", "1")), end=False), MALFORMED),
    Case("8.1", "second HEADERS at once", opened, headers(1, block(("x-a", "b")), end=False), MALFORMED),
]
CASES = FIELDS + PSEUDO + BODIES


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(simple_config(echo.url))


@pytest.fixture(scope="module")
def server(martlet) -> Server:
    return Server(martlet.address())


def test_the_table_is_large():
    assert len(CASES) >= 110 and len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(server, case: Case):
    case.run(server)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PURGE", "M-SEARCH"])
def test_methods(server, method):
    with Http2Client(server.address) as client:
        assert Echo(client.fetch("/echo", method)).method == method


def test_head_has_no_body(server):
    with Http2Client(server.address) as client:
        answer = client.fetch("/small?bytes=100", "HEAD")
        assert (answer.status, answer.body, answer.value("content-length")) == (200, b"", b"100")
        assert client.fetch("/small?bytes=100").body


@pytest.mark.parametrize("status", [204, 304])
def test_statuses_without_a_body(server, status):
    with Http2Client(server.address) as client:
        answer = client.fetch(f"/?status={status}")
        assert answer.status == status and not answer.body and answer.ended


@pytest.mark.parametrize("status", [200, 201, 404, 418, 500, 599])
def test_statuses_are_passed_on(server, status):
    with Http2Client(server.address) as client:
        assert client.fetch(f"/?status={status}").status == status


def test_100_continue(server):
    """RFC 9110 §10.1.1: the interim answer comes before the body is sent."""
    with Http2Client(server.address) as client:
        stream = client.begin("POST", "/echo", ("expect", "100-continue"), (LENGTH, "5"))
        client.until(lambda: client.answer(stream).interim)
        assert client.answer(stream).interim[0][0] == (b":status", b"100")
        client.send(data(stream, b"hello", end=True))
        assert Echo(client.response(stream)).body_length == 5


def test_a_whole_request_in_one_write(server):
    """Head, body and trailers may come in one read; each of them arrives."""
    with Http2Client(server.address) as client:
        client.send(headers(1, request("POST", "/echo"), end=False) + data(1, b"hello")
                    + headers(1, block(("x-sum", "1"))))
        echo = Echo(client.response(1))
        assert (echo.body_length, echo.trailers) == (5, [("x-sum", "1")])


def test_nothing_of_the_connection_is_told(server):
    """§8.2.2: what the HTTP/1 upstream says of its connection stays there."""
    with Http2Client(server.address) as client:
        for path in ("/?close=1", "/?chunked=1", "/?bytes=0"):
            names = {name for name, _ in client.fetch(path).headers}
            assert not names & {b"connection", b"keep-alive", b"transfer-encoding", b"upgrade",
                                b"proxy-connection"}


def test_many_requests_of_one_connection(server):
    """§5.1: they run side by side, and each gets its own answer."""
    with Http2Client(server.address) as client:
        streams = {client.begin("POST", f"/echo/{n}"): n for n in range(50)}
        for stream, number in streams.items():
            client.send(data(stream, b"x" * number, end=True))
        for stream, number in streams.items():
            echo = Echo(client.response(stream))
            assert (echo.target, echo.body_length) == (f"/echo/{number}", number)
