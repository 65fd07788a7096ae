"""The IP filter through the binary, by the client's real address."""
from __future__ import annotations

import json

import pytest

from harness.martlet import run_command

CONFIG = """
workers: 1
listeners:
  public: 127.0.0.1:0
  behind: { address: "127.0.0.1:0", trusted-proxies: 127.0.0.1 }
routes:
  - match: { path: /inside }
    ip-filter: { allow: [10.0.0.0/8, "2001:db8::/32"], deny: 10.1.0.0/16 }
    respond: 204
  - match: { path: /local }
    ip-filter: 127.0.0.1
    redirect: /there
  - match: { path: /listed }
    ip-filter: { deny: ["file:blocked.txt"] }
    respond: 204
"""


def test_by_the_real_address(start, tmp_path):
    folder = tmp_path / "0"
    folder.mkdir()
    (folder / "blocked.txt").write_text("# unwanted\n192.0.2.0/24\n\n198.51.100.7 # one\r\n2001:db8::/32\n")
    martlet = start(CONFIG)
    assert martlet.get("/local").status == 302

    def status(path: str, client: str, listener: str = "behind") -> int:
        return martlet.get(path, listener=listener, headers={"X-Forwarded-For": client}).status

    assert status("/inside", "10.2.0.1") == 204 and status("/inside", "10.1.0.1") == 403
    assert status("/inside", "2001:db8::9") == 204 and status("/inside", "192.0.2.1") == 403
    # A client that is no trusted proxy cannot be somebody else.
    assert status("/inside", "10.2.0.1", "public") == 403
    assert status("/local", "10.2.0.1") == 403
    assert [status("/listed", a) for a in ("192.0.2.9", "198.51.100.7", "198.51.100.8", "2001:db8::1")] \
        == [403, 403, 204, 403]
    refused = martlet.get("/inside")
    problem = json.loads(refused.body)
    assert problem["code"] == "address_denied" and "10.0.0.0" not in refused.body.decode()
    assert refused.value("proxy-status") == b"martlet; error=http_request_denied"
    assert martlet.metric("martlet_local_replies_total", code="address_denied") >= 6
    assert martlet.exchange(status=403, client="10.1.0.1")["error"] == "address_denied"


@pytest.mark.parametrize("ip_filter", ['["file:list.txt"]', '{ allow: "file:list.txt", deny: 10.0.0.1 }'])
@pytest.mark.parametrize("text", ["", "# nobody\n\n"])
def test_a_list_that_lets_nobody_in_is_refused(tmp_path, ip_filter, text):
    (tmp_path / "list.txt").write_text(text)
    file = tmp_path / "martlet.yaml"
    file.write_text('listeners: { a: "127.0.0.1:0" }\n'
                    f'routes: [{{ ip-filter: {ip_filter}, respond: 204 }}]\n')
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 2 and "nobody would be let in" in result.stdout + result.stderr


def test_a_list_that_becomes_empty_changes_nothing(start, tmp_path):
    folder = tmp_path / "0"
    folder.mkdir()
    (folder / "list.txt").write_text("\ufeff10.0.0.0/8\n")
    config = ('listeners: { behind: { address: "127.0.0.1:0", trusted-proxies: 127.0.0.1 } }\n'
              'routes: [{ ip-filter: "file:list.txt", respond: 204 }]\n')
    martlet = start(config)

    def status(client: str) -> int:
        return martlet.get("/", listener="behind", headers={"X-Forwarded-For": client}).status

    assert (status("10.0.0.1"), status("192.0.2.1")) == (204, 403)
    (folder / "list.txt").write_text("")
    martlet.reload(config, expect="reload_failed")
    assert (status("10.0.0.1"), status("192.0.2.1")) == (204, 403)


def test_a_list_with_a_mistake_is_refused(tmp_path):
    (tmp_path / "list.txt").write_text("10.0.0.0/8\n10.0.0.300\n")
    file = tmp_path / "martlet.yaml"
    file.write_text('listeners: { a: "127.0.0.1:0" }\n'
                    'routes: [{ ip-filter: { deny: "file:list.txt" }, respond: 204 }]\n')
    result = run_command("validate", "-c", str(file))
    assert result.returncode == 2 and "line 2" in result.stdout + result.stderr
