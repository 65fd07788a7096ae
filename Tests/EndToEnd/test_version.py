"""Versions on their way out, through the binary."""
from __future__ import annotations

import json
import time
from datetime import datetime, timedelta, timezone

import pytest

from harness.martlet import simple_config

DOCS = "successor: /v2, documentation: https://docs.example.com/v2"


def moment(seconds: float) -> str:
    return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_deprecated_version_works_and_says_so(proxied, echo):
    martlet = proxied(echo.url, route="version: { deprecated: 2023-06-30T23:59:59Z,"
                                      f" sunset: 2124-06-30, {DOCS} }}")
    answer = martlet.get("/v1/orders")
    assert answer.status == 200
    assert answer.value("deprecation") == b"@1688169599"
    assert answer.value("sunset") == b"Fri, 30 Jun 2124 00:00:00 GMT"
    links = [value for name, value in answer.headers if name.lower() == b"link"]
    assert links == [b'</v2>; rel="successor-version"',
                     b'<https://docs.example.com/v2>; rel="deprecation"; type="text/html"']


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_its_sunset_it_is_gone(proxied, echo, method):
    served = echo.served
    martlet = proxied(echo.url, route=f"version: {{ sunset: 2024-06-30, {DOCS} }}")
    answer = martlet.get("/v1/orders", method=method)
    assert answer.status == 410
    assert answer.value("content-type") == b"application/problem+json"
    problem = json.loads(answer.body)
    assert problem["status"] == 410 and problem["code"] == "version_gone"
    assert problem["successor"] == "/v2"
    assert b"error=http_request_denied" in answer.value("proxy-status")
    assert b'rel="successor-version"' in answer.value("link")
    assert answer.value("sunset") == b"Sun, 30 Jun 2024 00:00:00 GMT"
    assert echo.served == served, "the upstream hears nothing of it"


def test_it_goes_at_its_time_without_a_reload(start, echo):
    martlet = start(simple_config(echo.url, route=f"version: {{ sunset: {moment(3)} }}"))
    assert martlet.get("/").status == 200
    deadline = time.monotonic() + 10
    while martlet.get("/").status == 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert martlet.get("/").status == 410


def test_who_still_calls_is_told(start, echo):
    text = simple_config(echo.url, route="version: { deprecated: 2020-01-01 }")
    martlet = start(text)
    assert json.loads(martlet.admin("/v1/deprecations").body) == {"routes": []}
    for _ in range(3):
        martlet.get("/")
    [route] = json.loads(martlet.admin("/v1/deprecations").body)["routes"]
    [caller] = route["callers"]
    assert route["requests"] == 3 and caller["client"] == "127.0.0.1" and caller["requests"] == 3
    assert caller["last"].startswith("20")
    # A version that is gone is called all the same.
    martlet.reload(simple_config(
        echo.url, route="version: { deprecated: 2020-01-01, sunset: 2021-01-01 }"))
    assert martlet.get("/").status == 410
    [route] = json.loads(martlet.admin("/v1/deprecations").body)["routes"]
    assert route["requests"] == 4


def test_a_version_that_is_only_announced_is_not_told(start, echo):
    martlet = start(simple_config(echo.url, route="version: { deprecated: 2099-01-01 }"))
    martlet.get("/")
    assert json.loads(martlet.admin("/v1/deprecations").body) == {"routes": []}
