"""Routes that are out of service on purpose."""
from __future__ import annotations

import json

from harness.martlet import simple_config


def test_it_answers_for_the_route_until_a_reload(start, echo):
    served = echo.served
    martlet = start(simple_config(echo.url, route="maintenance: { retry-after: 10m }"))
    answer = martlet.get("/")
    assert answer.status == 503 and answer.value("retry-after") == b"600"
    assert json.loads(answer.body)["code"] == "maintenance"
    assert echo.served == served
    assert martlet.metric("martlet_local_replies_total", code="maintenance") == 1
    assert "out of service" in martlet.event("config_warning")["reason"]
    martlet.reload(simple_config(echo.url, route="maintenance: false"))
    assert martlet.get("/").status == 200


def test_a_page_of_its_own(start, echo):
    martlet = start(simple_config(echo.url, route=(
        "maintenance: { respond: { status: 503, body: Back soon., headers: { retry-after: '5' } } }"
    )))
    answer = martlet.get("/")
    assert answer.status == 503 and answer.body == b"Back soon."
    assert answer.values("retry-after") == [b"5"]


def test_testers_are_served(start, echo):
    martlet = start(simple_config(echo.url, route="maintenance: { allow: 127.0.0.0/8 }"))
    assert martlet.get("/").status == 200
    martlet.reload(simple_config(echo.url, route="maintenance: { allow: 10.0.0.0/8 }"))
    assert martlet.get("/").status == 503
