"""The command line: what it prints and how it exits."""
from __future__ import annotations

import json
import re

import pytest

from harness.martlet import run_command

GOOD = """# the shortest useful file
listeners:
  public: 127.0.0.1:0
upstreams:
  orders: http://127.0.0.1:9001
routes:
  - name: orders
    match: { host: api.example.com, path: "/v1/orders/{rest*}", methods: [GET, POST] }
    rewrite: "/orders/{rest}"
    headers: { request: { set: { x-tenant: acme } } }
    upstream: orders
  - name: other   # a comment to keep
    match: { prefix: / }
    upstream: orders
"""
BAD = GOOD.replace("upstream: orders\n  - name: other", "upstraem: orders\n  - name: other")


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "good.yaml"
    file.write_text(GOOD)
    return str(file)


@pytest.fixture
def bad(tmp_path):
    file = tmp_path / "bad.yaml"
    file.write_text(BAD)
    return str(file)


def ok(*arguments: str, **options) -> str:
    result = run_command(*arguments, **options)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_validate_good(good):
    ok("validate", "-c", good)


def test_validate_standard_input():
    ok("validate", "-c", "-", text=GOOD)


def test_validate_bad(bad):
    result = run_command("validate", "-c", bad)
    text = result.stdout + result.stderr
    assert result.returncode == 2
    assert re.search(r"bad\.yaml:11:5: error: .*upstraem", text), text
    assert "upstream" in text.replace("upstraem", "")


def test_validate_tells_every_error_at_once(bad, tmp_path):
    file = tmp_path / "many.yaml"
    file.write_text(BAD + "listenrs: {}\nworkers: many\n")
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 2
    assert len(re.findall(r": error: ", result.stdout + result.stderr)) >= 3


def test_validate_as_json(good, bad):
    result = run_command("validate", "-c", bad, "--output", "json")
    assert result.returncode == 2
    text = json.dumps(json.loads(result.stdout))
    assert "upstraem" in text and '"line": 11' in text
    json.loads(ok("validate", "-c", good, "--output", "json"))


@pytest.mark.parametrize("arguments", [
    ["validate", "-c", "/no/such/file.yaml"], ["run", "-c", "/no/such/file.yaml"],
    ["run", "--no-such-option"], ["frobnicate"], ["explain"]])
def test_usage_errors(arguments):
    assert run_command(*arguments).returncode == 2


def test_run_refuses_a_bad_file(bad):
    result = run_command("run", "-c", bad)
    assert result.returncode == 2
    assert "upstraem" in result.stdout + result.stderr


def test_address_in_use_is_a_runtime_failure(tmp_path):
    import socket
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file = tmp_path / "taken.yaml"
        port = taken.getsockname()[1]
        file.write_text(GOOD.replace("127.0.0.1:0", f"127.0.0.1:{port}") + "admin: off\n")
        result = run_command("run", "-c", str(file))
    assert result.returncode == 1
    assert str(port) in result.stderr


def test_secrets_are_not_printed(tmp_path):
    file = tmp_path / "secret.yaml"
    file.write_text(GOOD.replace("x-tenant: acme", 'x-tenant: "${TENANT_KEY}", "x y": "${TENANT_KEY}"'))
    result = run_command("validate", "-c", str(file), environment={"TENANT_KEY": "hunter2"})
    assert result.returncode == 2
    assert "hunter2" not in result.stdout + result.stderr


def test_missing_variable_is_named(tmp_path):
    file = tmp_path / "variable.yaml"
    file.write_text(GOOD.replace("acme", '"${NO_SUCH_VARIABLE}"'))
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 2 and "NO_SUCH_VARIABLE" in result.stdout + result.stderr


def test_fmt_is_idempotent_and_keeps_comments():
    ugly = GOOD.replace("  public:", "    public:").replace("\nroutes:", "\n\n\n\nroutes:")
    once = ok("fmt", "-c", "-", text=ugly)
    assert "# the shortest useful file" in once and "# a comment to keep" in once
    assert ok("fmt", "-c", "-", text=once) == once
    ok("validate", "-c", "-", text=once)


def test_routes(good):
    text = ok("routes", "-c", good)
    assert "orders" in text and "/v1/orders/{rest*}" in text and "api.example.com" in text
    rows = json.loads(ok("routes", "-c", good, "--output", "json"))
    assert "/v1/orders/{rest*}" in json.dumps(rows)


def test_explain(good):
    text = ok("explain", "-c", good, "GET", "https://api.example.com/v1/orders/7", "-H", "x-a: b")
    assert "orders" in text and "/orders/7" in text and "x-tenant" in text and "x-a" in text
    assert "other" in text, "the route that lost is not named"
    found = json.loads(ok("explain", "-c", good, "--output", "json", "GET",
                          "https://api.example.com/v1/orders/7"))
    assert "/orders/7" in json.dumps(found)


@pytest.mark.parametrize("method,url,expected", [
    ("DELETE", "http://api.example.com/v1/orders/7", "other"),
    ("GET", "http://elsewhere.example/x", "other"),
    ("GET", "http://api.example.com/%2e%2e/x", "400")])
def test_explain_other_outcomes(good, method, url, expected):
    result = run_command("explain", "-c", good, method, url)
    assert result.returncode in (0, 1)
    assert expected in result.stdout + result.stderr


def test_schema_is_a_json_schema():
    schema = json.loads(ok("schema"))
    assert "2020-12" in schema["$schema"]
    assert {"listeners", "upstreams", "routes"} <= schema["properties"].keys()


def test_version():
    assert re.search(r"\d+\.\d+\.\d+", ok("version"))
    assert "version" in json.loads(ok("version", "--output", "json"))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell):
    assert "martlet" in ok("completion", shell)


def test_help_lists_every_command():
    text = ok("--help")
    for command in ("run", "validate", "fmt", "routes", "explain", "schema", "reload", "demo",
                    "version", "completion"):
        assert re.search(rf"^\s+{command}\b", text, re.M), command


# Reload, as a command and as the request behind it.

def test_reload(start, echo):
    from harness.martlet import simple_config
    martlet = start(simple_config(echo.url))
    host, port = martlet.address("admin")
    admin = ["reload", "--admin", f"{host}:{port}"]
    assert ok(*admin).strip() == "ok: generation 2"
    assert json.loads(ok(*admin, "--output", "json"))["generation"] == 3
    martlet.write_config(simple_config(echo.url) + "\nlistenrs: {}\n")
    result = run_command(*admin)
    assert result.returncode == 2
    assert re.search(r"martlet\.yaml:\d+:1: error: .*listenrs", result.stderr), result.stderr
    assert martlet.get("/").status == 200


def test_reload_without_a_process():
    from harness.ports import closed_port
    result = run_command("reload", "--admin", f"127.0.0.1:{closed_port()}")
    assert result.returncode == 1 and "no answer" in result.stderr


@pytest.mark.parametrize("headers,status", [
    ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
    ({"Content-Type": "application/json", "Origin": "null"}, 403),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ({}, 415),
    ({"Content-Type": "application/json; charset=utf-8"}, 200)])
def test_web_pages_cannot_reload(start, echo, headers, status):
    from harness.client import fetch
    from harness.martlet import simple_config
    martlet = start(simple_config(echo.url))
    address = martlet.address("admin")
    answer = fetch(address, "/v1/reload", "POST", host=f"{address[0]}:{address[1]}",
                   headers=headers, body=b"{}")
    assert answer.status == status
    if status != 200:
        assert answer.value("content-type") == b"application/problem+json"
        assert json.loads(martlet.admin("/v1/status").body)["generation"] == 1


# Details of single commands.

def test_validate_counts(good):
    assert ok("validate", good) == "ok: 2 routes, 1 upstream, 1 listener\n"


def test_validate_strict(tmp_path):
    file = tmp_path / "warned.yaml"
    file.write_text(GOOD.replace("upstreams:", "upstreams:\n  unused: http://127.0.0.1:1"))
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 0 and "unused" in result.stderr
    assert run_command("validate", "--strict", "-c", str(file)).returncode == 2


def test_validate_tells_of_routes_that_hide_each_other(tmp_path):
    file = tmp_path / "hidden.yaml"
    twice = GOOD + "  - name: again\n    match: { prefix: / }\n    upstream: orders\n"
    file.write_text(twice)
    result = run_command("validate", "-c", str(file))
    assert "again" in result.stderr and "other" in result.stderr


def test_warnings_at_start_are_logged(start):
    martlet = start(GOOD.replace("upstreams:", "upstreams:\n  unused: http://127.0.0.1:1"))
    assert "unused" in martlet.event("config_warning")["reason"]


def test_fmt_check_and_write(tmp_path):
    file = tmp_path / "ugly.yaml"
    file.write_text(GOOD.replace("  public:", "    public:"))
    result = run_command("fmt", "--check", str(file))
    assert (result.returncode, result.stdout.strip()) == (1, str(file))
    ok("fmt", "-w", str(file))
    assert ok("fmt", "--check", str(file)) == ""
    assert run_command("fmt", "--check", "-w", str(file)).returncode == 2
    assert run_command("fmt", "--check", "/no/such/file.yaml").returncode == 2
    file.write_text("listeners: [\n")
    assert run_command("fmt", str(file)).returncode == 2


def test_explain_refuses_wrong_options(good):
    for arguments in (["--listener", "nobody", "GET", "/"], ["--from", "nowhere", "GET", "/"],
                      ["GET", "/", "-H", "a: b\r\nc: d"], ["GET", "/\n"], ["GET"]):
        assert run_command("explain", "-c", good, *arguments).returncode == 2, arguments


def test_explain_shows_what_is_really_sent(start, recorder, tmp_path):
    """The bytes that explain shows are those that a backend gets, but for made-up identifiers."""
    config = GOOD.replace("http://127.0.0.1:9001", recorder.url)
    martlet = start(config)
    host, port = martlet.address()
    running = tmp_path / "running.yaml"
    running.write_text(config.replace("127.0.0.1:0", f"127.0.0.1:{port}"))
    headers = {"x-a": "b", "Connection": "x-drop", "x-drop": "1"}
    found = json.loads(ok(
        "explain", "-c", str(running), "--output", "json", "GET",
        "http://api.example.com/v1/orders/./7?x=y",
        *[part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]))
    recorder.clear()
    martlet.get("/v1/orders/./7?x=y", host="api.example.com", headers=headers)
    recorder.settle()
    made_up = re.compile(r"(?i)^(x-request-id|traceparent): .*$", re.M)
    sent = made_up.sub(r"\1", found["outcome"]["sent"])
    assert sent == made_up.sub(r"\1", recorder.received.decode())
