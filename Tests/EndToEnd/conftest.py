"""Fixtures: the process under test, and backends that are stopped with the test."""
from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.echo_backend import EchoBackend  # noqa: E402
from harness.http2_upstream import Http2Upstream  # noqa: E402
from harness.martlet import BINARY, Martlet, simple_config  # noqa: E402
from harness.moody_backend import MoodyBackend  # noqa: E402
from harness.nginx import Nginx  # noqa: E402
from harness.recording_backend import RecordingBackend  # noqa: E402
from harness.scripted_backend import ScriptedBackend  # noqa: E402

CONFORMANCE = Path(__file__).resolve().parents[2] / "../shared/conformance"


def pytest_sessionstart() -> None:
    if not BINARY.exists():
        pytest.exit(f"{BINARY} is missing: build it, or name another with MARTLET_BINARY", 2)


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.write_line(f"binary under test: {BINARY}")
    if not CONFORMANCE.is_dir():
        terminalreporter.write_line("../shared/conformance is absent: its cases were skipped")


class Starter:
    """Starts any number of processes and checks at the end that each exits as it should."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.running: list[Martlet] = []

    def __call__(self, config: str, **options) -> Martlet:
        martlet = Martlet(config, self.directory / str(len(self.running)), **options)
        self.running.append(martlet)
        return martlet.ready()

    def starting(self, config: str, **options) -> Martlet:
        """The same without waiting until it serves."""
        martlet = Martlet(config, self.directory / str(len(self.running)), **options)
        self.running.append(martlet)
        return martlet

    def close(self) -> None:
        try:
            for martlet in self.running:
                martlet.close()
        finally:
            for martlet in self.running:
                martlet.process.kill()


@pytest.fixture
def start(tmp_path):
    starter = Starter(tmp_path)
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def start_shared(tmp_path_factory):
    """As `start`, for one process that serves a whole module."""
    starter = Starter(tmp_path_factory.mktemp("martlet"))
    yield starter
    starter.close()


@pytest.fixture(scope="module")
def echo():
    backend = EchoBackend()
    yield backend
    backend.stop()
    assert not backend.errors, f"the proxy sent something malformed: {backend.errors}"


@pytest.fixture(scope="module")
def recorder():
    backend = RecordingBackend()
    yield backend
    backend.stop()


@pytest.fixture(scope="session")
def nginx():
    server = Nginx()
    yield server
    server.stop()


@pytest.fixture
def scripted():
    """Makes scripted backends: `scripted(script)`."""
    backends: list[ScriptedBackend] = []

    def make(script, **options) -> ScriptedBackend:
        backends.append(ScriptedBackend(script, **options))
        return backends[-1]

    yield make
    for backend in backends:
        backend.stop()
    for backend in backends:
        assert not backend.errors, f"the proxy sent something malformed: {backend.errors}"


@pytest.fixture
def scripted_http2():
    """As `scripted`, for upstreams that speak HTTP/2: `scripted_http2(script, pairs=…)`."""
    upstreams: list[Http2Upstream] = []

    def make(script, **options) -> Http2Upstream:
        upstreams.append(Http2Upstream(script, **options))
        return upstreams[-1]

    yield make
    for upstream in upstreams:
        upstream.stop()
    for upstream in upstreams:
        assert not upstream.errors, f"the proxy sent something malformed: {upstream.errors}"


@pytest.fixture
def proxied(start):
    """A Martlet with one catch-all route to `url`: `proxied(url, listener=…, route=…)`."""
    return lambda url, **options: start(simple_config(url, **options))


@pytest.fixture
def trio():
    """Three backends that misbehave on command."""
    backends = [MoodyBackend(name) for name in "abc"]
    yield backends
    for backend in backends:
        backend.stop()
