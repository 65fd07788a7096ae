"""`validate`: what a request has to look like, over both protocols."""
from __future__ import annotations

import json

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command

SCHEMA = {
    "$id": "order.json",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "price": {"multipleOf": 0.01, "minimum": 0},
        "customer": {"$ref": "common.json#/$defs/customer"},
        "lines": {"type": "array", "minItems": 1, "items": {
            "type": "object", "required": ["sku", "count"],
            "properties": {"sku": {"pattern": "^[A-Z]{3}-[0-9]+$"},
                           "count": {"type": "integer", "minimum": 1}}}},
    },
    "required": ["id", "lines"],
    "unevaluatedProperties": False,
}
COMMON = {"$defs": {"customer": {"type": "string", "maxLength": 20}}}
ORDER = {"id": "2eb8aa08-aa98-11ea-b4aa-73b441d16380", "price": 19.99,
         "lines": [{"sku": "ABC-1", "count": 2}]}

CONFIG = """
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {{ endpoints: {url} }} }}
routes:
  - name: orders
    match: {{ path: /orders }}
    upstream: echo
    validate:
      methods: [POST, PUT]
      headers:
        x-tenant: {{ required: true, pattern: "^[a-z]+$", max-length: 10 }}
      query:
        parameters:
          limit: {{ type: integer, minimum: 1, maximum: 100 }}
          tag: {{ repeatable: true, one-of: [a, b c] }}
      body:
        schema: file:order.json
        references: file:common.json
        json: {{ max-depth: 5, max-nodes: 200, max-members: 20 }}
        max-size: 10KiB
  - name: reported
    match: {{ path: /reported }}
    upstream: echo
    validate:
      action: report
      body: {{ schema: {{ type: object, required: [a] }} }}
  - name: plain-status
    match: {{ path: /status }}
    upstream: echo
    validate: {{ body: {{ status: 400, schema: {{ type: array }} }} }}
  - name: documents
    match: {{ path: /documents }}
    upstream: echo
    validate:
      content-types: [application/xml, text/xml]
      body: {{ xml: {{ max-depth: 4, max-nodes: 20, max-members: 3 }} }}
  - name: bounded
    match: {{ path: /bounded }}
    upstream: echo
    validate: {{ body: {{ json: {{ max-depth: 3 }} }} }}
  - name: open
    match: {{ path: /open }}
    upstream: echo
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo, tmp_path_factory) -> Martlet:
    folder = tmp_path_factory.mktemp("schemas")
    (folder / "order.json").write_text(json.dumps(SCHEMA))
    (folder / "common.json").write_text(json.dumps(COMMON))
    file = folder / "martlet.yaml"
    file.write_text(CONFIG.format(url=echo.url) + "\nadmin: 127.0.0.1:0\n")
    return start_shared("", file=file)


def post(martlet, target="/orders", body=None, method="POST", **headers):
    fields = {"X-Tenant": "acme", "Content-Type": "application/json"}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    fields = {name: value for name, value in fields.items() if value is not None}
    data = json.dumps(ORDER if body is None else body).encode() if not isinstance(body, bytes) else body
    return martlet.get(target, method=method, body=data, headers=fields)


def problem(answer, status):
    assert answer.status == status, (answer.start_line, answer.body)
    assert answer.value("content-type") == b"application/problem+json"
    found = json.loads(answer.body)
    assert found["code"] == "request_invalid" and found["status"] == status
    return found["errors"]


def test_a_good_request_reaches_the_upstream_unchanged(martlet):
    seen = Echo(post(martlet, "/orders?limit=5&tag=a&tag=b+c"))
    assert seen.body_length == len(json.dumps(ORDER))
    assert seen.target == "/orders?limit=5&tag=a&tag=b+c"


def test_each_error_of_a_body_has_its_pointer(martlet):
    body = {"id": "x", "price": 0.001, "customer": "c" * 21, "more": 1,
            "lines": [{"sku": "ABC-1", "count": 0}, {"sku": "abc"}]}
    errors = problem(post(martlet, body=body), 422)
    assert {(error["pointer"], error["detail"]) for error in errors} == {
        ("#/id", "must be of the format uuid"), ("#/price", "must be a multiple of 0.01"),
        ("#/customer", "must have at most 20 characters"), ("#/more", "is not known"),
        ("#/lines/0/count", "must be at least 1"), ("#/lines/1/sku", "must match the pattern"),
        ("#/lines/1", "must have the member count")}


def test_nothing_of_the_body_comes_back(martlet):
    answer = post(martlet, body={"id": "<script>secret</script>", "lines": "secret"})
    problem(answer, 422)
    assert b"secret" not in answer.body


@pytest.mark.parametrize("body, detail", [
    (b'{"id":', "ends too early"), (b'{"id":1,"id":2}', "stands twice"), (b"\xff", "expected here"),
    (b"[" * 6 + b"]" * 6, "nested too deeply"), (b"[" + b"1," * 300 + b"1]", "too many values"),
    (json.dumps({str(i): 1 for i in range(21)}).encode(), "too many keys"),
])
def test_bodies_that_are_no_json_or_too_much(martlet, body, detail):
    errors = problem(post(martlet, body=body), 400)
    assert detail in errors[0]["detail"]


def test_sizes(martlet):
    assert post(martlet, body=b" " * 10_241).status == 413
    chunked = (request_bytes("POST", "/orders", {
        "X-Tenant": "acme", "Content-Type": "application/json", "Transfer-Encoding": "chunked"})
        + b"2801\r\n" + b" " * 10_241 + b"\r\n0\r\n\r\n")
    with martlet.connect() as client:
        assert client.exchange(chunked).status == 413


def test_methods(martlet):
    answer = post(martlet, method="PATCH")
    problem(answer, 405)
    assert answer.value("allow") == b"POST, PUT"


def test_where_get_is_head_is_too(start, echo):
    martlet = start(f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
routes: [{{ upstream: echo, validate: {{ methods: [GET] }} }}]
""")
    assert martlet.get("/", method="HEAD").status == 200
    assert martlet.get("/", method="DELETE").value("allow") == b"GET, HEAD"


@pytest.mark.parametrize("kind", ["text/plain", "application/jsonx", None,
                                  "application/json, text/plain"])
def test_content_types(martlet, kind):
    answer = post(martlet, Content_Type=kind)
    assert problem(answer, 415)[0]["header"] == "content-type"
    assert b"application/json" in answer.value("accept")
    assert post(martlet, Content_Type="Application/Problem+JSON; charset=utf-8").status == 200


@pytest.mark.parametrize("kind", ["application/json; charset=utf-16", "application/json; charset=utf-7",
                                  "application/json; a=b, text/plain", "application/grpc"])
def test_types_that_say_two_things(martlet, kind):
    assert problem(post(martlet, Content_Type=kind), 415)[0]["header"] == "content-type"


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded",
                                  "application/grpc", "text/json"])
def test_bounds_hold_whatever_a_body_is_called(martlet, kind):
    headers = {"Content-Type": kind} if kind else {}
    answer = martlet.get("/bounded", method="POST", body=b"[" * 10 + b"]" * 10, headers=headers)
    assert "nested too deeply" in problem(answer, 400)[0]["detail"]
    form = martlet.get("/bounded", method="POST", body=b"a=b&c=%5B", headers=headers)
    assert form.status == (400 if kind == "text/json" else 200)


def test_a_rule_sees_no_trailers_so_none_pass(martlet):
    data = request_bytes("POST", "/bounded", {"Transfer-Encoding": "chunked", "Trailer": "X-Tenant"})
    with martlet.connect() as client:
        seen = Echo(client.exchange(data + b"2\r\nab\r\n0\r\nX-Tenant: EVIL\r\n\r\n"))
    assert seen.trailers == []


def test_an_encoded_body_is_not_taken(martlet):
    assert "Content-Encoding" in problem(post(martlet, Content_Encoding="gzip"), 415)[0]["detail"]
    assert post(martlet, Content_Encoding="identity").status == 200


@pytest.mark.parametrize("value, detail", [
    (None, "must be there"), ("ACME", "must match the pattern"), ("a" * 11, "at most 10 bytes"),
])
def test_headers(martlet, value, detail):
    errors = problem(post(martlet, X_Tenant=value), 400)
    assert errors[0]["header"] == "x-tenant" and detail in errors[0]["detail"]


@pytest.mark.parametrize("query, parameter, detail", [
    ("limit=0", "limit", "at least 1"), ("limit=101", "limit", "at most 100"),
    ("limit=1.5", "limit", "whole number"), ("limit=ten", "limit", "whole number"),
    ("limit=1&limit=2", "limit", "only once"), ("%6Cimit=0", "limit", "at least 1"),
    ("tag=c", "tag", "allowed values"), ("debug=1", "debug", "not known"),
    ("a%3Cb=1", "a<b", "not known"), ("limit=", "limit", "whole number"),
])
def test_queries(martlet, query, parameter, detail):
    errors = problem(post(martlet, "/orders?" + query), 400)
    assert errors[0]["parameter"] == parameter and detail in errors[0]["detail"]


def test_a_missing_body(martlet):
    answer = martlet.get("/orders", method="POST", headers={"X-Tenant": "acme"})
    assert problem(answer, 400)[0]["detail"] == "a body must be there"


def test_head_errors_come_before_the_body(martlet):
    """The client that asks is not told to send what will not be taken."""
    with martlet.connect() as client:
        client.send(request_bytes("POST", "/orders", {
            "Content-Type": "application/json", "Content-Length": "500", "Expect": "100-continue"}))
        answer = client.response()
    assert answer.interim == []
    problem(answer, 400)


def test_report_lets_the_request_go_on(martlet):
    assert Echo(post(martlet, "/reported", body={"b": 1})).body_length == 8
    line = martlet.exchange(route="reported", finding="request-validation")
    assert line["finding_action"] == "reported" and line["status"] == 200
    assert martlet.metric(
        "martlet_findings_total", kind="request-validation", action="reported") >= 1


def test_the_status_of_a_schema_can_be_400(martlet):
    problem(post(martlet, "/status", body={}), 400)


XML_CASES = [
    ("<a><b c='1'>x &amp; y</b></a>", None), ("<a/>", None), ("<?xml version='1.0'?><a></a>", None),
    ("<a><b></a></b>", "well-formed"), ("<a>", "well-formed"), ("", None),
    ("<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "document type"), ("<a>&x;</a>", "entities"),
    ("<a><a><a><a><a/></a></a></a></a>", "too deeply"), ("<a>" + "<b/>" * 30 + "</a>", "too many"),
    ("<a b='1' c='2' d='3' e='4'/>", "too many attributes"), ("<a/><b/>", "well-formed"),
]


@pytest.mark.parametrize("text, detail", XML_CASES)
def test_xml(martlet, text, detail):
    answer = martlet.get("/documents", method="POST", body=text.encode(),
                         headers={"Content-Type": "application/xml"})
    if detail is None and text:
        assert answer.status == 200, answer.body
    else:
        errors = problem(answer, 400)
        assert (detail or "body must be there") in errors[0]["detail"]


def test_http2(martlet):
    with Http2Client(martlet.address()) as client:
        fields = [(b"x-tenant", b"acme"), (b"content-type", b"application/json")]
        for body, status in ((json.dumps(ORDER).encode(), 200), (b"{}", 422), (b"{", 400)):
            stream = client.begin("POST", "/orders", *fields)
            client.send_body(stream, body)
            assert client.response(stream).status == status


def test_the_log_and_the_metrics_say_why(martlet):
    problem(post(martlet, body={}), 422)
    line = martlet.exchange(route="orders", status=422)
    assert (line["error"], line["finding"], line["finding_action"]) == (
        "request_invalid", "request-validation", "blocked")


def test_explain_shows_the_decision(martlet):
    found = run_command("explain", "-c", str(martlet.file), "GET", "/orders?debug=1")
    assert found.returncode == 0, found.stderr
    assert "request-validation: answers the request" in found.stdout
    assert "405" in found.stdout


def test_explain_tells_that_the_body_would_be_looked_at(martlet):
    found = run_command(
        "explain", "-c", str(martlet.file), "POST", "/orders", "-H", "X-Tenant: a",
        "-H", "Content-Type: application/json", "-H", "Content-Length: 10")
    assert found.returncode == 0, found.stderr
    assert "waits for the whole body and looks at it" in found.stdout


def test_mistakes_in_schemas_are_told_with_their_place(tmp_path):
    file = tmp_path / "martlet.yaml"
    (tmp_path / "bad.json").write_text('{"properties": {"a": {"pattern": "("}, "b": {"$ref": "x"}}}')
    file.write_text("""
listeners: { public: 127.0.0.1:0 }
routes:
  - match: { path: /a }
    respond: 204
    validate: { body: { schema: file:bad.json } }
""")
    found = run_command("validate", "-c", str(file))
    assert found.returncode == 2
    text = found.stdout + found.stderr
    assert "`/properties/a/pattern`" in text and "`/properties/b`" in text
    assert "nothing is fetched" in text
