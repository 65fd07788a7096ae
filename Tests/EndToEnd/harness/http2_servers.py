"""Real HTTP/2 servers as upstreams, each started on a free port."""
from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from .ports import free_port

FILE = bytes(range(256)) * 400
NGINX = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log; user root;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  default_type application/octet-stream;
  server {{ listen 127.0.0.1:{port} http2{ssl}; {tls} root {folder}/files; }}
}}
"""
# Sends back what it gets as it gets it, then the sum of the bytes.
HYPERCORN = """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    start = {"type": "http.response.start", "status": 200, "headers": [
        (b"x-version", scope["http_version"].encode()), (b"x-path", scope["path"].encode())]}
    await send(start)
    while True:
        event = await receive()
        if event["type"] != "http.request":
            return
        more = event.get("more_body", False)
        await send({"type": "http.response.body", "body": event.get("body", b""), "more_body": more})
        if not more:
            return
"""


def program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if not found:
        pytest.fail(f"{name} is missing: run scripts/install-dependencies")
    return found


class Http2Server:
    """`kind` is `nghttpd`, `nginx` or `hypercorn`; with `tls`, it shows that certificate.

    The first two serve `/file`.
    """

    def __init__(self, kind: str, tls: tuple[Path, Path] | None = None):
        self.kind, self.tls = kind, tls
        self.folder = Path(tempfile.mkdtemp(prefix=f"martlet-{kind}-"))
        self.folder.chmod(0o755)
        (self.folder / "files").mkdir()
        (self.folder / "files/file").write_bytes(FILE)
        for _ in range(5):
            self.port = free_port()
            if self._start():
                return
        pytest.fail(f"{kind} did not start: {(self.folder / 'log').read_text()}")

    def _command(self) -> list[str]:
        address = f"127.0.0.1:{self.port}"
        if self.kind == "nghttpd":
            end = [str(self.port), *map(str, reversed(self.tls))] if self.tls \
                else ["--no-tls", str(self.port)]
            return [program("nghttpd"), "-d", str(self.folder / "files"), "-a", "127.0.0.1", *end]
        if self.kind == "nginx":
            config = self.folder / "nginx.conf"
            config.write_text(NGINX.format(
                folder=self.folder, port=self.port, ssl=" ssl" if self.tls else "",
                tls=f"ssl_certificate {self.tls[0]}; ssl_certificate_key {self.tls[1]};"
                    if self.tls else ""))
            return [program("nginx"), "-c", str(config), "-e", str(self.folder / "error.log")]
        (self.folder / "echo_app.py").write_text(HYPERCORN)
        end = ["--certfile", str(self.tls[0]), "--keyfile", str(self.tls[1])] if self.tls else []
        return [sys.executable, "-m", "hypercorn", "-b", address, *end, "echo_app:app"]

    def _start(self) -> bool:
        with open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(
                self._command(), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self.process.poll() is None
            except OSError:
                time.sleep(0.02)
        return False

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'h2c'}://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)
