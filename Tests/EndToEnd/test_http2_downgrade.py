"""Fields that are harmless in HTTP/2's binary frames and dangerous as HTTP/1 text: none gets through.

A raw HTTP/1 upstream records every byte. An attempt is refused and leaves no trace there, or it is
forwarded as exactly one request in which it means nothing. The other way round, an HTTP/2 upstream
tries the same on an HTTP/1 client.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import pytest

from harness import http2 as h2
from harness.client import RawConnection, request_bytes
from harness.http1 import EndOfStream, Message
from harness.http2 import block, data, headers, request
from harness.http2_client import Http2Client
from harness.http2_upstream import Http2Upstream, Request, UpstreamConnection, serves
from harness.martlet import Martlet, simple_config

EVIL = "GET /evil HTTP/1.1\r\nHost: evil\r\n\r\n"
P = h2.request_fields


@dataclass(frozen=True)
class Attempt:
    """`harmless` says how one request may arrive all the same; `None` if none may."""

    name: str
    frames: bytes
    harmless: Callable[[Message], bool] | None = None


def get(name: str, *fields: h2.Field, harmless=None, **pseudo) -> Attempt:
    return Attempt(name, headers(1, request("GET", pseudo.pop("path", "/p"), *fields, **pseudo)),
                   harmless)


def post(name: str, fields: list[h2.Field], body: str = EVIL, harmless=None,
         trailers: list[h2.Field] | None = None) -> Attempt:
    begin = headers(1, request("POST", "/p", *fields), end=False)
    frames = begin + data(1, body.encode(), end=trailers is None)
    if trailers is not None:
        frames += headers(1, block(*trailers))
    return Attempt(name, frames, harmless)


def without(*names: str) -> Callable[[Message], bool]:
    return lambda message: not any(message.values(name) for name in names)


def line_breaks() -> list[Attempt]:
    """CR, LF and NUL wherever a line of HTTP/1 would be made from what the client sent."""
    cases = []
    for label, cut in (("crlf", "\r\n"), ("lf", "\n"), ("cr", "\r"), ("nul", "\0"), ("blank", "\r\n\r\n")):
        evil = f"x{cut}evil: 1"
        cases += [
            get(f"{label} in a value", ("x-a", evil)),
            get(f"{label} in a name", (f"x-a: b{cut}evil", "1")),
            get(f"{label} in the path", path=f"/p HTTP/1.1{cut}evil: 1"),
            get(f"{label} in the query", path=f"/p?a=b{cut}evil"),
            get(f"{label} in the authority", authority=f"example.com{cut}evil: 1"),
            get(f"{label} in the scheme", scheme=f"http{cut}evil"),
            get(f"{label} in a cookie", ("cookie", f"a=b{cut}evil: 1")),
            get(f"{label} in host", ("host", f"example.com{cut}evil: 1")),
            Attempt(f"{label} in the method", headers(1, request(f"GET{cut}evil", "/p"))),
            post(f"{label} in trailers", [], "x", trailers=[("x-sum", evil)]),
            post(f"{label} in a trailer's name", [], "x", trailers=[(f"x-sum: 1{cut}evil", "1")]),
        ]
    cases.append(get("whole request in a value", ("x-a", "b\r\n\r\n" + EVIL)))
    cases.append(get("whole request in the path", path="/p HTTP/1.1\r\nHost: h\r\n\r\n" + EVIL))
    return cases


def framing() -> list[Attempt]:
    """Lengths of a body that two readers could see differently."""
    return [
        post("chunked", [("transfer-encoding", "chunked")], "0\r\n\r\n" + EVIL),
        post("chunked with a length", [("transfer-encoding", "chunked"), ("content-length", "5")]),
        post("chunked in capitals", [("Transfer-Encoding", "chunked")], "0\r\n\r\n" + EVIL),
        post("chunked with a space", [("transfer-encoding ", "chunked")], "0\r\n\r\n" + EVIL),
        post("chunked with underscore", [("transfer_encoding", "chunked")], "0\r\n\r\n" + EVIL,
             harmless=lambda m: m.framing == "chunked" and not m.values("transfer_encoding")),
        post("chunked in te", [("te", "chunked")], "0\r\n\r\n" + EVIL),
        post("identity", [("transfer-encoding", "identity")]),
        post("length too small", [("content-length", "1")]),
        post("length of 0", [("content-length", "0")]),
        post("length too large", [("content-length", "500")]),
        post("two lengths", [("content-length", str(len(EVIL))), ("content-length", "0")]),
        post("lengths in a list", [("content-length", f"{len(EVIL)}, 0")]),
        post("length with a plus", [("content-length", f"+{len(EVIL)}")]),
        post("length in capitals", [("Content-Length", "0")]),
        post("length with a space", [("content-length ", "0")]),
        get("GET with a length and no body", ("content-length", "50")),
        post("length in trailers", [], trailers=[("content-length", "0")], harmless=whole_body),
        post("coding in trailers", [], trailers=[("transfer-encoding", "evil")]),
        post("host in trailers", [], "x", trailers=[("host", "evil")], harmless=no_trailers),
        post("pseudo-field in trailers", [], "x", trailers=[(":path", "/evil")]),
        post("body like a request", [], EVIL, harmless=whole_body),
        post("body like chunks", [], "0\r\n\r\n" + EVIL,
             harmless=lambda m: m.body == b"0\r\n\r\n" + EVIL.encode()),
    ]


def whole_body(message: Message) -> bool:
    return message.body == EVIL.encode() and not message.trailers


def no_trailers(message: Message) -> bool:
    return not message.trailers


def hop_by_hop() -> list[Attempt]:
    return [
        get("connection names a field", ("connection", "x-evil"), ("x-evil", "1")),
        get("connection: close", ("connection", "close, evil")),
        get("connection in capitals", ("Connection", "evil")),
        get("keep-alive", ("keep-alive", "evil")),
        get("proxy-connection", ("proxy-connection", "evil")),
        get("upgrade", ("upgrade", "evil")),
        get("upgrade to h2c", ("connection", "upgrade, http2-settings"), ("upgrade", "h2c"),
            ("http2-settings", "evil")),
        get("http2-settings alone", ("http2-settings", "AAMAAABk"), harmless=without("http2-settings")),
        get("te with more than trailers", ("te", "trailers, evil")),
        get("expect", ("expect", "evil"), harmless=lambda m: False),
    ]


def targets() -> list[Attempt]:
    """Request lines that would say something else."""
    return [
        get("space in the path", path="/p /evil"),
        get("version in the path", path="/p HTTP/1.1 evil"),
        get("tab in the path", path="/p\tevil"),
        get("URL as the path", path="http://evil/p"),
        get("path without a slash", path="evil"),
        get("asterisk", path="*"),
        get("fragment", path="/p#evil"),
        get("path above ASCII", path=b"/p\xff/evil"),
        get("backslash", path="/p\\evil"),
        get("authority as the path", path="@evil/p"),
        get("space in the authority", authority="example.com evil"),
        get("path in the authority", authority="example.com/evil"),
        get("user in the authority", authority="evil@example.com"),
        get("query in the authority", authority="example.com?evil"),
        get("comma in the authority", authority="example.com,evil"),
        get("empty authority", authority="", harmless=None),
        get("host that differs", ("host", "evil")),
        get("host twice", ("host", "example.com"), ("host", "evil")),
        get("scheme with a path", scheme="http://evil/?"),
        get("scheme with a space", scheme="http evil"),
        Attempt("space in the method", headers(1, request("GET /evil", "/p"))),
        Attempt("line in the method", headers(1, request("GET /evil HTTP/1.1", "/p"))),
        Attempt("method that is no token", headers(1, request("G(T)", "/p"))),
        Attempt("CONNECT", headers(1, block((":method", "CONNECT"), (":authority", "evil:80")))),
        Attempt("CONNECT with a path", headers(1, request("CONNECT", "/evil"))),
        Attempt("extended CONNECT that is none",
                headers(1, block(*P("GET", "/evil"), (":protocol", "websocket")))),
        Attempt("extended CONNECT with a line break",
                headers(1, block(*P("CONNECT", "/p"), (":protocol", "websocket\r\nevil: 1")))),
        Attempt("extended CONNECT to another protocol",
                headers(1, block(*P("CONNECT", "/p"), (":protocol", "evil")))),
    ]


def names() -> list[Attempt]:
    return [
        get("colon in a name", ("x-a:evil", "1")),
        get("name with a leading colon", (":evil", "1")),
        get("space in a name", ("x evil", "1")),
        get("space behind a name", ("evil ", "1")),
        get("empty name", ("", "evil")),
        get("upper case", ("X-Evil", "1")),
        get("bytes above ASCII in a name", (b"x-\xc4\xb0-evil", "1")),
        get("fold", ("x-a", "b\r\n evil")),
        get("space before a value", ("x-a", " evil")),
        get("pseudo-field after a field", ("x-a", "b"), (":path", "/evil")),
        get("pseudo-field twice", (":path", "/evil")),
        get("status in a request", (":status", "200 evil")),
        get("cookie crumbs", ("cookie", "a=b"), ("cookie", "c=d"),
            harmless=lambda m: m.values("cookie") == [b"a=b; c=d"]),
    ]


ATTEMPTS = [*line_breaks(), *framing(), *hop_by_hop(), *targets(), *names()]


@pytest.fixture(scope="module")
def martlet(start_shared, recorder) -> Martlet:
    return start_shared(simple_config(recorder.url))


def test_there_are_enough_attempts():
    print(f"\n{len(ATTEMPTS)} attempts from the client, {len(ANSWERS)} from the upstream")
    assert len(ATTEMPTS) >= 120 and len({a.name for a in ATTEMPTS}) == len(ATTEMPTS)


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda a: a.name.replace(" ", "-"))
def test_attempt(martlet, recorder, attempt: Attempt):
    recorder.clear()
    with Http2Client(martlet.address()) as client:
        client.send(attempt.frames)
        answer = client.response(1)
        client.next_stream = 3
        # Pushes everything before it through the same event loop.
        assert client.fetch("/canary").status == 200
    recorder.settle()
    assert not recorder.malformed, recorder.malformed
    arrived = [r for r in recorder.requests if r.target != b"/canary"]
    if answer.status == 200:
        assert attempt.harmless and len(arrived) == 1, (answer, arrived)
        assert attempt.harmless(arrived[0]), arrived[0]
        assert arrived[0].target == b"/p" and arrived[0].values("host") == [b"example.com"]
        return
    assert answer.reset == h2.PROTOCOL_ERROR or answer.status in (400, 417, 501), answer
    assert not arrived, arrived
    # A head that was fine may have gone out before its body turned out to be wrong.
    assert b"evil: 1" not in recorder.received


OK_FIELDS: list[h2.Field] = [(":status", "200"), ("content-type", "text/plain")]


def status(text: str) -> list[h2.Field]:
    return [(":status", text), ("x-a", "b")]


def value(text: str | bytes, name: str | bytes = "x-a") -> list[h2.Field]:
    return [*OK_FIELDS, (name, text)]


ANSWERS: dict[str, list[h2.Field]] = {
    **{f"{label} in a value": value(f"b{cut}evil: 1")
       for label, cut in (("crlf", "\r\n"), ("lf", "\n"), ("cr", "\r"), ("nul", "\0"))},
    **{f"{label} in a name": value("1", f"x-a: b{cut}evil")
       for label, cut in (("crlf", "\r\n"), ("lf", "\n"), ("cr", "\r"), ("nul", "\0"))},
    "whole answer in a value": value("b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"),
    "line break in location": value("/x\r\nset-cookie: evil=1", "location"),
    "chunked": value("chunked", "transfer-encoding"), "connection": value("evil", "connection"),
    "connection: close": value("close", "connection"), "keep-alive": value("evil", "keep-alive"),
    "upgrade": value("evil", "upgrade"), "proxy-connection": value("evil", "proxy-connection"),
    "upper case": value("1", "X-Evil"), "space in a name": value("1", "x evil"),
    "space behind a name": value("1", "evil "), "colon in a name": value("evil", "x-a:b"),
    "empty name": value("evil", ""), "space before a value": value(" evil"),
    "two lengths": [*OK_FIELDS, ("content-length", "5"), ("content-length", "6")],
    "length with a plus": value("+5", "content-length"),
    "length in a list": value("5, 5, 6", "content-length"),
    "no status": [("x-a", "evil")], "status twice": [(":status", "200"), *status("500")],
    "status after a field": [("x-a", "b"), (":status", "200")],
    "pseudo-field of requests": [(":status", "200"), (":path", "/evil")],
    "unknown pseudo-field": [(":status", "200"), (":evil", "1")],
    **{f"status {text!r}": status(text) for text in (
        "", "20", "2000", "abc", "200 OK", "+20", "099", "600", "101", "200\r\nevil: 1", " 200", "2OO")},
}


def answer_of(connection: UpstreamConnection, request: Request) -> None:
    fields = ANSWERS[list(ANSWERS)[int(request.path.rpartition("/")[2])]]
    connection.send(headers(request.stream, block(*fields), end=False),
                    data(request.stream, b"evil!", end=True))


@pytest.fixture(scope="module")
def answering(start_shared):
    upstream = Http2Upstream(serves(answer_of))
    yield start_shared(simple_config(upstream.url))
    upstream.stop()


def through_http1(martlet: Martlet, path: str) -> tuple[Message | None, bytes]:
    """The answer, and every byte of the connection."""
    with RawConnection(martlet.address()) as client:
        client.send(request_bytes("GET", path, {"Connection": "close"}))
        try:
            return client.response(), client.stream.rest()
        except EndOfStream as end:
            return None, end.unfinished


@pytest.mark.parametrize("name", ANSWERS, ids=lambda name: name.replace(" ", "-"))
def test_answer_for_an_http1_client(answering, name):
    answer, rest = through_http1(answering, f"/{list(ANSWERS).index(name)}")
    assert answer and answer.status == 502, (answer, rest)
    assert b"evil" not in answer.body and b"evil" not in rest
    assert not [field for field in answer.headers if b"evil" in field[0] + field[1]]


@pytest.mark.parametrize("name", ANSWERS, ids=lambda name: name.replace(" ", "-"))
def test_answer_for_an_http2_client(answering, name):
    with Http2Client(answering.address()) as client:
        answer = client.fetch(f"/{list(ANSWERS).index(name)}")
        assert answer.status == 502 and b"evil" not in answer.body, answer
