"""Runs in a network and mount namespace of its own: DNS server, listeners, Martlet; prints a report.

Public addresses are put on the loopback interface, so that a connection to one is seen here and
goes nowhere else.
"""
from __future__ import annotations

import fcntl
import json
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from harness.client import fetch  # noqa: E402
from harness.dns_server import Names  # noqa: E402
from harness.namespace import bind, loopback  # noqa: E402

PUBLIC = "198.71.0.1"
PUBLIC6 = "2600::71"
PORT = 8099
# Key sets are fetched in the background, so they have a server of their own.
KEYS_PORT = 8098
# Each on the loopback interface, so that a connection would succeed.
INNER4 = {
    "in-loopback": "127.0.0.1", "in-loopback-other": "127.9.8.7", "in-unspecified": "0.0.0.0",
    "in-private-a": "10.0.0.1", "in-private-b": "172.16.0.1", "in-private-c": "192.168.1.1",
    "in-shared": "100.64.0.1", "in-link-local": "169.254.0.5", "in-metadata": "169.254.169.254",
    "in-alibaba": "100.100.100.200", "in-benchmark": "198.18.0.1", "in-broadcast": "255.255.255.255",
    "in-multicast": "224.0.0.1", "in-this-network": "0.0.0.7",
}
INNER6 = {
    "in-loopback-six": "::1", "in-mapped": "::ffff:127.0.0.1", "in-mapped-metadata":
    "::ffff:169.254.169.254", "in-compatible": "::127.0.0.1", "in-nat64": "64:ff9b::7f00:1",
    "in-sixtofour": "2002:7f00:1::1", "in-teredo": "2001:0:7f00:1::1", "in-unique-local": "fd00::1",
    "in-link-local-six": "fe80::1", "in-amazon": "fd00:ec2::254", "in-translated":
    "::ffff:0:7f00:1",
}


def interface() -> None:
    """Brings the loopback interface up and gives it more addresses."""
    loopback([PUBLIC, "10.1.2.3"] + [a for a in INNER4.values() if not a.startswith(("127.", "0."))
                                     and a not in ("255.255.255.255", "224.0.0.1")])
    control6 = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    index = socket.if_nametoindex("lo")
    # A global one too, or no IPv6 address is ever asked for.
    for address in [PUBLIC6] + [a for a in INNER6.values() if not a.startswith("::")]:
        request = struct.pack("=16sIi", socket.inet_pton(socket.AF_INET6, address), 128, index)
        fcntl.ioctl(control6, 0x8916, request)


class Site:
    """Serves on every address of this machine and notes which one was connected to."""

    def __init__(self, port: int) -> None:
        self.connections: list[str] = []
        self.key_sets: list[str] = []
        self.socket = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(("::", port))
        self.socket.listen(64)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            connection, _ = self.socket.accept()
            self.connections.append(connection.getsockname()[0].removeprefix("::ffff:"))
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            connection.settimeout(20)
            try:
                if head := connection.recv(65536):
                    if head.startswith(b"GET /jwks/"):
                        self.key_sets.append(head.split()[1].decode().removeprefix("/jwks/"))
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                                       b"Connection: close\r\n\r\nok")
            except OSError:
                pass


def config(names: list[str]) -> str:
    lines = ["workers: 1", "listeners: { public: 127.0.0.1:0 }", "admin: off", "upstreams:"]
    for name in names:
        label = name.removesuffix(".test")
        more = "egress: { allow: 10.1.0.0/16 }, " if name == "allowed.test" else ""
        lines.append(f"  {label}: {{ {more}resolve-interval: 1s, endpoints: 'http://{name}:{PORT}' }}")
    lines += ["authentication:", "  issuers:"]
    for number, name in enumerate(names):
        lines.append(f"    keys-{number}: {{ issuer: 'https://{number}.example', audiences: any, "
                     f"jwks-url: 'http://{name}:{KEYS_PORT}/jwks/{name}' }}")
        lines.append(f"    asked-{number}: {{ issuer: 'https://{number}.example', audiences: any, introspection: "
                     f"{{ url: 'http://{name}:{PORT}/', client-id: me, client-secret: {'s' * 32} }} }}")
    lines += ["  policies:"]
    for number, name in enumerate(names):
        lines.append(f"    p-{number}: [{{ jwt: {{ issuers: [asked-{number}] }} }}]")
    lines.append("routes:")
    for number, name in enumerate(names):
        lines.append(f"  - {{ match: {{ path: /authorise/{name} }}, respond: 204, "
                     f"external-authorization: {{ url: 'http://{name}:{PORT}/' }} }}")
        lines.append(f"  - {{ match: {{ path: /introspect/{name} }}, respond: 204, authentication: p-{number} }}")
    for name in names:
        label = name.removesuffix(".test")
        lines.append(f"  - {{ match: {{ path: /{name} }}, upstream: {label} }}")
    return "\n".join(lines) + "\n"


def main() -> None:
    binary, folder = sys.argv[1], Path(sys.argv[2])
    interface()
    bind(folder, "resolv.conf", "nameserver 127.0.0.53\noptions timeout:1 attempts:1\n")
    bind(folder, "nsswitch.conf", "hosts: files dns\n")
    bind(folder, "hosts", "127.0.0.1 localhost\n")
    names, site, keys = Names(), Site(PORT), Site(KEYS_PORT)
    for name, address in INNER4.items():
        names.answers[f"{name}.test", 1] = [address]
    for name, address in INNER6.items():
        names.answers[f"{name}.test", 28] = [address]
    names.answers["public.test", 1] = [PUBLIC]
    names.answers["mixed.test", 1] = ["127.0.0.1", PUBLIC, "10.0.0.1"]
    names.answers["rebind.test", 1] = [PUBLIC]
    names.answers["allowed.test", 1] = ["10.1.2.3"]
    # Not an address, but what the C library would make one of.
    spelled = ["0x7f000001", "0x7F000001", "0xa9fea9fe"]
    hosts = sorted({name for name, _ in names.answers}) + ["localhost"] + spelled
    file = folder / "martlet.yaml"
    file.write_text(config(hosts))
    process = subprocess.Popen([binary, "run", "-c", str(file)], cwd=folder,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    events: list[dict] = []
    ready = threading.Event()

    def read() -> None:
        for line in process.stderr:
            events.append(json.loads(line))
            if events[-1].get("event") == "ready":
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    ready.wait(30)
    address = next(e["address"] for e in events if e.get("event") == "listening")
    host, _, port = address.rpartition(":")

    def ask(name: str, *fields: str) -> dict:
        site.connections.clear()
        headers = dict(field.split(": ") for field in fields)
        answer = fetch((host, int(port)), f"/{name}", headers=headers)
        told = {"status": answer.status, "connections": list(site.connections)}
        if answer.status != 200:
            told["proxy_status"] = (answer.value("proxy-status") or b"").decode()
        return told

    report = {"names": {name.removesuffix("") if name == "localhost" else name: ask(name)
                        for name in hosts if name != "rebind.test"}}
    for name in spelled:
        report["names"][f"in-{name}"] = report["names"].pop(name)
    report["authorise"] = {name: ask(f"authorise/{name}") for name in hosts}
    report["introspect"] = {name: ask(f"introspect/{name}", "Authorization: Bearer opaque")
                            for name in hosts}
    report["keys"] = sorted(keys.key_sets)
    report["key_connections"] = sorted(set(keys.connections))
    report["key_failures"] = {
        event["reason"] for event in events if event.get("event") == "issuer_keys_not_fetched"}
    report["key_failures"] = sorted(report["key_failures"])
    rebinding = {"before": ask("rebind.test"), "authorise": ask("authorise/rebind.test")}
    names.answers["rebind.test", 1] = ["127.0.0.1"]
    asked = names.asked["rebind.test"]
    deadline = time.monotonic() + 20
    while names.asked["rebind.test"] < asked + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    rebinding["answered_inward"] = names.asked["rebind.test"] - asked
    rebinding["after"] = ask("rebind.test")
    # A name that was checked is believed for ten seconds; the address that is dialled stays the same.
    end = time.monotonic() + 20
    rebinding["authorise_after"] = ask("authorise/rebind.test")
    connections = list(site.connections)
    while rebinding["authorise_after"]["status"] == 204 and time.monotonic() < end:
        time.sleep(0.2)
        rebinding["authorise_after"] = ask("authorise/rebind.test")
        connections += site.connections
    rebinding["authorise_connections"] = sorted(set(connections))
    report["rebinding"] = rebinding
    report["prohibited"] = [
        {key: event.get(key) for key in ("upstream", "address", "scope")}
        for event in events if event.get("event") == "address_prohibited"]
    process.terminate()
    process.wait(20)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
