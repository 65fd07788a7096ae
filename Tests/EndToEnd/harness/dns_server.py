"""A DNS server on UDP whose answers a test changes while it runs."""
from __future__ import annotations

import socket
import struct
import threading
import time

A, AAAA, SRV = 1, 28, 33
SERVER_FAILURE, NO_SUCH_NAME = 2, 3


def encoded(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


class Names:
    """`answers` by name and type; `ttl` by name; `asked` are the times at which names were asked for.

    An SRV answer is `(priority, weight, port, target)`. `mood` is `ok`, `silent` or `failing`.
    """

    def __init__(self, address: str = "127.0.0.53") -> None:
        self.answers: dict[tuple[str, int], list] = {}
        self.ttl: dict[str, int] = {}
        self.times: dict[str, list[float]] = {}
        self.mood = "ok"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def asked(self) -> dict[str, int]:
        return {name: len(times) for name, times in self.times.items()}

    def _run(self) -> None:
        while True:
            query, peer = self.socket.recvfrom(2048)
            at, labels = 12, []
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind = struct.unpack("!H", query[at + 1:at + 3])[0]
            name = ".".join(labels).lower()
            self.times.setdefault(name, []).append(time.monotonic())
            if self.mood == "silent":
                continue
            found = self.answers.get((name, kind), []) if self.mood == "ok" else []
            records = b"".join(self._record(name, kind, answer) for answer in found)
            code = 0 if any(key[0] == name for key in self.answers) else NO_SUCH_NAME
            if self.mood == "failing":
                code = SERVER_FAILURE
            header = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(found), 0, 0)
            self.socket.sendto(header + query[12:at + 5] + records, peer)

    def _record(self, name: str, kind: int, answer) -> bytes:
        if kind == SRV:
            priority, weight, port, target = answer
            data = struct.pack("!HHH", priority, weight, port) + encoded(target)
        else:
            data = socket.inet_pton(socket.AF_INET if kind == A else socket.AF_INET6, answer)
        ttl = self.ttl.get(name, 0)
        return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data
