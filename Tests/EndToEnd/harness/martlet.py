"""The process under test."""
from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from .client import Address, RawConnection, fetch, request_bytes
from .http1 import Message

ROOT = Path(__file__).resolve().parents[3]
BINARY = Path(os.environ.get("MARTLET_BINARY", ROOT / ".build/release/martlet")).resolve()


def require_binary() -> Path:
    if not BINARY.exists():
        pytest.fail(f"{BINARY} is missing: build it, or name another with MARTLET_BINARY")
    return BINARY


def with_admin(config: str) -> str:
    """Adds an admin address on a free port unless the text has one."""
    return config if re.search(r"^admin:", config, re.M) else config + "\nadmin: 127.0.0.1:0\n"


class Martlet:
    """A running Martlet. `events` are its log lines, `exchanges` its access log."""

    def __init__(self, config: str, directory: Path, environment: dict[str, str] | None = None,
                 file: Path | None = None):
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        self.file = file or directory / "martlet.yaml"
        if file is None:
            self.file.write_text(with_admin(config))
        self.events: list[dict] = []
        self.exchanges: list[dict] = []
        self.output: list[str] = []
        self.changed = threading.Condition()
        self.expected_exit = 0
        self.process = subprocess.Popen(
            [str(require_binary()), "run", "-c", str(self.file)], cwd=directory,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})})
        self._read(self.process.stderr, self.events)
        self._read(self.process.stdout, self.exchanges)

    def _read(self, pipe, records: list[dict]) -> None:
        def run() -> None:
            for line in pipe:
                text = line.decode("utf-8", "replace").rstrip("\n")
                with self.changed:
                    self.output.append(text)
                    try:
                        records.append(json.loads(text))
                    except ValueError:
                        pass
                    self.changed.notify_all()
            with self.changed:
                self.changed.notify_all()

        threading.Thread(target=run, daemon=True).start()

    def log(self, lines: int = 40) -> str:
        """The end of the process log; of the access log only what came last."""
        def is_access(line: str) -> bool:
            return '"duration_ms"' in line

        access = [line for line in self.output if is_access(line)][-5:]
        return "\n".join([line for line in self.output if not is_access(line)][-lines:] + access)

    def wait_until(self, condition, what: str, timeout: float = 10):
        """Waits for a condition on what the process wrote; fails with the log."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while not (found := condition()):
                left = deadline - time.monotonic()
                if left <= 0:
                    pytest.fail(f"no {what} within {timeout} s; the log:\n{self.log()}")
                if self.process.poll() is not None and left < timeout - 1:
                    pytest.fail(f"exit {self.process.returncode} before {what}:\n{self.log()}")
                self.changed.wait(min(left, 0.5))
            return found

    def event(self, name: str, timeout: float = 10, after: int = 0, **fields) -> dict:
        """The first event of that name, from the `after`-th line on, with these fields."""
        def find():
            for event in self.events[after:]:
                if event.get("event") == name and fields.items() <= event.items():
                    return event
            return None

        return self.wait_until(find, f"event {name} {fields or ''}", timeout)

    def exchange(self, timeout: float = 10, **fields) -> dict:
        """The first access log line with these fields."""
        return self.wait_until(
            lambda: next((e for e in self.exchanges if fields.items() <= e.items()), None),
            f"access log line {fields}", timeout)

    def ready(self) -> "Martlet":
        self.event("ready", timeout=20)
        return self

    def address(self, listener: str = "public") -> Address:
        host, _, port = self.event("listening", listener=listener)["address"].rpartition(":")
        return host.strip("[]"), int(port)

    def url(self, path: str = "/", listener: str = "public") -> str:
        host, port = self.address(listener)
        return f"http://{host}:{port}{path}"

    def connect(self, listener: str = "public", **options) -> RawConnection:
        return RawConnection(self.address(listener), **options)

    def get(self, target: str = "/", **options) -> Message:
        return fetch(self.address(options.pop("listener", "public")), target, **options)

    def admin(self, target: str, method: str = "GET") -> Message:
        host, port = self.address("admin")
        return fetch((host, port), target, method, host=f"{host}:{port}")

    def metric(self, name: str, **labels: str) -> float:
        """The sum of the series of that name with these labels; 0 when there is none."""
        from prometheus_client.parser import text_string_to_metric_families
        text = self.admin("/metrics").body.decode()
        return sum(sample.value for family in text_string_to_metric_families(text)
                   for sample in family.samples
                   if sample.name == name and labels.items() <= sample.labels.items())

    def resident_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def write_config(self, config: str) -> None:
        """Replaces the file in one step, as editors and deployment tools do."""
        temporary = self.file.with_suffix(".new")
        temporary.write_text(with_admin(config))
        temporary.replace(self.file)

    def reload(self, config: str | None = None, expect: str = "reloaded") -> dict:
        after = len(self.events)
        if config is not None:
            self.write_config(config)
        self.signal(signal.SIGHUP)
        return self.event(expect, after=after)

    def terminate(self, timeout: float = 20) -> int:
        """SIGTERM, unless it is over already; returns the exit code."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        return self.wait_for_exit(timeout)

    def wait_for_exit(self, timeout: float = 20) -> int:
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"still running {timeout} s after the signal:\n{self.log()}")

    def close(self) -> None:
        code = self.terminate()
        if code != self.expected_exit:
            pytest.fail(f"exit code {code}, expected {self.expected_exit}; the log:\n{self.log()}")


def run_command(*arguments: str, text: str | None = None, directory: Path | None = None,
                environment: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Runs `martlet ARGUMENTS` to its end."""
    return subprocess.run(
        [str(require_binary()), *arguments], input=text or "", text=True, capture_output=True,
        cwd=directory or ROOT, timeout=30, env={**os.environ, **(environment or {})})


def simple_config(upstream: str, extra: str = "", listener: str = "", route: str = "") -> str:
    """One listener, one upstream, one catch-all route; `extra` is added at the root."""
    return f"""
workers: 1
listeners:
  public:
    address: 127.0.0.1:0
{indent(listener, 4)}
upstreams:
  backend: {upstream}
routes:
  - name: all
    match: {{ prefix: / }}
    upstream: backend
{indent(route, 4)}
{extra}
"""


def indent(text: str, width: int) -> str:
    return "\n".join(" " * width + line for line in text.strip("\n").split("\n") if line.strip())


__all__ = ["Martlet", "BINARY", "ROOT", "indent", "request_bytes", "require_binary", "run_command",
           "simple_config", "with_admin"]
