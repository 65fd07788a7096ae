"""A DNS server on UDP whose answers a test changes while it runs."""
from __future__ import annotations

import random
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

    An SRV answer is `(priority, weight, port, target)`. `mood` is `ok`, `silent`, `failing` or
    `damaged`. What is longer than 512 bytes is answered over TCP alone.
    """

    def __init__(self, address: str = "127.0.0.53") -> None:
        self.answers: dict[tuple[str, int], list] = {}
        self.ttl: dict[str, int] = {}
        self.times: dict[str, list[float]] = {}
        self.mood = "ok"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self._run, daemon=True).start()
        self.random = random.Random(1)
        self.over_tcp = 0
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, 53))
        self.listener.listen(16)
        threading.Thread(target=self._run_tcp, daemon=True).start()

    @property
    def asked(self) -> dict[str, int]:
        return {name: len(times) for name, times in self.times.items()}

    def _run(self) -> None:
        while True:
            query, peer = self.socket.recvfrom(2048)
            if answer := self._answer(query):
                if len(answer) > 512:
                    # RFC 1035 §4.2.1: cut off, to be asked for over TCP.
                    flags = struct.unpack("!H", answer[2:4])[0] | 0x0200
                    end = query.index(0, 12) + 5
                    answer = query[:2] + struct.pack("!HHHHH", flags, 1, 0, 0, 0) + query[12:end]
                self.socket.sendto(answer, peer)

    def _run_tcp(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            with connection:
                connection.settimeout(5)
                try:
                    size = struct.unpack("!H", connection.recv(2))[0]
                    answer = self._answer(connection.recv(size)) or b""
                    self.over_tcp += 1
                    connection.sendall(struct.pack("!H", len(answer)) + answer)
                    connection.recv(1)
                except (OSError, struct.error):
                    pass

    def _answer(self, query: bytes) -> bytes | None:
        at, labels = 12, []
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode())
            at += 1 + query[at]
        kind = struct.unpack("!H", query[at + 1:at + 3])[0]
        name = ".".join(labels).lower()
        self.times.setdefault(name, []).append(time.monotonic())
        if self.mood == "silent":
            return None
        found = self.answers.get((name, kind), []) if self.mood != "failing" else []
        records = b"".join(self._record(name, kind, answer) for answer in found)
        code = 0 if any(key[0] == name for key in self.answers) else NO_SUCH_NAME
        if self.mood == "failing":
            code = SERVER_FAILURE
        header = query[:2] + struct.pack("!HHHHH", 0x8180 | code, 1, len(found), 0, 0)
        answer = header + query[12:at + 5] + records
        return self._damaged(answer) if self.mood == "damaged" else answer

    def _damaged(self, answer: bytes) -> bytes:
        """Some bytes behind the identifier are others, or the end is missing."""
        changed = bytearray(answer)
        for _ in range(self.random.randrange(1, 6)):
            changed[self.random.randrange(2, len(changed))] = self.random.randrange(256)
        return bytes(changed[:self.random.randrange(3, len(changed) + 1)]
                     if self.random.random() < 0.3 else changed)

    def _record(self, name: str, kind: int, answer) -> bytes:
        if kind == SRV:
            priority, weight, port, target = answer
            data = struct.pack("!HHH", priority, weight, port) + encoded(target)
        else:
            data = socket.inet_pton(socket.AF_INET if kind == A else socket.AF_INET6, answer)
        ttl = self.ttl.get(name, 0)
        return b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, ttl, len(data)) + data
