"""A corpus of requests that two HTTP readers may understand differently, made by combination.

Each case is `(name, bytes, statuses, half_close)`. The statuses are those that may answer it, 400
unless the case is about a limit, a version or a coding.
"""
from __future__ import annotations

from dataclasses import dataclass

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: example.com\r\n\r\n"
HEAD = b"POST /p HTTP/1.1\r\nHost: example.com\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass(frozen=True)
class Hostile:
    name: str
    data: bytes
    statuses: tuple[int, ...] = (400,)
    half_close: bool = False


def corpus() -> list[Hostile]:
    cases = [*framing(), *codings(), *lengths(), *line_ends(), *fields(), *controls(), *chunks(),
             *extensions(), *trailers(), *hosts(), *targets(), *request_lines(), *prefixes()]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def framing() -> list[Hostile]:
    """Transfer-Encoding with Content-Length, in every order and with every hidden remainder."""
    cases = []
    codings = [b"Transfer-Encoding: chunked", b"transfer-encoding: chunked",
               b"Transfer-Encoding: Chunked", b"Transfer-Encoding:chunked",
               b"Transfer-Encoding:\tchunked"]
    bodies = [b"0\r\n\r\n" + HIDDEN, b"5\r\nhello\r\n0\r\n\r\n", HIDDEN]
    for i, coding in enumerate(codings):
        for j, body in enumerate(bodies):
            for length in (0, 5, len(body)):
                declared = b"Content-Length: %d" % length
                for k, lines in enumerate(([coding, declared], [declared, coding])):
                    cases.append(Hostile(f"te-cl-{i}-{j}-{length}-{k}",
                                         HEAD + b"\r\n".join(lines) + b"\r\n\r\n" + body))
    cases.append(Hostile("te-cl-http10", b"POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n"
                                         b"Content-Length: 5\r\n\r\n0\r\n\r\n" + HIDDEN))
    cases.append(Hostile("te-http10", b"POST /p HTTP/1.0\r\nHost: example.com\r\n"
                                      b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
    return cases


def codings() -> list[Hostile]:
    """Transfer codings that are not exactly one `chunked`."""
    values = [
        b"xchunked", b"chunkedx", b"chunked,", b",chunked", b"chunked, ", b"chunked,chunked",
        b"chunked, chunked", b"chunked, identity", b"identity", b"identity, chunked",
        b"gzip", b"gzip, chunked", b"chunked, gzip", b"chunked;q=1", b"chunked; a=b", b'"chunked"',
        b"'chunked'", b"chunk", b"", b"chun ked", b"chunked\x0b", b"\x0bchunked", b"\x0cchunked",
        b"chunked\x00", b"ch\x00unked", b"chunked\xa0", b"\xa0chunked", b"chunked\x7f", b"chunked\x1f",
        b"\xc4\xb0chunked", b"c\xc4\xb0unked", b"chunked:", b"=chunked", b"[chunked]", b"chunked\x85",
    ]
    cases = [Hostile(f"coding-{value!r}", HEAD + b"Transfer-Encoding: " + value
                     + b"\r\n\r\n0\r\n\r\n" + HIDDEN, (400, 501)) for value in values]
    doubles = [(b"chunked", b"chunked"), (b"chunked", b"identity"), (b"identity", b"chunked"),
               (b"x", b"chunked"), (b"chunked", b"x"), (b"", b"chunked"), (b"chunked", b"")]
    for first, second in doubles:
        lines = b"Transfer-Encoding: " + first + b"\r\nTransfer-Encoding: " + second
        cases.append(Hostile(f"codings-{first!r}-{second!r}",
                             HEAD + lines + b"\r\n\r\n0\r\n\r\n" + HIDDEN, (400, 501)))
    names = [b"Transfer-Encoding ", b" Transfer-Encoding", b"Transfer-Encoding\t", b"Transfer Encoding",
             b"Transfer-Encoding\x0b", b"Transfer-Encoding\x00", b"\x00Transfer-Encoding",
             b"Transfer-Encoding\xa0", b"Transfer\x0b-Encoding", b"Transfer-Encod\xc4\xb0ng",
             b"Transfer-Encoding\r", b"Transfer-Encoding\n", b"\tTransfer-Encoding"]
    for name in names:
        cases.append(Hostile(f"coding-name-{name!r}",
                             HEAD + name + b": chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"))
    return cases


def lengths() -> list[Hostile]:
    values = [b"+5", b"-5", b"-0", b"5 ,5", b"5,5", b"5, 5", b"5,6", b"5 5", b"0x5", b"0X5", b"5h",
              b"5.0", b"5e0", b"1_0", b"five", b"", b" ", b"\x0b5", b"5\x0b", b"5\x00", b"\xd9\xa5",
              b"5;", b'"5"', b"'5'", b"18446744073709551616", b"18446744073709551621",
              b"9223372036854775808", b"99999999999999999999999999", b"4294967301x", b"-1", b"5,",
              b",5", b"0b101", b"0o5", b"5\xa0", b"\xc2\xa05", b"\xff5", b"5\x1f"]
    cases = [Hostile(f"length-{value!r}", HEAD + b"Content-Length: " + value + b"\r\n\r\nhello",
                     (400, 413)) for value in values]
    for first, second in [(b"5", b"5"), (b"5", b"6"), (b"0", b"5"), (b"5", b"0"), (b"5", b""),
                          (b"5", b"+5"), (b"5", b"05"), (b"5", b"x")]:
        lines = b"Content-Length: " + first + b"\r\nContent-Length: " + second
        cases.append(Hostile(f"lengths-{first!r}-{second!r}", HEAD + lines + b"\r\n\r\nhello"))
    for name in [b"Content-Length ", b" Content-Length", b"Content-Length\t", b"Content Length",
                 b"Content-Length\x00", b"Content-Length\x0b", b"\tContent-Length",
                 b"Content-Length\xa0", b"Content-Length\r"]:
        cases.append(Hostile(f"length-name-{name!r}", HEAD + name + b": 42\r\n\r\n" + HIDDEN))
    return cases


def line_ends() -> list[Hostile]:
    head = b"GET /p HTTP/1.1|Host: example.com|X-A: b||"
    cases = []
    for name, end in [("lf", b"\n"), ("cr", b"\r"), ("crcrlf", b"\r\r\n"), ("lfcr", b"\n\r"),
                      ("crcr", b"\r\r"), ("nul-lf", b"\x00\n")]:
        cases.append(Hostile(f"line-end-all-{name}", head.replace(b"|", end), half_close=True))
        parts = head.split(b"|")
        for position in range(3):
            ends = [b"\r\n"] * 4
            ends[position] = end
            data = b"".join(part + e for part, e in zip(parts, ends))
            cases.append(Hostile(f"line-end-{position}-{name}", data + b"\r\n", half_close=True))
    for name, value in [("cr", b"a\rb"), ("lf", b"a\nb"), ("cr-cl", b"a\rContent-Length: 5"),
                        ("lf-te", b"a\nTransfer-Encoding: chunked"), ("lf-end", b"a\n"),
                        ("lf-blank", b"a\n\nGET /hidden HTTP/1.1"), ("cr-end", b"a\r")]:
        cases.append(Hostile(f"value-with-{name}",
                             b"GET /p HTTP/1.1\r\nHost: example.com\r\nX-A: " + value + b"\r\n\r\n"))
    return cases


def fields() -> list[Hostile]:
    lines = [b"X-A : b", b"X-A\t: b", b" X-A: b", b"\tX-A: b", b"X A: b", b": b", b"X-A", b"X-A b",
             b"X-A\x00: b", b"X(A): b", b"X,A: b", b"X;A: b", b'X"A": b', b"X/A: b", b"X[A]: b",
             b"X\\A: b", b"X{A}: b", b"X=A: b", b"X@A: b", b"X?A: b", b"X<A>: b", b"X\x7fA: b",
             b"X\x80A: b", b"X\xc3\xa9: b", b"=", b"\x00", b"\x01: b", b"X-A: b\r\n c", b"X-A: b\r\n\tc",
             b"X-A:\r\n b", b"X-A: b\r\n ", b" folded first", b"X-A: b\r\n \r\n c"]
    return [Hostile(f"field-{line!r}", b"GET /p HTTP/1.1\r\nHost: example.com\r\n" + line + b"\r\n\r\n")
            for line in lines]


def controls() -> list[Hostile]:
    cases = []
    for byte in [*range(0, 9), 11, 12, *range(14, 32), 127]:
        value = b"a" + bytes([byte]) + b"b"
        cases.append(Hostile(f"value-control-{byte:02x}",
                             b"GET /p HTTP/1.1\r\nHost: example.com\r\nX-A: " + value + b"\r\n\r\n"))
    for byte in (0, 1, 9, 11, 12, 13, 27, 127, 128, 255):
        cases.append(Hostile(f"target-control-{byte:02x}",
                             b"GET /a" + bytes([byte]) + b"b HTTP/1.1\r\nHost: example.com\r\n\r\n"))
        cases.append(Hostile(f"method-control-{byte:02x}",
                             b"GE" + bytes([byte]) + b"T / HTTP/1.1\r\nHost: example.com\r\n\r\n"))
    return cases


def chunks() -> list[Hostile]:
    sizes = [b"+5", b"-5", b"0x5", b"0X5", b"5 ", b" 5", b"\t5", b"5\t", b"5h", b"g", b"", b"5;;",
             b"5\x00", b"\x005", b"5_", b"0_5", b"5.0", b"5,5", b"ffffffffffffffff",
             b"10000000000000005", b"fffffffffffffffff", b"100000000000000000000000000000005",
             b"7fffffffffffffff", b"8000000000000000", b"-0", b"+0", b"5\x0b", b"\xd9\xa5", b"5\xa0",
             b"5:", b"5=", b"'5'", b'"5"', b"0o5", b"5\x7f", b"#5", b"5#"]
    cases = [Hostile(f"chunk-size-{size!r}", CHUNKED + size + b"\r\nhello\r\n0\r\n\r\n" + HIDDEN,
                     (400, 413)) for size in sizes]
    bodies = {
        "size-lf": b"5\nhello\r\n0\r\n\r\n", "size-cr": b"5\rhello\r\n0\r\n\r\n",
        "size-crcrlf": b"5\r\r\nhello\r\n0\r\n\r\n", "data-lf": b"5\r\nhello\n0\r\n\r\n",
        "data-none": b"5\r\nhello0\r\n\r\n", "data-cr": b"5\r\nhello\r0\r\n\r\n",
        "data-longer": b"5\r\nhello!\r\n0\r\n\r\n", "data-shorter": b"5\r\nhell\r\n0\r\n\r\n",
        "data-two": b"5\r\nhello\r\n\r\n0\r\n\r\n", "last-lf": b"5\r\nhello\r\n0\n\r\n",
        "last-lf-lf": b"5\r\nhello\r\n0\n\n", "end-lf": b"5\r\nhello\r\n0\r\n\n",
        "last-cr": b"5\r\nhello\r\n0\r\r\n", "zeros-lf": b"000\n\r\n" + HIDDEN,
        "ext-lf": b"5;a=b\nhello\r\n0\r\n\r\n", "ext-cr": b"5;a=b\rc\r\nhello\r\n0\r\n\r\n",
        "ext-lf-hidden": b"2;\nxx\r\n4b\r\nhello", "last-ext-lf": b"0;a\n\r\n" + HIDDEN,
    }
    cases += [Hostile(f"chunk-{name}", CHUNKED + body) for name, body in bodies.items()]
    for name, body in {"cut-size": b"5", "cut-data": b"5\r\nhel", "cut-last": b"5\r\nhello\r\n0",
                       "cut-end": b"0\r\n", "cut-end-cr": b"0\r\n\r", "cut-trailer": b"0\r\nX-A: b\r\n",
                       "nothing": b""}.items():
        cases.append(Hostile(f"chunk-{name}", CHUNKED + body, (400, 408), half_close=True))
    return cases


def extensions() -> list[Hostile]:
    values = [b";", b"; ", b";;", b";=", b";=a", b"; =a", b";a=", b';a="', b';a="b', b";a\x00",
              b";a=\x01", b";a\x7f", b";a=b;", b' ;a', b";\xff", b";a=\xff", b";a b", b";a=b c",
              b';a="\x00"', b';a="b"c', b";(a)", b";a=(b)"]
    cases = [Hostile(f"extension-{value!r}", CHUNKED + b"5" + value + b"\r\nhello\r\n0\r\n\r\n")
             for value in values]
    cases.append(Hostile("extension-huge", CHUNKED + b"5;a=" + b"b" * 70_000 + b"\r\nhello\r\n0\r\n\r\n",
                         (400, 413, 431)))
    return cases


def trailers() -> list[Hostile]:
    lines = [b"Content-Length: 99", b"content-length: 0", b"Transfer-Encoding: chunked", b"Host: evil.example",
             b"X-A : b", b" X-A: b", b"X-A", b": b", b"X-A: b\r\n c", b"X-A: a\nb", b"X-A: a\rb",
             b"X-A: \x00", b"X A: b", b"X-\xff: b", b"GET /hidden HTTP/1.1", b"X-A: b\nX-B: c",
             b"X-A\x00: b", b"\x00"]
    cases = [Hostile(f"trailer-{line!r}", CHUNKED + b"5\r\nhello\r\n0\r\n" + line + b"\r\n\r\n")
             for line in lines]
    cases.append(Hostile("trailer-huge", CHUNKED + b"0\r\nX-A: " + b"b" * 70_000 + b"\r\n\r\n", (400, 413, 431)))
    cases.append(Hostile("trailers-many", CHUNKED + b"0\r\n" + b"X-A: b\r\n" * 5_000 + b"\r\n", (400, 413, 431)))
    return cases


def hosts() -> list[Hostile]:
    values = [b"user@example.com", b"user:pw@example.com", b"example.com/", b"example.com/path",
              b"exa mple.com", b"example.com,evil.com", b"example.com, evil.com", b"http://example.com",
              b"example.com:", b"example.com:x", b"example.com:80:80", b"example.com:99999",
              b"example.com:-1", b"[::1", b"::1]", b"[::1]x", b"[:::1]", b"[zz::1]", b"exam\\ple.com",
              b"example.com?x", b"example.com#x", b"ex%61mple.com", b"example\x00.com", b"\xc3\xa9.com",
              b"example.com:8 0", b"<example.com>", b"example.com\x7f", b'"example.com"']
    cases = [Hostile(f"host-{value!r}", b"GET /p HTTP/1.1\r\nHost: " + value + b"\r\n\r\n")
             for value in values]
    twice = [b"Host: example.com\r\nHost: evil.example", b"Host: example.com\r\nHost: example.com",
             b"Host: example.com\r\nhost: x", b"Host: \r\nHost: example.com", b"X-A: b"]
    cases += [Hostile(f"hosts-{i}", b"GET /p HTTP/1.1\r\n" + lines + b"\r\n\r\n")
              for i, lines in enumerate(twice)]
    return cases


def targets() -> list[Hostile]:
    same_host = [b"/a#b", b"/#", b"/\xc3\xa9", b"/\xff", b"*", b"", b"a", b"a/b", b"example.com:80", b"?x",
                 b"../a", b"/%", b"/%2", b"/%zz", b"/a%", b"/a\\b", b"/<a>", b'/"a"', b"/{a}",
                 b"/a|b", b"/a^b", b"/a`b", b"/%c0%af", b"/%c0%ae%c0%ae/x", b"/%e0%80%af", b"/%00",
                 b"/a%00b", b"/%2e%2e/%2e%2e/x", b"/../x", b"/a?b#c", b"/a?\xff", b"/a?%zz",
                 b"http:/a", b"http:///a", b"http://", b"ftp://example.com/", b"://example.com/",
                 b"http://user@example.com/", b"http://u:p@example.com/", b"http://example.com:x/",
                 b"http://evil.example/", b"http://evil.example/x", b"http://example.com@evil.example/",
                 b"http://example.com:81/", b"http://example.com%2f@x/", b"http://example.com\\@x/",
                 b"http://example.com#/x", b"http://exa mple.com/", b"javascript:x", b"file:///etc/passwd"]
    return [Hostile(f"target-{target!r}",
                    b"GET " + target + b" HTTP/1.1\r\nHost: example.com\r\n\r\n") for target in same_host]


def request_lines() -> list[Hostile]:
    lines = [b"GET  / HTTP/1.1", b"GET /  HTTP/1.1", b"GET\t/ HTTP/1.1", b"GET /\tHTTP/1.1", b" GET / HTTP/1.1",
             b"GET / HTTP/1.1 ", b"GET / HTTP/1.1 x", b"GET /", b"GET", b"GET / ", b"GET / x HTTP/1.1",
             b"GET / http/1.1", b"GET / Http/1.1", b"GET / HTTP/1", b"GET / HTTP/1.", b"GET / HTTP/.1",
             b"GET / HTTP/11", b"GET / HTTP/1.10", b"GET / HTTP/01.1", b"GET / HTTP/1.01", b"GET / HTTP/1,1",
             b"GET / HTTP/1.1\x00", b"GET / HTTP /1.1", b"GET / HTTP/ 1.1", b"GET / FTP/1.1", b"GET / HTTPS/1.1",
             b"GET / HTTP/+1.1", b"GET / HTTP/1.x", b"GE(T / HTTP/1.1", b"G\xc3\x89T / HTTP/1.1", b"/ HTTP/1.1",
             b"GET: / HTTP/1.1", b"GET,/ HTTP/1.1", b"\"GET\" / HTTP/1.1", b"GET\x0b/ HTTP/1.1", b"GET\x0c/ HTTP/1.1",
             b"GET\xa0/ HTTP/1.1", b"HTTP/1.1 200 OK", b"GET / HTTP/1.1\x0b"]
    cases = [Hostile(f"line-{line!r}", line + b"\r\nHost: example.com\r\n\r\n", half_close=True)
             for line in lines]
    versions = [b"GET / HTTP/0.9", b"GET / HTTP/2.0", b"GET / HTTP/3.0", b"GET / HTTP/1.2", b"GET / HTTP/9.9",
                b"GET / HTTP/2", b"GET / HTTP/0.0"]
    cases += [Hostile(f"line-{line!r}", line + b"\r\nHost: example.com\r\n\r\n", (400, 505))
              for line in versions]
    return cases


def prefixes() -> list[Hostile]:
    good = b"GET /p HTTP/1.1\r\nHost: example.com\r\n\r\n"
    found = {"space": b" ", "tab": b"\t", "nul": b"\x00", "bom": b"\xef\xbb\xbf", "text": b"x\r\n",
             "vt": b"\x0b", "cr": b"\r", "colon": b":\r\n", "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
             "crlf-space": b"\r\n ", "proxy": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n"}
    return [Hostile(f"prefix-{name}", data + good, half_close=True) for name, data in found.items()]
