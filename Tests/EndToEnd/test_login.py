"""People log in with a browser: at a provider made by others, at one that is strict and then
hostile, and with Chromium."""
from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from oidc_provider_mock import run_server_in_thread

from harness.browser import BrowserSite
from harness.certificates import Authority
from harness.issuer import make_key
from harness.login_issuer import LoginIssuer
from harness.martlet import Martlet, run_command

SECRET = "0123456789abcdef0123456789abcdef"
PAGE = {"accept": "text/html,application/xhtml+xml"}


def config(folder, issuer_url, jwks_url, upstream, *, session="", secret="a secret: ü&",
           login="", routes=""):
    return f"""
workers: 2
listeners:
  public:
    address: 127.0.0.1:0
    tls: {{ certificates: {{ certificate: {folder}/server.pem, key: {folder}/server.key }} }}
upstreams: {{ site: {upstream} }}
egress: {{ allow: [127.0.0.0/8, "::1/128"] }}
authentication:
  default: staff
  policies: {{ staff: [{{ session: {{ login: staff }} }}, jwt] }}
  identity-headers: {{ x-subject: "{{subject}}", x-email: "{{claims.email}}" }}
  issuers:
    staff: {{ issuer: "{issuer_url}", audiences: web, jwks-url: "{jwks_url}", group-claim: roles,
              unknown-key-interval: 1s }}
  logins:
    staff:
      issuer: staff
      client-id: web
      client-secret: "{secret}"
      scopes: [openid, email]
      {login}
      session: {{ secret: "{SECRET}" {session} }}
routes:
  - {{ name: admins, match: {{ prefix: /admin }}, upstream: site, access: {{ groups: [admin] }} }}
  - {{ name: all, match: {{ prefix: / }}, upstream: site }}
{routes}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificates")
    Authority().issue("127.0.0.1", "localhost").write(folder, "server")
    return folder


@pytest.fixture(scope="module")
def issuer():
    issuer = LoginIssuer()
    yield issuer
    issuer.stop()


@pytest.fixture(autouse=True)
def honest(issuer):
    issuer.claims, issuer.status, issuer.refusal, issuer.signing_key = {}, 200, "", None
    issuer.endpoints = {}


@pytest.fixture(scope="module")
def martlet(start_shared, folder, issuer, echo) -> Martlet:
    martlet = start_shared(config(folder, issuer.url, f"{issuer.url}/jwks", echo.url))
    martlet.event("issuer_keys_changed", issuer="staff")
    return martlet


def browser(martlet) -> httpx.Client:
    """Keeps cookies as a browser does, follows nothing by itself."""
    host, port = martlet.address("public")
    return httpx.Client(base_url=f"https://{host}:{port}", verify=False, headers=PAGE)


def to_callback(client, path="/page?x=1"):
    """From a page to the issuer; returns where the issuer sends the browser."""
    begun = client.get(path)
    assert begun.status_code == 302, begun.text
    return httpx.get(begun.headers["location"]).headers["location"]


def log_in(client, path="/page?x=1") -> httpx.Response:
    return client.get(to_callback(client, path))


def set_cookies(answer) -> dict[str, str]:
    return {line.split("=", 1)[0]: line for line in answer.headers.get_list("set-cookie")}


def test_a_page_leads_to_the_issuer_and_back(martlet, issuer, echo):
    with browser(martlet) as client:
        begun = client.get("/page?x=1&y=%2F")
        assert begun.status_code == 302 and begun.headers["cache-control"] == "no-store"
        asked = parse_qs(urlsplit(begun.headers["location"]).query)
        assert asked["response_type"] == ["code"] and asked["client_id"] == ["web"]
        assert asked["scope"] == ["openid email"] and asked["code_challenge_method"] == ["S256"]
        assert asked["redirect_uri"] == [f"{client.base_url}/.login/callback"]
        assert len(asked["state"][0]) >= 32 and len(asked["nonce"][0]) >= 32
        [(name, cookie)] = set_cookies(begun).items()
        assert name == f"__Secure-martlet-session-login-{asked['state'][0][:8]}"
        for attribute in ("Path=/.login/callback", "HttpOnly", "SameSite=Lax", "Secure",
                          "Max-Age=600"):
            assert attribute in cookie

        issuer.claims = {"email": "alice@example.com"}
        finished = client.get(httpx.get(begun.headers["location"]).headers["location"])
        assert finished.status_code == 302, martlet.output[-3:]
        assert finished.headers["location"] == "/page?x=1&y=%2F"
        cookies = set_cookies(finished)
        session = cookies["__Host-martlet-session"]
        for attribute in ("Path=/;", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=28800"):
            assert attribute in session
        # Nobody but Martlet can read it.
        assert "alice" not in session
        assert "Max-Age=0" in cookies[name]

        client.cookies.set("other", "1")
        answer = client.get("/page?x=1")
        assert answer.status_code == 200
        seen = {name.lower(): value for name, value in answer.json()["headers"]}
        assert seen["x-subject"] == "alice" and seen["x-email"] == "alice@example.com"
        # The upstream does not see the session.
        assert seen["cookie"] == "other=1"


def test_who_is_no_browser_is_asked_for_credentials(martlet):
    with browser(martlet) as client:
        for options in ({"headers": {"accept": "application/json"}},
                        {"headers": {"sec-fetch-mode": "cors"}}):
            answer = client.get("/api", **options)
            assert answer.status_code == 401
            challenges = answer.headers.get_list("www-authenticate")
            assert 'Session realm="martlet", login="staff"' in challenges
        assert client.post("/api").status_code == 401
        # A wrong token is wrong in a browser too.
        assert client.get("/api", headers={"authorization": "Bearer x.y.z"}).status_code == 401


def test_groups_of_the_id_token(martlet, issuer):
    issuer.claims = {"roles": ["admin", "staff"]}
    with browser(martlet) as client:
        assert log_in(client).status_code == 302
        assert client.get("/admin").status_code == 200
    issuer.claims = {"roles": ["staff"]}
    with browser(martlet) as client:
        assert log_in(client).status_code == 302
        assert client.get("/admin").status_code == 403


def test_login_and_logout_by_path(martlet):
    with browser(martlet) as client:
        assert log_in(client, "/.login/login").headers["location"] == "/"
        assert client.get("/").status_code == 200
        gone = client.get("/.login/logout")
        assert gone.status_code == 302 and gone.headers["location"] == "/"
        assert "Max-Age=0" in set_cookies(gone)["__Host-martlet-session"]
        assert client.get("/").status_code == 302


def test_a_copied_session_ends_with_the_logout(start, folder, issuer, echo):
    content = config(folder, issuer.url, f"{issuer.url}/jwks", echo.url)
    martlet = start(content)
    martlet.event("issuer_keys_changed", issuer="staff")
    with browser(martlet) as client, browser(martlet) as other, browser(martlet) as thief:
        log_in(client), log_in(other)
        thief.cookies.update(client.cookies)
        # Both workers have it in their memory.
        for _ in range(20):
            assert httpx.get(f"{client.base_url}/", cookies=client.cookies, headers=PAGE,
                             verify=False).status_code == 200
        assert client.get("/.login/logout").status_code == 302
        for _ in range(20):
            assert httpx.get(f"{client.base_url}/", cookies=thief.cookies, headers=PAGE,
                             verify=False).status_code == 302
        # Nobody else's has ended.
        assert other.get("/").status_code == 200
        # Nor does a reload forget it, although workers forget whom they knew.
        martlet.reload(content + "consumers: { somebody: {} }\n")
        assert thief.get("/").status_code == 302
        assert other.get("/").status_code == 200
        # A cookie that is none is not remembered.
        assert httpx.get(f"{client.base_url}/.login/logout", verify=False, headers=PAGE, cookies={
            "__Host-martlet-session": "nonsense"}).status_code == 302


@pytest.mark.parametrize("duplicate", [False, True])
def test_visitors_may_log_in(start, folder, issuer, echo, duplicate):
    text = config(folder, issuer.url, f"{issuer.url}/jwks", echo.url)
    martlet = start(text.replace(
        "staff: [{ session: { login: staff } }, jwt]",
        "staff: { methods: [{ session: { login: staff } }, jwt], anonymous: visitor }")
        + "consumers: { visitor: {} }\n")
    martlet.event("issuer_keys_changed", issuer="staff")
    with browser(martlet) as client:
        assert client.get("/").status_code == 200
        # Whatever is asked for there.
        assert client.get("/.login/login", headers={"accept": "*/*"}).status_code == 302
        assert log_in(client, "/.login/login").status_code == 302
        seen = {name.lower(): value for name, value in client.get("/").json()["headers"]}
        assert seen["x-subject"] == "alice"
        # Also somebody who has a session may log in anew.
        assert client.get("/.login/login").status_code == 302
        session = client.cookies["__Host-martlet-session"]
        cookie = f"__Host-martlet-session={session}"
        client.cookies.clear()
        if duplicate:
            cookie += "; __Host-martlet-session=another"
        assert client.get("/.login/logout", headers={"cookie": cookie}).status_code == 302
        # Of a visitor the upstream sees no session either, good or not.
        for value in (session, "forged"):
            answer = client.get("/", headers={"cookie": f"__Host-martlet-session={value}; a=b"})
            seen = {name.lower(): value for name, value in answer.json()["headers"]}
            assert answer.status_code == 200 and seen["cookie"] == "a=b"
            assert "x-subject" not in seen


def test_many_tabs(martlet):
    with browser(martlet) as client:
        for _ in range(20):
            last = to_callback(client)
        assert client.get(last).status_code == 302


def test_the_issuers_session_ends_where_its_document_says(start, folder, issuer, echo):
    given = f"authorization-endpoint: {issuer.url}/authorize\n      token-endpoint: {issuer.url}/token"
    martlet = start(config(folder, issuer.url, f"{issuer.url}/jwks", echo.url, login=given))
    martlet.event("issuer_keys_changed", issuer="staff")
    issuer.endpoints = {"end_session_endpoint": f"{issuer.url}/end"}
    with browser(martlet) as client:
        log_in(client)
        gone = client.get("/.login/logout")
        assert gone.headers["location"].startswith(f"{issuer.url}/end?client_id=web")


@pytest.mark.parametrize("port", [0, 65536, 99999])
def test_a_document_with_a_port_that_is_none(start, folder, issuer, echo, port):
    martlet = start(config(folder, issuer.url, f"{issuer.url}/jwks", echo.url))
    issuer.endpoints = {"token_endpoint": f"http://127.0.0.1:{port}/token"}
    with browser(martlet) as client:
        assert client.get("/").status_code == 503
        assert client.get("/api", headers={"accept": "*/*"}).status_code == 401


def test_a_foreign_host_is_not_come_back_to(martlet):
    with browser(martlet) as client:
        finished = log_in(client, "//evil.example/%2e")
        assert finished.headers["location"].startswith("/")
        assert not finished.headers["location"].startswith("//")


def test_a_changed_session_is_none(martlet):
    with browser(martlet) as client:
        log_in(client)
        name = "__Host-martlet-session"
        value = client.cookies[name]
        for changed in (value[:-2] + ("AA" if value[-2:] != "AA" else "BB"), value[:-8], "", "x",
                        "A" * 5000, ("B" if value[0] != "B" else "C") + value[1:]):
            answer = httpx.get(f"{client.base_url}/page", headers={**PAGE, "cookie": f"{name}={changed}"},
                               verify=False)
            assert answer.status_code == 302, changed
        twice = {**PAGE, "cookie": f"{name}={value}; {name}={value}"}
        assert httpx.get(f"{client.base_url}/", headers=twice, verify=False).status_code == 302
        # It is no token, and what a login remembers is no session.
        bearer = {"authorization": f"Bearer {value}"}
        assert httpx.get(f"{client.base_url}/", headers=bearer, verify=False).status_code == 401
        begun = client.get("/.login/login", headers={"cookie": ""})
        [(attempt, line)] = set_cookies(begun).items()
        sealed = line.split("=", 1)[1].split(";")[0]
        answer = httpx.get(f"{client.base_url}/", verify=False,
                           headers={"cookie": f"{name}={sealed}", "accept": "text/html"})
        assert answer.status_code == 302


def test_coming_back_without_having_gone(martlet, issuer):
    before = len(martlet.events)
    with browser(martlet) as client, browser(martlet) as other:
        callback = to_callback(client)
        # Somebody else's browser is not logged in by a link (RFC 6749 §10.12).
        assert other.get(callback).status_code == 401
        assert martlet.event("login_failed", after=before)["reason"].startswith("this browser has begun no such")
        assert client.get(re.sub("state=[^&]*", "state=made-up", callback)).status_code == 401
        assert client.get(re.sub("iss=[^&]*", "iss=https%3A%2F%2Fevil", callback)).status_code == 401
        assert client.get(re.sub("code=[^&]*", "code=made-up", callback)).status_code == 401
        assert client.get("/.login/callback").status_code == 401
        assert client.post(callback).status_code == 401
        assert client.get(callback).status_code == 302
        # Its code is spent, and the attempt's cookie is gone.
        assert client.get(callback).status_code == 401


def test_refused_by_the_issuer(martlet, issuer):
    issuer.refusal, before = "access_denied", len(martlet.events)
    with browser(martlet) as client:
        assert log_in(client).status_code == 401
        assert "access_denied" in martlet.event("login_failed", after=before)["reason"]


@pytest.mark.parametrize("claims", [
    {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": ["another"]},
    {"aud": ["web", "another"], "azp": "another"}, {"exp": 1}, {"exp": None},
    {"iss": "https://evil.example"}, {"sub": "alice", "iat": 4_000_000_000}],
    ids=lambda claims: "+".join(f"{name}={value}" for name, value in claims.items()))
def test_id_tokens_that_are_not_taken(martlet, issuer, claims):
    issuer.claims = claims
    with browser(martlet) as client:
        answer = log_in(client)
        assert answer.status_code == 401
        assert not any("martlet-session=" in line and "Max-Age=28800" in line
                       for line in answer.headers.get_list("set-cookie"))


def test_a_token_of_another_key(martlet, issuer):
    issuer.signing_key = make_key("ES256", "login-1")
    with browser(martlet) as client:
        assert log_in(client).status_code == 401


@pytest.mark.parametrize("status", [500, 401])
def test_an_issuer_in_trouble(martlet, issuer, status):
    issuer.status = status
    with browser(martlet) as client:
        assert log_in(client).status_code == 503


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST.", "a.localhost", "[::1]", "127.0.0.2"])
def test_the_issuers_document_leads_to_no_other_place_of_this_machine(start, folder, echo, host):
    issuer = LoginIssuer()
    issuer.endpoints = {"token_endpoint": f"http://{host}:{issuer.server.server_port}/token"}
    martlet = start(config(folder, issuer.url, f"{issuer.url}/jwks", echo.url))
    with browser(martlet) as client:
        assert client.get("/page").status_code == 503
    assert issuer.tokens == 0
    issuer.stop()


def test_sessions_outlive_a_change_of_the_secret(start, folder, issuer, echo):
    arguments = (folder, issuer.url, f"{issuer.url}/jwks", echo.url)
    martlet = start(config(*arguments))
    martlet.event("issuer_keys_changed", issuer="staff")
    with browser(martlet) as client:
        log_in(client)
        assert client.get("/").status_code == 200
        new = config(*arguments).replace(SECRET, "another secret of 32 bytes or so")
        martlet.reload(new.replace('or so"', f'or so", previous-secret: "{SECRET}"'))
        assert client.get("/").status_code == 200
        martlet.reload(new)
        assert client.get("/").status_code == 302


def test_a_provider_of_others(start, folder, echo):
    with run_server_in_thread(require_nonce=True) as server:
        url = f"http://localhost:{server.server_port}"
        martlet = start(config(folder, url, f"{url}/jwks", echo.url))
        martlet.event("issuer_keys_changed", issuer="staff")
        httpx.put(f"{url}/users/alice", json={"email": "alice@example.com"}).raise_for_status()
        with browser(martlet) as client:
            begun = client.get("/page")
            assert begun.status_code == 302
            granted = httpx.post(begun.headers["location"], data={"sub": "alice"})
            assert granted.status_code == 302, granted.text
            finished = client.get(granted.headers["location"])
            assert finished.status_code == 302, martlet.output[-3:]
            seen = dict(client.get(finished.headers["location"]).json()["headers"])
            assert seen["x-subject"] == "alice" and seen["x-email"] == "alice@example.com"
            left = client.get("/.login/logout").headers["location"]
            assert left.startswith(f"{url}/oauth2/end_session?client_id=web&post_logout_redirect_uri=")


def test_chromium_logs_in(start, folder, issuer):
    site = BrowserSite()
    try:
        martlet = start(config(folder, issuer.url, f"{issuer.url}/jwks", site.url))
        martlet.event("issuer_keys_changed", issuer="staff")
        host, port = martlet.address("public")
        result = site.visit(f"https://{host}:{port}/page")
        # Every call of the page's scripts went through with the session.
        assert result["events"] == [f"event {number}" for number in range(5)]
        assert martlet.exchange(path="/.login/callback")["status"] == 302
    finally:
        site.stop()


@pytest.mark.parametrize("change, text", [
    ("path: /elsewhere", "no route with this login takes `/elsewhere/callback`"),
    ("issuer: nobody", "nobody"),
])
def test_mistakes_are_told(folder, issuer, echo, change, text, tmp_path):
    document = config(folder, issuer.url, f"{issuer.url}/jwks", echo.url)
    key = change.split(":")[0]
    if key == "issuer":
        document = document.replace("      issuer: staff", f"      {change}")
    else:
        document = document.replace("      client-id: web", f"      client-id: web\n      {change}")
        document = document.replace("prefix: / ", "prefix: /only ")
    file = tmp_path / "bad.yaml"
    file.write_text(document)
    result = run_command("validate", "-c", str(file))
    assert result.returncode != 0 and text in result.stdout + result.stderr
