"""Headless Chromium, and a site whose page tries what a browser needs and tells what came of it."""
from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
import threading

import pytest
from aiohttp import web

PAGE = """<!doctype html><title>browser</title><script>
const wait = (target, name) => new Promise((done, failed) => {
  target.addEventListener(name, done, {once: true});
  target.addEventListener("error", () => failed(new Error(name + " never came")), {once: true});
});
async function events() {
  const source = new EventSource("/events"), seen = [];
  // One listener from the beginning: an event may come before the answer to the call before it.
  await new Promise((done, failed) => {
    source.addEventListener("error", () => failed(new Error("an event never came")));
    source.addEventListener("message", async event => {
      seen.push(event.data);
      const isLast = seen.length === 5;
      if (isLast) source.close();
      // The next one is sent only when this one has been seen.
      await fetch("/seen", {method: "POST"});
      if (isLast) done();
    });
  });
  return seen;
}
async function socket() {
  const socket = new WebSocket(location.origin.replace("http", "ws") + "/ws/echo");
  await wait(socket, "open");
  const seen = [];
  for (const text of ["one", "two", "x".repeat(100000)]) {
    socket.send(text);
    seen.push((await wait(socket, "message")).data.length);
  }
  socket.close(1000);
  seen.push((await wait(socket, "close")).code);
  return seen;
}
async function grpc(kind, encode, decode) {
  const message = new TextEncoder().encode("20");
  const frame = new Uint8Array([0, 0, 0, 0, message.length, ...message]);
  const answer = await fetch("/test.Echo/Count", {method: "POST", body: encode(frame),
    headers: {"content-type": kind, "x-grpc-web": "1"}});
  const body = decode(new Uint8Array(await answer.arrayBuffer())), messages = [];
  for (let at = 0; at < body.length;) {
    const size = new DataView(body.buffer, at + 1, 4).getUint32(0);
    const text = new TextDecoder().decode(body.slice(at + 5, at + 5 + size));
    messages.push(body[at] & 0x80 ? "status " + /grpc-status: ?(\\d+)/.exec(text)[1] : text);
    at += 5 + size;
  }
  return messages;
}
const toText = bytes => btoa(String.fromCharCode(...bytes));
const fromText = bytes => new Uint8Array(new TextDecoder().decode(bytes).match(/.{4}/g)
  .flatMap(part => [...atob(part)].map(c => c.charCodeAt(0))));
async function attempt(what) {
  try { return await what(); } catch (error) { return "failed: " + error; }
}
(async () => {
  const result = {
    events: await attempt(events), socket: await attempt(socket),
    binary: await attempt(() => grpc("application/grpc-web+proto", b => b, b => b)),
    text: await attempt(() => grpc("application/grpc-web-text+proto", toText, fromText)),
    protocol: performance.getEntriesByType("navigation")[0].nextHopProtocol,
  };
  await fetch("/done", {method: "POST", body: JSON.stringify(result)});
})();
</script>"""


class BrowserSite:
    """The page, a stream of events that waits for the page at each, and what the page reports."""

    def __init__(self) -> None:
        self.results: list[dict] = []
        self.changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._main(),),
                                        daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        self._seen = asyncio.Semaphore(1)
        answer = web.StreamResponse(headers={"content-type": "text/event-stream"})
        await answer.prepare(request)
        for number in range(5):
            await asyncio.wait_for(self._seen.acquire(), 10)
            await answer.write(b"data: event %d\n\n" % number)
        await asyncio.wait_for(self._seen.acquire(), 10)
        return answer

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def _have_seen(self, _: web.Request) -> web.Response:
        self._seen.release()
        return web.Response()

    async def _done(self, request: web.Request) -> web.Response:
        result = await request.json()
        with self.changed:
            self.results.append(result)
            self.changed.notify_all()
        return web.Response()

    async def _main(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application()
        app.add_routes([web.get("/page", self._page), web.get("/events", self._events),
                        web.post("/seen", self._have_seen), web.post("/done", self._done)])
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._stop.wait()
        await runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visit(self, url: str, timeout: float = 60) -> dict:
        """Opens the page in a browser of its own; returns what it reports."""
        found = shutil.which("chromium")
        if not found:
            pytest.fail("chromium is missing: run scripts/install-dependencies")
        with tempfile.TemporaryDirectory(prefix="martlet-browser-") as folder, \
                open(f"{folder}/log", "w+") as log:
            browser = subprocess.Popen(
                [found, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                 "--no-first-run", "--disable-background-networking", "--ignore-certificate-errors",
                 "--no-proxy-server", f"--user-data-dir={folder}/profile",
                 "--remote-debugging-port=0", url],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                with self.changed:
                    if not self.changed.wait_for(lambda: self.results, timeout):
                        log.seek(0)
                        pytest.fail("the page did not report:\n" + log.read()[-3000:])
                    return self.results.pop()
            finally:
                browser.terminate()
                try:
                    browser.wait(10)
                except subprocess.TimeoutExpired:
                    browser.kill()
                    browser.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
