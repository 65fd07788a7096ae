"""The egress firewall: names that lead inside are never connected to, however they are spelled.

The names are answered by a DNS server of the test, in a network namespace of its own, where public
addresses are this machine's too: nothing leaves it.
"""
from __future__ import annotations

import pytest

from harness.martlet import BINARY, run_command, simple_config
from harness.namespace import report_from_inside


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict:
    """What was answered and who was connected to, by host name."""
    return report_from_inside("egress_namespace.py", BINARY, tmp_path_factory.mktemp("egress"),
                              timeout=120)


def test_a_public_address_is_reached(report):
    assert report["names"]["public.test"] == {"status": 200, "connections": ["198.71.0.1"]}


def test_no_inner_address_is_ever_connected_to(report):
    inner = {name: found for name, found in report["names"].items() if name.startswith("in-")}
    assert len(inner) >= 20
    for name, found in inner.items():
        assert found["status"] == 502 and found["connections"] == [], (name, found)
        # What reads as a number is a name like others, and nobody's.
        why = "dns_error" if "0x" in name.lower() else "destination_ip_prohibited"
        assert found["proxy_status"] == f"martlet; error={why}", (name, found)


def test_of_several_addresses_only_the_public_one_is_dialled(report):
    found = report["names"]["mixed.test"]
    assert found["status"] == 200 and set(found["connections"]) == {"198.71.0.1"}


def test_a_name_that_turns_inward_is_no_longer_connected_to(report):
    rebinding = report["rebinding"]
    assert rebinding["before"] == {"status": 200, "connections": ["198.71.0.1"]}
    assert rebinding["answered_inward"] >= 1, "the DNS server was never asked again"
    assert rebinding["after"]["status"] == 502
    assert rebinding["after"]["proxy_status"] == "martlet; error=destination_ip_prohibited"
    assert rebinding["after"]["connections"] == []


def test_what_was_allowed_is_reached(report):
    assert report["names"]["allowed.test"] == {"status": 200, "connections": ["10.1.2.3"]}
    assert report["names"]["localhost"]["status"] == 200
    assert report["names"]["localhost"]["connections"] == ["127.0.0.1"]


def is_inner(name: str) -> bool:
    return name.startswith("in-") or name.startswith("0x")


def test_no_call_of_its_own_goes_inward(report):
    """External authorisation, introspection and key sets: checked like upstreams."""
    for kind in ("authorise", "introspect"):
        inner = {name: found for name, found in report[kind].items() if is_inner(name)}
        assert len(inner) >= 20
        for name, found in inner.items():
            assert found["status"] == 503 and found["connections"] == [], (kind, name, found)
        assert report[kind]["public.test"]["connections"] == ["198.71.0.1"]
        assert report[kind]["localhost"]["connections"] == ["127.0.0.1"]
    assert report["authorise"]["public.test"]["status"] == 204
    assert "public.test" in report["keys"] and not [n for n in report["keys"] if is_inner(n)]
    assert set(report["key_connections"]) == {"198.71.0.1", "127.0.0.1"}
    assert any("169.254.169.254 (metadata)" in reason for reason in report["key_failures"])


def test_a_name_that_turns_inward_is_no_longer_asked(report):
    rebinding = report["rebinding"]
    assert rebinding["authorise"]["status"] == 204
    assert rebinding["authorise"]["connections"] == ["198.71.0.1"]
    assert rebinding["authorise_after"]["status"] == 503
    assert set(rebinding["authorise_connections"]) <= {"198.71.0.1"}


def test_the_log_says_why(report):
    assert {"upstream": "in-metadata", "address": "169.254.169.254", "scope": "metadata"} \
        in report["prohibited"]


@pytest.mark.parametrize("host", [
    "127.1", "127.0.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433", "017700000001", "127.0.0.1.",
    "127.0.0.01", "[::ffff:127.0.0.1%lo]", "[127.0.0.1]", "127.0.0.1%00.example.com",
    "１２７.0.0.1", "169.254.43518", "0xa9fea9fe.1", "user@127.0.0.1", "0x7f.1",
])
def test_spellings_that_are_no_address_are_refused_at_load(host):
    result = run_command("validate", "-c", "-", text=simple_config(f"http://{host}:80"))
    assert result.returncode == 2, result.stdout + result.stderr


def test_an_address_in_the_file_is_a_permission_for_it(start, echo):
    assert start(simple_config(echo.url)).get("/").status == 200


def test_too_wide_a_permission_is_pointed_out():
    config = simple_config("http://a.example:80", extra="egress: { allow: 0.0.0.0/0 }")
    result = run_command("validate", "-c", "-", "--strict", text=config)
    assert result.returncode == 2 and "clouds keep secrets" in result.stdout + result.stderr
