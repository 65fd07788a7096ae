"""A token issuer made of a real library, with a key server that rotates, stalls, lies and dies."""
from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey


def make_key(algorithm: str, kid: str):
    options = {"kid": kid, "use": "sig", "alg": algorithm}
    if algorithm[:2] in ("RS", "PS"):
        return RSAKey.generate_key(2048, options)
    if algorithm[:2] == "ES":
        return ECKey.generate_key({"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}[algorithm],
                                  options)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", options)
    return OctKey.generate_key(512, options)


class Issuer:
    """Serves `/jwks`; `behaviour` says how: ok, stall, garbage, html, error, huge, redirect."""

    def __init__(self, *algorithms: str, port: int = 0):
        self.url = "https://id.example.com"
        self.keys = [make_key(algorithm, f"{algorithm}-1") for algorithm in algorithms]
        self.behaviour = "ok"
        self.fetches = 0
        self.released = threading.Event()
        self._serve(port)

    def _serve(self, port: int) -> None:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                issuer.fetches += 1
                status, body, kind = issuer._answer()
                try:
                    self.send_response(status)
                    self.send_header("content-type", kind)
                    self.send_header("content-length", str(len(body)))
                    if status == 302:
                        self.send_header("location", "http://127.0.0.1:1/jwks")
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _answer(self) -> tuple[int, bytes, str]:
        keys = KeySet(self.keys).as_dict(private=False)
        body = json.dumps(keys).encode()
        if self.behaviour == "stall":
            self.released.wait(20)
        if self.behaviour == "garbage":
            return 200, b'{"keys": [{"kty": "RSA", "n": "!!', "application/json"
        if self.behaviour == "html":
            return 200, b"<html>login</html>", "text/html"
        if self.behaviour == "error":
            return 500, b"", "text/plain"
        if self.behaviour == "huge":
            return 200, b" " * 2_000_000 + body, "application/json"
        if self.behaviour == "redirect":
            return 302, b"", "text/plain"
        return 200, body, "application/jwk-set+json"

    @property
    def jwks_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/jwks"

    def rotate(self, algorithm: str, kid: str, keep: bool = False) -> None:
        key = make_key(algorithm, kid)
        self.keys = [*self.keys, key] if keep else [key]

    def token(self, key=None, header: dict | None = None, **claims) -> str:
        key = key or self.keys[0]
        now = int(time.time())
        payload = {"iss": self.url, "aud": "orders", "sub": "alice", "iat": now, "exp": now + 300}
        payload.update(claims)
        payload = {name: value for name, value in payload.items() if value is not None}
        algorithm = key.as_dict(private=False).get("alg") or "HS256"
        return jwt.encode({"alg": algorithm, "kid": key.kid, **(header or {})}, payload, key,
                          algorithms=[algorithm])

    def die(self) -> None:
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def revive(self) -> None:
        self.behaviour = "ok"
        self.released.clear()
        self._serve(self.port)
