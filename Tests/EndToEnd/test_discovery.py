"""Endpoints from DNS, by address and by service, and from a file, while they change.

The names are answered by a DNS server of the test, in a network namespace of its own, where public
addresses are this machine's too: nothing leaves it.
"""
from __future__ import annotations

import pytest

from harness.martlet import require_binary, run_command, simple_config
from harness.namespace import report_from_inside


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict:
    require_binary()
    found = report_from_inside("discovery_namespace.py", tmp_path_factory.mktemp("discovery"))
    assert found["exit"] == 0
    return found


def test_a_name_is_asked_for_when_its_ttl_is_over(report):
    found = report["ttl"]
    assert found["before"] == ["198.71.0.1:8101"]
    assert found["took"] < 4, "a TTL of 2 s"
    asked = found["asked"]["ttl"]
    assert found["seconds"] / 3.5 - 1 <= asked <= found["seconds"] / 2 + 1, found


def test_a_ttl_is_bounded_below_and_above(report):
    found = report["ttl"]
    seconds, asked = found["seconds"], found["asked"]
    assert 2 <= asked["short"] <= seconds / 3 + 1, "a TTL of 0, at least 3 s"
    assert seconds / 2.5 <= asked["long"] <= seconds + 1, "a TTL of an hour, at most 1 s"
    assert seconds / 2.5 <= asked["fixed"] <= seconds + 1, "resolve-interval says 1 s"


def test_each_address_is_an_endpoint(report):
    found = report["each"]
    assert found["endpoints"] == [f"198.71.0.{n}:8101" for n in (1, 2, 3)]
    assert found["share"] == {place: 10 for place in found["endpoints"]}


def test_connections_survive_a_change_of_addresses(report):
    found = report["each"]
    assert found["after"] == [f"198.71.0.{n}:8101" for n in (2, 3, 4)]
    assert found["share_after"] == {place: 10 for place in found["after"]}
    assert found["new_connections"] == {
        "198.71.0.2:8101": 0, "198.71.0.3:8101": 0, "198.71.0.4:8101": 1}


def test_srv_records_say_hosts_ports_weights_and_priorities(report):
    found = report["service"]
    assert found["endpoints"] == ["a.test:8101", "b.test:8102", "c.test:8103"]
    assert found["share"] == {"198.71.0.1:8101": 30, "198.71.0.2:8102": 10}
    assert found["share_even"] == {"198.71.0.1:8101": 20, "198.71.0.2:8102": 20}
    assert found["alone"] == {"198.71.0.3:8103": 5}


def test_a_long_answer_comes_over_tcp(report):
    found = report["service"]
    assert found["over_tcp"] >= 1 and found["long"] == {"198.71.0.3:8103": 5}


def test_no_record_leads_inward(report):
    """Neither by an inner address, nor by `localhost`, nor by an address in place of a name."""
    assert report["service"]["inward"] == {
        "status": 502, "why": "martlet; error=destination_ip_prohibited"}


def test_the_hosts_file_counts(report):
    assert report["hosts"] == ["198.71.0.6:8101"]


def test_an_outage_of_dns_changes_nothing(report):
    found = report["outage"]
    assert found["during"] == found["silent"] == ["198.71.0.1:8101"]
    assert found["service"] == ["198.71.0.3:8103"]
    assert found["warnings"] == 1 and found["recovered"] == 1
    assert "server" in found["reason"].lower()


def test_the_process_ends_without_an_answer(report):
    assert report["exit"] == 0 and report["exit_seconds"] < 3


def test_an_endpoint_file_is_taken_in_when_it_changes(report):
    found = report["file"]
    assert found["before"] == ["198.71.0.1:8101"]
    assert found["share"] == {"198.71.0.2:8101": 10, "198.71.0.3:8102": 30}


def test_a_bad_endpoint_file_changes_nothing(report):
    found = report["file"]
    assert found["error"]["at"].endswith("endpoints.yaml:2:34"), found["error"]
    assert "weigth" in found["error"]["reason"] and "weight" in found["error"]["hint"]
    assert found["kept"] == ["198.71.0.2:8101", "198.71.0.3:8102"]


def test_an_endpoint_file_grants_no_way_inward(report):
    assert report["file"]["inner"] == {
        "status": 502, "why": "martlet; error=destination_ip_prohibited"}


def test_an_endpoint_file_is_checked_beforehand(tmp_path):
    (tmp_path / "list.json").write_text('["http://198.71.0.1:80",\n "http://198.71.0.2:0"]\n')
    (tmp_path / "martlet.yaml").write_text(simple_config("{ endpoints: { file: list.json } }"))
    result = run_command("validate", "-c", "martlet.yaml", directory=tmp_path)
    assert result.returncode == 2
    assert "list.json:2:2: error: the port of" in result.stdout + result.stderr
