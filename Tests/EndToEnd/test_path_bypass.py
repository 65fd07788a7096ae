"""A forbidden path under every spelling: none may arrive that a backend could read as the path.

`/admin` is answered 403 by Martlet itself; everything else goes to a backend that records the
target it gets. The judge is the most generous backend one can think of: it decodes several times,
takes backslashes for slashes, drops path parameters, folds case and resolves dot segments.
"""
from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

import pytest

from harness.client import talk
from harness.martlet import Martlet

CONFIG = """
workers: 1
listeners:
  public: 127.0.0.1:0
upstreams:
  backend: {url}
routes:
  - name: forbidden
    match: {{ prefix: /admin }}
    respond: {{ status: 403, body: forbidden }}
  - name: rest
    match: {{ prefix: / }}
    upstream: backend
"""

SPELLINGS = [
    "/admin", "/admin/", "/admin/x", "/admin?x", "/admin/?x=1", "//admin", "///admin", "//admin//",
    "/./admin", "/././admin", "/x/../admin", "/x/y/../../admin", "/../admin", "/../../admin",
    "/admin/.", "/admin/..", "/admin/../admin", "/x/..//admin", "/x//../admin", "/.//admin",
    "/%61dmin", "/%61%64%6d%69%6e", "/%61%64%6D%69%6E", "/a%64min", "/admi%6e", "/admi%6E/x",
    "/%2e/admin", "/%2e%2e/admin", "/x/%2e%2e/admin", "/x/.%2e/admin", "/x/%2e./admin",
    "/x/%2E%2E/admin", "/x/%2e%2e%2fadmin", "/x/..%2fadmin", "/x/..%2Fadmin", "/%2fadmin",
    "/x%2f..%2fadmin", "/%2e%2fadmin", "/admin%2f", "/admin%2fx", "/admin%2F..%2Fadmin",
    "/%2561dmin", "/%252e%252e/admin", "/x/%252e%252e/admin", "/x/%252e%252e%252fadmin",
    "/%25%36%31dmin", "/%2525%36%31dmin", "/x/..%252fadmin", "/%25252e%25252e/admin",
    "/\\admin", "/x\\..\\admin", "/x/..\\admin", "/%5cadmin", "/x/..%5cadmin", "/x%5c..%5cadmin",
    "/x/%2e%2e%5cadmin", "/admin%5c", "/admin\\x", "/..\\admin", "/x/..%255cadmin",
    "/;/admin", "/;x=1/admin", "/x;/../admin", "/x/..;/admin", "/x/..;a=b/admin", "/.;/admin",
    "/admin;", "/admin;x=1", "/admin;x=1/y", "/admin;/x", "/%3b/admin", "/admin%3bx",
    "/x/..%3b/admin", "/x/%2e%2e;/admin", "/..;/admin",
    "/admin%00", "/admin%00/x", "/%00admin", "/admin%0a", "/admin%0d%0a", "/admin%09", "/admin%20",
    "/admin%7f", "/x/..%00/admin", "/x%00/../admin", "/admin#", "/admin#x", "/x#/../admin",
    "/%c0%ae%c0%ae/admin", "/x/%c0%ae%c0%ae/admin", "/x/..%c0%afadmin", "/%c1%a1dmin",
    "/x/%e0%80%ae%e0%80%ae/admin", "/%c0%afadmin", "/x/%uff0e%uff0e/admin", "/%u0061dmin",
    "/x/%ef%bc%8e%ef%bc%8e/admin", "/%ef%bd%81dmin",
    "http://example.com/admin", "http://example.com//admin", "HTTP://EXAMPLE.COM/admin",
    "http://example.com/x/../admin", "http://example.com/%61dmin", "http://example.com:80/admin",
    "/admin%", "/admin%2", "/%6", "/x/%2e%2e%/admin", "admin", "*", "./admin", "../admin",
    "/x/./../admin", "/x/%2e/%2e%2e/admin", "/x/..%2f..%2fadmin", "/x/%2e%2e/%2e%2e/admin",
    "/x/...//../../admin", "/%2f%2fadmin", "/.%2fadmin", "/%2e//admin", "/x/..%2f/admin",
]

ORDINARY = [
    ("/administrator", "/administrator"), ("/x/admin", "/x/admin"), ("/a", "/a"),
    ("/public?next=/admin", "/public?next=/admin"), ("/public?next=%2Fadmin", "/public?next=%2Fadmin"),
    ("/admins", "/admins"), ("/x/y/../z", "/x/z"), ("/caf%C3%A9", "/caf%C3%A9"), ("/a;v=1/b", "/a;v=1/b"),
    ("/admin.html", "/admin.html"), ("/a%20b", "/a%20b"), ("/...", "/..."), ("/.well-known/x", "/.well-known/x"),
]


@pytest.fixture(scope="module")
def martlet(start_shared, recorder) -> Martlet:
    return start_shared(CONFIG.format(url=recorder.url))


def readings(target: bytes) -> set[bytes]:
    """Every path that some backend may take the target for."""
    path = target.partition(b"?")[0].partition(b"#")[0]
    found = {path}
    for _ in range(4):
        found |= {unquote_to_bytes(text) for text in found}
        found |= {text.replace(b"\xc0\xae", b".").replace(b"\xc0\xaf", b"/") for text in found}
        found |= {text.replace(b"\xc1\xa1", b"a") for text in found}
        found |= {text.replace(b"\xe0\x80\xae", b".") for text in found}
    found |= {text.replace(b"\\", b"/") for text in found}
    found |= {re.sub(rb";[^/]*", b"", text) for text in found}
    found |= {text.split(b"\x00")[0] for text in found}
    found |= {re.sub(rb"[\x00-\x1f\x7f]", b"", text) for text in found}
    return {resolved(text) for text in found} | {resolved(re.sub(rb"//+", b"/", t)) for t in found}


def resolved(path: bytes) -> bytes:
    segments: list[bytes] = []
    for segment in path.split(b"/"):
        if segment == b"..":
            if segments:
                segments.pop()
        elif segment not in (b"", b"."):
            segments.append(segment)
    return b"/" + b"/".join(segments).lower()


def is_admin(path: bytes) -> bool:
    return path == b"/admin" or path.startswith(b"/admin/")


def test_there_are_enough_spellings():
    assert len(set(SPELLINGS)) == len(SPELLINGS) >= 70


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_forbidden_path_does_not_arrive(martlet, recorder, spelling):
    recorder.clear()
    data = f"GET {spelling} HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n".encode("latin-1")
    answers, closed = talk(martlet.address(), data)
    recorder.settle()
    assert closed and len(answers) == 1, (answers, closed)
    for request in recorder.requests:
        taken_for = {path for path in readings(request.target) if is_admin(path)}
        assert not taken_for, f"{spelling} arrived as {request.target!r}"
    if not recorder.requests:
        assert answers[0].status in (400, 403, 404), answers[0].start_line


@pytest.mark.parametrize("spelling,expected", ORDINARY)
def test_ordinary_paths_arrive(martlet, recorder, spelling, expected):
    recorder.clear()
    answer = martlet.get(spelling)
    assert (answer.status, answer.body) == (200, b"recorded")
    assert [request.target.decode() for request in recorder.requests] == [expected]
