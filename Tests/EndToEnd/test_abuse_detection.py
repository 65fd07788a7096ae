"""Clients that behave badly are kept out for a while, and nobody else is."""
from __future__ import annotations

import json
import time

import pytest

from harness.client import request_bytes
from harness.http2_client import Http2Client
from harness.martlet import Martlet, run_command

CONFIG = """
workers: {workers}
listeners:
  public: 127.0.0.1:0
  behind: {{ address: 127.0.0.1:0, trusted-proxies: 127.0.0.0/8 }}
  inner: {{ address: 127.0.0.1:0, abuse-detection: false }}
upstreams: {{ echo: {url} }}
abuse-detection: {{ {abuse} }}
routes:
  - {{ name: front, match: {{ path: / }}, upstream: echo }}
  - {{ name: trap, match: {{ path: /.env }}, respond: 404, abuse-score: 100 }}
  - {{ name: guarded, match: {{ path: /guarded }}, upstream: echo, inspect: {inspect} }}
"""
ATTACK = "/guarded?a=1%27%20UNION%20SELECT%20name,%20password%20FROM%20users--"


@pytest.fixture
def begin(start, echo):
    def begin(abuse: str = "block-for: 1h", workers: int = 1, inspect: str = "block") -> Martlet:
        return start(text(echo, abuse, workers, inspect))
    return begin


def text(echo, abuse: str, workers: int = 1, inspect: str = "block") -> str:
    return CONFIG.format(url=echo.url, abuse=abuse, workers=workers, inspect=inspect)


def asks(martlet: Martlet, path: str = "/", source: str = "127.0.0.1", listener: str = "public",
         headers: dict[str, str] | None = None):
    """One request on a connection of its own, from an address of this machine."""
    with martlet.connect(listener, source=source) as client:
        return client.exchange(request_bytes("GET", path, headers or {}))


def scan(martlet: Martlet, count: int = 50, source: str = "127.0.0.1") -> list[int]:
    return [asks(martlet, f"/backup-{number}.zip", source).status for number in range(count)]


def test_a_scanner_is_kept_out_and_others_are_not(begin, echo):
    martlet = begin()
    assert scan(martlet) == [404] * 50
    served = echo.served
    answer = asks(martlet)
    assert answer.status == 429 and echo.served == served
    assert 3590 <= int(answer.value("retry-after")) <= 3600
    problem = json.loads(answer.body)
    assert problem["code"] == "client_blocked" and "errors" not in problem
    assert asks(martlet, source="127.0.0.2").status == 200
    last = martlet.exchange(path="/backup-49.zip")
    assert (last["abuse_sign"], last["abuse_points"], last["abuse_action"]) == ("not_found", 2, "blocked")
    assert "abuse_action" not in martlet.exchange(path="/backup-48.zip")
    assert martlet.exchange(error="client_blocked")["reason"] == "address_blocked"
    event = martlet.event("client_blocked", client="127.0.0.1")
    assert (event["by"], event["sign"], event["action"]) == ("address", "not_found", "blocked")
    assert martlet.metric("martlet_abuse_points_total", sign="not_found") == 100
    assert martlet.metric("martlet_clients_blocked_total", by="address", action="blocked") == 1


def test_it_is_let_in_again(begin):
    martlet = begin("block-for: 1s, decay: 1s")
    assert asks(martlet, "/.env").status == 404
    assert asks(martlet).status == 429
    deadline = time.monotonic() + 10
    while asks(martlet).status == 429:
        assert time.monotonic() < deadline


def test_two_workers_count_together(begin):
    martlet = begin(workers=2)
    assert scan(martlet) == [404] * 50
    assert [asks(martlet).status for _ in range(20)] == [429] * 20


def test_the_same_path_again_is_no_scan(begin):
    martlet = begin()
    for _ in range(80):
        assert asks(martlet, "/favicon.ico").status == 404
    assert asks(martlet).status == 200


def test_attacks(begin):
    martlet = begin()
    for _ in range(4):
        assert asks(martlet, ATTACK).status == 403
    assert asks(martlet).status == 429
    assert martlet.exchange(abuse_action="blocked")["abuse_sign"] == "injection"


def test_what_is_only_reported_counts_if_it_is_to(begin):
    martlet = begin("scores: { reported: 50 }", inspect="report")
    assert [asks(martlet, ATTACK).status for _ in range(3)] == [200, 200, 429]
    martlet = begin("threshold: 50", inspect="report")
    assert [asks(martlet, ATTACK).status for _ in range(9)] == [200] * 9


def test_what_cannot_be_read(begin):
    martlet = begin()
    for _ in range(10):
        with martlet.connect() as client:
            client.send(b"\x16\x03\x01\x02\x00\r\n\r\n")
            assert client.response().status == 400
    assert asks(martlet).status == 429
    assert martlet.exchange(abuse_action="blocked")["abuse_sign"] == "malformed"


def test_a_report_keeps_nobody_out(begin):
    martlet = begin("action: report")
    for _ in range(3):
        assert asks(martlet, "/.env").status == 404
    assert asks(martlet).status == 200
    assert martlet.exchange(path="/.env")["abuse_action"] == "reported"
    assert martlet.event("client_blocked")["action"] == "reported"
    assert martlet.metric("martlet_clients_blocked_total", action="reported") == 1


def test_who_is_exempt(begin):
    martlet = begin("exempt: 127.0.0.8/29")
    for source, expected in [("127.0.0.9", 200), ("127.0.0.7", 429)]:
        asks(martlet, "/.env", source)
        assert asks(martlet, source=source).status == expected


def test_a_listener_without(begin):
    martlet = begin()
    asks(martlet, "/.env", listener="inner")
    assert asks(martlet, listener="inner").status == 200
    assert asks(martlet).status == 200
    asks(martlet, "/.env")
    assert asks(martlet).status == 429
    assert asks(martlet, listener="inner").status == 200


def test_behind_a_proxy(begin):
    martlet = begin()

    def through(path: str, client: str | None) -> int:
        fields = {"X-Forwarded-For": client} if client else {}
        return asks(martlet, path, listener="behind", headers=fields).status

    assert through("/.env", "192.0.2.1") == 404
    assert through("/", "192.0.2.1") == 429
    assert through("/", "192.0.2.2") == 200
    # Nobody knows for whom it asks.
    assert through("/.env", None) == 404
    assert through("/", None) == 200


def test_a_reload_keeps_it(begin, echo):
    martlet = begin()
    asks(martlet, "/.env")
    scan(martlet, 40, "127.0.0.4")
    martlet.reload(text(echo, "block-for: 1h, exempt: 10.0.0.0/8"))
    assert asks(martlet).status == 429
    # Points stay, too.
    assert [asks(martlet, f"/more-{n}", "127.0.0.4").status for n in range(11)] == [404] * 10 + [429]
    martlet.reload(text(echo, "block-for: 2h"))
    assert asks(martlet).status == 200


def test_http2(begin):
    martlet = begin()
    with Http2Client(martlet.address()) as client:
        for number in range(50):
            assert client.fetch(f"/backup-{number}.zip").status == 404
        answer = client.fetch("/")
        assert answer.status == 429 and int(answer.value("retry-after")) > 3500
    assert asks(martlet).status == 429


def test_consumers(start, echo, tmp_path):
    secret = "0123456789abcdef0123456789abcdef"
    file = tmp_path / "keys.yaml"
    file.write_text("listeners: { public: 127.0.0.1:0 }\nroutes: [{ respond: 204 }]\n"
                    f"authentication: {{ key-secret: {secret} }}\n")

    def hashed(key: str) -> str:
        result = run_command("keys", "hash", "-c", str(file), "--output", "json", text=key + "\n")
        return json.loads(result.stdout)["hash"]

    martlet = start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
abuse-detection: {{ by: consumer, scores: {{ forbidden: 40, not-found: 40 }} }}
authentication:
  key-secret: {secret}
  default: keys
  policies: {{ keys: {{ methods: [api-key], anonymous: visitor }} }}
consumers:
  acme: {{ api-keys: ["{hashed('key-of-acme')}"] }}
  hooli: {{ api-keys: ["{hashed('key-of-hooli')}"] }}
  visitor: {{}}
routes:
  - {{ match: {{ path: / }}, upstream: echo }}
  - {{ match: {{ prefix: /own }}, upstream: echo, access: {{ groups: [none] }} }}
""")

    def calls(path: str, key: str | None, source: str = "127.0.0.1") -> int:
        return asks(martlet, path, source, headers={"x-api-key": key} if key else {}).status

    for number in range(3):
        assert calls(f"/own/{number}", "key-of-acme", f"127.0.0.{number + 1}") == 403
        assert calls(f"/own/{number}", None) == 403
    assert calls("/", "key-of-acme", "127.0.0.9") == 429
    assert calls("/", "key-of-hooli") == 200
    assert calls("/", None) == 200, "who stands for everybody is not counted"
    assert martlet.exchange(error="client_blocked")["reason"] == "consumer_blocked"
    assert martlet.event("client_blocked")["consumer"] == "acme"


def test_warnings():
    result = run_command("validate", "-c", "-", text="""
listeners: { public: 127.0.0.1:0 }
abuse-detection: { threshold: 20, by: consumer, exempt: [0.0.0.0/1, 128.0.0.0/1] }
routes: [{ respond: 204 }]
""")
    told = result.stdout + result.stderr
    assert result.returncode == 0
    assert "`injection` alone" in told and "asks who calls" in told and "exempt nearly every" in told
