"""Exceptions that end by themselves, while the process runs and nobody touches its file."""
from __future__ import annotations

import json
import time
from datetime import datetime, timezone

import pytest

from harness.certificates import self_signed
from harness.client import request_bytes
from harness.martlet import run_command
from harness.nginx import Nginx

# Long enough for a process to start and be asked before; moments have no fractions.
SECONDS = 6


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("self-signed")
    nginx = Nginx(tls=self_signed("127.0.0.1").write(folder, "server"))
    yield nginx
    nginx.stop()


def config(echo_url: str, tls_url: str, end: str) -> str:
    def stated(value: str) -> str:
        return f'{{ value: {value}, until: "{end}", reason: "as agreed" }}'

    return f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams:
  echo: {echo_url}
  insecure: {{ endpoints: {tls_url}, tls: {{ insecure: {stated("true")} }} }}
  found: {{ endpoints: {{ file: found.yaml }}, egress: {{ allow: [{stated("127.0.0.1")}] }} }}
consumers: {{ guest: {{}} }}
authentication:
  policies:
    visitors: {{ methods: [basic], anonymous: {stated("guest")} }}
    closed: [basic]
  default: closed
routes:
  - {{ match: {{ path: /insecure }}, upstream: insecure, rewrite: /, authentication: none }}
  - {{ match: {{ path: /anonymous }}, upstream: echo, authentication: visitors }}
  - {{ match: {{ path: /egress }}, upstream: found, authentication: none }}
  - match: {{ path: /on-failure }}
    upstream: echo
    authentication: none
    external-authorization: {{ url: "http://127.0.0.1:1/", on-failure: {stated("allow")} }}
  - {{ match: {{ path: /open }}, upstream: echo, authentication: {stated("none")} }}
  - match: {{ path: "/spelling/{{rest*}}" }}
    upstream: echo
    authentication: none
    allow: [{stated("encoded-slash")}]
  - match: {{ path: /later }}
    upstream: echo
    authentication: {{ value: none, until: 2999-12-31, reason: "not over for a while" }}
"""


AFTER = {"/insecure": 502, "/anonymous": 401, "/egress": 502, "/on-failure": 503, "/open": 401,
         "/spelling/a%2Fb": 400, "/later": 200}


def test_they_end_without_a_reload(start, echo, server, tmp_path):
    folder = tmp_path / "0"
    folder.mkdir()
    (folder / "found.yaml").write_text(f"- {echo.url}\n")
    end = int(time.time()) + SECONDS
    martlet = start(config(echo.url, server.secure_url, moment(end)))
    with martlet.connect() as client:
        for path in AFTER:
            assert martlet.get(path).status == 200, path
            assert client.exchange(request_bytes("GET", path)).status == 200, path
        told = json.loads(martlet.admin("/v1/status").body)
        assert time.time() < end, "too slow a machine: nothing was seen before the end"
        assert len(told["exceptions"]) == 7 and not any(e["over"] for e in told["exceptions"])
        assert told["exceptions"][0]["until"] == moment(end)

        # The same connection, on which nothing is sent meanwhile, is served by the new rules.
        deadline = time.monotonic() + SECONDS + 10
        while client.exchange(request_bytes("GET", "/anonymous")).status == 200:
            assert time.monotonic() < deadline, martlet.log()
        assert time.time() >= end
    for path, status in AFTER.items():
        answer = martlet.get(path)
        assert answer.status == status, (path, answer.status)
        if path == "/insecure":
            # Neither is a connection that was opened unchecked, and is still open, used any more.
            assert json.loads(answer.body)["code"] == "tls_certificate_invalid"
    event = martlet.event("exception_over", exception="upstreams.insecure.tls.insecure")
    assert event["reason"] == "as agreed" and event["was"] == "certificates of endpoints are not checked"
    assert event["at"].startswith(str(martlet.file)) or "martlet.yaml:" in event["at"]
    assert len([e for e in martlet.events if e.get("event") == "exception_over"]) == 6
    told = json.loads(martlet.admin("/v1/status").body)
    assert [e["over"] for e in told["exceptions"]] == [True] * 6 + [False]
    assert told["exceptions"][-1]["reason"] == "not over for a while"
    assert told["generation"] == 2 and told["reloads"] == {"succeeded": 0, "failed": 0}


def test_a_reload_brings_another_end(start, echo):
    text = """
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {url} }}
authentication: {{ policies: {{ closed: [basic] }}, default: closed }}
routes:
  - {{ upstream: echo, authentication: {{ value: none, until: "{end}", reason: a test }} }}
"""
    martlet = start(text.format(url=echo.url, end="2999-12-31"))
    assert martlet.get("/").status == 200
    martlet.reload(text.format(url=echo.url, end=moment(time.time() + 2)))
    martlet.event("exception_over", exception="routes[0].authentication")
    assert martlet.get("/").status == 401
    martlet.reload(text.format(url=echo.url, end="2999-12-31"))
    assert martlet.get("/").status == 200
    martlet.reload(text.format(url=echo.url, end="2020-01-01"))
    assert martlet.get("/").status == 401, "what is over when it is read never holds"


def test_validate_and_explain_know_the_time(echo, tmp_path):
    text = """
listeners: {{ public: 127.0.0.1:8080 }}
upstreams: {{ echo: {url} }}
authentication: {{ policies: {{ closed: [basic] }}, default: closed }}
consumers: {{ a: {{ passwords: {{ user: a, hash: $2b$10$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa }} }} }}
routes:
  - {{ upstream: echo, authentication: {{ value: none, until: {end}, reason: a test }} }}
"""
    file = tmp_path / "martlet.yaml"
    file.write_text(text.format(url=echo.url, end="2999-12-31"))
    assert run_command("validate", "--strict", "-c", str(file)).returncode == 0
    assert "401" not in run_command("explain", "-c", str(file), "GET", "http://a.example/").stdout
    file.write_text(text.format(url=echo.url, end="2020-01-01"))
    result = run_command("validate", "--strict", "-c", str(file))
    assert result.returncode == 2 and "this exception is over" in result.stdout + result.stderr
    assert "401" in run_command("explain", "-c", str(file), "GET", "http://a.example/").stdout


def test_nothing_else_changes(start, echo, server):
    """Connections of unchanged upstreams and counters of limits outlive an end; other terms are no change."""
    def text(end: str, reason: str) -> str:
        return f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
rate-limits: {{ few: 2/1h }}
upstreams:
  insecure:
    endpoints: {server.secure_url}
    tls: {{ insecure: {{ value: true, until: 2999-12-31, reason: {reason} }} }}
authentication: {{ policies: {{ closed: [basic] }}, default: closed }}
routes:
  - {{ match: {{ path: /insecure }}, upstream: insecure, rewrite: /, authentication: none }}
  - {{ match: {{ path: /few }}, rate-limits: few, respond: 204, authentication: none }}
  - {{ match: {{ path: /open }}, respond: 204, authentication: {{ value: none, until: "{end}", reason: a }} }}
"""
    martlet = start(text("2999-12-31", "one"))
    assert martlet.get("/insecure").status == 200 and martlet.get("/few").status == 204
    martlet.reload(text(moment(time.time() + 2), "two"))
    assert martlet.get("/insecure").status == 200
    martlet.event("exception_over", exception="routes[2].authentication")
    assert martlet.get("/open").status == 401 and martlet.get("/insecure").status == 200
    assert martlet.metric("martlet_upstream_connects_total", upstream="insecure") == 1
    assert [martlet.get("/few").status for _ in range(2)] == [204, 429]
