"""`inspect` and `bots`: attacks and unwanted programs, over both protocols."""
from __future__ import annotations

import json
import urllib.parse

import pytest

from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command

CONFIG = """
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {{ endpoints: {url} }} }}
routes:
  - name: guarded
    match: {{ prefix: /guarded }}
    upstream: echo
    inspect:
      exceptions:
        - {{ parameter: comment, part: json, rules: [sql-statement, xss-tag],
             until: 2999-12-31, reason: people write about code here }}
        - {{ parameter: old, part: json, rules: [xss-tag], until: 2020-01-01,
             reason: an editor that is gone }}
  - name: watched
    match: {{ prefix: /watched }}
    upstream: echo
    inspect: report
    bots: report
  - name: heads
    match: {{ prefix: /heads }}
    upstream: echo
    inspect: {{ body: false }}
  - name: people
    match: {{ prefix: /people }}
    upstream: echo
    bots: {{ deny: [BadBot], allow: [goodbot] }}
"""

SQL = "1' UNION SELECT name, password FROM users--"
XSS = "<script>alert(document.cookie)</script>"
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0", "Accept": "*/*",
           "Accept-Language": "en", "Accept-Encoding": "gzip"}


SQL_JSON = json.dumps({"a": SQL}).encode()


@pytest.mark.parametrize("headers", [
    [("Content-Type", "application/grpc")], [("Content-Type", "application/grpc+json")],
    [("Content-Type", "application/grpc-web+proto")], [("Content-Type", "application/grpc-web-text")],
    [("Content-Type", "application/grpc"), ("Content-Type", "application/json")],
])
def test_no_type_that_a_client_chooses_hides_a_body(martlet, headers):
    """There is no gRPC towards HTTP/1.1, so that a body is looked at as any other."""
    assert martlet.get("/guarded", method="POST", body=SQL_JSON, headers=headers).status == 403
    with Http2Client(martlet.address()) as client:
        fields = [(name.lower().encode(), value.encode()) for name, value in headers]
        stream = client.begin("POST", "/guarded", *fields)
        client.send_body(stream, SQL_JSON)
        assert client.response(stream).status == 403


def test_base64_of_grpc_web_stays_what_it_is_towards_http1(martlet):
    seen = Echo(martlet.get("/guarded", method="POST", body=b"aGVsbG8=",
                            headers={"Content-Type": "application/grpc-web-text"}))
    assert seen.body_length == 8


def test_trailers_are_not_let_through_unseen(martlet):
    from harness.client import request_bytes
    data = request_bytes("POST", "/guarded", {"Content-Type": "text/plain", "Transfer-Encoding": "chunked"})
    with martlet.connect() as client:
        seen = Echo(client.exchange(data + b"2\r\nab\r\n0\r\nX-Q: " + SQL.encode() + b"\r\n\r\n"))
    assert seen.trailers == []


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(CONFIG.format(url=echo.url))


def quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def multipart(name: str, value: str) -> bytes:
    return (f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n--b--\r\n').encode()


ATTACKS = [
    ("query", "GET", "/guarded?q=" + quoted(SQL), {}, b""),
    ("path", "GET", "/guarded/" + quoted("<img src=x onerror=alert(1)>"), {}, b""),
    ("traversal", "GET", "/guarded?file=..%2f..%2f..%2fetc%2fpasswd", {}, b""),
    ("header", "GET", "/guarded", {"X-Search": XSS}, b""),
    ("cookie", "GET", "/guarded", {"Cookie": "a=" + quoted(SQL)}, b""),
    ("json", "POST", "/guarded", {"Content-Type": "application/json"},
     json.dumps({"a": [{"b": SQL}]}).encode()),
    ("form", "POST", "/guarded", {"Content-Type": "application/x-www-form-urlencoded"},
     b"a=1&b=" + quoted(XSS).encode()),
    ("multipart", "POST", "/guarded", {"Content-Type": "multipart/form-data; boundary=b"},
     multipart("a", SQL)),
    ("xml", "POST", "/guarded", {"Content-Type": "application/xml"},
     f"<a><b>{SQL}</b></a>".encode()),
    ("long", "POST", "/guarded", {"Content-Type": "application/json"},
     json.dumps({"a": "x " * 100_000 + SQL}).encode()),
]


@pytest.mark.parametrize("where, method, target, headers, body", ATTACKS,
                         ids=[attack[0] for attack in ATTACKS])
def test_attacks_are_refused_wherever_they_stand(martlet, where, method, target, headers, body):
    answer = martlet.get(target, method=method, body=body or None, headers=headers)
    assert answer.status == 403, answer.body
    found = json.loads(answer.body)
    assert found["code"] == "request_denied"
    # Nothing tells what was found.
    assert set(found) == {"type", "title", "status", "detail", "code", "instance"}
    assert b"sql" not in answer.body.lower() and b"score" not in answer.body
    assert b"http_request_denied" in answer.value("proxy-status")


def test_http2(martlet):
    with Http2Client(martlet.address()) as client:
        for _, method, target, headers, body in ATTACKS:
            fields = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
            stream = client.begin(method, target, *fields, end=not body)
            if body:
                client.send_body(stream, body)
            assert client.response(stream).status == 403, target


def test_ordinary_requests_pass(martlet):
    body = json.dumps({"name": "O'Brien & Sons", "note": "select a table, or drop in",
                       "lines": [{"sku": f"A-{i}", "count": i} for i in range(500)]}).encode()
    seen = Echo(martlet.get("/guarded?sort=-date&filter=a+or+b", method="POST", body=body,
                            headers={"Content-Type": "application/json", **BROWSER}))
    assert seen.body_length == len(body)


def test_an_exception_holds_for_its_parameter_until_its_end(martlet):
    def status(name: str) -> int:
        body = json.dumps({name: "<script src=x></script>"}).encode()
        return martlet.get("/guarded", method="POST", body=body,
                           headers={"Content-Type": "application/json"}).status

    assert status("comment") == 200
    assert status("other") == 403
    assert status("old") == 403


def test_the_log_and_the_metrics_say_what_was_found(martlet):
    before = martlet.metric("martlet_findings_total", kind="sql-injection", action="blocked")
    assert martlet.get("/guarded/logged?q=" + quoted(SQL)).status == 403
    line = martlet.exchange(path="/guarded/logged")
    assert (line["error"], line["finding_action"]) == ("request_denied", "blocked")
    assert line["finding"].startswith("sql-") and line["finding_score"] >= 5
    assert martlet.metric(
        "martlet_findings_total", kind="sql-injection", action="blocked") == before + 1


def test_report_lets_the_request_go_on(martlet):
    answer = martlet.get("/watched/a?q=" + quoted(SQL), headers=BROWSER)
    assert answer.status == 200
    line = martlet.exchange(path="/watched/a")
    assert line["finding_action"] == "reported" and line["finding"].startswith("sql-")
    assert "error" not in line


def test_an_encoded_body_cannot_be_looked_at(martlet):
    answer = martlet.get("/guarded", method="POST", body=b"\x1f\x8b",
                         headers={"Content-Encoding": "gzip", "Content-Type": "application/json"})
    assert answer.status == 415
    assert json.loads(answer.body)["code"] == "encoding_not_supported"


def test_bodies_can_be_left_out(martlet):
    body = json.dumps({"a": SQL}).encode()
    assert martlet.get("/heads", method="POST", body=body,
                       headers={"Content-Type": "application/json"}).status == 200
    assert martlet.get("/heads?a=" + quoted(SQL)).status == 403


@pytest.mark.parametrize("headers, status", [
    (BROWSER, 200), ({"User-Agent": "curl/8.0", "Accept": "*/*"}, 200),
    ({"User-Agent": "sqlmap/1.7", "Accept": "*/*"}, 403), ({"User-Agent": "BadBot/2", **{"Accept": "*/*"}}, 403),
    ({"User-Agent": "sqlmap goodbot/1"}, 200), ({}, 403),
    ({"User-Agent": "GPTBot/1.0", "Accept": "*/*"}, 403),
])
def test_bots(martlet, headers, status):
    from harness.client import request_bytes
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    with martlet.connect() as client:
        answer = client.exchange(f"GET /people HTTP/1.1\r\nHost: a\r\n{fields}\r\n".encode())
    assert answer.status == status, answer.body


def test_bots_are_logged_with_their_sign(martlet):
    with martlet.connect() as client:
        client.exchange(b"GET /people/log HTTP/1.1\r\nHost: a\r\nAccept: */*\r\nUser-Agent: nikto\r\n\r\n")
    line = martlet.exchange(path="/people/log")
    assert (line["finding"], line["finding_action"]) == ("scanner", "blocked")
    assert martlet.metric("martlet_findings_total", kind="bot", action="blocked") >= 1


def test_explain_shows_the_decision(martlet):
    found = run_command("explain", "-c", str(martlet.file), "GET", "/guarded?q=" + quoted(SQL))
    assert found.returncode == 0, found.stderr
    assert "injection-filter: answers the request" in found.stdout


def test_validate_tells_of_rules_that_there_are_not(tmp_path):
    file = tmp_path / "martlet.yaml"
    file.write_text("""
listeners: { public: 127.0.0.1:0 }
routes:
  - match: { path: /a }
    respond: 204
    inspect:
      exceptions:
        - { parameter: a, rules: [sql-unoin], reason: a mistake }
""")
    found = run_command("validate", "-c", str(file))
    text = found.stdout + found.stderr
    assert found.returncode == 2 and "there is no rule `sql-unoin`" in text
    assert "this exception never ends" in text
