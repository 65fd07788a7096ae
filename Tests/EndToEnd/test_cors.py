"""CORS through the binary: preflights answered here, answers marked, nothing wider than written."""
from __future__ import annotations

import pytest

from harness.client import RawConnection, request_bytes
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command

APP = "https://app.example.com"


def config(url: str) -> str:
    return f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ backend: {url} }}
rate-limits: {{ few: {{ key: "{{header.x-key}}", windows: 2/1h }} }}
routes:
  - name: orders
    match: {{ prefix: /orders, methods: [GET, PUT] }}
    cors:
      origins: [{APP}, "https://*.example.org"]
      methods: [GET, PUT]
      headers: [Content-Type, x-token]
      expose: [ratelimit, x-request-id]
      credentials: true
      max-age: 1h
    rate-limits: few
    upstream: backend
  - name: anybody
    match: {{ path: /anybody }}
    cors: "*"
    respond: {{ body: hello, headers: {{ access-control-allow-origin: "https://wrong.example" }} }}
  - name: inside
    match: {{ path: /inside }}
    cors: {{ origins: {APP}, private-network: true, headers: "*" }}
    respond: 204
  - name: none
    match: {{ path: /none }}
    upstream: backend
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(config(echo.url))


def preflight(martlet: Martlet, path: str, origin: str = APP, method: str = "PUT",
              headers: str | None = None, **more: str):
    fields = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers is not None:
        fields["Access-Control-Request-Headers"] = headers
    fields |= {name.replace("_", "-"): value for name, value in more.items()}
    return martlet.get(path, method="OPTIONS", headers=fields)


def allowed(answer) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in answer.headers
            if name.lower().startswith(b"access-control-")}


def vary(answer) -> set[str]:
    return {word.strip().lower() for value in answer.values("vary")
            for word in value.decode().split(",")}


def test_a_preflight_is_answered_here(martlet, echo):
    served = echo.served
    answer = preflight(martlet, "/orders/7", headers="content-type,X-Token")
    assert answer.status == 204 and answer.body == b""
    assert allowed(answer) == {
        "access-control-allow-origin": APP, "access-control-allow-credentials": "true",
        "access-control-allow-methods": "GET, PUT", "access-control-allow-headers":
        "content-type, x-token", "access-control-expose-headers": "ratelimit, x-request-id",
        "access-control-max-age": "3600"}
    assert {"origin", "access-control-request-method", "access-control-request-headers"} \
        <= vary(answer)
    # Neither counted by the limit nor seen by the upstream.
    again = preflight(martlet, "/orders/7", headers="content-type,X-Token")
    assert answer.value("ratelimit").split(b";t=")[0] == again.value("ratelimit").split(b";t=")[0]
    assert echo.served == served


@pytest.mark.parametrize("change", [
    {"origin": "https://evil.example"}, {"origin": "null"}, {"origin": "https://app.example.com.evil"},
    {"origin": "https://example.org"}, {"origin": "http://a.example.org"},
    {"origin": "https://evil.test/.example.org"}, {"headers": "content-type, x-other"},
    {"headers": "authorization"}, {"Access_Control_Request_Private_Network": "true"},
])
def test_a_preflight_for_more_than_is_allowed(martlet, change):
    answer = preflight(martlet, "/orders", **change)
    assert answer.status == 403 and allowed(answer) == {}
    assert "origin" in vary(answer)
    assert b"origin_denied" in answer.body and b"evil" not in answer.body


def test_methods_are_those_of_the_route(martlet):
    """A method without a route is no preflight of anybody's: OPTIONS is not served there."""
    assert preflight(martlet, "/orders", method="DELETE").status == 405
    assert preflight(martlet, "/orders", method="GET").status == 204
    assert preflight(martlet, "/orders", method="get").status in (403, 405)
    assert preflight(martlet, "/orders", method="P UT").status == 405


def test_subdomains(martlet):
    answer = preflight(martlet, "/orders", origin="https://a.b.example.org")
    assert allowed(answer)["access-control-allow-origin"] == "https://a.b.example.org"


def test_options_without_cors_goes_its_way(martlet, echo):
    assert preflight(martlet, "/none").status == 200
    assert martlet.get("/orders", method="OPTIONS").status == 405
    assert martlet.get("/orders", method="OPTIONS", headers={"Origin": APP}).status == 405


def test_forwarded_answers(martlet):
    theirs = {"X-Echo-Set-Header": "Access-Control-Allow-Origin:*, Vary:Accept"}
    answer = martlet.get("/orders", headers={"Origin": APP, "X-Key": "a", **theirs})
    assert answer.status == 200
    assert allowed(answer) == {
        "access-control-allow-origin": APP, "access-control-allow-credentials": "true",
        "access-control-expose-headers": "ratelimit, x-request-id"}
    assert {"origin", "accept"} <= vary(answer)
    for headers in ({"Origin": "https://evil.example"}, {}):
        answer = martlet.get("/orders", headers={"X-Key": "b", **theirs, **headers})
        assert answer.status == 200 and allowed(answer) == {} and "origin" in vary(answer)


def test_a_refusal_can_be_read_by_the_page(martlet):
    answers = [martlet.get("/orders", headers={"Origin": APP, "X-Key": "c"}) for _ in range(3)]
    assert [a.status for a in answers] == [200, 200, 429]
    assert allowed(answers[2])["access-control-allow-origin"] == APP


def test_every_origin(martlet):
    answer = martlet.get("/anybody", headers={"Origin": "https://who.ever"})
    assert allowed(answer) == {"access-control-allow-origin": "*"} and "origin" not in vary(answer)
    assert allowed(martlet.get("/anybody")) == {}


def test_private_networks_only_where_written(martlet):
    answer = preflight(martlet, "/inside", method="GET", headers="x-any,x-thing",
                       Access_Control_Request_Private_Network="true")
    assert answer.status == 204
    assert allowed(answer)["access-control-allow-private-network"] == "true"
    assert allowed(answer)["access-control-allow-headers"] == "*, authorization"


def test_over_http2(martlet):
    with Http2Client(martlet.address()) as client:
        answer = client.fetch("/orders", "OPTIONS", ("origin", APP),
                              ("access-control-request-method", "PUT"))
        assert answer.status == 204
        assert answer.value("access-control-allow-origin") == APP.encode()


def test_the_connection_goes_on_after_a_preflight(martlet):
    with RawConnection(martlet.address()) as client:
        fields = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
        for _ in range(3):
            assert client.exchange(request_bytes("OPTIONS", "/orders", fields), "OPTIONS").status == 204
        assert client.exchange(request_bytes("GET", "/anybody")).status == 200


@pytest.mark.parametrize("cors", [
    '{ origins: "*", credentials: true }', "https://a.example/", "null", '"*.example.com"',
    '{ origins: https://a.example, credentials: true, headers: "*" }', "https://*.com",
    '{ origins: https://a.example, credentials: true, expose: "*" }',
    "https://A.example", "https://a.example:443", "{ methods: GET }",
])
def test_what_is_refused_at_load(cors):
    text = f'listeners: {{ a: "127.0.0.1:0" }}\nroutes: [{{ cors: {cors}, respond: 204 }}]\n'
    assert run_command("validate", "-c", "-", text=text).returncode == 2
