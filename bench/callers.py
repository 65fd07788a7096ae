"""Ten thousand API keys and signed tokens, and what each proxy needs to take them."""
from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import subprocess
import time
from pathlib import Path

KEY_COUNT = 10_000
# More than any worker remembers, so that each is verified.
TOKEN_COUNT = 20_000
SECRET = "0123456789abcdef0123456789abcdef"
KEYS = [f"key-{hashlib.sha256(str(number).encode()).hexdigest()[:32]}" for number in range(KEY_COUNT)]
LOG = "access-log: {{ destination: {file} }}"


def martlet_keys() -> tuple[str, str]:
    """What stands at the root, and the route: a key of ten thousand, a limit for each consumer."""
    lines = ["rate-limits: { each: { key: '{consumer.name}', windows: 1000000/1s } }",
             f"authentication: {{ key-secret: {SECRET} }}", "consumers:"]
    for number, key in enumerate(KEYS):
        digest = hmac.new(SECRET.encode(), key.encode(), hashlib.sha256).hexdigest()
        lines.append(f"  c{number}: {{ api-keys: [\"hmac-sha256:{digest}\"] }}")
    return "\n".join(lines), ("  - { name: all, match: { prefix: / }, authentication: [api-key],"
                              " rate-limits: each, upstream: backend }")


def martlet_tokens(jwks: Path) -> tuple[str, str]:
    return (f"authentication: {{ issuers: {{ corp: {{ issuer: https://id.example.com, audiences: api,"
            f" jwks-file: {jwks} }} }} }}",
            "  - { name: all, match: { prefix: / }, authentication: [jwt], upstream: backend }")


def request_script(file: Path, count: int, header: str) -> str:
    """wrk goes through the lines of a file, in an order that no cache likes; `header` is a
    field of a Lua table, in which `line` is the line."""
    return f"""
local requests, next_one = {{}}, 0
function init(arguments)
  local number = 0
  for line in io.lines("{file}") do
    requests[number * 7919 % {count}] = wrk.format("GET", "/x", {{ ["Host"] = "localhost", {header} }})
    number = number + 1
  end
end
function request()
  next_one = (next_one + 1) % {count}
  return requests[next_one]
end
"""


def key_script(file: Path) -> str:
    return request_script(file, KEY_COUNT, '["X-Api-Key"] = line')


def token_script(file: Path, count: int) -> str:
    return request_script(file, count, '["Authorization"] = "Bearer " .. line')


def nginx_keys(directory: Path) -> tuple[str, str]:
    """For `http` and for `location`."""
    file = directory / "nginx-keys"
    file.write_text("".join(f"{key} c{number};\n" for number, key in enumerate(KEYS)))
    return (f"map_hash_max_size 65536; map_hash_bucket_size 128; map $http_x_api_key $consumer {{ include {file}; }}"
            " limit_req_zone $consumer zone=each:20m rate=1000000r/s;",
            'if ($consumer = "") { return 401; } limit_req zone=each burst=1000000 nodelay;')


def haproxy_keys(directory: Path) -> tuple[str, str]:
    """For the frontend, and a table."""
    file = directory / "haproxy-keys"
    file.write_text("".join(f"{key} c{number}\n" for number, key in enumerate(KEYS)))
    return (f"http-request set-var(txn.consumer) req.hdr(x-api-key),map_str({file})\n"
            "  http-request deny deny_status 401 unless { var(txn.consumer) -m found }\n"
            "  http-request track-sc0 var(txn.consumer) table each\n"
            "  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000000 }",
            "backend each\n  stick-table type string len 16 size 1m expire 10s store http_req_rate(10s)")


def envoy_keys(extensions: str) -> str:
    """HTTP filters."""
    entries = "".join(f"\n                - {{key: {key}, client: c{number}}}"
                      for number, key in enumerate(KEYS))
    return f"""
          - name: envoy.filters.http.api_key_auth
            typed_config:
              "@type": {extensions}.http.api_key_auth.v3.ApiKeyAuth
              key_sources: [{{header: x-api-key}}]
              credentials:{entries}
          - name: envoy.filters.http.local_ratelimit
            typed_config:
              "@type": {extensions}.http.local_ratelimit.v3.LocalRateLimit
              stat_prefix: each
              token_bucket: {{max_tokens: 1000000, tokens_per_fill: 1000000, fill_interval: 1s}}
              filter_enabled: {{default_value: {{numerator: 100}}}}
              filter_enforced: {{default_value: {{numerator: 100}}}}"""


def envoy_tokens(extensions: str, jwks: Path) -> str:
    return f"""
          - name: envoy.filters.http.jwt_authn
            typed_config:
              "@type": {extensions}.http.jwt_authn.v3.JwtAuthentication
              providers:
                corp:
                  issuer: https://id.example.com
                  audiences: [api]
                  local_jwks: {{filename: {jwks}}}
                  forward: true
              rules: [{{match: {{prefix: /}}, requires: {{provider_name: corp}}}}]"""


class Tokens:
    """Signed tokens of one algorithm, ES256 or RS256, and their key set."""

    def __init__(self, algorithm: str, count: int, directory: Path):
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
        from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

        def text(value: bytes | int) -> str:
            if isinstance(value, int):
                value = value.to_bytes((value.bit_length() + 7) // 8, "big")
            return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

        if algorithm == "ES256":
            key = ec.generate_private_key(ec.SECP256R1())
            point = key.public_key().public_numbers()
            jwk = {"kty": "EC", "crv": "P-256", "x": text(point.x.to_bytes(32, "big")),
                   "y": text(point.y.to_bytes(32, "big"))}

            def sign(data: bytes) -> bytes:
                r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
                return r.to_bytes(32, "big") + s.to_bytes(32, "big")
        else:
            key = rsa.generate_private_key(65537, 2048)
            numbers = key.public_key().public_numbers()
            jwk = {"kty": "RSA", "n": text(numbers.n), "e": text(numbers.e)}

            def sign(data: bytes) -> bytes:
                return key.sign(data, padding.PKCS1v15(), hashes.SHA256())

        self.jwks = directory / f"{algorithm}.json"
        self.jwks.write_text(json.dumps({"keys": [{**jwk, "kid": "1", "alg": algorithm, "use": "sig"}]}))
        self.file = directory / f"{algorithm}-{count}.txt"
        self.count = count
        head = text(json.dumps({"alg": algorithm, "kid": "1"}).encode())
        expiry = int(time.time()) + 86_400
        with self.file.open("w") as file:
            for number in range(count):
                claims = {"iss": "https://id.example.com", "aud": "api", "sub": f"user-{number}",
                          "exp": expiry, "scope": "orders:read orders:write"}
                body = f"{head}.{text(json.dumps(claims).encode())}"
                file.write(f"{body}.{text(sign(body.encode()))}\n")


def raw_verify_micros(algorithm: str, cpus: str) -> float:
    """What OpenSSL takes for one verification, in microseconds of CPU."""
    name = {"ES256": "ecdsap256", "RS256": "rsa2048"}[algorithm]
    output = subprocess.run(["taskset", "-c", cpus, "openssl", "speed", "-seconds", "2", name],
                            capture_output=True, text=True).stdout
    rate = float(re.findall(r"([\d.]+)\s*$", output.strip())[-1])
    return 1e6 / rate
