"""nginx as a real backend, with a configuration of its own."""
from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from .ports import free_port

TEMPLATE = """
worker_processes 1; daemon off; pid {directory}/nginx.pid; error_log {directory}/error.log;
events {{ worker_connections 8192; }}
http {{
  access_log off; keepalive_requests 100000000; keepalive_timeout 600s; client_max_body_size 0;
  client_body_temp_path {directory}/body; proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi; uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096{ssl}; root {directory}/files;
    {tls}
    location / {{ default_type application/json; return 200 '{{"id":42,"name":"widget"}}'; }}
    location /files/ {{ }}
    location /missing {{ return 404 'no such thing'; }}
    location /broken {{ return 500 'nginx says no'; }}
  }}
}}
"""


class Nginx:
    """Started on a free port; a port taken in the meantime is tried anew."""

    def __init__(self, tls: tuple[Path, Path] | None = None, extra: str = "") -> None:
        self.tls, self.extra = tls, extra
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
        if not program:
            pytest.fail("nginx is missing: run scripts/install-dependencies")
        self.directory = Path(tempfile.mkdtemp(prefix="martlet-nginx-"))
        self.directory.chmod(0o755)
        (self.directory / "files/files").mkdir(parents=True)
        for _ in range(5):
            if self._start(program):
                return
        pytest.fail("nginx did not start: " + (self.directory / "error.log").read_text())

    def _start(self, program: str) -> bool:
        self.port = free_port()
        config = self.directory / "nginx.conf"
        config.write_text(TEMPLATE.format(
            directory=self.directory, port=self.port, ssl=" ssl" if self.tls else "",
            tls=f"ssl_certificate {self.tls[0]}; ssl_certificate_key {self.tls[1]}; {self.extra}"
                if self.tls else ""))
        self.process = subprocess.Popen(
            [program, "-c", str(config), "-e", str(self.directory / "error.log")],
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
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def secure_url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def sparse_file(self, name: str, length: int) -> str:
        """A file of zeros; returns its path on the server."""
        with open(self.directory / "files/files" / name, "wb") as file:
            file.truncate(length)
        return f"/files/{name}"

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.directory, ignore_errors=True)
