"""Which route a request takes, and what is said when there is none."""
from __future__ import annotations

import json

import pytest

from harness.client import RawConnection
from harness.martlet import Martlet


def route(name: str, match: str, extra: str = "") -> str:
    return (f"  - name: {name}\n    match: {{ {match} }}\n"
            f"    respond: {{ status: 200, body: {name} }}\n{extra}")


CONFIG = "workers: 1\nlisteners:\n  public: 127.0.0.1:0\n  internal: 127.0.0.1:0\nroutes:\n" + "".join([
    route("exact", "path: /exact"),
    route("template", 'path: "/users/{id}"'),
    route("integer", 'path: "/users/{id:int}"'),
    route("uuid", 'path: "/users/{id:uuid}"'),
    route("literal", "path: /users/me"),
    route("rest", 'path: "/files/{rest*}"'),
    route("prefix", "prefix: /v1"),
    route("longer-prefix", "prefix: /v1/deep"),
    route("two-paths", "path: [/two, /deux]"),
    route("host", "host: api.example.com, path: /host"),
    route("wildcard", 'host: "*.example.com", path: /host'),
    route("deeper-wildcard", 'host: "*.eu.example.com", path: /host'),
    route("any-host", "path: /host"),
    route("get-only", "path: /methods, methods: GET"),
    route("post-only", "path: /methods, methods: [POST, PUT]"),
    route("header-equals", 'path: /h, headers: { x-v: "2" }'),
    route("header-list", "path: /h, headers: { x-v: [a, b] }"),
    route("header-prefix", "path: /h, headers: { x-v: { prefix: pre } }"),
    route("header-suffix", "path: /h, headers: { x-v: { suffix: fix } }"),
    route("header-contains", "path: /h, headers: { x-v: { contains: mid } }"),
    route("header-absent", "path: /h, headers: { x-v: { present: false } }"),
    route("query-equals", 'path: /q, query: { v: "a b" }'),
    route("query-present", "path: /q, query: { flag: { present: true } }"),
    route("cookie", 'path: /c, cookies: { beta: "1" }'),
    route("json", "path: /t, content-type: application/json"),
    route("text", 'path: /t, content-type: "text/*"'),
    route("urgent", "prefix: /urgent", "    priority: 10\n"),
    route("urgent-exact", "path: /urgent/x"),
    route("only-internal", "path: /internal", "    listeners: internal\n"),
])


@pytest.fixture(scope="module")
def martlet(start_shared) -> Martlet:
    return start_shared(CONFIG)


CASES = [
    ("GET", "/exact", {}, "exact"), ("GET", "/exact/", {}, 404), ("GET", "/Exact", {}, 404),
    ("GET", "/exact?x=1", {}, "exact"), ("GET", "/ex%61ct", {}, "exact"),
    ("GET", "//exact", {}, "exact"), ("GET", "/a/../exact", {}, "exact"),
    ("GET", "/users/abc", {}, "template"), ("GET", "/users/42", {}, "integer"),
    ("GET", "/users/me", {}, "literal"), ("GET", "/users/", {}, 404), ("GET", "/users", {}, 404),
    ("GET", "/users/9c5b94b1-35ad-49bb-b118-8e8fc24abf80", {}, "uuid"),
    ("GET", "/users/9c5b94b1-35ad-49bb-b118-8e8fc24abf8", {}, "template"),
    ("GET", "/users/12345678901234567890", {}, "template"), ("GET", "/users/-1", {}, "template"),
    ("GET", "/users/1/2", {}, 404),
    ("GET", "/files/", {}, "rest"), ("GET", "/files/a/b", {}, "rest"), ("GET", "/files", {}, 404),
    ("GET", "/v1", {}, "prefix"), ("GET", "/v1/", {}, "prefix"), ("GET", "/v1/x", {}, "prefix"),
    ("GET", "/v10", {}, 404), ("GET", "/v1/deep/x", {}, "longer-prefix"),
    ("GET", "/v1/deeper", {}, "prefix"),
    ("GET", "/two", {}, "two-paths"), ("GET", "/deux", {}, "two-paths"),
    ("GET", "/methods", {}, "get-only"), ("HEAD", "/methods", {}, 200),
    ("POST", "/methods", {}, "post-only"), ("PUT", "/methods", {}, "post-only"),
    ("DELETE", "/methods", {}, 405), ("FROBNICATE", "/methods", {}, 405),
    ("GET", "/h", {"X-V": "2"}, "header-equals"), ("GET", "/h", {"x-v": "b"}, "header-list"),
    ("GET", "/h", {"X-V": "prefer"}, "header-prefix"), ("GET", "/h", {"X-V": "suffix"}, "header-suffix"),
    ("GET", "/h", {"X-V": "amidst"}, "header-contains"), ("GET", "/h", {}, "header-absent"),
    ("GET", "/h", {"X-V": "3"}, 404),
    ("GET", "/q?v=a%20b", {}, "query-equals"), ("GET", "/q?v=a+b", {}, "query-equals"),
    ("GET", "/q?x=1&v=a%20b", {}, "query-equals"), ("GET", "/q?flag", {}, "query-present"),
    ("GET", "/q?flag=", {}, "query-present"), ("GET", "/q", {}, 404), ("GET", "/q?V=a%20b", {}, 404),
    ("GET", "/c", {"Cookie": "a=b; beta=1"}, "cookie"), ("GET", "/c", {"Cookie": "beta=2"}, 404),
    ("GET", "/c", {"Cookie": "xbeta=1"}, 404), ("GET", "/c", {}, 404),
    ("POST", "/t", {"Content-Type": "application/json"}, "json"),
    ("POST", "/t", {"Content-Type": "application/json; charset=utf-8"}, "json"),
    ("POST", "/t", {"Content-Type": "Text/Plain"}, "text"),
    ("POST", "/t", {"Content-Type": "image/png"}, 404),
    ("GET", "/urgent/x", {}, "urgent"), ("GET", "/urgent", {}, "urgent"),
    ("GET", "/internal", {}, 404), ("GET", "/nowhere", {}, 404), ("GET", "/", {}, 404),
]


@pytest.mark.parametrize("method,target,headers,expected", CASES)
def test_route(martlet, method, target, headers, expected):
    answer = martlet.get(target, method=method, headers=headers)
    if isinstance(expected, int):
        assert answer.status == expected
    else:
        assert (answer.status, answer.body.decode()) == (200, expected)


@pytest.mark.parametrize("host,expected", [
    ("api.example.com", "host"), ("API.Example.COM", "host"), ("api.example.com:8080", "host"),
    ("api.example.com.", "host"), ("x.example.com", "wildcard"), ("a.b.example.com", "wildcard"),
    ("x.eu.example.com", "deeper-wildcard"), ("example.com", "any-host"),
    ("notexample.com", "any-host"), ("127.0.0.1", "any-host"), ("[::1]:80", "any-host"),
])
def test_host(martlet, host, expected):
    assert martlet.get("/host", host=host).body.decode() == expected


def test_routes_of_one_listener_are_not_on_another(martlet):
    assert martlet.get("/internal", listener="internal").body == b"only-internal"
    assert martlet.get("/exact", listener="internal").body == b"exact"


def test_method_not_allowed_lists_the_methods(martlet):
    answer = martlet.get("/methods", method="DELETE")
    allowed = {method.strip() for method in answer.value("allow").split(b",")}
    assert {b"GET", b"POST", b"PUT"} <= allowed and b"DELETE" not in allowed


@pytest.mark.parametrize("method,target,status,error", [
    ("GET", "/nowhere", 404, None), ("DELETE", "/methods", 405, None), ("GET", "/%zz", 400, None)])
def test_errors_are_problem_documents(martlet, method, target, status, error):
    answer = martlet.get(target, method=method)
    assert answer.status == status
    assert answer.value("content-type").startswith(b"application/problem+json")
    problem = json.loads(answer.body)
    assert problem["status"] == status
    assert problem["title"] and problem["type"]
    assert answer.value("proxy-status").startswith(b"martlet")


def test_http10_without_host_is_routed(martlet):
    with RawConnection(martlet.address()) as client:
        answer = client.exchange(b"GET /exact HTTP/1.0\r\n\r\n")
        assert (answer.status, answer.body) == (200, b"exact")
        assert client.is_closed()


def test_the_clients_region_is_a_condition(start, tmp_path):
    (tmp_path / "home.txt").write_text("# networks at home\n10.0.0.0/8\n2001:db8::/32\n")
    martlet = start(f"""
workers: 1
listeners: {{ public: {{ address: 127.0.0.1:0, trusted-proxies: 127.0.0.0/8 }} }}
regions: {{ office: 192.0.2.0/24, home: "file:{tmp_path}/home.txt" }}
routes:
  - {{ match: {{ prefix: /, region: office }}, respond: {{ body: office }} }}
  - {{ match: {{ prefix: /, region: [home, office] }}, respond: {{ body: home }}, priority: -1 }}
  - {{ match: {{ prefix: / }}, respond: {{ body: away }}, priority: -2 }}
""")
    for address, place in (("192.0.2.1", b"office"), ("10.7.7.7", b"home"), ("2001:db8::1", b"home"),
                           ("203.0.113.9", b"away"), ("10.0.0.1, 203.0.113.9", b"away")):
        assert martlet.get("/", headers={"X-Forwarded-For": address}).body == place
    assert martlet.get("/").body == b"away"
