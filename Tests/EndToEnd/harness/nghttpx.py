"""nghttpx, a proxy made by other people, as Martlet's client or as its upstream."""
from __future__ import annotations

import socket
import subprocess
import tempfile
import time

import pytest

from .client import Address
from .http2_servers import program
from .ports import free_port


class Nghttpx:
    """Takes HTTP/1.1 and HTTP/2 without TLS; speaks `protocol` (`h2` or `http/1.1`) to `target`.

    WebSockets pass in both directions; over HTTP/2 by extended CONNECT (RFC 8441).
    """

    def __init__(self, target: Address, protocol: str):
        self.folder = tempfile.TemporaryDirectory(prefix="martlet-nghttpx-")
        for _ in range(5):
            self.port = free_port()
            if self._start(target, protocol):
                return
        pytest.fail("nghttpx did not start: " + open(f"{self.folder.name}/log").read())

    def _start(self, target: Address, protocol: str) -> bool:
        command = [
            program("nghttpx"), "--conf=/dev/null", "--workers=1", "--no-ocsp",
            f"--frontend=127.0.0.1,{self.port};no-tls",
            f"--backend={target[0]},{target[1]};;proto={protocol}",
            f"--errorlog-file={self.folder.name}/log", "--accesslog-file=/dev/null"]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self.process.poll() is None
            except OSError:
                time.sleep(0.02)
        return False

    @property
    def address(self) -> Address:
        return "127.0.0.1", self.port

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.folder.cleanup()
