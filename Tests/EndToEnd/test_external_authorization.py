"""Another server is asked about each request."""
from __future__ import annotations

import time

import pytest

from harness.echo_backend import Echo
from harness.scripted_backend import ScriptedBackend


class Authoriser:
    """Answers by the token that it is shown."""

    def __init__(self):
        self.requests = []
        self.backend = ScriptedBackend(self._talk)
        self.url = self.backend.url

    def _talk(self, connection) -> None:
        while True:
            request = connection.request()
            self.requests.append(request)
            token = (request.value("authorization") or b"").decode()
            answers = {
                "good": "200 OK\r\nX-User: alice\r\nX-Other: no\r\nContent-Length: 0",
                "who": '401 Unauthorized\r\nWWW-Authenticate: Custom realm="x"\r\nContent-Length: 0',
                "two": '401 Unauthorized\r\nWWW-Authenticate: A realm="x"\r\n'
                       'WWW-Authenticate: B realm="y"\r\nContent-Length: 0',
                "silent": "401 Unauthorized\r\nContent-Length: 0",
                # The body is no part of the answer, however long, and whether it comes or not.
                "long": "200 OK\r\nX-User: alice\r\nContent-Length: 300000",
                "longno": "403 Forbidden\r\nContent-Length: 300000",
                "stalledno": "403 Forbidden\r\nContent-Length: 300000",
                "broken": "500 Oops\r\nContent-Length: 0",
                "elsewhere": "302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0",
            }
            if token == "slow":
                time.sleep(2)
            answer = answers.get(token, "403 Forbidden\r\nContent-Length: 0")
            connection.send(f"HTTP/1.1 {answer}\r\n\r\n".encode())
            if token.startswith("long"):
                connection.send(b"x" * 300_000)


@pytest.fixture(scope="module")
def authoriser():
    return Authoriser()


@pytest.fixture(scope="module")
def martlet(start_shared, echo, authoriser):
    common = f"url: {authoriser.url}/check, timeout: 500ms, response-headers: [x-user]"
    return start_shared(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
routes:
  - name: closed
    match: {{ prefix: /closed }}
    upstream: echo
    external-authorization: {{ {common} }}
  - name: cached
    match: {{ prefix: /cached }}
    upstream: echo
    external-authorization: {{ {common}, cache: 60s }}
  - name: open
    match: {{ prefix: /open }}
    upstream: echo
    external-authorization: {{ {common}, on-failure: allow }}
""")


def call(martlet, path, token, **options):
    return martlet.get(path, headers={"authorization": token, "x_user": "root"}, **options)


def test_yes(martlet, authoriser):
    echo = Echo(call(martlet, "/closed/a?b=c", "good"))
    assert echo.values("x-user") == ["alice"]
    assert echo.values("x_user") == [] and echo.values("x-other") == []
    asked = authoriser.requests[-1]
    assert asked.value("x-forwarded-uri") == b"/closed/a?b=c"
    assert asked.value("x-forwarded-method") == b"GET"
    assert asked.value("x-forwarded-for") == b"127.0.0.1"


def test_a_yes_with_a_long_page(martlet):
    for _ in range(3):
        assert Echo(call(martlet, "/closed", "long")).values("x-user") == ["alice"]


def test_half_a_second_is_a_while(start, echo, authoriser):
    martlet = start(f"""
workers: 1
listeners: {{ public: 127.0.0.1:0 }}
upstreams: {{ echo: {echo.url} }}
routes:
  - {{ upstream: echo, external-authorization: {{ url: "{authoriser.url}/half", cache: 500ms }} }}
""")
    before = len(authoriser.requests)
    for _ in range(3):
        assert call(martlet, "/", "good").status == 200
    assert len(authoriser.requests) - before <= 2


def test_a_body_waits_and_goes_on(martlet):
    answer = call(martlet, "/closed", "good", method="POST", body=b"x" * 300_000)
    assert Echo(answer).body_length == 300_000


@pytest.mark.parametrize("path,token,status,reason", [
    ("/closed/no", "no", 403, "denied_externally"),
    ("/closed/who", "who", 401, "denied_externally"),
    ("/closed/two", "two", 401, "denied_externally"),
    ("/closed/silent", "silent", 401, "denied_externally"),
    ("/closed/broken", "broken", 503, "authentication_unavailable"),
    ("/closed/elsewhere", "elsewhere", 503, "authentication_unavailable"),
    ("/closed/slow", "slow", 503, "authentication_unavailable"),
    ("/closed/longno", "longno", 403, "denied_externally"),
    ("/open/longno", "longno", 403, "denied_externally"),
    ("/open/stalledno", "stalledno", 403, "denied_externally"),
    ("/open/no", "no", 403, "denied_externally")])
def test_no(martlet, path, token, status, reason):
    answer = call(martlet, path, token)
    assert answer.status == status
    assert martlet.exchange(path=path)["reason"] == reason
    if token == "who":
        assert answer.value("www-authenticate") == b'Custom realm="x"'
    if token == "two":
        assert answer.values("www-authenticate") == [b'A realm="x"', b'B realm="y"']


def test_behind_a_proxy_that_ends_tls_it_is_told_what_the_client_wrote(start, echo, authoriser):
    martlet = start(f"""
workers: 1
listeners: {{ public: {{ address: 127.0.0.1:0, trusted-proxies: [127.0.0.1] }} }}
upstreams: {{ echo: {echo.url} }}
routes:
  - {{ upstream: echo, external-authorization: {{ url: "{authoriser.url}/check" }} }}
""")
    call(martlet, "/a", "good")
    assert authoriser.requests[-1].value("x-forwarded-proto") == b"http"
    martlet.get("/a", headers={"authorization": "good", "x-forwarded-proto": "https",
                               "x-forwarded-host": "shop.example"})
    asked = authoriser.requests[-1]
    assert asked.value("x-forwarded-proto") == b"https"
    assert asked.value("x-forwarded-host") == b"shop.example"


@pytest.mark.parametrize("token", ["broken", "slow", "elsewhere"])
def test_open_on_failure(martlet, token):
    echo = Echo(call(martlet, "/open", token))
    assert echo.values("x-user") == [] and echo.values("x_user") == []


def test_a_yes_is_believed_for_a_while(martlet, authoriser):
    before = len(authoriser.requests)
    for _ in range(5):
        assert Echo(call(martlet, "/cached/a", "good")).values("x-user") == ["alice"]
    assert len(authoriser.requests) == before + 1
    assert call(martlet, "/cached/b", "good").status == 200
    assert len(authoriser.requests) == before + 2
    for _ in range(2):
        assert call(martlet, "/cached/a", "no").status == 403
    assert len(authoriser.requests) == before + 4
