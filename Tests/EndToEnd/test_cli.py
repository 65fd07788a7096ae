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
