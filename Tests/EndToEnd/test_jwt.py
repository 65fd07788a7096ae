"""Tokens of a real library, and a key server that rotates, stalls, lies and dies."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import pytest
from joserfc.jwk import OctKey

from harness.echo_backend import Echo
from harness.issuer import Issuer, make_key
from harness.martlet import Martlet

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
              "EdDSA"]


def config(issuer: Issuer, url: str, options: str = "", more: str = "") -> str:
    return f"""
workers: 2
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {url}, beta: {url} }}
authentication:
  default: tokens
  policies:
    tokens: [jwt]
    cookie: [{{ jwt: {{ cookie: session, forward: false }} }}]
  identity-headers: {{ x-subject: "{{subject}}", x-consumer: "{{consumer.name}}", x-tenant: "{{claims.tenant}}" }}
  issuers:
    corp:
      issuer: {issuer.url}
      audiences: [orders, other]
      jwks-url: {issuer.jwks_url}
      unknown-key-interval: 1s
      fetch-timeout: 1s
      group-claim: roles
      {options}
consumers:
  robot:
    groups: [machines]
    subjects: [{{ issuer: corp, subject: robot-7 }}]
routes:
  - {{ name: scoped, match: {{ prefix: /scoped }}, upstream: echo, access: {{ scopes: [orders:write] }} }}
  - {{ name: admins, match: {{ prefix: /admins }}, upstream: echo, access: {{ groups: [admin] }} }}
  - {{ name: cookie, match: {{ prefix: /cookie }}, upstream: echo, authentication: cookie }}
  - {{ name: beta, match: {{ prefix: /beta }}, upstream: echo, branches: [{{ claims: {{ tier: [beta] }}, upstream: beta }}] }}
  - {{ name: all, match: {{ prefix: / }}, upstream: echo }}
{more}
"""


@pytest.fixture(scope="module")
def issuer():
    issuer = Issuer(*ALGORITHMS)
    yield issuer
    issuer.die()


@pytest.fixture(scope="module")
def martlet(start_shared, echo, issuer) -> Martlet:
    martlet = start_shared(config(issuer, echo.url))
    martlet.event("issuer_keys_changed", issuer="corp")
    return martlet


def call(martlet, token, path="/a", **options):
    return martlet.get(path, headers={"authorization": f"Bearer {token}"}, **options)


def refused(martlet, token, path, reason, status=401):
    answer = call(martlet, token, path)
    assert answer.status == status, answer.body
    assert martlet.exchange(path=path)["reason"] == reason
    assert b"token" not in answer.body and reason.encode() not in answer.body
    return answer


@pytest.mark.parametrize("index", range(len(ALGORITHMS)), ids=ALGORITHMS)
def test_every_algorithm(martlet, issuer, index):
    token = issuer.token(issuer.keys[index], tenant="t1")
    for _ in range(3):
        echo = Echo(call(martlet, token))
        assert echo.values("x-subject") == ["alice"]
        assert echo.values("x-tenant") == ["t1"]
        assert echo.values("x-consumer") == []


def test_a_subject_is_a_consumer(martlet, issuer):
    echo = Echo(call(martlet, issuer.token(sub="robot-7"), "/robot"))
    assert echo.values("x-consumer") == ["robot"]
    assert martlet.exchange(path="/robot")["consumer"] == "robot"


def test_scopes_and_groups_of_a_token(martlet, issuer):
    assert call(martlet, issuer.token(scope="orders:read orders:write"), "/scoped").status == 200
    assert call(martlet, issuer.token(scp=["orders:write"]), "/scoped").status == 200
    answer = refused(martlet, issuer.token(scope="orders:read"), "/scoped/no", "scope_missing", 403)
    assert answer.value("www-authenticate") == (
        b'Bearer realm="martlet", error="insufficient_scope", scope="orders:write"')
    assert call(martlet, issuer.token(roles=["admin"]), "/admins").status == 200
    refused(martlet, issuer.token(roles=["user"]), "/admins/no", "consumer_not_allowed", 403)


def test_branches_by_claim(martlet, issuer):
    call(martlet, issuer.token(tier="beta"), "/beta/yes")
    call(martlet, issuer.token(tier="alpha"), "/beta/no")
    assert martlet.exchange(path="/beta/yes")["upstream"] == "beta"
    assert martlet.exchange(path="/beta/no")["upstream"] == "echo"


def test_a_token_in_a_cookie(martlet, issuer):
    answer = martlet.get("/cookie", headers={"cookie": f"a=b; session={issuer.token()}"})
    assert answer.status == 200
    assert b"session=" not in answer.body
    assert martlet.get("/cookie").status == 401


def test_no_token(martlet):
    answer = martlet.get("/none")
    assert answer.status == 401
    assert answer.value("www-authenticate") == b'Bearer realm="martlet"'
    assert martlet.exchange(path="/none")["reason"] == "credentials_missing"


NOW = int(time.time())


@pytest.mark.parametrize("claims,reason", [
    ({"exp": NOW - 40}, "token_expired"), ({"exp": None}, "token_expiry_missing"),
    ({"nbf": NOW + 600}, "token_not_yet_valid"), ({"iat": NOW + 600}, "token_issued_in_the_future"),
    ({"aud": "billing"}, "token_audience_wrong"), ({"aud": None}, "token_audience_wrong"),
    ({"iss": "https://evil.example"}, "token_issuer_unknown"), ({"iss": None}, "token_issuer_unknown"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_claims_that_are_refused(martlet, issuer, claims, reason):
    path = f"/claims/{reason}/{'-'.join(claims)}{len(str(claims))}"
    answer = refused(martlet, issuer.token(**claims), path, reason)
    assert answer.value("www-authenticate") == b'Bearer realm="martlet", error="invalid_token"'


def b64(value) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def attacks(issuer: Issuer) -> dict[str, tuple[str, str]]:
    good = issuer.token()
    header, payload, signature = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    own = make_key("RS256", issuer.keys[0].kid)
    pem = issuer.keys[0].as_pem(private=False)
    confused = b64({"alg": "HS256", "kid": issuer.keys[0].kid}) + "." + payload
    code = hmac.new(pem, confused.encode(), hashlib.sha256).digest()
    jwk = own.as_dict(private=False)
    return {
        "none": (b64({"alg": "none"}) + "." + payload + ".", "token_malformed"),
        "none-signed": (b64({"alg": "none"}) + f".{payload}.{signature}", "token_algorithm_unknown"),
        "None": (b64({"alg": "nOnE"}) + f".{payload}.{signature}", "token_algorithm_unknown"),
        "confusion": (confused + "." + b64(code), "token_algorithm_not_allowed"),
        "other-key": (issuer.token(own), "token_signature_invalid"),
        "embedded-jwk": (issuer.token(own, {"jwk": jwk}), "token_signature_invalid"),
        "jku": (issuer.token(own, {"jku": "http://127.0.0.1:1/"}), "token_signature_invalid"),
        "x5u": (issuer.token(own, {"x5u": "http://127.0.0.1:1/"}), "token_signature_invalid"),
        "changed-claims": (f"{header}.{b64({**claims, 'sub': 'root'})}.{signature}",
                           "token_signature_invalid"),
        "other-algorithm": (b64({"alg": "RS512", "kid": issuer.keys[0].kid})
                            + f".{payload}.{signature}", "token_signature_invalid"),
        "no-signature": (f"{header}.{payload}.", "token_malformed"),
        "two-parts": (f"{header}.{payload}", "token_malformed"),
        "encrypted": (f"{header}.a.b.c.d", "token_encrypted"),
        "padding": (good + "=", "token_malformed"),
        "crit": (b64({"alg": "RS256", "crit": ["exp"]}) + f".{payload}.{signature}",
                 "token_extension_unknown"),
        "twins": (b64(b'{"alg":"RS256","alg":"none"}') + f".{payload}.{signature}",
                  "token_header_malformed"),
        "garbage": ("%%%", "token_malformed"),
        "long": ("a" * 17_000, "token_too_long"),
    }


@pytest.mark.parametrize("name", [
    "none", "none-signed", "None", "confusion", "other-key", "embedded-jwk", "jku", "x5u",
    "changed-claims", "other-algorithm", "no-signature", "two-parts", "encrypted", "padding", "crit",
    "twins", "garbage", "long"])
def test_attacks(attacked, name):
    martlet, issuer = attacked
    assert len(attacks(issuer)) == 18
    token, reason = attacks(issuer)[name]
    refused(martlet, token, f"/attack/{name}", reason)
    assert call(martlet, issuer.token(), "/fine").status == 200


@pytest.fixture(scope="module")
def attacked(start_shared, echo):
    issuer = Issuer("RS256")
    martlet = start_shared(config(issuer, echo.url).replace(
        "listeners: { public: 127.0.0.1:0 }",
        "listeners: { public: { address: 127.0.0.1:0, limits: { max-header: 64KiB } } }"))
    martlet.event("issuer_keys_changed", issuer="corp")
    yield martlet, issuer
    issuer.die()


def test_two_authorizations(martlet, issuer):
    token = f"Bearer {issuer.token()}"
    answer = martlet.get("/two", headers=[("authorization", token), ("authorization", token)])
    assert answer.status == 401
    assert martlet.exchange(path="/two")["reason"] == "credentials_ambiguous"


def test_a_cached_token_ends_with_its_expiry(start, echo, issuer):
    martlet = start(config(issuer, echo.url, "leeway: 0s"))
    martlet.event("issuer_keys_changed")
    token = issuer.token(exp=int(time.time()) + 2)
    assert call(martlet, token).status == 200
    deadline = time.monotonic() + 5
    while call(martlet, token).status == 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert call(martlet, token).status == 401


# The key server


@pytest.fixture
def moody():
    issuer = Issuer("ES256")
    yield issuer
    issuer.die()


def test_rotation(start, echo, moody):
    martlet = start(config(moody, echo.url, "refresh-interval: 300s"))
    martlet.event("issuer_keys_changed")
    old = moody.token()
    assert call(martlet, old).status == 200
    moody.rotate("ES256", "next", keep=True)
    # Nobody has told Martlet: the unknown `kid` has the keys fetched, and the request waits for it.
    time.sleep(1.1)
    assert call(martlet, moody.token(moody.keys[1])).status == 200
    assert call(martlet, old).status == 200
    moody.rotate("ES256", "last")
    time.sleep(1.1)
    assert call(martlet, moody.token()).status == 200
    assert call(martlet, old).status == 401, "a key that is gone, though the token was verified before"


def test_unknown_keys_are_not_fetched_again_and_again(start, echo, moody):
    martlet = start(config(moody, echo.url, "refresh-interval: 300s"))
    martlet.event("issuer_keys_changed")
    before = moody.fetches
    strangers = [make_key("ES256", f"stranger-{index}") for index in range(40)]
    began = time.monotonic()
    for key in strangers:
        assert call(martlet, moody.token(key)).status == 401
    assert moody.fetches - before <= 1 + (time.monotonic() - began)


@pytest.mark.parametrize("behaviour", ["garbage", "html", "error", "huge", "redirect"])
def test_nonsense_changes_nothing(start, echo, moody, behaviour):
    martlet = start(config(moody, echo.url, "refresh-interval: 1s"))
    martlet.event("issuer_keys_changed")
    moody.behaviour = behaviour
    martlet.event("issuer_keys_not_fetched", issuer="corp", last_good="true")
    assert call(martlet, moody.token()).status == 200
    moody.behaviour = "ok"
    moody.rotate("ES256", "after")
    martlet.wait_until(lambda: call(martlet, moody.token()).status == 200, "the new key", 15)


def test_a_key_server_that_stalls_holds_up_nobody_else(start, echo, moody):
    martlet = start(config(moody, echo.url, "refresh-interval: 300s"))
    martlet.event("issuer_keys_changed")
    token = moody.token()
    moody.behaviour = "stall"
    time.sleep(1.1)
    with martlet.connect() as waiting:
        stranger = moody.token(make_key("ES256", "stranger"))
        waiting.send(f"GET /w HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {stranger}\r\n\r\n".encode())
        began = time.monotonic()
        for _ in range(20):
            assert call(martlet, token).status == 200
        assert time.monotonic() - began < 1
        assert waiting.response().status in (401, 503)
        assert time.monotonic() - began < 4


def test_a_key_server_that_is_dead_at_the_start(start, echo, moody):
    moody.die()
    martlet = start(config(moody, echo.url, "refresh-interval: 300s"))
    martlet.event("issuer_keys_not_fetched", last_good="false")
    answer = call(martlet, moody.token(), "/dead")
    assert answer.status == 503 and answer.value("retry-after")
    assert martlet.exchange(path="/dead")["reason"] == "issuer_keys_missing"
    moody.revive()
    martlet.wait_until(lambda: call(martlet, moody.token()).status == 200, "keys at last", 20)


def test_a_reload_during_a_fetch_does_not_end_fetching(start, echo, moody):
    text = config(moody, echo.url, "refresh-interval: 1s")
    martlet = start(text)
    martlet.event("issuer_keys_changed")
    moody.behaviour = "stall"
    before = moody.fetches
    martlet.wait_until(lambda: moody.fetches > before, "a fetch that hangs", 10)
    martlet.reload(text.replace("refresh-interval: 1s", "refresh-interval: 2s"))
    moody.behaviour = "ok"
    moody.released.set()
    moody.rotate("ES256", "after")
    martlet.wait_until(lambda: call(martlet, moody.token()).status == 200, "the new key", 15)


def test_keys_survive_a_reload(start, echo, moody):
    text = config(moody, echo.url, "refresh-interval: 300s")
    martlet = start(text)
    martlet.event("issuer_keys_changed")
    moody.behaviour = "error"
    martlet.reload(text.replace("subject: robot-7", "subject: robot-8"))
    assert call(martlet, moody.token()).status == 200


def test_a_key_file_and_a_secret(start, echo, tmp_path):
    issuer = Issuer("PS256")
    issuer.die()
    from joserfc.jwk import KeySet
    (tmp_path / "0").mkdir(exist_ok=True)
    (tmp_path / "0/jwks.json").write_text(json.dumps(KeySet(issuer.keys).as_dict(private=False)))
    shared = OctKey.import_key("s" * 32, {"kid": "s", "alg": "HS256"})
    martlet = start(f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  default: tokens
  policies: {{ tokens: [jwt] }}
  issuers:
    file: {{ issuer: {issuer.url}, audiences: orders, jwks-file: jwks.json }}
    shared: {{ issuer: https://shared.example, audiences: orders, secret: {"s" * 32}, claims: {{ team: [a, b] }} }}
routes: [{{ match: {{ prefix: / }}, upstream: echo }}]
""")
    assert call(martlet, issuer.token()).status == 200
    good = issuer.token(shared, iss="https://shared.example", team="b")
    assert call(martlet, good, "/good").status == 200, martlet.exchange(path="/good")
    assert call(martlet, issuer.token(shared, iss="https://shared.example", team="c")).status == 401
    assert call(martlet, issuer.token(shared), "/crossed").status == 401
    assert martlet.exchange(path="/crossed")["reason"] == "token_algorithm_not_allowed"


# Introspection (RFC 7662)


class Introspection:
    """An issuer that is asked about tokens."""

    def __init__(self):
        import threading
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
        from urllib.parse import parse_qs
        self.tokens: dict[str, dict] = {}
        self.asked: list[str] = []
        self.authorizations: set[str] = set()
        self.broken = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
                token = form["token"][0]
                outer.asked.append(token)
                outer.authorizations.add(self.headers["authorization"])
                body = b"oops" if outer.broken else json.dumps(
                    outer.tokens.get(token, {"active": False})).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/introspect"


def test_what_one_issuer_says_is_never_said_of_anothers_token(start, echo):
    first, second = Introspection(), Introspection()
    martlet = start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  default: tokens
  policies: {{ tokens: [{{ jwt: {{ issuers: a, header: x-a }} }}, {{ jwt: {{ issuers: b }} }}] }}
  identity-headers: {{ x-subject: "{{subject}}" }}
  issuers:
    a: {{ audiences: orders,
         introspection: {{ url: "{first.url}", client-id: me, client-secret: abc }} }}
    b: {{ audiences: orders,
         introspection: {{ url: "{second.url}", client-id: me, client-secret: abc }} }}
routes: [{{ match: {{ prefix: / }}, upstream: echo }}]
""")
    first.tokens["foreign"] = {"active": True, "aud": "other", "sub": "eve"}
    second.tokens["good"] = {"active": True, "aud": "orders", "sub": "bob"}
    both = {"x-a": "foreign", "authorization": "Bearer good"}
    assert martlet.get("/", headers={"x-a": "foreign"}).status == 401
    assert Echo(martlet.get("/", headers=both)).values("x-subject") == ["bob"]
    answer = martlet.get("/only", headers={"x-a": "foreign"})
    assert answer.status == 401
    assert martlet.exchange(path="/only")["reason"] == "token_audience_wrong"


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
def test_times_beyond_all_times(start, echo, moody, claim):
    martlet = start(config(moody, echo.url, "refresh-interval: 300s"))
    martlet.event("issuer_keys_changed")
    token = moody.token(**{claim: -(2 ** 63)})
    assert call(martlet, token, "/ages").status == 401
    assert martlet.exchange(path="/ages")["reason"] == "token_claims_malformed"
    assert call(martlet, moody.token()).status == 200


def test_introspection(start, echo):
    server = Introspection()
    martlet = start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  default: tokens
  policies: {{ tokens: [jwt] }}
  identity-headers: {{ x-subject: "{{subject}}" }}
  issuers:
    opaque:
      audiences: orders
      introspection: {{ url: "{server.url}", client-id: me, client-secret: "a b:c", cache: 1s }}
routes:
  - {{ match: {{ prefix: /write }}, upstream: echo, access: {{ scopes: [write] }} }}
  - {{ match: {{ prefix: / }}, upstream: echo }}
""")
    server.tokens["good+/="] = {"active": True, "aud": "orders", "sub": "bob", "scope": "read write"}
    server.tokens["other"] = {"active": True, "aud": "billing", "sub": "bob"}
    for _ in range(5):
        assert Echo(call(martlet, "good+/=")).values("x-subject") == ["bob"]
    assert server.asked == ["good+/="]
    assert server.authorizations == {"Basic " + base64.b64encode(b"me:a%20b%3Ac").decode()}
    assert call(martlet, "good+/=", "/write").status == 200
    for _ in range(3):
        assert call(martlet, "bad", "/bad").status == 401
    assert server.asked.count("bad") == 1, "a no is remembered, too"
    assert martlet.exchange(path="/bad")["reason"] == "token_inactive"
    assert call(martlet, "other", "/other").status == 401
    assert martlet.exchange(path="/other")["reason"] == "token_audience_wrong"
    del server.tokens["good+/="]
    time.sleep(1.2)
    assert call(martlet, "good+/=").status == 401, "revoked, and the cache is over"
    server.broken = True
    assert call(martlet, "new", "/broken").status == 503
    server.server.shutdown()
    server.server.server_close()
    assert call(martlet, "new", "/dead").status == 503


def test_clients_find_out_who_gives_tokens(start, issuer, echo):
    """RFC 9728: the challenge names a document, and the document the issuer."""
    document = config(issuer, echo.url).replace(
        "  default: tokens", "  default: tokens\n  protected-resource: { resource: http://127.0.0.1:9/v1 }")
    martlet = start(document)
    challenge = martlet.get("/v1").value("www-authenticate").decode()
    path = "/.well-known/oauth-protected-resource/v1"
    assert f'resource_metadata="http://127.0.0.1:9{path}"' in challenge
    answer = martlet.get(path)
    assert answer.status == 200 and answer.value("content-type") == b"application/json"
    assert json.loads(answer.body) == {
        "resource": "http://127.0.0.1:9/v1", "authorization_servers": [issuer.url],
        "scopes_supported": ["orders:write"], "bearer_methods_supported": ["header"]}
