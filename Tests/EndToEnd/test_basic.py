"""Basic with real password hashes, checked away from the event loops."""
from __future__ import annotations

import base64
import time

import argon2
import bcrypt
import pytest

from harness.echo_backend import Echo
from harness.http2_client import Http2Client
from harness.martlet import Martlet

BCRYPT = bcrypt.hashpw(b"open sesame", bcrypt.gensalt(12)).decode()
ARGON2 = argon2.PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1).hash("correct horse")


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
authentication:
  default: login
  realm: WallyWorld
  policies: {{ login: [basic] }}
  identity-headers: {{ x-consumer: "{{consumer.name}}" }}
consumers:
  aladdin: {{ passwords: {{ user: Aladdin, hash: {BCRYPT} }} }}
  staple: {{ passwords: [{{ user: staple, hash: "{ARGON2}" }}] }}
routes:
  - {{ name: open, match: {{ path: /open }}, upstream: echo, authentication: none }}
  - {{ name: all, match: {{ prefix: / }}, upstream: echo }}
""")


def field(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def call(martlet, path, user, password):
    return martlet.get(path, headers={"authorization": field(user, password)})


@pytest.mark.parametrize("user,password,consumer", [
    ("Aladdin", "open sesame", "aladdin"), ("staple", "correct horse", "staple")])
def test_right_passwords(martlet, user, password, consumer):
    echo = Echo(call(martlet, "/a", user, password))
    assert echo.values("x-consumer") == [consumer]
    assert echo.values("authorization") == []
    began = time.monotonic()
    for _ in range(20):
        assert call(martlet, "/a", user, password).status == 200
    assert time.monotonic() - began < 1, "remembered"


@pytest.mark.parametrize("user,password", [
    ("Aladdin", "open sesam"), ("Aladdin", ""), ("Aladdin", "x" * 100), ("nobody", "open sesame"),
    ("staple", "open sesame"), ("", "")])
def test_wrong_ones(martlet, user, password):
    path = f"/wrong/{user or None}/{len(password)}"
    answer = call(martlet, path, user, password)
    assert answer.status == 401
    assert answer.value("www-authenticate") == b'Basic realm="WallyWorld", charset="UTF-8"'
    assert martlet.exchange(path=path)["reason"] == "password_wrong"


@pytest.mark.parametrize("value", ["Basic", "Basic !!!", "Basic YTpi ", "Basic YQ==", "Basic YTpi YTpi"])
def test_malformed(martlet, value):
    answer = martlet.get("/malformed", headers={"authorization": value})
    assert answer.status in (400, 401)


def test_the_loop_goes_on_meanwhile(martlet):
    """One worker: while it waits for slow passwords, it serves others."""
    with Http2Client(martlet.address()) as client:
        slow = [client.begin("GET", "/slow", ("authorization", field("Aladdin", f"wrong {n}")), end=True)
                for n in range(8)]
        began = time.monotonic()
        assert client.fetch("/open").status == 200
        assert time.monotonic() - began < 0.15
        assert [client.response(stream, 20).status for stream in slow] == [401] * 8


def test_a_flood_of_logins_is_bounded(martlet):
    with Http2Client(martlet.address()) as client:
        streams = [client.begin("GET", "/flood", ("authorization", field("Aladdin", f"guess {n}")), end=True)
                   for n in range(90)]
        answers = [client.response(stream, 30).status for stream in streams]
        assert set(answers) <= {401, 503} and 503 in answers
        assert client.fetch("/open").status == 200
