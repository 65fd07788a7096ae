"""Raw requests of gunicorn's suite: what is invalid is never forwarded, what is valid is answered.

Many of the suite's requests lack the Host that RFC 9112 §3.2 demands of HTTP/1.1; these are also
sent with one, so that it is the defect under test that gets them refused. Where Martlet judges
otherwise than gunicorn, the table says so with the section that allows it.
"""
from __future__ import annotations

import re

import pytest

from conftest import CONFORMANCE
from harness.client import talk
from harness.martlet import Martlet, simple_config

FOLDER = CONFORMANCE / "http1"
HOSTLESS = re.compile(rb"\A[^\r\n]* HTTP/1\.1\r\n")


def message(kind: str, name: str) -> bytes:
    """The bytes of a case: escapes stand for bytes, line ends of the file for nothing."""
    data = (FOLDER / kind / f"{name}.http").read_bytes().replace(b"\n", b"")
    named = {b"\\r": b"\r", b"\\n": b"\n", b"\\t": b"\t", b"\\0": b"\0"}

    def byte(match: re.Match) -> bytes:
        text = match.group(0)
        return named.get(text) or bytes([int(text[2:], 16)])

    return re.sub(rb"\\x[0-9A-Fa-f]{2}|\\[rnt0]", byte, data)


def with_host(data: bytes) -> bytes:
    head = data.split(b"\r\n\r\n")[0]
    if HOSTLESS.match(data) and not re.search(rb"(?im)^host *:", head):
        return HOSTLESS.sub(lambda match: match.group(0) + b"Host: example.com\r\n", data, count=1)
    return data


def names(kind: str) -> list[str]:
    folder = FOLDER / kind
    return sorted(file.stem for file in folder.glob("*.http")) if folder.is_dir() else []


pytestmark = pytest.mark.skipif(not names("valid"), reason="../shared/conformance/http1 is absent")


@pytest.fixture(scope="module")
def martlet(start_shared, recorder) -> Martlet:
    return start_shared(simple_config(recorder.url))


# Invalid for gunicorn only: valid by RFC 9112, or refused there by a limit or a setting.
VALID_AFTER_ALL = {
    "003c": "`-bl` is a token, so a method (RFC 9110 §9.1)",
    "008": "a long but ordinary field; gunicorn's limit was configured for the case",
    "007": "a long but ordinary field; gunicorn's limit was configured for the case",
    "006": "a long but ordinary target; gunicorn's limit was configured for the case",
    "009": "101 fields are over Martlet's limit of 100 as well, but 100 are not",
    "010": "only its Host is missing; gunicorn's limit was configured for the case",
    "011": "RFC 9110 §7.2 lets `=` be in a host name; Martlet may refuse it",
    "012": "RFC 9110 §7.2 lets `=` be in a host name; Martlet may refuse it",
    "017": "a long but ordinary field; gunicorn's limit was configured for the case",
    "019": "contradicting X-Forwarded fields are dropped from an untrusted peer",
    "041": "two Content-Type fields frame nothing (RFC 9110 §8.3)",
    "limit_header_default_01": "8 KiB of header are within Martlet's default of 32 KiB",
}
# Nothing in these is wrong yet: the message ends too early, so the client half-closes.
TRUNCATED = {"001", "rfc9112_chunked_missing_final_crlf_01", "pp_01", "pp_02", "pp_03"}


def refused(martlet, recorder, data: bytes, half_close: bool) -> None:
    recorder.clear()
    answers, closed = talk(martlet.address(), data, half_close)
    recorder.settle()
    assert closed, f"left open: {answers}"
    assert not recorder.requests and not recorder.malformed, recorder.received
    assert [a for a in answers if not 400 <= a.status < 600] == []
    assert answers or half_close, "closed without an answer"


@pytest.mark.parametrize("name", names("invalid"))
def test_invalid_is_refused(martlet, recorder, name):
    data = message("invalid", name)
    if name not in VALID_AFTER_ALL:
        refused(martlet, recorder, data, name in TRUNCATED)
        if with_host(data) != data:
            refused(martlet, recorder, with_host(data), name in TRUNCATED)
        return
    recorder.clear()
    answers, _ = talk(martlet.address(), with_host(data), half_close=True)
    recorder.settle()
    assert not recorder.malformed
    assert answers, "closed without an answer"
    assert len(recorder.requests) <= 1
    if name in ("007", "008", "010", "017", "019", "limit_header_default_01"):
        assert answers[0].status == 200, answers[0].start_line


class Expected:
    """Statuses of the answers in order, and the targets that arrive with their bodies."""

    def __init__(self, statuses: list, arrived: list[tuple[str, bytes]] = (), why: str = ""):
        self.statuses = [s if isinstance(s, tuple) else (s,) for s in statuses]
        self.arrived = list(arrived)
        self.why = why


def ok(target: str, body: bytes = b"") -> Expected:
    return Expected([200], [(target, body)])


def no(why: str, *statuses: int) -> Expected:
    return Expected([statuses or (400,)], why=why)


YOUR_BASE = b"all your base are belong to us"
UNKNOWN_CODING = "RFC 9112 §6.1: a transfer coding that is not understood; 501 or 400"
FOLDED = "RFC 9112 §5.2: a server may refuse obs-fold with 400"
DISGUISED = "an upstream that takes `_` for `-` would read another body length"
NO_PROXY_PROTOCOL = "the PROXY protocol is not HTTP"

VALID = {
    "001": ok("/stuff/here?foo=bar", b'{"nom": "nom"}'),
    "002": no("`=` in a host name: refused, as no DNS name holds one (RFC 9110 §7.2)", 400, 200),
    "003": no("`=` in a host name: refused, as no DNS name holds one (RFC 9110 §7.2)", 400, 200),
    "004": ok("/silly"),
    "005": no("`#` is no part of a request target (RFC 9112 §3.2.1)"),
    "006": ok("/get_no_headers_no_body/world"),
    "007": ok("/get_one_header_no_body"),
    "008": ok("/unusual_content_length", b"HELLO"),
    "009": no("`#` in the target, and Transfer-Encoding with Content-Length (RFC 9112 §6.1)"),
    "010": ok("/post_chunked_all_your_base", YOUR_BASE),
    "011": ok("/two_chunks_mult_zero_end", b"hello world"),
    "012": ok("/chunked_w_trailing_headers", b"hello world"),
    "013": Expected([(200, 400)], [("/chunked_w_extensions", b"hello world")],
                    "white space around chunk extensions is bad (BWS, RFC 9112 §7.1.1)"),
    "014": no("a quote is not allowed in a URI (RFC 3986 §2)", 400, 200),
    "015": ok("/test"),
    "017": ok("/stuff/here?foo=bar"),
    "018": Expected([200, 200], [("/first", b""), ("/second", b"")]),
    "019": ok("/first"),
    "020": ok("/first", b"GET /second HTTP/1.1\r\n\r\n"),
    "021": ok("/first"),
    "022": Expected([200, 200], [("/first", b""), ("/second", b"")]),
    "023": Expected([200, 200], [("/two_chunks_mult_zero_end", b"hello world"), ("/second", b"")]),
    "024": Expected([200]),
    "025": no(UNKNOWN_CODING, 501, 400),
    "025_line": no(UNKNOWN_CODING, 501, 400),
    "026": ok("/"),
    "027": no("raw non-ASCII in the target (RFC 3986 §2)"),
    "028": no("white space before the colon (RFC 9112 §5.1)"),
    "029": no("the identity coding is gone (RFC 9112 §7, IANA registry)", 501, 400),
    "030": no("the identity coding is gone (RFC 9112 §7, IANA registry)", 501, 400),
    "031": ok("/foo"),
    "031compat": ok("/foo"),
    "031compat2": ok("/foo"),
    "040": no(DISGUISED),
    "040_compat": no(DISGUISED),
    "099": no("the body is shorter than its Content-Length (RFC 9112 §8)", 400, 408),
    "100": ok("/keeping_slashes"),
    "compat_obs_fold": no(FOLDED),
    "compat_obs_fold_huge": no(FOLDED, 400, 431),
    "padding_01": ok("/"),
    "pp_01": no(NO_PROXY_PROTOCOL), "pp_02": no(NO_PROXY_PROTOCOL),
    "pp_03": ok("/no/proxy/header"),
    "pp_04": no(NO_PROXY_PROTOCOL), "pp_05": no(NO_PROXY_PROTOCOL),
    "rfc9110_body_framing_get_cl_nonzero_01": ok("/foo", b"hello"),
    "rfc9110_body_framing_get_cl_zero_01": ok("/foo"),
    "rfc9110_body_framing_http10_cl_01": ok("/foo", b"hello"),
    "rfc9110_field_name_special_chars_01": ok("/foo"),
    "rfc9110_field_value_htab_trim_01": ok("/foo"),
    "rfc9110_field_value_obs_text_01": ok("/foo"),
    "rfc9112_chunked_ext_quoted_01": ok("/upload", b"hello"),
    "rfc9112_chunked_size_leading_zeros_01": ok("/upload", b"hello"),
    "rfc9112_chunked_size_uppercase_hex_01": ok("/upload", b"0123456789"),
    "rfc9112_smuggle_gzip_chunked_01": no(UNKNOWN_CODING, 501, 400),
    "rfc9112_smuggle_te_identity_chunked_01": no(UNKNOWN_CODING, 501, 400),
    "rfc9112_target_absolute_01": ok("/foo?q=1"),
    "rfc9112_target_absolute_https_01": ok("/foo"),
    "rfc9112_target_absolute_ipv6_01": ok("/foo"),
    "rfc9112_target_absolute_userinfo_01": no("userinfo is to be treated as an error (RFC 9110 §4.2.4)"),
    "rfc9112_target_asterisk_options_01": no("no route holds `*`; never forwarded as a path",
                                             200, 204, 404, 405),
    "rfc9112_target_authority_connect_01": no("CONNECT is refused", 400, 405, 501),
    "rfc9112_target_authority_ipv6_01": no("CONNECT is refused", 400, 405, 501),
}


@pytest.mark.parametrize("name", names("valid"))
def test_valid_is_answered(martlet, recorder, name):
    expected = VALID[name]
    data = message("valid", name)
    sent = with_host(data)
    if name in ("018", "022", "023"):
        sent = sent.replace(b"GET /second HTTP/1.1\r\n", b"GET /second HTTP/1.1\r\nHost: h\r\n")
    if with_host(data) != data:
        refused(martlet, recorder, data, half_close=False)
    recorder.clear()
    answers, _ = talk(martlet.address(), sent, half_close=True)
    recorder.settle()
    assert not recorder.malformed
    if name == "099" and not answers:
        return  # RFC 9112 §8: an incomplete request may be answered, the close is enough
    assert len(answers) == len(expected.statuses), (answers, expected.why)
    for answer, statuses in zip(answers, expected.statuses):
        assert answer.status in statuses, (answer.start_line, expected.why)
    if expected.arrived and answers[0].status == 200:
        arrived = [(r.target.decode("latin-1"), r.body) for r in recorder.requests]
        assert arrived == expected.arrived
    if answers[0].status >= 400:
        assert not recorder.requests


def test_every_case_has_an_expectation():
    assert set(names("valid")) == set(VALID)
    assert VALID_AFTER_ALL.keys() <= set(names("invalid"))
    differing = {name: expected.why for name, expected in VALID.items() if expected.why}
    print(f"\n{len(VALID)} valid cases, judged otherwise on purpose: {len(differing)}")
    for name, why in {**differing, **VALID_AFTER_ALL}.items():
        print(f"  {name}: {why}")
