"""Signed requests (RFC 9421) with digests (RFC 9530)."""
from __future__ import annotations

import base64
import hashlib
import hmac
import time

import pytest

from harness.echo_backend import Echo

SECRET = b"k" * 40
HOST = "api.example.com"


@pytest.fixture(scope="module")
def martlet(start_shared, echo):
    return start_shared(f"""
workers: 2
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  default: signed
  policies: {{ signed: [signature] }}
  identity-headers: {{ x-consumer: "{{consumer.name}}" }}
consumers:
  acme: {{ signing-keys: {{ id: key-1, secret: {SECRET.decode()} }} }}
routes: [{{ match: {{ prefix: / }}, upstream: echo }}]
""")


def digest(body: bytes) -> str:
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def signed(method="GET", path="/a", query="", body=None, key=SECRET, keyid="key-1", created=None,
           covered=("@method", "@authority", "@path", "@query"), more="", **fields):
    created = int(time.time()) if created is None else created
    names = list(covered)
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    if body is not None:
        headers["content-digest"] = digest(body)
        names.append("content-digest")
    values = {"@method": method, "@authority": HOST, "@path": path, "@query": "?" + query, **headers}
    items = " ".join(f'"{name}"' for name in names)
    parameters = f'({items});created={created};keyid="{keyid}"{more}'
    base = "".join(f'"{name}": {values[name]}\n' for name in names)
    base += f'"@signature-params": {parameters}'
    code = base64.b64encode(hmac.new(key, base.encode(), hashlib.sha256).digest()).decode()
    headers["signature-input"] = f"sig={parameters}"
    headers["signature"] = f"sig=:{code}:"
    return headers


def send(martlet, headers, method="GET", target="/a", body=None):
    return martlet.get(target, method=method, headers=headers, body=body, host=HOST)


def test_a_signed_request(martlet):
    answer = send(martlet, signed(query="b=c", path="/one"), target="/one?b=c")
    assert Echo(answer).values("x-consumer") == ["acme"]


@pytest.mark.parametrize("size", [1, 100_000])
def test_a_signed_body(martlet, size):
    body = bytes(size)
    answer = send(martlet, signed("POST", f"/body/{size}", body=body), "POST", f"/body/{size}", body)
    assert Echo(answer).body_length == size


def refused(martlet, answer, path, reason):
    assert answer.status == 401
    assert martlet.exchange(path=path)["reason"] == reason


def test_nothing_is_taken_twice(martlet):
    headers = signed(path="/twice")
    assert send(martlet, headers, target="/twice").status == 200
    for _ in range(4):
        answer = send(martlet, headers, target="/twice")
        assert answer.status == 401
    assert martlet.exchange(path="/twice", reason="signature_replayed")


@pytest.mark.parametrize("name,options,reason", [
    ("key", {"key": b"x" * 40}, "signature_invalid"),
    ("keyid", {"keyid": "other"}, "signature_key_unknown"),
    ("old", {"created": int(time.time()) - 4000}, "signature_too_old"),
    ("future", {"created": int(time.time()) + 4000}, "signature_created_in_the_future"),
    ("expired", {"more": ";expires=1000"}, "signature_expired"),
    ("algorithm", {"more": ';alg="ed25519"'}, "signature_algorithm_wrong"),
    ("uncovered", {"covered": ("@method", "@path", "@query")}, "signature_component_not_covered"),
])
def test_signatures_that_are_refused(martlet, name, options, reason):
    path = f"/refused/{name}"
    refused(martlet, send(martlet, signed(path=path, **options), target=path), path, reason)


def test_other_requests(martlet):
    refused(martlet, send(martlet, signed(path="/x"), target="/other"), "/other", "signature_invalid")
    refused(martlet, send(martlet, signed(path="/q"), target="/q?a=b"), "/q", "signature_invalid")
    refused(martlet, send(martlet, signed(path="/m"), "DELETE", "/m"), "/m", "signature_invalid")
    refused(martlet, send(martlet, {}, target="/none"), "/none", "credentials_missing")


def test_other_bodies(martlet, echo):
    served = echo.served
    headers = signed("POST", "/changed", body=b"hello")
    refused(martlet, send(martlet, headers, "POST", "/changed", b"hellO"), "/changed", "digest_wrong")
    headers = signed("POST", "/bare")
    refused(martlet, send(martlet, headers, "POST", "/bare", b"hello"), "/bare", "digest_missing")
    assert echo.served == served


@pytest.mark.parametrize("body", [None, b"", [b""]])
def test_a_body_that_was_taken_away(martlet, body):
    path = f"/taken/{type(body).__name__}"
    headers = signed("POST", path, body=b"amount=5")
    if isinstance(body, list):
        with martlet.connect() as client:
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            answer = client.exchange(
                f"POST {path} HTTP/1.1\r\nhost: {HOST}\r\n{lines}"
                f"transfer-encoding: chunked\r\n\r\n0\r\n\r\n".encode())
    else:
        answer = send(martlet, headers, "POST", path, body)
    refused(martlet, answer, path, "digest_wrong")


def test_no_body_that_was_signed_as_none(martlet):
    assert send(martlet, signed("POST", "/nothing", body=b""), "POST", "/nothing").status == 200


def test_what_was_taken_is_remembered_while_there_are_no_keys(start, echo):
    text = f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication: {{ default: signed, policies: {{ signed: [signature] }} }}
consumers: {{ acme: {{ signing-keys: {{ id: key-1, secret: {SECRET.decode()} }} }} }}
routes: [{{ match: {{ prefix: / }}, upstream: echo }}]
"""
    martlet = start(text)
    headers = signed(path="/once")
    assert send(martlet, headers, target="/once").status == 200
    martlet.reload("\n".join(
        "consumers: { acme: {} }" if line.startswith("consumers") else line
        for line in text.splitlines()))
    martlet.reload(text)
    assert send(martlet, headers, target="/once").status == 401
    assert martlet.exchange(path="/once", reason="signature_replayed")
