"""Whoever tries other people's passwords is locked out, whatever else is in the request."""
from __future__ import annotations

import base64
import json
import time

import bcrypt
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from harness.client import request_bytes
from harness.echo_backend import Echo
from harness.martlet import Martlet, run_command

PASSWORD = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(10)).decode()
KEY_SECRET = "0123456789abcdef0123456789abcdef"
TOKEN_SECRET = "s" * 32
KEY = "the-key-of-acme-1"


@pytest.fixture(scope="module")
def key_hash(tmp_path_factory) -> str:
    file = tmp_path_factory.mktemp("keys") / "martlet.yaml"
    file.write_text("listeners: { public: 127.0.0.1:0 }\nroutes: [{ respond: 204 }]\n"
                    f"authentication: {{ key-secret: {KEY_SECRET} }}\n")
    result = run_command("keys", "hash", "-c", str(file), "--output", "json", text=KEY + "\n")
    return json.loads(result.stdout)["hash"]


@pytest.fixture
def begin(start, echo, key_hash):
    def begin(methods: str, by: str = "[address, credential]") -> Martlet:
        return start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  key-secret: {KEY_SECRET}
  default: all
  policies: {{ all: {methods} }}
  lockout: {{ attempts: 3, decay: 1h, by: {by} }}
  identity-headers: {{ x-consumer: "{{consumer.name}}" }}
  issuers: {{ corp: {{ issuer: corp, audiences: api, secret: {TOKEN_SECRET} }} }}
consumers:
  acme: {{ api-keys: [{{ hash: "{key_hash}" }}] }}
  bob: {{ passwords: {{ user: bob, hash: {PASSWORD} }} }}
routes: [{{ upstream: echo }}]
""")
    return begin


def basic(password: str, user: str = "bob") -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def guesses(martlet: Martlet, count: int, *more: tuple[str, str]) -> list[int]:
    """Statuses of wrong passwords beside other fields."""
    statuses = []
    for number in range(count):
        head = request_bytes("GET", "/", {"Authorization": basic(f"guess-{number}")})
        fields = b"".join(f"{name}: {value}\r\n".encode() for name, value in more)
        with martlet.connect() as client:
            statuses.append(client.exchange(head[:-2] + fields + b"\r\n").status)
    return statuses


@pytest.mark.parametrize("methods,more", [
    ("[basic]", []),
    ("[api-key, basic]", [("x-api-key", "a"), ("x-api-key", "b")]),
    ("[signature, basic]", [("signature-input", "x"), ("signature", "y")])])
def test_other_refusals_hide_no_guess(begin, methods, more):
    martlet = begin(methods)
    assert guesses(martlet, 5, *more) == [401, 401, 401, 429, 429]
    assert guesses(martlet, 1) == [429], "without the other fields, too"


def test_credentials_of_ones_own_are_no_licence_to_guess(begin):
    martlet = begin("[basic, api-key]")
    assert guesses(martlet, 5, ("x-api-key", KEY)) == [200, 200, 200, 429, 429]
    answer = martlet.get(headers={"authorization": basic("open sesame")})
    assert answer.status == 429


def test_a_user_is_locked_wherever_the_guesses_come_from(begin):
    martlet = begin("[basic]", by="credential")
    assert guesses(martlet, 4) == [401, 401, 401, 429]
    answer = martlet.get("/locked", headers={"authorization": basic("open sesame")})
    assert answer.status == 429 and 1 <= int(answer.value("retry-after")) <= 1200
    assert martlet.exchange(path="/locked")["reason"] == "locked_out"
    other = martlet.get(headers={"authorization": basic("open sesame", "nobody")})
    assert other.status == 401


@pytest.mark.parametrize("methods", ["[{ api-key: { authorization: true } }, jwt]",
                                     "[jwt, { api-key: { authorization: true } }]"])
def test_an_expired_token_is_no_guess_of_a_key(begin, methods):
    martlet = begin(methods)

    def bearer(text: str):
        return martlet.get(headers={"authorization": f"Bearer {text}"})

    def token(expiry: float) -> str:
        claims = {"iss": "corp", "aud": "api", "sub": "x", "exp": int(expiry)}
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(TOKEN_SECRET))

    assert [bearer(token(time.time() - 3600)).status for _ in range(6)] == [401] * 6
    assert bearer(token(time.time() + 3600)).status == 200
    assert Echo(bearer(KEY)).values("x-consumer") == ["acme"]
    assert [bearer("nonsense").status for _ in range(4)] == [401, 401, 401, 429]


def test_what_is_not_to_be_forwarded_is_not_whoever_was_accepted_by_it(begin):
    martlet = begin("[api-key, basic]")
    answer = Echo(martlet.get(headers={"x-api-key": KEY, "authorization": basic("open sesame")}))
    assert answer.values("x-consumer") == ["acme"]
    assert answer.values("authorization") == [] and answer.values("x-api-key") == []
    answer = Echo(martlet.get(headers={"x-api-key": KEY, "authorization": "Bearer for-the-upstream"}))
    assert answer.values("authorization") == ["Bearer for-the-upstream"]


def test_a_crowd_of_guessers_locks_nobody_else_out(start, echo):
    martlet = start(f"""
workers: 1
listeners: {{ public: {{ address: 127.0.0.1:0, trusted-proxies: 127.0.0.1 }} }}
upstreams: {{ echo: {echo.url} }}
authentication:
  key-secret: {KEY_SECRET}
  default: all
  policies: {{ all: [api-key] }}
  lockout: {{ attempts: 2, decay: 1h, by: address, max-tracked: 1000 }}
routes: [{{ upstream: echo }}]
""")

    def statuses(client, numbers, **fields):
        return [client.exchange(request_bytes(
            "GET", "/", {"X-Forwarded-For": f"2001:db8:{number:x}::1", **fields})).status
            for number in numbers]

    guess = {"X-Api-Key": "a"}
    with martlet.connect() as client:
        # Some have failed twice and are remembered, whoever comes after them.
        locked = list(range(20_000, 20_100))
        for _ in range(2):
            assert set(statuses(client, locked, **guess)) == {401}
        statuses(client, range(3000), **guess)
        assert statuses(client, locked).count(429) >= 95
        assert set(statuses(client, range(10_000, 10_200))) == {401}
