"""The operator's listener, the metrics and the access log."""
from __future__ import annotations

import json
import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from harness.client import request_bytes
from harness.martlet import Martlet, simple_config
from harness.ports import closed_port


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(simple_config(echo.url))


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz", "/readyz?verbose"])
def test_health(martlet, path):
    assert martlet.admin(path).status == 200


def test_health_does_not_depend_on_upstreams(start):
    martlet = start(simple_config(f"http://127.0.0.1:{closed_port()}"))
    assert martlet.get("/").status == 502
    assert martlet.admin("/livez").status == 200
    assert martlet.admin("/readyz").status == 200


def test_status(martlet):
    answer = martlet.admin("/v1/status")
    assert answer.status == 200 and answer.value("content-type").startswith(b"application/json")
    status = json.loads(answer.body)
    assert re.match(r"\d+\.\d+\.\d+", status["version"])
    assert status["generation"] >= 1


@pytest.mark.parametrize("path,method,status", [
    ("/nothing", "GET", 404), ("/v1/nothing", "GET", 404), ("/", "GET", 404),
    ("/livez", "DELETE", 405), ("/v1/status", "POST", 405)])
def test_errors_are_problem_documents(martlet, path, method, status):
    answer = martlet.admin(path, method)
    assert answer.status in (status, 404)
    assert answer.value("content-type").startswith(b"application/problem+json")


def test_admin_is_not_on_the_public_listener(martlet):
    seen = martlet.get("/metrics")
    assert b"martlet_requests_total" not in seen.body and b'"target": "/metrics"' in seen.body


def samples(martlet: Martlet) -> dict[str, list]:
    answer = martlet.admin("/metrics")
    assert answer.status == 200
    assert answer.value("content-type").startswith(b"text/plain")
    return {family.name: family.samples
            for family in text_string_to_metric_families(answer.body.decode())}


def test_metrics_are_well_formed_and_count(martlet):
    before = martlet.metric("martlet_requests_total", route="all")
    for _ in range(5):
        martlet.get("/?status=404")
    assert martlet.metric("martlet_requests_total", route="all") == before + 5
    families = samples(martlet)
    for name in ("martlet_requests", "martlet_request_duration_seconds", "martlet_build_info",
                 "martlet_config_generation", "martlet_downstream_connections",
                 "process_resident_memory_bytes", "process_open_fds"):
        assert name in families, sorted(families)


def test_histograms_add_up(martlet):
    martlet.get("/")
    found = [s for s in samples(martlet)["martlet_request_duration_seconds"]
             if s.labels.get("route") == "all"]
    buckets = [s.value for s in found if s.name.endswith("_bucket")]
    count = next(s.value for s in found if s.name.endswith("_count"))
    assert buckets == sorted(buckets) and buckets[-1] == count >= 1


def test_labels_come_from_the_configuration_only(martlet):
    for name in ("secret-path", "secret-host"):
        martlet.get(f"/{name}", host=f"{name}.example", headers={"User-Agent": name})
    text = martlet.admin("/metrics").body
    assert b"secret" not in text


def test_series_are_capped(start, echo):
    routes = "".join(f"  - {{ name: r{n}, match: {{ path: /r{n} }}, upstream: backend }}\n"
                     for n in range(300))
    config = simple_config(echo.url).replace("  - name: all", routes + "  - name: all") \
        + "telemetry: { metrics: { max-series: 500 } }\n"
    martlet = start(config)
    for number in range(300):
        assert martlet.get(f"/r{number}").status == 200
    count = sum(len(family) for family in samples(martlet).values())
    assert count <= 600
    assert martlet.metric("martlet_metrics_series_dropped_total") > 0


def test_access_log(martlet):
    answer = martlet.get("/logged?secret=1", method="POST", body=b"hello", host="api.example.com")
    line = martlet.exchange(path="/logged")
    assert line["method"] == "POST" and line["host"] == "api.example.com" and line["status"] == 200
    assert line["client"].startswith("127.0.0.1")
    assert line["listener"] == "public" and line["route"] == "all" and line["upstream"] == "backend"
    assert line["bytes_in"] >= 5 and line["bytes_out"] >= len(answer.body)
    assert line["request_id"] == answer.value("x-request-id").decode()
    assert line["duration_ms"] >= 0
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", line["time"])
    assert "secret" not in json.dumps(line)


def test_access_log_of_errors(martlet):
    martlet.get("/%zz")
    assert martlet.exchange(status=400)["error"]
    with martlet.connect() as client:
        assert client.exchange(b"\x16\x03\x01 nonsense\r\n\r\n").status == 400


def test_access_log_survives_hostile_bytes(martlet):
    martlet.get("/hostile", headers=[("User-Agent", '"\\\xff\xfe</script>')])
    assert martlet.exchange(path="/hostile")["status"] == 200


def test_access_log_in_common_format(start, echo):
    martlet = start(simple_config(
        echo.url, extra="telemetry: { access-log: { destination: stdout, format: common } }"))
    martlet.get("/common")
    pattern = re.compile(r'^127\.0\.0\.1 - - \[[^\]]+\] "GET /common HTTP/1\.1" 200 \d+')
    martlet.wait_until(lambda: any(pattern.match(line) for line in martlet.output), "a log line")


def test_access_log_to_a_file_reopened_on_signal(start, echo, tmp_path):
    import signal
    log = tmp_path / "access.log"
    martlet = start(simple_config(
        echo.url, extra=f"telemetry: {{ access-log: {{ destination: {log} }} }}"))
    martlet.get("/one")
    martlet.wait_until(lambda: log.exists() and "/one" in log.read_text(), "the first line")
    log.rename(tmp_path / "access.log.1")
    martlet.signal(signal.SIGUSR1)
    martlet.wait_until(log.exists, "the reopened file")
    martlet.get("/two")
    martlet.wait_until(lambda: "/two" in log.read_text(), "the second line")


def test_access_log_off(start, echo):
    martlet = start(simple_config(echo.url, extra="telemetry: { access-log: off }"))
    martlet.get("/silent")
    assert martlet.terminate() == 0
    assert not martlet.exchanges


def test_admin_off(start, echo):
    martlet = start(simple_config(echo.url, extra="admin: off"))
    assert martlet.get("/").status == 200
    assert not [e for e in martlet.events if e.get("listener") == "admin"]


def test_admin_is_strict_and_bounded(martlet):
    host, port = martlet.address("admin")
    with martlet.connect("admin") as client:
        client.send(request_bytes("GET", "/livez", {"X-A": "a" * 200_000}, host=f"{host}:{port}"))
        try:
            assert client.response().status >= 400
        except Exception as error:  # closed without an answer is as good
            assert type(error).__name__ in ("EndOfStream", "ConnectionResetError"), error
