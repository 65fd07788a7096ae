"""Runs in a network namespace of its own, in which 10.99.0.0/24 swallows every packet."""
from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.client import RawConnection, request_bytes  # noqa: E402
from harness.martlet import Martlet  # noqa: E402
from harness.moody_backend import MoodyBackend  # noqa: E402
from harness.namespace import black_hole, loopback  # noqa: E402

CONFIG = """
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
admin: 127.0.0.1:0
upstreams:
  good: {{ endpoints: [{good}] }}
  hole: {{ endpoints: ["http://10.99.0.2:80"], max-connections: 20, max-pending: 20 }}
  mixed:
    endpoints: ["http://10.99.0.2:80", {good}]
    timeouts: {{ connect: 200ms }}
    retries: {{ backoff-start: 0s }}
    outlier-ejection: {{ consecutive-failures: 3, max-ejected: 40 }}
routes:
  - {{ match: {{ prefix: /good }}, upstream: good }}
  - {{ match: {{ prefix: /hole }}, upstream: hole }}
  - {{ match: {{ prefix: /mixed }}, upstream: mixed }}
"""


class Clients:
    """Each asks one request after the other until they are stopped."""

    def __init__(self, address, target: str, count: int) -> None:
        self.address, self.request = address, request_bytes("GET", target)
        self.times: list[float] = []
        self.statuses: dict[int, int] = {}
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self._run) for _ in range(count)]
        for thread in self.threads:
            thread.start()

    def _run(self) -> None:
        with RawConnection(self.address) as client:
            while not self.stopping.is_set():
                begin = time.monotonic()
                status = client.exchange(self.request).status
                self.times.append(time.monotonic() - begin)
                self.statuses[status] = self.statuses.get(status, 0) + 1
                if status != 200:
                    time.sleep(0.01)

    def stop(self) -> dict:
        self.stopping.set()
        for thread in self.threads:
            thread.join(30)
        times = sorted(self.times)
        return {"count": len(times), "statuses": self.statuses,
                "p99": times[len(times) * 99 // 100]}


def measured(address, target: str, seconds: float = 3) -> dict:
    clients = Clients(address, target, 4)
    time.sleep(seconds)
    return clients.stop()


def main() -> None:
    loopback([])
    black_hole("10.99.0.0", "255.255.255.0")
    backends = [MoodyBackend(name, "slow", 0.01) for name in "abc"]
    for backend in backends:
        backend.keep_requests = False
    good = ", ".join(f'"{backend.url}"' for backend in backends)
    martlet = Martlet(CONFIG.format(good=good), Path(sys.argv[1])).ready()
    address = martlet.address()
    measured(address, "/good", 0.5)
    report = {"alone": measured(address, "/good")}
    stuck = Clients(address, "/hole", 30)
    time.sleep(0.5)
    report["beside"] = measured(address, "/good")
    report["stuck"] = stuck.stop()
    measured(address, "/mixed", 1)
    report["mixed"] = measured(address, "/mixed")
    report["exit"] = martlet.terminate()
    for backend in backends:
        backend.stop()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
