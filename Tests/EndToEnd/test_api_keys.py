"""API keys, access rules, identity fields and lockout, through the built binary."""
from __future__ import annotations

import json

import pytest

from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.client import request_bytes
from harness.martlet import Martlet, run_command

SECRET = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def keys(tmp_path_factory) -> dict[str, dict]:
    """Keys as `martlet keys create` makes them."""
    file = tmp_path_factory.mktemp("keys") / "martlet.yaml"
    file.write_text("listeners: { public: 127.0.0.1:0 }\nroutes: [{ respond: 204 }]\n"
                    f"authentication: {{ key-secret: {SECRET} }}\n")
    made = {}
    for name in ["acme", "acme-new", "expired", "early", "hooli", "nobody"]:
        result = run_command("keys", "create", "-c", str(file), "--output", "json")
        assert result.returncode == 0, result.stderr
        made[name] = json.loads(result.stdout)
    legacy = run_command("keys", "hash", "-c", str(file), "--output", "json", text="old-key-1\n")
    made["legacy"] = json.loads(legacy.stdout)
    assert made["legacy"]["key"] == "old-key-1" and made["legacy"]["name"] == ""
    return made


def config(keys: dict, url: str, more: str = "") -> str:
    def entry(name: str, extra: str = "") -> str:
        key = keys[name]
        shown = f"name: {key['name']}, " if key["name"] else ""
        return f'{{ {shown}hash: "{key["hash"]}"{extra} }}'

    return f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {url}, gold: {url} }}
authentication:
  key-secret: {SECRET}
  realm: orders
  default: keys
  policies:
    keys: [api-key]
    anywhere:
      methods:
        - api-key: {{ header: x-key, query: key, cookie: key, authorization: true }}
    visitors: {{ methods: [api-key], anonymous: guest }}
  identity-headers:
    x-consumer: "{{consumer.name}}"
    x-consumer-groups: "{{consumer.groups}}"
    x-plan: "{{consumer.metadata.plan}}"
{more}
consumers:
  acme:
    groups: [partner, gold]
    metadata: {{ plan: large }}
    api-keys:
      - {entry("acme", ", scopes: [orders:read]")}
      - {entry("acme-new", ", scopes: [orders:read, orders:write]")}
      - {entry("expired", ", expires: 2020-01-01")}
      - {entry("early", ", not-before: 2100-01-01T00:00:00Z")}
      - {entry("legacy")}
  hooli:
    groups: [internal]
    api-keys: [{entry("hooli")}]
  guest: {{}}
routes:
  - {{ name: orders, match: {{ prefix: /orders }}, upstream: echo }}
  - name: scoped
    match: {{ prefix: /scoped }}
    upstream: echo
    access:
      - {{ scopes: [orders:read] }}
      - {{ methods: [POST], scopes: [orders:write] }}
  - name: partners
    match: {{ prefix: /partners }}
    upstream: echo
    access: {{ groups: [partner] }}
  - name: denied
    match: {{ prefix: /denied }}
    upstream: echo
    access: {{ deny-consumers: [acme] }}
  - name: branched
    match: {{ prefix: /branched }}
    upstream: echo
    branches: [{{ groups: [gold], upstream: gold }}]
  - {{ name: open, match: {{ prefix: /open }}, upstream: echo, authentication: none }}
  - {{ name: anywhere, match: {{ prefix: /anywhere }}, upstream: echo, authentication: anywhere }}
  - {{ name: visitors, match: {{ prefix: /visitors }}, upstream: echo, authentication: visitors }}
  - name: template
    match: {{ prefix: /template }}
    upstream: echo
    headers: {{ request: {{ set: {{ x-who: "{{consumer.name}}/{{credential.name}}" }} }} }}
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo, keys) -> Martlet:
    return start_shared(config(keys, echo.url))


def call(martlet, path, key=None, method="GET", **headers):
    fields = {"x-api-key": key} if key else {}
    return martlet.get(path, method=method,
                       headers={**fields, **{n.replace("_", "-"): v for n, v in headers.items()}})


def test_a_key_is_taken_and_the_upstream_is_told(martlet, keys):
    answer = call(martlet, "/orders/1", keys["acme"]["key"])
    assert answer.status == 200
    echo = Echo(answer)
    assert echo.values("x-consumer") == ["acme"]
    assert echo.values("x-consumer-groups") == ["partner,gold"]
    assert echo.values("x-plan") == ["large"]
    assert echo.values("x-api-key") == [], "the key is the proxy's alone"
    line = martlet.exchange(path="/orders/1", consumer="acme")
    assert line["credential"] == keys["acme"]["name"]


@pytest.mark.parametrize("name", ["acme", "acme-new", "legacy"])
def test_keys_overlap(martlet, keys, name):
    assert Echo(call(martlet, "/orders", keys[name]["key"])).values("x-consumer") == ["acme"]


def refused(martlet, answer, path, reason, status=401):
    assert answer.status == status, answer.body
    assert answer.value("content-type") == b"application/problem+json"
    problem = json.loads(answer.body)
    assert problem["status"] == status
    for told in (reason, "expired", "acme", "key"):
        assert told.encode() not in answer.body.replace(b"urn:request", b""), "tells nothing"
    assert martlet.exchange(path=path, reason=reason)["status"] == status


@pytest.mark.parametrize("key,reason", [
    (None, "credentials_missing"), ("unknown", "api_key_unknown"), ("x" * 300, "api_key_unknown"),
    ("mk_00000000_00000000000000000000000000000000000000", "api_key_unknown")])
def test_without_a_good_key(martlet, key, reason):
    path = f"/orders/{reason}/{len(key or '')}"
    answer = call(martlet, path, key)
    refused(martlet, answer, path, reason)
    assert answer.value("www-authenticate") == b'ApiKey realm="orders"'
    assert answer.value("proxy-status") == b"martlet; error=http_request_denied"


@pytest.mark.parametrize("name,reason", [
    ("expired", "api_key_expired"), ("early", "api_key_not_yet_valid"),
    ("nobody", "api_key_unknown")])
def test_keys_that_are_not_taken(martlet, keys, name, reason):
    path = f"/orders/{name}"
    refused(martlet, call(martlet, path, keys[name]["key"]), path, reason)


def test_two_keys_are_none(martlet, keys):
    key = keys["acme"]["key"]
    answer = martlet.get("/orders/two", headers=[("x-api-key", key), ("x-api-key", key)])
    refused(martlet, answer, "/orders/two", "credentials_ambiguous")


def test_open_routes_are_open(martlet):
    assert call(martlet, "/open").status == 200


# Access


def test_scopes_by_method(martlet, keys):
    assert call(martlet, "/scoped", keys["acme"]["key"]).status == 200
    answer = call(martlet, "/scoped/a", keys["acme"]["key"], "POST")
    refused(martlet, answer, "/scoped/a", "scope_missing", 403)
    assert call(martlet, "/scoped", keys["acme-new"]["key"], "POST").status == 200
    refused(martlet, call(martlet, "/scoped/b", keys["legacy"]["key"]), "/scoped/b",
            "scope_missing", 403)


def test_groups(martlet, keys):
    assert call(martlet, "/partners", keys["acme"]["key"]).status == 200
    refused(martlet, call(martlet, "/partners/a", keys["hooli"]["key"]), "/partners/a",
            "consumer_not_allowed", 403)


def test_denied_consumers(martlet, keys):
    assert call(martlet, "/denied", keys["hooli"]["key"]).status == 200
    refused(martlet, call(martlet, "/denied/a", keys["acme"]["key"]), "/denied/a",
            "consumer_denied", 403)


def test_branches_choose_the_upstream(martlet, keys):
    call(martlet, "/branched/gold", keys["acme"]["key"])
    call(martlet, "/branched/plain", keys["hooli"]["key"])
    assert martlet.exchange(path="/branched/gold")["upstream"] == "gold"
    assert martlet.exchange(path="/branched/plain")["upstream"] == "echo"


def test_templates_tell_of_the_caller(martlet, keys):
    echo = Echo(call(martlet, "/template", keys["acme"]["key"]))
    assert echo.values("x-who") == [f"acme/{keys['acme']['name']}"]


# Places


@pytest.mark.parametrize("headers,target", [
    ({"x-key": "K"}, "/anywhere"), ({}, "/anywhere?a=1&key=K&b=2"),
    ({"cookie": "a=b; key=K; c=d"}, "/anywhere"), ({"authorization": "Bearer K"}, "/anywhere"),
    ({"authorization": "apikey K"}, "/anywhere"), ({}, "/anywhere?a=1&key=%4D&b=2")])
def test_places(martlet, keys, headers, target):
    key = keys["acme"]["key"]
    # The same in escapes, as an encoder of forms would write it.
    target = target.replace("%4D", "".join(f"%{byte:02x}" for byte in key.encode()))
    answer = martlet.get(target.replace("K", key),
                         headers={name: value.replace("K", key) for name, value in headers.items()})
    assert answer.status == 200
    assert key.encode() not in answer.body, "the upstream sees no key"
    if "?" in target:
        assert b"a=1&b=2" in answer.body


def test_two_places_are_ambiguous(martlet, keys):
    answer = martlet.get(f"/anywhere/two?key={keys['hooli']['key']}",
                         headers={"x-key": keys["acme"]["key"]})
    refused(martlet, answer, "/anywhere/two", "credentials_ambiguous")


def test_trailers_cannot_say_what_the_head_cannot(martlet, keys):
    names = ["X-Consumer", "x_plan", "Client-Cert", "client_cert_chain", "X_Forwarded_For", "x-real-ip"]
    body = b"5\r\nhello\r\n0\r\nX-Kept: yes\r\n" + b"".join(
        name.encode() + b": root\r\n" for name in names) + b"\r\n"
    head = request_bytes("POST", "/orders", {
        "x-api-key": keys["hooli"]["key"], "Transfer-Encoding": "chunked"})
    with martlet.connect() as client:
        assert Echo(client.exchange(head + body)).trailers == [("X-Kept", "yes")]
    with Http2Client(martlet.address()) as client:
        stream = client.begin("POST", "/orders", ("x-api-key", keys["hooli"]["key"]))
        client.send_body(stream, b"hello", [("x-kept", "yes")] + [
            (name.lower(), "root") for name in names])
        assert Echo(client.response(stream)).trailers == [("x-kept", "yes")]


def test_anonymous_only_without_credentials(martlet, keys):
    assert Echo(call(martlet, "/visitors")).values("x-consumer") == ["guest"]
    assert Echo(call(martlet, "/visitors", keys["acme"]["key"])).values("x-consumer") == ["acme"]
    refused(martlet, call(martlet, "/visitors/a", "wrong"), "/visitors/a", "api_key_unknown")


# Identity fields are nobody's but Martlet's (C11)


@pytest.mark.parametrize("path", ["/open", "/orders", "/visitors"])
@pytest.mark.parametrize("name", ["x-consumer", "X-Consumer", "x_consumer", "X-CONSUMER_GROUPS",
                                  "x_plan"])
def test_clients_cannot_say_who_they_are(martlet, keys, path, name):
    answer = martlet.get(path, headers={"x-api-key": keys["hooli"]["key"], name: "root"})
    assert answer.status == 200
    assert b"root" not in answer.body


def test_connection_cannot_remove_them(martlet, keys):
    answer = martlet.get("/orders", headers={
        "x-api-key": keys["acme"]["key"], "connection": "x-consumer, x-consumer-groups, keep-alive"})
    assert Echo(answer).values("x-consumer") == ["acme"]


def test_over_http2(martlet, keys):
    with Http2Client(martlet.address()) as client:
        good = client.fetch("/orders/h2", "GET", ("x-api-key", keys["acme"]["key"]))
        assert Echo(good).values("x-consumer") == ["acme"]
        bad = client.fetch("/orders/h2", "GET", ("x-api-key", "wrong"))
        assert bad.status == 401
        assert bad.value("www-authenticate") == b'ApiKey realm="orders"'
        assert client.fetch("/orders/h2", "GET", ("x-api-key", keys["acme"]["key"])).status == 200


def test_a_refused_body_does_not_reach_the_upstream(martlet, echo, keys):
    served = echo.served
    answer = martlet.get("/orders/body", method="POST", body=b"x" * 200_000)
    assert answer.status == 401
    assert echo.served == served


def test_a_key_that_is_taken_out_is_gone_after_a_reload(start, echo, keys):
    martlet = start(config(keys, echo.url))
    assert call(martlet, "/orders", keys["acme"]["key"]).status == 200
    text = config(keys, echo.url).replace(keys["acme"]["hash"], keys["nobody"]["hash"])
    martlet.reload(text)
    assert call(martlet, "/orders", keys["acme"]["key"]).status == 401
    assert call(martlet, "/orders", keys["nobody"]["key"]).status == 200


def test_lockout(start, echo, keys):
    martlet = start(config(keys, echo.url, "  lockout: { attempts: 3, decay: 300s, by: address }"))
    for _ in range(3):
        assert call(martlet, "/orders", "wrong").status == 401
    answer = call(martlet, "/orders/locked", keys["acme"]["key"])
    assert answer.status == 429
    assert 1 <= int(answer.value("retry-after")) <= 100
    assert martlet.exchange(path="/orders/locked")["reason"] == "locked_out"
    assert call(martlet, "/open").status == 200
    martlet.reload()
    assert call(martlet, "/orders", keys["acme"]["key"]).status == 429, "kept over a reload"


def test_missing_credentials_do_not_lock(start, echo, keys):
    martlet = start(config(keys, echo.url, "  lockout: { attempts: 1, decay: 300s }"))
    for _ in range(5):
        assert call(martlet, "/orders").status == 401
    assert call(martlet, "/orders", keys["acme"]["key"]).status == 200


# A listener's own policy (A5)


def test_a_listener_has_its_own_policy(start, echo):
    martlet = start(f"""
listeners:
  public: 127.0.0.1:0
  internal: {{ address: 127.0.0.1:0, authentication: visitors }}
  open: {{ address: 127.0.0.1:0, authentication: none }}
upstreams: {{ echo: {echo.url} }}
consumers: {{ guest: {{}} }}
authentication:
  policies: {{ closed: [basic], visitors: {{ methods: [basic], anonymous: guest }} }}
  default: closed
  identity-headers: {{ x-consumer: "{{consumer.name}}" }}
routes:
  - {{ match: {{ path: /a }}, upstream: echo, listeners: public }}
  - {{ match: {{ path: /a }}, upstream: echo, listeners: internal }}
  - {{ match: {{ path: /a }}, upstream: echo, listeners: open }}
  - {{ match: {{ path: /b }}, upstream: echo, authentication: closed }}
""")
    assert martlet.get("/a").status == 401
    assert Echo(martlet.get("/a", listener="internal")).values("x-consumer") == ["guest"]
    assert Echo(martlet.get("/a", listener="open")).values("x-consumer") == []
    for listener in ("public", "internal", "open"):
        assert martlet.get("/b", listener=listener).status == 401, "its own goes first"


def test_a_route_on_listeners_that_differ_has_to_say(echo):
    result = run_command("validate", "-c", "-", text=f"""
listeners:
  public: 127.0.0.1:8080
  internal: {{ address: 127.0.0.1:8081, authentication: closed }}
upstreams: {{ echo: {echo.url} }}
authentication: {{ policies: {{ closed: [basic] }} }}
routes: [{{ upstream: echo }}]
""")
    assert result.returncode == 2
    assert "a route has one policy" in result.stdout + result.stderr
