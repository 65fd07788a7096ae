"""An issuer that people log in at: its page lets everybody in at once, its token endpoint checks the
client, the code and the verifier (RFC 7636), and `change` says what is wrong with its ID tokens."""
from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet

from .issuer import make_key


class LoginIssuer:
    """`claims` are added to each ID token; `status` is the token endpoint's."""

    def __init__(self, client: str = "web", secret: str = "a secret: ü&"):
        self.client, self.secret = client, secret
        self.key = make_key("ES256", "login-1")
        self.claims: dict = {}
        self.signing_key = None
        self.status = 200
        self.refusal = ""
        # What its document says beside or instead of the truth.
        self.endpoints: dict = {}
        self.asked: list[dict] = []
        self.tokens = 0
        self.codes: dict[str, dict] = {}
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    return self._send(302, location=issuer._authorize(query))
                documents = {"/.well-known/openid-configuration": issuer._discovery,
                             "/jwks": lambda: KeySet([issuer.key]).as_dict(private=False)}
                if parts.path not in documents:
                    return self._send(404)
                return self._send(200, documents[parts.path]())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self._send(*issuer._token(self.headers.get("authorization", ""), form))

            def _send(self, status: int, document=None, location: str = "") -> None:
                body = json.dumps(document).encode() if document is not None else b""
                self.send_response(status)
                if location:
                    self.send_header("location", location)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _discovery(self) -> dict:
        return {"issuer": self.url, "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token", "jwks_uri": f"{self.url}/jwks",
                **self.endpoints}

    def _authorize(self, query: dict) -> str:
        self.asked.append(query)
        answer = {"state": query["state"], "iss": self.url}
        if self.refusal:
            answer["error"] = self.refusal
        else:
            answer["code"] = secrets.token_urlsafe(16)
            self.codes[answer["code"]] = query
        return f"{query['redirect_uri']}?{urlencode(answer)}"

    def _token(self, authorization: str, form: dict) -> tuple[int, dict]:
        self.tokens += 1
        if self.status != 200:
            return self.status, {"error": "server_error"}
        quoted = ":".join(urlencode({"": text})[1:].replace("+", "%20")
                          for text in (self.client, self.secret))
        if authorization != "Basic " + base64.b64encode(quoted.encode()).decode():
            return 401, {"error": "invalid_client"}
        query = self.codes.pop(form.get("code"), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if (query is None or form.get("redirect_uri") != query["redirect_uri"]
                or form.get("grant_type") != "authorization_code"
                or query["code_challenge_method"] != "S256" or challenge != query["code_challenge"]):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.client, "sub": "alice", "iat": now,
                  "exp": now + 60, "nonce": query["nonce"], **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        token = jwt.encode({"alg": "ES256", "kid": "login-1"}, claims,
                           self.signing_key or self.key, algorithms=["ES256"])
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": token}

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
