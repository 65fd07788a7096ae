"""Runs in a namespace of its own: a DNS server, public addresses, Martlet; prints a report."""
from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.dns_server import A, SRV, Names  # noqa: E402
from harness.martlet import Martlet  # noqa: E402
from harness.namespace import bind, loopback  # noqa: E402

PUBLIC = [f"198.71.0.{number}" for number in range(1, 7)]
PORTS = (8101, 8102, 8103)
CONFIG = """
workers: 1
listeners: { public: 127.0.0.1:0 }
admin: 127.0.0.1:0
upstreams:
  by-ttl: { min-ttl: 1s, endpoints: "http://ttl.test:8101" }
  at-least: { min-ttl: 3s, endpoints: "http://short.test:8101" }
  at-most: { min-ttl: 1s, max-ttl: 1s, endpoints: "http://long.test:8101" }
  fixed: { resolve-interval: 1s, endpoints: "http://fixed.test:8101" }
  kept: { resolve-interval: 1s, endpoints: "http://kept.test:8101" }
  each: { min-ttl: 1s, endpoints: { url: "http://each.test:8101", each-address: true } }
  service: { min-ttl: 1s, endpoints: { service: "http://_orders._tcp.test" } }
  inward: { min-ttl: 1s, endpoints: { service: "http://_inward._tcp.test" } }
  hosts: "http://hosted.test:8101"
  file: { endpoints: { file: endpoints.yaml } }
routes:
""" + "".join(f"  - {{ match: {{ path: /{name} }}, upstream: {name} }}\n" for name in (
    "by-ttl", "at-least", "at-most", "fixed", "kept", "each", "service", "inward", "hosts", "file"))


class Site:
    """Serves on every address and on three ports; answers with where it was connected to."""

    def __init__(self) -> None:
        self.connections: Counter[str] = Counter()
        for port in PORTS:
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("0.0.0.0", port))
            listener.listen(64)
            threading.Thread(target=self._run, args=(listener,), daemon=True).start()

    def _run(self, listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        place = "%s:%d" % connection.getsockname()
        self.connections[place] += 1
        body = place.encode()
        with connection:
            while connection.recv(65536):
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s"
                                   % (len(body), body))


def wait(condition, what: str, seconds: float = 15):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"no {what}"
        time.sleep(0.05)
    return found


class Report:
    def __init__(self, folder: Path) -> None:
        self.names, self.site, self.folder = Names(), Site(), folder
        self.answers = self.names.answers
        for name, ttl in (("ttl", 2), ("short", 0), ("long", 3600), ("fixed", 3600), ("kept", 0)):
            self.answers[f"{name}.test", A] = [PUBLIC[0]]
            self.names.ttl[f"{name}.test"] = ttl
        self.answers["each.test", A] = PUBLIC[:3]
        self.answers["a.test", A], self.answers["b.test", A] = [PUBLIC[0]], [PUBLIC[1]]
        self.answers["c.test", A] = [PUBLIC[2]]
        self.answers["inner.test", A] = ["10.1.2.3"]
        self.answers["_orders._tcp.test", SRV] = [
            (0, 3, 8101, "a.test"), (0, 1, 8102, "b.test"), (10, 1, 8103, "c.test")]
        self.answers["_inward._tcp.test", SRV] = [
            (0, 1, 8101, "inner.test"), (0, 1, 8101, "localhost"), (0, 1, 8101, "127.0.0.1")]
        self.file = folder / "endpoints.yaml"
        self.file.write_text(f"- http://{PUBLIC[0]}:8101\n")
        self.martlet = Martlet(CONFIG, folder).ready()
        self.began = time.monotonic()

    def places(self, name: str, count: int = 1) -> list[str]:
        return [self.martlet.get(f"/{name}").body.decode() for _ in range(count)]

    def rows(self, name: str) -> list[dict]:
        upstreams = json.loads(self.martlet.admin("/v1/upstreams").body)["upstreams"]
        return next(u for u in upstreams if u["name"] == name)["endpoints"]

    def endpoints(self, name: str) -> list[str]:
        return sorted(row["address"] for row in self.rows(name))

    def refused(self, name: str) -> dict:
        answer = self.martlet.get(f"/{name}")
        return {"status": answer.status,
                "why": (answer.value("proxy-status") or b"").decode()}

    # What is looked at, in the order of the report.

    def ttl(self) -> dict:
        before = self.places("by-ttl")
        self.answers["ttl.test", A] = [PUBLIC[1]]
        changed = time.monotonic()
        wait(lambda: self.places("by-ttl") == [f"{PUBLIC[1]}:8101"], "change of an address")
        took = time.monotonic() - changed
        time.sleep(max(0.0, 8 - (time.monotonic() - self.began)))
        seconds = time.monotonic() - self.began
        return {"before": before, "took": took, "seconds": seconds, "asked": {
            name: self.names.asked.get(f"{name}.test", 0)
            for name in ("ttl", "short", "long", "fixed")}}

    def each(self) -> dict:
        found = {"endpoints": self.endpoints("each"), "share": Counter(self.places("each", 30))}
        before = dict(self.site.connections)
        self.answers["each.test", A] = PUBLIC[1:4]
        wait(lambda: f"{PUBLIC[3]}:8101" in self.endpoints("each"), "new endpoint")
        found["after"] = self.endpoints("each")
        found["share_after"] = Counter(self.places("each", 30))
        found["new_connections"] = {
            place: self.site.connections[place] - before.get(place, 0)
            for place in found["share_after"]}
        return found

    def service(self) -> dict:
        found = {"endpoints": self.endpoints("service"), "share": Counter(self.places("service", 40))}
        self.answers["_orders._tcp.test", SRV] = [
            (0, 1, 8101, "a.test"), (0, 1, 8102, "b.test"), (10, 1, 8103, "c.test")]
        wait(lambda: {row["weight"] for row in self.rows("service")} == {1}, "new weights")
        found["share_even"] = Counter(self.places("service", 40))
        self.answers["_orders._tcp.test", SRV] = [(10, 1, 8103, "c.test")]
        wait(lambda: len(self.endpoints("service")) == 1, "records that are gone")
        found["alone"] = Counter(self.places("service", 5))
        found["inward"] = self.refused("inward")
        before = self.names.over_tcp
        self.answers["_orders._tcp.test", SRV] = [
            (n, 1, 8101, f"a-rather-long-name-of-host-number-{n}.test") for n in range(1, 60)
        ] + [(0, 1, 8103, "c.test")]
        wait(lambda: len(self.endpoints("service")) == 60, "a long answer")
        found["long"] = Counter(self.places("service", 5))
        found["over_tcp"] = self.names.over_tcp - before
        self.answers["_orders._tcp.test", SRV] = [(10, 1, 8103, "c.test")]
        wait(lambda: len(self.endpoints("service")) == 1, "a short answer")
        return found

    def outage(self) -> dict:
        def events(name: str) -> list[dict]:
            return [e for e in self.martlet.events if e.get("event") == name
                    and e.get("name") == "kept.test"]

        self.names.mood = "failing"
        wait(lambda: events("name_not_resolved"), "warning")
        asked = self.names.asked["kept.test"]
        wait(lambda: self.names.asked["kept.test"] >= asked + 3, "more questions")
        found = {"warnings": len(events("name_not_resolved")),
                 "reason": events("name_not_resolved")[0]["reason"],
                 "during": self.places("kept"), "service": self.places("service")}
        self.names.mood = "silent"
        time.sleep(2)
        found["silent"] = self.places("kept")
        self.names.mood = "damaged"
        asked = self.names.asked["fixed.test"]
        wait(lambda: self.names.asked["fixed.test"] >= asked + 2, "questions", 60)
        self.names.mood = "ok"
        self.answers["kept.test", A] = [PUBLIC[4]]
        wait(lambda: self.places("kept") == [f"{PUBLIC[4]}:8101"], "the answer after it", 30)
        found["recovered"] = len(events("name_resolved"))
        return found

    def endpoint_file(self) -> dict:
        found = {"before": self.places("file")}
        self.write(json.dumps([f"http://{PUBLIC[1]}:8101",
                               {"url": f"http://{PUBLIC[2]}:8102", "weight": 3}]))
        wait(lambda: len(self.endpoints("file")) == 2, "change of the file")
        found["share"] = Counter(self.places("file", 40))
        after = len(self.martlet.events)
        self.write(f"- http://{PUBLIC[0]}:8101\n- {{ url: http://{PUBLIC[3]}:8101, weigth: 2 }}\n")
        found["error"] = self.martlet.event("reload_failed", after=after)
        found["kept"] = sorted(set(self.places("file", 8)))
        self.write("- http://10.1.2.3:8101\n- http://localhost:8101\n- http://127.0.0.1:8101\n")
        wait(lambda: len(self.endpoints("file")) == 3, "change of the file")
        found["inner"] = self.refused("file")
        return found

    def write(self, text: str) -> None:
        temporary = self.file.with_suffix(".new")
        temporary.write_text(text)
        temporary.replace(self.file)

    def make(self) -> dict:
        report = {"hosts": self.places("hosts"), "each": self.each(), "ttl": self.ttl(),
                  "service": self.service(), "file": self.endpoint_file(), "outage": self.outage()}
        report["exit_seconds"], report["exit"] = self.end()
        return report

    def end(self) -> tuple[float, int]:
        """While names are asked for and nobody answers."""
        self.names.mood = "silent"
        asked = self.names.asked["fixed.test"]
        wait(lambda: self.names.asked["fixed.test"] > asked, "question")
        begin = time.monotonic()
        code = self.martlet.terminate()
        return time.monotonic() - begin, code


def main() -> None:
    folder = Path(sys.argv[1])
    loopback([*PUBLIC, "10.1.2.3"])
    bind(folder, "resolv.conf", "nameserver 127.0.0.53\n")
    bind(folder, "nsswitch.conf", "hosts: files dns\n")
    bind(folder, "hosts", f"127.0.0.1 localhost\n{PUBLIC[5]} hosted.test\n")
    print(json.dumps(Report(folder).make()))


if __name__ == "__main__":
    main()
