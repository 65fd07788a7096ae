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
