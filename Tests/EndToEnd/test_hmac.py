"""Requests signed with a shared secret, as webhooks and older APIs do it."""
from __future__ import annotations

import base64
import hashlib
import hmac
import time
from email.utils import formatdate

import pytest

from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import run_command

SECRET = "k" * 40
LARGE = "l" * 32
HOST = "api.example.com"
BODY = b'{"event":"push"}'

CONFIG = f"""
workers: 2
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: URL }}
authentication:
  policies:
    github: [{{ hmac: {{ header: x-hub-signature-256, prefix: "sha256=", signed: "{{body}}", key: acme, once: false }} }}]
    slack: [{{ hmac: {{ header: x-slack-signature, prefix: "v0=", signed: "v0:{{timestamp}}:{{body}}",
                        timestamp: x-slack-request-timestamp, key: acme }} }}]
    stripe: [{{ hmac: {{ header: stripe-signature, pairs: {{ timestamp: t, signature: v1 }},
                         signed: "{{timestamp}}.{{body}}", key: acme }} }}]
    shopify: [{{ hmac: {{ header: x-shopify-hmac-sha256, encoding: base64, signed: "{{body}}", key: acme, once: true }} }}]
    own: [{{ hmac: {{ header: x-signature, key-header: x-key-id, timestamp: date, forward: false,
                      signed: "{{method}}\\n{{host}}\\n{{path}}\\n{{query}}\\n{{target}}\\n{{header:x-tenant}}\\n{{timestamp}}\\n{{key-id}}\\n{{body-sha256}}" }} }}]
    either: [{{ hmac: {{ header: x-signature, signed: "{{body}}", key: acme, once: false }} }}, basic]
  identity-headers: {{ x-consumer: "{{consumer.name}}" }}
consumers:
  acme: {{ signing-keys: {{ id: acme, secret: {SECRET} }} }}
  large: {{ signing-keys: {{ id: large, algorithm: hmac-sha512, secret: {LARGE} }} }}
routes:
  - {{ match: {{ prefix: /github }}, upstream: echo, authentication: github, limits: {{ max-held-body: 200KiB }} }}
  - {{ match: {{ prefix: /slack }}, upstream: echo, authentication: slack }}
  - {{ match: {{ prefix: /stripe }}, upstream: echo, authentication: stripe }}
  - {{ match: {{ prefix: /shopify }}, upstream: echo, authentication: shopify }}
  - {{ match: {{ prefix: /own }}, upstream: echo, authentication: own }}
  - {{ match: {{ prefix: /either }}, upstream: echo, authentication: either }}
"""


@pytest.fixture(scope="module")
def martlet(start_shared, echo):
    return start_shared(CONFIG.replace("URL", echo.url))


def code(text: bytes, secret: str = SECRET, hashing=hashlib.sha256) -> str:
    return hmac.new(secret.encode(), text, hashing).hexdigest()


def send(martlet, path: str, headers, body: bytes | None = BODY, method: str = "POST"):
    return martlet.get(path, method=method, headers=headers, body=body, host=HOST)


def taken(answer, consumer: str = "acme") -> Echo:
    assert answer.status == 200
    echo = Echo(answer)
    assert echo.values("x-consumer") == [consumer]
    return echo


def refused(martlet, answer, path: str, reason: str):
    assert answer.status == 401 and answer.values("www-authenticate") == []
    assert martlet.exchange(path=path, reason=reason)


def github(body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + code(body, secret)}


@pytest.mark.parametrize("body", [BODY, b"", bytes(100_000)], ids=["small", "empty", "large"])
def test_github(martlet, body):
    for _ in range(2):  # a delivery may be repeated
        echo = taken(send(martlet, "/github/a", github(body), body))
        assert echo.body_length == len(body)
    assert echo.values("x-hub-signature-256"), "the service may look at it, too"


def test_github_chunked(martlet):
    head = request_bytes("POST", "/github/chunked", {**github(), "Transfer-Encoding": "chunked"}, host=HOST)
    with martlet.connect() as client:
        answer = client.exchange(head + b"4\r\n" + BODY[:4] + b"\r\n%x\r\n" % len(BODY[4:]) + BODY[4:]
                                 + b"\r\n0\r\n\r\n", "POST")
    assert taken(answer).body_length == len(BODY)


def test_github_over_http2(martlet):
    with Http2Client(martlet.address()) as client:
        fields = [(b"x-hub-signature-256", github()["x-hub-signature-256"].encode())]
        stream = client.begin("POST", "/github/h2", *fields)
        client.send_body(stream, BODY)
        assert client.response(stream).status == 200
        stream = client.begin("POST", "/github/h2", *fields)
        client.send_body(stream, BODY + b" ")
        assert client.response(stream).status == 401


@pytest.mark.parametrize("name,headers,reason", [
    ("none", {}, "credentials_missing"),
    ("other-secret", github(secret="x" * 40), "signature_invalid"),
    ("other-body", github(b"other"), "signature_invalid"),
    ("upper-case-prefix", {"x-hub-signature-256": "SHA256=" + code(BODY)}, "signature_malformed"),
    ("no-prefix", {"x-hub-signature-256": code(BODY)}, "signature_malformed"),
    ("cut", {"x-hub-signature-256": "sha256=" + code(BODY)[:32]}, "signature_invalid"),
    ("empty", {"x-hub-signature-256": "sha256="}, "signature_malformed"),
    ("twice", [*github().items(), *github().items()], "credentials_ambiguous"),
])
def test_what_github_did_not_sign(martlet, echo, name, headers, reason):
    served = echo.served
    path = f"/github/refused/{name}"
    refused(martlet, send(martlet, path, headers), path, reason)
    assert echo.served == served


def test_a_body_that_is_too_large_to_be_held(martlet):
    body = bytes(300_000)
    assert send(martlet, "/github/large", github(body), body).status == 413


def slack(body: bytes = BODY, at: float | None = None, **more) -> dict[str, str]:
    at = int(time.time() if at is None else at)
    text = f"v0:{at}:".encode() + body
    return {"x-slack-request-timestamp": str(at), "x-slack-signature": "v0=" + code(text), **more}


def test_slack(martlet):
    headers = slack(b"one")
    taken(send(martlet, "/slack/a", headers, b"one"))
    refused(martlet, send(martlet, "/slack/a", headers, b"one"), "/slack/a", "signature_replayed")
    # The same bytes in other letters are the same signature.
    headers["x-slack-signature"] = "v0=" + headers["x-slack-signature"][3:].upper()
    assert send(martlet, "/slack/a", headers, b"one").status == 401


@pytest.mark.parametrize("name,headers,reason", [
    ("old", slack(at=time.time() - 400), "signature_too_old"),
    ("future", slack(at=time.time() + 4000), "signature_created_in_the_future"),
    ("changed", {**slack(b"t"), "x-slack-request-timestamp": str(int(time.time()) - 5)}, "signature_invalid"),
    ("milliseconds", {**slack(), "x-slack-request-timestamp": str(int(time.time() * 1000))}, "signature_malformed"),
    ("words", {**slack(), "x-slack-request-timestamp": "now"}, "signature_malformed"),
    ("timeless", {"x-slack-signature": "v0=" + code(BODY)}, "signature_created_missing"),
])
def test_times(martlet, name, headers, reason):
    path = f"/slack/{name}"
    refused(martlet, send(martlet, path, headers), path, reason)


def test_stripe(martlet):
    now = int(time.time())

    def signed(body: bytes, more: str = "") -> dict[str, str]:
        return {"stripe-signature": f"t={now},{more}v1={code(f'{now}.'.encode() + body)},v0=ignored"}

    taken(send(martlet, "/stripe/a", signed(b"a"), b"a"))
    taken(send(martlet, "/stripe/b", signed(b"b", f"v1={'0' * 64},"), b"b"))
    refused(martlet, send(martlet, "/stripe/c", signed(b"c"), b"d"), "/stripe/c", "signature_invalid")
    refused(martlet, send(martlet, "/stripe/d", {"stripe-signature": f"t={now}"}), "/stripe/d",
            "signature_malformed")


def test_shopify(martlet):
    text = base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha256).digest()).decode()
    headers = {"x-shopify-hmac-sha256": text}
    taken(send(martlet, "/shopify/a", headers))
    refused(martlet, send(martlet, "/shopify/a", headers), "/shopify/a", "signature_replayed")


def own(path: str, query: str = "", body: bytes = b"", method: str = "GET", key: str = "large",
        date: str | None = None) -> dict[str, str]:
    date = date or formatdate(usegmt=True)
    target = path + (f"?{query}" if query else "")
    text = "\n".join([method, HOST, path, query, target, "t1", date, key,
                      hashlib.sha256(body).hexdigest()]).encode()
    made = code(text, LARGE, hashlib.sha512) if key == "large" else code(text)
    return {"x-signature": made, "x-key-id": key, "x-tenant": "t1", "date": date}


def test_a_scheme_of_ones_own(martlet):
    echo = taken(send(martlet, "/own/a?b=c", own("/own/a", "b=c"), None, "GET"), "large")
    assert echo.values("x-signature") == []
    taken(send(martlet, "/own/b", own("/own/b", body=BODY, method="PUT", key="acme"), BODY, "PUT"))


@pytest.mark.parametrize("name,change,reason", [
    ("query", {}, "signature_invalid"),
    ("key", {"x-key-id": "nobody"}, "signature_key_unknown"),
    ("other-key", {"x-key-id": "acme"}, "signature_invalid"),
    ("tenant", {"x-tenant": "t2"}, "signature_invalid"),
    ("no-tenant", {"x-tenant": None}, "signature_component_missing"),
    ("no-date", {"date": None}, "signature_created_missing"),
    ("no-key", {"x-key-id": None}, "signature_key_unknown"),
])
def test_what_was_changed_on_the_way(martlet, name, change, reason):
    path = f"/own/changed/{name}"
    headers = {**own(path), **change}
    headers = {name: value for name, value in headers.items() if value is not None}
    target = path + "?x" if name == "query" else path
    refused(martlet, send(martlet, target, headers, None, "GET"), path, reason)


def test_beside_another_method(martlet):
    answer = send(martlet, "/either", {})
    assert answer.status == 401
    assert answer.values("www-authenticate") == [b'Basic realm="martlet", charset="UTF-8"']
    taken(send(martlet, "/either", {"x-signature": code(BODY)}))


@pytest.mark.parametrize("key,told", [("nobody", "no consumer has a signing key `nobody`"),
                                      ("public", "no secret that two sides share")])
def test_a_key_that_cannot_be_used(tmp_path, key, told):
    (tmp_path / "key.json").write_text(
        '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}')
    file = tmp_path / "martlet.yaml"
    file.write_text(f"""
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: http://127.0.0.1:1 }}
authentication:
  default: signed
  policies: {{ signed: [{{ hmac: {{ header: x-a, signed: "{{body}}", key: {key}, once: false }} }}] }}
consumers:
  acme: {{ signing-keys: {{ id: public, algorithm: ed25519, jwk-file: key.json }} }}
routes: [{{ upstream: echo }}]
""")
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 2 and told in result.stdout + result.stderr
