"""Header compression (RFC 7541) as a server meets it: what is wrong ends the connection, and what
is unusual gives the right fields.
"""
from __future__ import annotations

import pytest

from harness import http2 as h2
from harness.echo_backend import Echo
from harness.http2 import (
    COMPRESSION_ERROR, headers, huffman, indexed, integer, literal, string, table_size)
from harness.http2_cases import OK, Case, Server, closes, nothing
from harness.http2_client import Http2Client
from harness.martlet import simple_config

GET = h2.request("GET", "/small?bytes=100")
# The first entry of the dynamic table (§2.3.3).
NEWEST = 62
WRONG = closes(COMPRESSION_ERROR)


def wrong(section: str, name: str, block: bytes) -> Case:
    return Case(section, name, nothing, headers(1, block), WRONG)


def right(section: str, name: str, block: bytes) -> Case:
    return Case(section, name, nothing, headers(1, block), OK)


def coded(raw: bytes) -> bytes:
    """A string that says it is Huffman-coded."""
    return integer(len(raw), 7, 0x80) + raw


def with_value(raw: bytes) -> bytes:
    return GET + b"\0" + string("x-a") + raw


def with_name(raw: bytes) -> bytes:
    return GET + b"\0" + raw + string("b")


EOS = b"\xff\xff\xff\xfc"  # thirty bits of ones, then padding that would be short enough
CASES = [
    wrong("2.3.3", "index 0", GET + indexed(0)),
    wrong("2.3.3", "index behind both tables", GET + indexed(NEWEST)),
    wrong("2.3.3", "largest index", GET + indexed(2 ** 31)),
    wrong("2.3.3", "name index behind both tables", GET + literal(NEWEST, "b")),
    wrong("2.3.3", "name index behind both tables, to be indexed", GET + literal(70, "b", "indexed")),
    wrong("2.3.3", "name index behind both tables, never indexed", GET + literal(99, "b", "never")),
    wrong("4.4", "entry larger than the table empties it", literal("x-a", "b", "indexed")
          + literal("x-big", "v" * 4096, "indexed") + GET + indexed(NEWEST)),
    wrong("4.3", "evicted by a smaller table", GET + literal("x-a", "b", "indexed") + indexed(NEWEST + 1)),
    wrong("4.2", "table size above the limit", table_size(4097) + GET),
    wrong("4.2", "largest table size", table_size(2 ** 32 - 1) + GET),
    wrong("4.2", "table size after a field", GET + table_size(0)),
    wrong("4.2", "table size between fields", GET + table_size(100) + literal("a", "b")),
    wrong("5.1", "integer without an end", GET + b"\xff"),
    wrong("5.1", "integer of too many bytes", GET + b"\xff" + b"\x80" * 20 + b"\1"),
    wrong("5.1", "integer that overflows 64 bits", GET + b"\xff" + b"\xff" * 9 + b"\x7f"),
    wrong("5.1", "length that overflows 64 bits", GET + b"\0\x7f" + b"\xff" * 9 + b"\x01x"),
    wrong("5.2", "name longer than the block", with_name(b"\x10abc")[:-2]),
    wrong("5.2", "value longer than the block", with_value(b"\x10abc")),
    wrong("5.2", "no value at all", with_value(b"")),
    wrong("5.2", "no name at all", GET + b"\0"),
    wrong("5.2", "length without an end", with_value(b"\x7f")),
    wrong("5.2", "padding of eight bits", with_value(coded(huffman(b"bbb") + b"\xff"))),
    wrong("5.2", "padding of two bytes", with_value(coded(huffman(b"bbb") + b"\xff\xff"))),
    wrong("5.2", "padding of zeros", with_value(coded(b"\x18"))),
    wrong("5.2", "padding that is not the beginning of EOS", with_value(coded(b"\x8c\x7e"))),
    wrong("5.2", "EOS in a value", with_value(coded(EOS))),
    wrong("5.2", "EOS behind a character", with_value(coded(b"\x1f\xff\xff\xff\xff"))),
    wrong("5.2", "EOS in a name", with_name(coded(EOS))),
    wrong("5.2", "padding of eight bits in a name", with_name(coded(huffman(b"abc") + b"\xff"))),
    wrong("6.1", "indexed field cut off", GET + b"\xff\x80"),
    right("4.2", "largest table size that is allowed", table_size(4096) + GET),
    right("4.2", "two table sizes", table_size(0) + table_size(4096) + GET),
    right("5.1", "integer with a needless zero", b"\x3f\xe1\x9f\x00" + GET),
    right("5.2", "empty value", GET + literal("x-a", "")),
    right("5.2", "empty Huffman-coded value", with_value(coded(b""))),
    right("5.2", "Huffman-coded names and values", b"".join(
        literal(name, value, huffman_coded=True)
        for name, value in h2.request_fields("GET", "/small?bytes=100"))),
    right("6.2.1", "indexed and used at once", GET + literal("x-a", "b", "indexed") + indexed(NEWEST)),
    right("6.2.1", "entry as large as the table", GET + literal("x-a", "v" * (4096 - 35), "indexed")
          + indexed(NEWEST)),
    right("6.2.3", "never indexed", GET + literal("authorization", "secret", "never")),
    right("6.1", "all from the static table", indexed(2) + indexed(6) + literal(4, "/small?bytes=100")
          + literal(1, "example.com")),
]


@pytest.fixture(scope="module")
def server(start_shared, echo) -> Server:
    return Server(start_shared(simple_config(echo.url)).address())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(server, case: Case):
    case.run(server)


BASE = h2.request("GET", "/echo")


def fields_of(client: Http2Client, block: bytes, size: int | None = None) -> Echo:
    """What arrives upstream of a request with that block."""
    stream = client.open_stream()
    client.send(h2.split_headers(stream, block, size) if size else headers(stream, block))
    answer = client.response(stream)
    assert answer.status == 200, answer
    return Echo(answer)


def test_entries_live_from_request_to_request(server):
    """§2.2, §2.3.2: the newest has the lowest index."""
    with Http2Client(server.address) as client:
        fields_of(client, BASE + literal("x-a", "1", "indexed") + literal("x-b", "2", "indexed"))
        echo = fields_of(client, BASE + indexed(NEWEST) + indexed(NEWEST + 1)
                         + literal(NEWEST + 1, "3"))
        assert echo.values("x-b") == ["2"] and echo.values("x-a") == ["1", "3"]


def test_entries_are_evicted_oldest_first(server):
    """§4.4: as many as must go for the new one, no more."""
    size = 1000 - 32 - 4
    with Http2Client(server.address) as client:
        for number in range(6):
            fields_of(client, BASE + literal(f"x-{number}a", f"{number}" * size, "indexed"))
        echo = fields_of(client, BASE + b"".join(indexed(NEWEST + i) for i in range(4)))
        assert [echo.value(f"x-{n}a") is not None for n in range(6)] == [False, False, *[True] * 4]
        client.send(headers(client.open_stream(), BASE + indexed(NEWEST + 4)))
        assert client.until_frame(h2.GOAWAY).code == COMPRESSION_ERROR


def test_a_smaller_table_evicts(server):
    """§4.3, §6.3: and what is larger than the table empties it."""
    with Http2Client(server.address) as client:
        fields_of(client, BASE + literal("x-a", "1", "indexed") + literal("x-b", "2", "indexed"))
        echo = fields_of(client, table_size(40) + BASE + indexed(NEWEST))
        assert echo.values("x-b") == ["2"]
        echo = fields_of(client, table_size(0) + table_size(4096) + BASE
                         + literal("x-c", "3", "indexed") + indexed(NEWEST))
        assert echo.values("x-c") == ["3", "3"]
        client.send(headers(client.open_stream(), BASE + indexed(NEWEST + 1)))
        assert client.until_frame(h2.GOAWAY).code == COMPRESSION_ERROR


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_block_may_be_cut_anywhere(start, echo, size):
    """RFC 9113 §4.3: representations, integers and strings lie across frames."""
    martlet = start(simple_config(echo.url, listener="""
limits: { http2: { max-continuations: 10000 } }"""))
    with Http2Client(martlet.address()) as client:
        block = BASE + literal("x-long", "v" * 300, "indexed", huffman_coded=True)
        assert fields_of(client, block, size).values("x-long") == ["v" * 300]
        assert fields_of(client, BASE + indexed(NEWEST)).values("x-long") == ["v" * 300]


def refused(client: Http2Client, block: bytes) -> int | None:
    stream = client.open_stream()
    client.send(headers(stream, block))
    answer = client.response(stream)
    return answer.reset if answer.reset is not None else answer.status


@pytest.mark.parametrize("how", ["malformed", "too large", "unknown route"])
def test_the_table_stays_in_step_with_what_is_refused(server, how):
    """RFC 9113 §8.1.1, §10.5.1: a block is decoded to its end, whatever becomes of its request."""
    entry = literal("x-kept", "1", "indexed")
    extra = {"malformed": literal("Upper", "x"), "too large": literal("x-big", "v" * 14_000) * 4,
             "unknown route": b""}[how]
    with Http2Client(server.address) as client:
        stream = client.open_stream()
        client.send(h2.split_headers(stream, BASE + extra + entry, 16_000))
        client.response(stream)
        assert fields_of(client, BASE + indexed(NEWEST)).values("x-kept") == ["1"]


def test_the_table_stays_in_step_with_trailers(server):
    with Http2Client(server.address) as client:
        stream = client.begin("POST", "/echo")
        client.send(h2.data(stream, b"x"), headers(stream, literal("x-sum", "1", "indexed")))
        trailers = Echo(client.response(stream)).trailers
        assert [(name.lower(), value) for name, value in trailers] == [("x-sum", "1")]
        assert fields_of(client, BASE + indexed(NEWEST)).values("x-sum") == ["1"]


@pytest.mark.parametrize("size", [0, 1, 64, 4096, 65_536])
def test_answers_keep_to_the_table_that_the_client_allows(server, size):
    """§4.2: the decoder of this client refuses what is above its limit."""
    with Http2Client(server.address, (h2.HEADER_TABLE_SIZE, size)) as client:
        client.decoder.max_allowed_table_size = size
        client.settled()
        for _ in range(5):
            assert client.fetch("/echo?status=200").status == 200


def test_every_byte_that_huffman_codes_know(server):
    """RFC 7541, appendix B: every octet that a value may hold."""
    value = bytes([*range(0x21, 0x7F), *range(0x80, 0x100)])
    with Http2Client(server.address) as client:
        for coded_or_not in (False, True):
            echo = fields_of(client, BASE + literal("x-a", value, huffman_coded=coded_or_not))
            assert echo.values("x-a") == [value.decode("latin-1")]
