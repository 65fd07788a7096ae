"""Hostile requests: each is answered with an error, the connection is closed, nothing is forwarded.

A body that turns out to be malformed after a well-formed head may already have begun to arrive at
the backend; there it must stay visibly incomplete, and nothing behind it may look like a request.
"""
from __future__ import annotations

import pytest

from harness.client import RawConnection, request_bytes, talk
from harness.hostile import CHUNKED, HEAD, HIDDEN, Hostile, corpus
from harness.martlet import Martlet, simple_config

CORPUS = corpus()


@pytest.fixture(scope="module")
def martlet(start_shared, recorder) -> Martlet:
    return start_shared(simple_config(recorder.url))


def test_the_corpus_is_large():
    print(f"\n{len(CORPUS)} hostile requests")
    assert len(CORPUS) >= 150


def check_nothing_arrived(martlet: Martlet, recorder) -> None:
    # A request of our own pushes everything before it through the same event loop.
    assert martlet.get("/canary").status == 200
    recorder.settle()
    arrived = [r for r in recorder.requests if r.target != b"/canary"]
    assert not arrived, arrived
    assert not recorder.malformed, recorder.malformed
    assert b"hidden" not in recorder.received and b"HIDDEN" not in recorder.received


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_hostile_request(martlet, recorder, case: Hostile):
    recorder.clear()
    answers, closed = talk(martlet.address(), case.data, case.half_close)
    check_nothing_arrived(martlet, recorder)
    assert closed, f"left open after {answers}"
    if case.half_close and not answers:
        return  # nothing was complete enough to be answered
    assert len(answers) == 1, [answer.start_line for answer in answers]
    assert answers[0].status in case.statuses, (answers[0].start_line, answers[0].body)
    assert answers[0].asks_close
    assert answers[0].value("content-type") == b"application/problem+json"
    assert (answers[0].value("proxy-status") or b"").startswith(b"martlet")


SPLIT = [Hostile("te-cl", HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
         Hostile("chunk-sign", CHUNKED + b"+5\r\nhello\r\n0\r\n\r\n"),
         Hostile("fold", HEAD + b"X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n"),
         Hostile("bare-lf", HEAD + b"X-A: b\nX-B: c\r\nContent-Length: 0\r\n\r\n"),
         Hostile("trailer", CHUNKED + b"0\r\nHost: evil\r\n\r\n")]


@pytest.mark.parametrize("case", SPLIT, ids=[case.name for case in SPLIT])
def test_hostile_request_byte_by_byte(martlet, recorder, case: Hostile):
    recorder.clear()
    with RawConnection(martlet.address()) as client:
        try:
            for position in range(len(case.data)):
                client.send(case.data[position:position + 1])
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = client.response()
        assert answer.status in (400, 501)
        assert client.is_closed()
    check_nothing_arrived(martlet, recorder)


@pytest.mark.parametrize("case", CORPUS[::17], ids=[case.name for case in CORPUS[::17]])
def test_hostile_request_after_an_ordinary_one(martlet, recorder, case: Hostile):
    recorder.clear()
    answers, closed = talk(martlet.address(), request_bytes("GET", "/canary") + case.data,
                           case.half_close)
    check_nothing_arrived(martlet, recorder)
    assert closed and answers[0].status == 200
    assert all(400 <= answer.status < 600 for answer in answers[1:]) and len(answers) <= 2


def test_chunk_extensions_are_bounded_in_sum(martlet, recorder):
    """Half a megabyte of extensions around 20 KB of data is an attack, not a message."""
    recorder.clear()
    chunks = b"1;a=bbbbbbbbbbbbbbbbbbbbb\r\nx\r\n" * 20_000
    answers, closed = talk(martlet.address(), CHUNKED + chunks + b"0\r\n\r\n")
    check_nothing_arrived(martlet, recorder)
    assert closed and [answer.status in (400, 413, 431) for answer in answers] == [True]


def test_signed_chunks_are_not_taken_for_an_attack(martlet, recorder):
    """As S3 clients send them: a signature of 80 bytes for each 8 KiB of data."""
    recorder.clear()
    chunk = b"2000;chunk-signature=" + b"0" * 64 + b"\r\n" + b"x" * 0x2000 + b"\r\n"
    answers, _ = talk(martlet.address(), CHUNKED + chunk * 200 + b"0\r\n\r\n", half_close=True)
    recorder.settle()
    assert [answer.status for answer in answers] == [200]
    assert len(recorder.requests[0].body) == 200 * 0x2000


def ordinary() -> dict[str, tuple[bytes, list[str], bytes]]:
    """Unusual but valid requests: bytes, targets that arrive, body of the first."""
    def get(target: str = "/p", *lines: str, version: str = "1.1", method: str = "GET") -> bytes:
        head = [f"{method} {target} HTTP/{version}", "Host: example.com", *lines]
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n"

    plain = {
        "crlf-before": b"\r\n" + get(),
        "empty-value": get("/p", "X-A:"), "blank-value": get("/p", "X-A:   "),
        "no-space": get("/p", "X-A:b"), "tabs": get("/p", "X-A:\tb\t"), "obs-text": get("/p", "X-A: \xe9\xff"),
        "inner-tab": get("/p", "X-A: a\tb"), "colon-value": get("/p", "X-A: : :"),
        "odd-name": get("/p", "!#$%&'*+-.^_`|~0: x"), "digit-name": get("/p", "1: x"),
        "underscore-name": get("/p", "x_a: b"), "same-twice": get("/p", "X-A: b", "X-A: c"),
        "cookies-twice": get("/p", "Cookie: a=b", "Cookie: c=d"), "comma-list": get("/p", "Accept: a, b,,c"),
        "quotes": get("/p", 'X-A: "a, b\\"c"'), "long-value": get("/p", "X-A: " + "v" * 4000),
        "many-fields": get("/p", *[f"X-{i}: {i}" for i in range(90)]),
        "lower-host": get().replace(b"Host", b"host"), "upper-host": get().replace(b"Host", b"HOST"),
        "host-last": b"GET /p HTTP/1.1\r\nX-A: b\r\nHost: example.com\r\n\r\n",
        "host-port": get().replace(b"example.com", b"example.com:8080"),
        "host-ipv4": get().replace(b"example.com", b"192.0.2.1"),
        "host-ipv6": get().replace(b"example.com", b"[2001:db8::1]:80"),
        "host-dot": get().replace(b"example.com", b"example.com."),
        "host-underscore": get().replace(b"example.com", b"my_host"),
        "host-short": get().replace(b"example.com", b"h"),
        "absolute": get("http://example.com/p"), "absolute-upper": get("HTTP://EXAMPLE.com/p"),
        "absolute-port": get("http://example.com:80/p"),
        "extension-method": get(method="PURGE"), "odd-method": get(method="M-SEARCH"),
        "lower-method": get(method="get"), "propfind": get(method="PROPFIND"), "options": get(method="OPTIONS"),
        "http10": get(version="1.0"), "http10-keep-alive": get("/p", "Connection: keep-alive", version="1.0"),
        "connection-list": get("/p", "Connection: keep-alive, x-a", "X-A: b"),
        "te-trailers": get("/p", "TE: trailers", "Connection: TE"), "accept-encoding": get("/p", "Accept-Encoding: gzip"),
        "range": get("/p", "Range: bytes=0-1"), "content-type-only": get("/p", "Content-Type: text/plain"),
        "referer": get("/p", "Referer: http://x/?a#b"), "auth": get("/p", "Authorization: Bearer a.b-c_d~+/=="),
    }
    cases = {name: (data, ["/p"], b"") for name, data in plain.items()}
    for name, target, arrives in [
            ("path-chars", "/a-._~!$&'()*+,;=:@b", None), ("percent", "/%20%2B%C3%A9", None),
            ("query-chars", "/p?a=b&c[]=d/e?f:@", None), ("empty-query", "/p?", None),
            ("query-percent", "/p?a=%00%0d%0a%2f", None), ("dots", "/a/../p", "/p"), ("slashes", "//p", "/p"),
            ("semicolon", "/p;v=1", None), ("long-path", "/" + "a" * 4000, None), ("three-dots", "/...", None)]:
        cases[name] = (get(target), [arrives or target], b"")
    bodies = {
        "post-empty": HEAD + b"Content-Length: 0\r\n\r\n", "post-nothing": HEAD + b"\r\n",
        "length": HEAD + b"Content-Length: 5\r\n\r\nhello", "length-zeros": HEAD + b"Content-Length: 0005\r\n\r\nhello",
        "get-with-body": b"GET /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "delete-with-body": b"DELETE /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
        "chunked": CHUNKED + b"5\r\nhello\r\n0\r\n\r\n", "chunked-two": CHUNKED + b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "chunked-upper": HEAD + b"Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "chunked-zeros": CHUNKED + b"00005\r\nhello\r\n0000\r\n\r\n", "chunked-empty": CHUNKED + b"0\r\n\r\n",
        "chunked-ext": CHUNKED + b"5;a=b\r\nhello\r\n0\r\n\r\n", "chunked-ext-name": CHUNKED + b"5;a\r\nhello\r\n0\r\n\r\n",
        "chunked-ext-quoted": CHUNKED + b'5;a="b;c"\r\nhello\r\n0;x\r\n\r\n',
        "chunked-trailer": CHUNKED + b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        "body-like-request": HEAD + b"Content-Length: %d\r\n\r\n" % len(HIDDEN) + HIDDEN,
    }
    for name, data in bodies.items():
        body = HIDDEN if name == "body-like-request" else b"" if "empty" in name or "nothing" in name else b"hello"
        cases[name] = (data, ["/p"], body)
    cases["pipelined"] = (get("/1") + get("/2") + get("/3"), ["/1", "/2", "/3"], b"")
    cases["pipelined-bodies"] = (CHUNKED + b"5\r\nhello\r\n0\r\n\r\n" + get("/2"), ["/p", "/2"], b"hello")
    return cases


ORDINARY = ordinary()


def test_there_are_enough_ordinary_requests():
    assert len(ORDINARY) >= 40


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_request_is_let_through(martlet, recorder, name):
    data, targets, body = ORDINARY[name]
    recorder.clear()
    answers, _ = talk(martlet.address(), data, half_close=True)
    recorder.settle()
    assert [answer.status for answer in answers] == [200] * len(targets), answers
    assert [request.target.decode() for request in recorder.requests] == targets
    assert recorder.requests[0].body == body
