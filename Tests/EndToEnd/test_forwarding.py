"""What an upstream and a client see of a forwarded exchange."""
from __future__ import annotations

import re

import pytest

from harness.client import fetch, request_bytes
from harness.echo_backend import Echo
from harness.martlet import Martlet

CONFIG = """
workers: 1
listeners:
  public: 127.0.0.1:0
  trusting:
    address: 127.0.0.1:0
    trusted-proxies: [127.0.0.0/8, 10.0.0.0/8]
  quiet:
    address: 127.0.0.1:0
    request-id: {{ accept: false, respond: false }}
upstreams:
  backend: {url}
routes:
  - name: edits
    match: {{ path: "/edits/{{id}}" }}
    upstream: backend
    headers:
      request:
        remove: [x-drop, "x-internal-*"]
        rename: {{ x-old: x-new }}
        set: {{ x-tenant: acme, x-id: "order-{{id}}" }}
        add: {{ x-list: second }}
        map: {{ x-plan: {{ free: basic, paid: premium }} }}
      response:
        remove: [x-secret]
        rename: {{ x-was: x-is }}
        set: {{ x-frame: deny }}
        add: {{ x-tags: two }}
  - name: keeps-server
    match: {{ prefix: /keeps-server }}
    upstream: backend
    headers: {{ response: {{ keep: [server] }} }}
  - name: query
    match: {{ prefix: /query }}
    upstream: backend
    query:
      remove: [debug]
      rename: {{ q: search }}
      set: {{ page: "1" }}
      add: {{ tag: "a b&c" }}
      map: {{ sort: {{ up: asc }} }}
  - name: cookies
    match: {{ prefix: /cookies }}
    upstream: backend
    cookies:
      remove: [tracking]
      rename: {{ sid: session }}
      set: {{ theme: dark }}
  - name: template
    match: {{ path: "/v1/orders/{{rest*}}" }}
    upstream: backend
    rewrite: "/orders/{{rest}}"
  - name: swap
    match: {{ path: "/a/{{x}}/b/{{y}}" }}
    upstream: backend
    rewrite: "/{{y}}/{{x}}"
  - name: prefix
    match: {{ prefix: /old }}
    upstream: backend
    rewrite: {{ prefix: /new }}
  - name: strip
    match: {{ prefix: /strip }}
    upstream: backend
    rewrite: {{ strip-prefix: /strip }}
  - name: add
    match: {{ prefix: /add }}
    upstream: backend
    rewrite: {{ add-prefix: /base }}
  - name: redirect-whole
    match: {{ path: "/go/{{id}}" }}
    redirect: "https://new.example.com/x/{{id}}"
  - name: redirect-parts
    match: {{ prefix: /moved }}
    redirect: {{ status: 308, scheme: https, prefix: /here, query: drop }}
  - name: redirect-path
    match: {{ path: /short }}
    redirect: "/long"
  - name: reply
    match: {{ path: /reply }}
    respond: {{ status: 418, headers: {{ content-type: text/plain, x-pot: tea }}, body: "short and stout" }}
  - name: reply-short
    match: {{ path: /nothing }}
    respond: 204
  - name: host-upstream
    match: {{ prefix: /host-upstream }}
    upstream: backend
    host: upstream
  - name: host-literal
    match: {{ prefix: /host-literal }}
    upstream: backend
    host: inner.example.org
  - name: forwarded-replace
    match: {{ prefix: /replace }}
    upstream: backend
    forwarded: replace
  - name: forwarded-mask
    match: {{ prefix: /mask }}
    upstream: backend
    forwarded: mask
  - name: forwarded-off
    match: {{ prefix: /off }}
    upstream: backend
    forwarded: off
  - name: forwarded-rfc7239
    match: {{ prefix: /rfc7239 }}
    upstream: backend
    forwarded: {{ client: append, x-forwarded: false, rfc7239: true }}
  - name: all
    match: {{ prefix: / }}
    upstream: backend
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(CONFIG.format(url=echo.url))


def ask(martlet: Martlet, target: str, headers=(), listener="public", **options) -> Echo:
    return Echo(martlet.get(target, headers=headers, listener=listener, **options))


def test_plain_request_arrives_as_it_was(martlet):
    seen = ask(martlet, "/some/path?x=1&y=%20z", {"Accept": "*/*", "X-Custom": "a, b", "x-2": "\xe9"})
    assert (seen.method, seen.target, seen.version) == ("GET", "/some/path?x=1&y=%20z", 1)
    assert seen.value("host") == "example.com"
    assert seen.value("accept") == "*/*"
    assert seen.value("x-custom") == "a, b"
    assert seen.value("x-2") == "\xe9"
    assert seen.framing == "none"


def test_order_and_repetition_of_fields_are_kept(martlet):
    seen = ask(martlet, "/", [("X-A", "1"), ("X-B", "2"), ("X-A", "3"), ("Cookie", "a=b; c=d")])
    assert seen.values("x-a") == ["1", "3"]
    names = [name.lower() for name, _ in seen.headers]
    assert names.index("x-a") < names.index("x-b")
    assert seen.value("cookie") == "a=b; c=d"


def test_request_header_edits(martlet):
    seen = ask(martlet, "/edits/7", [
        ("X-Drop", "1"), ("X-Internal-User", "root"), ("X-INTERNAL-2", "x"), ("X-Old", "v"),
        ("X-Tenant", "forged"), ("X-Tenant", "twice"), ("X-List", "first"), ("X-Plan", "free")])
    assert seen.values("x-drop") == []
    assert [n for n, _ in seen.headers if n.lower().startswith("x-internal-")] == []
    assert seen.values("x-old") == [] and seen.values("x-new") == ["v"]
    assert seen.values("x-tenant") == ["acme"]
    assert seen.values("x-id") == ["order-7"]
    assert ",".join(seen.values("x-list")).replace(" ", "") == "first,second"
    assert seen.values("x-plan") == ["basic"]


def test_value_maps_leave_other_values(martlet):
    assert ask(martlet, "/edits/7", {"X-Plan": "gold"}).values("x-plan") == ["gold"]


def test_response_header_edits(martlet):
    answer = martlet.get("/edits/7", headers={
        "X-Echo-Set-Header": "X-Secret:1, X-Was:old, X-Frame:allow, X-Tags:one, X-Stay:yes"})
    assert answer.values("x-secret") == []
    assert answer.values("x-was") == [] and answer.values("x-is") == [b"old"]
    assert answer.values("x-frame") == [b"deny"]
    assert answer.joined("x-tags").replace(b" ", b"") == b"one,two"
    assert answer.values("x-stay") == [b"yes"]


def test_banners_are_hidden_unless_kept(martlet):
    headers = {"X-Echo-Set-Header": "X-Powered-By:PHP/5.2, X-AspNet-Version:2"}
    hidden = martlet.get("/", headers=headers)
    assert b"echo" not in hidden.joined("server")
    assert not hidden.values("x-powered-by") and not hidden.values("x-aspnet-version")
    assert martlet.get("/keeps-server").values("server") == [b"echo/1.0"]


@pytest.mark.parametrize("target,expected", [
    ("/query", "/query?page=1&tag=a%20b%26c"),
    ("/query?debug=1&q=x", "/query?search=x&page=1&tag=a%20b%26c"),
    ("/query?page=9&sort=up&page=8", "/query?sort=asc&page=1&tag=a%20b%26c"),
    ("/query?keep=%2F&debug", "/query?keep=%2F&page=1&tag=a%20b%26c"),
])
def test_query_edits(martlet, target, expected):
    def parts(text: str) -> tuple[str, list[str]]:
        path, _, query = text.partition("?")
        return path, sorted(query.replace("+", "%20").split("&"))

    assert parts(ask(martlet, target).target) == parts(expected)


def test_cookie_edits(martlet):
    seen = ask(martlet, "/cookies", {"Cookie": "tracking=1; sid=abc; theme=light; other=x"})
    cookies = dict(pair.strip().split("=", 1) for pair in "; ".join(seen.values("cookie")).split(";"))
    assert cookies == {"session": "abc", "theme": "dark", "other": "x"}


@pytest.mark.parametrize("target,expected", [
    ("/v1/orders/", "/orders/"),
    ("/v1/orders/7", "/orders/7"),
    ("/v1/orders/7/items?x=1", "/orders/7/items?x=1"),
    ("/v1/orders/a%20b", "/orders/a%20b"),
    ("/a/1/b/2", "/2/1"),
    ("/old", "/new"), ("/old/", "/new/"), ("/old/x?y", "/new/x?y"),
    ("/strip", "/"), ("/strip/x/y", "/x/y"),
    ("/add/x", "/base/add/x"),
    ("/plain//double/./dot/../end", "/plain/double/end"),
    ("/%7Euser/%61", "/~user/a"),
])
def test_paths_that_upstreams_see(martlet, target, expected):
    assert ask(martlet, target).target == expected


@pytest.mark.parametrize("target,status,location", [
    ("/go/7", 302, "https://new.example.com/x/7"),
    ("/go/7?a=b", 302, "https://new.example.com/x/7?a=b"),
    ("/moved/x/y?z=1", 308, "https://example.com/here/x/y"),
    ("/moved", 308, "https://example.com/here"),
    ("/short", 302, "/long"),
])
def test_redirects(martlet, target, status, location):
    answer = martlet.get(target)
    assert answer.status == status
    assert answer.values("location") == [answer.value("location")]
    assert answer.value("location").decode() in (location, "http://example.com" + location)


def test_redirect_target_cannot_be_injected(martlet):
    answer = martlet.get("/go/%0d%0aset-cookie:x=1")
    assert not answer.values("set-cookie")
    assert answer.status == 400 or b"\r" not in (answer.value("location") or b"")


def test_static_replies(martlet):
    answer = martlet.get("/reply")
    assert (answer.status, answer.body) == (418, b"short and stout")
    assert answer.values("content-type") == [b"text/plain"] and answer.values("x-pot") == [b"tea"]
    assert martlet.get("/nothing").status == 204
    head = martlet.get("/reply", method="HEAD")
    assert (head.status, head.value("content-length"), head.body) == (418, b"15", b"")


@pytest.mark.parametrize("path,expected", [
    ("/x", "example.com"), ("/host-upstream", None), ("/host-literal", "inner.example.org")])
def test_host(martlet, echo, path, expected):
    seen = ask(martlet, path)
    assert seen.values("host") == [expected or f"127.0.0.1:{echo.port}"]
    assert seen.values("x-forwarded-host") == ["example.com"]


def test_x_forwarded_headers_of_a_direct_client(martlet):
    port = martlet.address()[1]
    seen = ask(martlet, "/", [
        ("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Port", "1"), ("X-Real-IP", "6.6.6.6"),
        ("Forwarded", "for=6.6.6.6"), ("X_Forwarded_For", "6.6.6.6")])
    assert seen.values("x-forwarded-for") == ["127.0.0.1"]
    assert seen.values("x-forwarded-proto") == ["http"]
    assert seen.values("x-forwarded-host") == ["example.com"]
    assert seen.value("x-forwarded-port") in (str(port), "80")
    assert not any("6.6.6.6" in value for _, value in seen.headers), seen.headers
    assert not seen.values("forwarded")


@pytest.mark.parametrize("sent,expected,client", [
    ("203.0.113.9", "203.0.113.9,127.0.0.1", "203.0.113.9"),
    ("1.1.1.1, 203.0.113.9, 10.1.2.3", "1.1.1.1,203.0.113.9,10.1.2.3,127.0.0.1", "203.0.113.9"),
    (None, "127.0.0.1", "127.0.0.1"),
])
def test_trusted_proxies_are_read_from_the_right(martlet, sent, expected, client):
    path = f"/trusted-{abs(hash(sent))}"
    seen = ask(martlet, path, {"X-Forwarded-For": sent} if sent else {}, listener="trusting")
    chain = ",".join(seen.values("x-forwarded-for")).replace(" ", "")
    # What an untrusted hop reported may be dropped; what trusted ones reported must stay.
    assert expected.endswith(chain) and client in chain
    assert martlet.exchange(path=path)["client"] == client


def test_forwarded_for_cannot_be_nominated_for_removal(martlet):
    seen = ask(martlet, "/", {"Connection": "x-forwarded-for, x-request-id, via, host, close"})
    assert seen.values("x-forwarded-for") == ["127.0.0.1"]
    assert seen.values("host") == ["example.com"]
    assert seen.values("via")
    assert seen.values("x-request-id")


def test_forwarded_modes(martlet):
    chain = {"X-Forwarded-For": "203.0.113.77"}
    assert ask(martlet, "/replace", chain, "trusting").values("x-forwarded-for") == ["203.0.113.77"]
    assert ask(martlet, "/mask", chain, "trusting").values("x-forwarded-for") == ["203.0.113.0"]
    off = ask(martlet, "/off", chain, "trusting")
    assert not [n for n, _ in off.headers if n.lower().startswith(("x-forwarded", "forwarded"))]
    standard = ask(martlet, "/rfc7239")
    assert not standard.values("x-forwarded-for")
    assert "for=127.0.0.1" in standard.value("forwarded").lower().replace('"', "")


def test_via(martlet):
    seen = ask(martlet, "/", {"Via": "1.0 fred"})
    assert ",".join(seen.values("via")).replace(", ", ",") == "1.0 fred,1.1 martlet"


def test_via_loop_is_refused(martlet):
    answer = martlet.get("/", headers={"Via": ", ".join(["1.1 martlet"] * 20)})
    assert answer.status == 502
    assert b"proxy_loop_detected" in answer.value("proxy-status")


def test_request_id_is_made_or_accepted(martlet):
    answer = martlet.get("/")
    made = Echo(answer).value("x-request-id")
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert answer.values("x-request-id") == [made.encode()]
    accepted = martlet.get("/", headers={"X-Request-Id": "abc-123"})
    assert Echo(accepted).values("x-request-id") == ["abc-123"]
    assert accepted.values("x-request-id") == [b"abc-123"]


@pytest.mark.parametrize("hostile", ["a" * 129, "a b", 'x"y', "a,b", "<x>", ""])
def test_malformed_request_ids_are_replaced(martlet, hostile):
    seen = ask(martlet, "/", {"X-Request-Id": hostile})
    assert re.fullmatch(r"[0-9a-f]{32}", seen.value("x-request-id"))


def test_request_id_may_be_refused_and_hidden(martlet):
    answer = martlet.get("/", headers={"X-Request-Id": "abc-123"}, listener="quiet")
    assert Echo(answer).value("x-request-id") != "abc-123"
    assert not answer.values("x-request-id")


TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_trace_is_continued(martlet):
    seen = ask(martlet, "/", {"traceparent": TRACE, "tracestate": "a=1"})
    version, trace, parent, flags = seen.value("traceparent").split("-")
    assert (version, trace, flags) == ("00", TRACE.split("-")[1], "01")
    assert re.fullmatch(r"[0-9a-f]{16}", parent) and parent != "0" * 16
    assert seen.values("tracestate") == ["a=1"]


@pytest.mark.parametrize("sent", [None, "", "00-" + "0" * 32 + "-b7ad6b7169203331-01", TRACE.upper(),
                                  "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
                                  "ff" + TRACE[2:], TRACE[:-3]])
def test_trace_is_started_anew(martlet, sent):
    headers = [("tracestate", "a=1")] + ([("traceparent", sent)] if sent is not None else [])
    seen = ask(martlet, "/", headers)
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]", seen.value("traceparent"))
    assert TRACE.split("-")[1] not in seen.value("traceparent")
    assert not seen.values("tracestate")


HOP_BY_HOP = [
    ("Keep-Alive", "timeout=5"), ("Proxy-Connection", "keep-alive"),
    ("Proxy-Authorization", "Basic x"), ("Upgrade", "foo"), ("Trailer", "x-t"),
    ("X-Nominated", "1"), ("HTTP2-Settings", "AAMAAABkAAQAAP__"),
    ("Connection", "keep-alive, X-Nominated, Upgrade, HTTP2-Settings"),
]


def test_hop_by_hop_fields_are_removed_from_requests(martlet):
    answer = martlet.get("/", headers=HOP_BY_HOP)
    if answer.status != 200:  # an upgrade may be refused, then without it
        assert answer.status in (400, 426, 501)
        answer = martlet.get("/", headers=[p for p in HOP_BY_HOP if p[0] != "Upgrade"])
    seen = Echo(answer)
    for name, _ in HOP_BY_HOP[:-1]:
        assert not seen.values(name), name
    assert seen.value("connection") in (None, "keep-alive")


def test_te_trailers_is_all_that_passes_of_te(martlet):
    seen = ask(martlet, "/", {"TE": "trailers, deflate;q=0.5", "Connection": "TE"})
    assert seen.value("te") in (None, "trailers")


def test_hop_by_hop_fields_are_removed_from_responses(martlet):
    answer = martlet.get("/", headers={
        "X-Echo-Set-Header": "Connection:x-gone, X-Gone:1, Keep-Alive:timeout=5,"
                             " Proxy-Authenticate:Basic, Upgrade:h2c, X-Stays:1"})
    for name in ("x-gone", "keep-alive", "proxy-authenticate", "upgrade"):
        assert not answer.values(name), name
    assert answer.values("x-stays") == [b"1"]


def test_upstream_errors_pass_through_untouched(martlet):
    answer = martlet.get("/?status=503", headers={"X-Echo-Set-Header": "Retry-After:7"})
    assert answer.status == 503
    assert answer.values("retry-after") == [b"7"]
    assert b'"name": "echo"' in answer.body
    assert not answer.values("proxy-status")


def test_absolute_form_is_forwarded_in_origin_form(martlet):
    with martlet.connect() as client:
        seen = Echo(client.exchange(request_bytes("GET", "http://example.com/x?y=1")))
    assert (seen.target, seen.value("host")) == ("/x?y=1", "example.com")


def test_nothing_internal_is_told_to_clients(martlet, echo):
    for target in ("/", "/edits/1", "/?status=500", "/nowhere%00"):
        answer = fetch(martlet.address(), target)
        text = answer.start_line + b"".join(n + v for n, v in answer.headers)
        assert str(echo.port).encode() not in text
        assert b"backend" not in text


# Which field of a trusted proxy is believed


@pytest.fixture(scope="module")
def choosy(start_shared, echo):
    def listener(name: str, field: str, trusted: str = "127.0.0.0/8") -> str:
        return (f"  {name}: {{ address: 127.0.0.1:0, trusted-proxies: {trusted}, "
                f"client-address-from: {field} }}\n")

    return start_shared("workers: 1\nlisteners:\n" + listener("public", "x-forwarded-for")
                        + listener("forwarded", "forwarded")
                        + listener("single", "header:CF-Connecting-IP")
                        + listener("elsewhere", "header:cf-connecting-ip", "192.0.2.1")
                        + f"upstreams: {{ backend: {echo.url} }}\nroutes: [{{ upstream: backend }}]\n")


EVERY = [("x-forwarded-for", "198.51.100.1"), ("forwarded", "for=198.51.100.2"),
         ("x-real-ip", "198.51.100.3"), ("cf-connecting-ip", "198.51.100.4"),
         ("cf_connecting_ip", "198.51.100.5"), ("x-forwarded-proto", "https")]


@pytest.mark.parametrize("listener, client, proto", [
    ("public", "198.51.100.1", "https"), ("forwarded", "198.51.100.2", "http"),
    ("single", "198.51.100.4", "https"), ("elsewhere", None, "http"),
])
def test_the_field_that_is_named_is_believed(choosy, listener, client, proto):
    with choosy.connect(listener) as connection:
        answer = connection.exchange(request_bytes("GET", f"/every/{listener}", EVERY))
    seen = Echo(answer)
    assert seen.values("x-forwarded-for") == [f"{client}, 127.0.0.1" if client else "127.0.0.1"]
    assert seen.values("x-forwarded-proto") == [proto]
    assert choosy.exchange(path=f"/every/{listener}")["client"] == (client or "127.0.0.1")
    text = answer.body.decode()
    others = (2, 3, 5) if listener == "single" else (2, 3)
    for address in {f"198.51.100.{n}" for n in others} - {client}:
        assert address not in text, "what nobody vouches for is passed on"
    if listener == "elsewhere":
        assert "198.51.100" not in text


@pytest.mark.parametrize("fields", [
    [("cf-connecting-ip", "198.51.100.4"), ("CF-Connecting-IP", "198.51.100.5")],
    [("cf-connecting-ip", "198.51.100.4, 198.51.100.5")], [("cf-connecting-ip", "unknown")],
    [("cf-connecting-ip", "_198.51.100.4")], [("cf_connecting-ip", "198.51.100.4")],
])
def test_a_field_that_tells_no_client_is_dropped(choosy, fields):
    with choosy.connect("single") as connection:
        seen = Echo(connection.exchange(request_bytes("GET", "/", fields)))
    assert seen.values("x-forwarded-for") == ["127.0.0.1"]
    assert not seen.values("cf-connecting-ip") and not seen.values("cf_connecting-ip")


def test_connection_cannot_hide_the_client(choosy):
    fields = [("connection", "cf-connecting-ip"), ("cf-connecting-ip", "198.51.100.4")]
    with choosy.connect("single") as connection:
        seen = Echo(connection.exchange(request_bytes("GET", "/", fields)))
    assert seen.values("x-forwarded-for") == ["198.51.100.4, 127.0.0.1"]


def test_an_address_with_a_port(choosy):
    with choosy.connect("single") as connection:
        seen = Echo(connection.exchange(
            request_bytes("GET", "/", [("cf-connecting-ip", "[2001:db8::1]:443")])))
    assert seen.values("x-forwarded-for") == ["2001:db8::1, 127.0.0.1"]
