"""An upstream that answers no packet at all, in a network namespace that the test makes."""
from __future__ import annotations

import pytest

from harness.martlet import require_binary
from harness.namespace import report_from_inside


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> dict:
    require_binary()
    found = report_from_inside("black_hole_namespace.py", tmp_path_factory.mktemp("hole"))
    assert found["exit"] == 0
    return found


def test_other_routes_do_not_notice(report):
    alone, beside = report["alone"], report["beside"]
    assert set(alone["statuses"]) == set(beside["statuses"]) == {"200"}
    assert alone["count"] > 500 and beside["count"] > 500
    assert beside["p99"] <= 1.5 * alone["p99"] + 0.005, (alone, beside)


def test_those_who_ask_it_are_told_in_time(report):
    """No connection within two seconds, no place in the queue: an error, and soon."""
    stuck = report["stuck"]
    assert stuck["statuses"] and not {"200", "500"} & set(stuck["statuses"]), stuck
    assert set(stuck["statuses"]) <= {"502", "503", "504"}
    assert stuck["p99"] < 8


def test_one_endpoint_of_several_costs_nothing_once_it_is_ejected(report):
    mixed = report["mixed"]
    assert set(mixed["statuses"]) == {"200"}
    assert mixed["p99"] <= 2 * report["alone"]["p99"] + 0.005, mixed
