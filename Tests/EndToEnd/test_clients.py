"""Real clients: curl, requests, httpx, aiohttp."""
from __future__ import annotations

import asyncio
import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import aiohttp
import httpx
import pytest
import requests

from harness.echo_backend import pattern
from harness.martlet import Martlet, simple_config


@pytest.fixture(scope="module")
def martlet(start_shared, echo) -> Martlet:
    return start_shared(simple_config(echo.url).replace("workers: 1", "workers: 2"))


def curl(*arguments: str) -> str:
    if not shutil.which("curl"):
        pytest.fail("curl is missing: run scripts/install-dependencies")
    result = subprocess.run(["curl", "-sS", "--max-time", "20", *arguments],
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_curl_get(martlet):
    assert '"target": "/a?b=c"' in curl(martlet.url("/a?b=c"))


def test_curl_reuses_the_connection(martlet):
    text = "%{num_connects} %{http_code}\n"
    output = curl("-o", "/dev/null", "-w", text, martlet.url("/1"), "--next", "-s", "-o",
                  "/dev/null", "-w", text, martlet.url("/2"))
    assert output.split("\n")[:2] == ["1 200", "0 200"]


def test_curl_http10(martlet):
    assert '"target": "/old"' in curl("--http1.0", martlet.url("/old"))


def test_curl_head(martlet):
    assert curl("-I", martlet.url("/")).startswith("HTTP/1.1 200")


def test_curl_upload_of_a_file(martlet, tmp_path):
    """curl sends `Expect: 100-continue` with it."""
    file = tmp_path / "body"
    file.write_bytes(pattern(3_000_000))
    output = curl("-T", str(file), martlet.url("/up"))
    assert hashlib.sha256(pattern(3_000_000)).hexdigest() in output


def test_curl_upload_in_chunks(martlet, tmp_path):
    file = tmp_path / "body"
    file.write_bytes(pattern(300_000))
    output = curl("-T", str(file), "-H", "Transfer-Encoding: chunked", martlet.url("/up"))
    assert '"framing": "chunked"' in output
    assert hashlib.sha256(pattern(300_000)).hexdigest() in output


def test_curl_expect(martlet, tmp_path):
    file = tmp_path / "body"
    file.write_bytes(pattern(2_000_000))
    output = curl("-H", "Expect: 100-continue", "--data-binary", f"@{file}", martlet.url("/"))
    assert '"body_length": 2000000' in output


def test_curl_compressed_and_encoded_path(martlet):
    output = curl("--compressed", "--path-as-is", martlet.url("/caf%C3%A9/a%20b"))
    assert '"target": "/caf%C3%A9/a%20b"' in output


def test_curl_form(martlet, tmp_path):
    file = tmp_path / "file.bin"
    file.write_bytes(pattern(100_000))
    assert '"method": "POST"' in curl("-F", f"file=@{file}", martlet.url("/form"))


def test_curl_large_download(martlet, tmp_path):
    target = tmp_path / "down"
    curl("-o", str(target), martlet.url("/?bytes=20000000&chunked=1"))
    assert target.read_bytes() == pattern(20_000_000)


def test_requests_session(martlet):
    with requests.Session() as session:
        for number in range(20):
            answer = session.post(martlet.url(f"/{number}"), data=pattern(number * 1000), timeout=10)
            assert answer.json()["body_length"] == number * 1000
        chunks = (pattern(1000) for _ in range(10))
        assert session.post(martlet.url("/g"), data=chunks, timeout=10).json()["body_length"] == 10_000


def test_requests_in_threads(martlet):
    def ask(number: int) -> bool:
        answer = requests.get(martlet.url(f"/{number}"), params={"q": "ä&b"}, timeout=10)
        return answer.json()["target"] == f"/{number}?q=%C3%A4%26b"

    with ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(200)))


def test_httpx(martlet):
    with httpx.Client(base_url=martlet.url("")) as client:
        assert client.get("/a", headers={"x-a": "b"}).json()["target"] == "/a"
        with client.stream("GET", "/?bytes=1000000") as stream:
            assert b"".join(stream.iter_bytes()) == pattern(1_000_000)
        assert client.delete("/x").json()["method"] == "DELETE"


def test_httpx_async(martlet):
    async def run() -> list[str]:
        async with httpx.AsyncClient(base_url=martlet.url("")) as client:
            answers = await asyncio.gather(*(client.get(f"/{n}") for n in range(100)))
            return [answer.json()["target"] for answer in answers]

    assert asyncio.run(run()) == [f"/{n}" for n in range(100)]


def test_aiohttp(martlet):
    async def run() -> list[str]:
        async with aiohttp.ClientSession(martlet.url("")) as session:
            async def ask(number: int) -> str:
                async with session.post(f"/{number}", json={"n": number}) as answer:
                    return (await answer.json())["target"]

            return await asyncio.gather(*(ask(number) for number in range(200)))

    assert asyncio.run(run()) == [f"/{n}" for n in range(200)]


def test_aiohttp_streams(martlet):
    async def run() -> int:
        async def parts():
            for _ in range(50):
                yield pattern(10_000)

        async with aiohttp.ClientSession(martlet.url("")) as session:
            async with session.put("/up", data=parts()) as answer:
                return (await answer.json())["body_length"]

    assert asyncio.run(run()) == 500_000
