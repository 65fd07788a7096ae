"""The demo: every command that it prints does what it promises."""
from __future__ import annotations

import re
import shlex
import signal
import socket
import subprocess
import time

import pytest

from harness.martlet import BINARY, ROOT, require_binary, run_command


class Demo:
    """A running demo on free ports, and the commands that it printed."""

    def __init__(self, directory):
        self.log = (directory / "log").open("w")
        self.output = directory / "output"
        self.process = subprocess.Popen(
            [str(require_binary()), "demo", "--free-ports"], cwd=directory,
            stdout=self.output.open("w"), stderr=self.log)
        deadline = time.monotonic() + 20
        while "Ctrl-C" not in self.output.read_text():
            if self.process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"no demo: {self.output.read_text()}\n{(directory / 'log').read_text()}")
            time.sleep(0.05)
        text = self.output.read_text()
        self.commands = re.findall(r"^  # (.+)\n  (\S.+)$", text, re.M)

    def command(self, pattern: str) -> str:
        """The one printed command that the pattern is found in."""
        found = [command for _, command in self.commands if re.search(pattern, command)]
        assert len(found) == 1, (pattern, self.commands)
        return found[0]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    demo = Demo(tmp_path_factory.mktemp("demo"))
    yield demo
    if demo.process.poll() is None:
        demo.process.kill()
        demo.process.wait()


# What of a command → what its output must have, and must not.
PROMISES = {
    "/$": (["200 OK", "text/plain", "orders, customers and invoices"], []),
    "-s .*/v1/orders/7$": (['"servedPath":"/orders/7"', '"tenant":"acme"'], []),
    "-d .*/v1/orders$": (["201 Created", '"item":"milk"', '"tenant":"acme"'],
                         ["x-service-version"]),
    ":\\d+/customers/7$": (["200 OK", "Server: Customers", "x-powered-by: Swift"], []),
    "/v1/customers/7$": (["200 OK", '"name":'], ["server:", "x-powered-by"]),
    "/v1/customers/seven$": (["404 Not Found", "application/problem+json", "route_not_found"], []),
    "-X DELETE": (["405 Method Not Allowed", "allow: GET, HEAD, POST"], []),
    "/v1/invoices/1$": (["200 OK", "application/xml", '<invoice id="1"'], ["server:"]),
    "/shop/7$": (["308 Permanent Redirect", "/v1/orders/7\n"], []),
    "--path-as-is": (["400 Bad Request", "application/problem+json"], ["servedPath"]),
    "/v1/status$": (['"phase" : "ready"', '"version"'], []),
}


def test_every_printed_command_has_a_promise(demo):
    printed = [command for _, command in demo.commands if command.startswith("curl")]
    assert len(printed) == len(PROMISES)
    for command in printed:
        assert len([p for p in PROMISES if re.search(p, command)]) == 1, command


@pytest.mark.parametrize("pattern", PROMISES)
def test_promise(demo, pattern):
    command = demo.command(f"^curl.*{pattern}")
    result = subprocess.run(shlex.split(command), capture_output=True, text=True, timeout=20)
    assert result.returncode == 0, result.stderr
    text = result.stdout.replace("\r\n", "\n")
    wanted, unwanted = PROMISES[pattern]
    for part in wanted:
        assert part in text, (command, text)
    for part in unwanted:
        assert part.lower() not in text.lower(), (command, text)


def test_explain_command(demo):
    command = shlex.split(demo.command("^martlet"))
    result = subprocess.run([str(BINARY), *command[1:]], capture_output=True, text=True, timeout=20)
    assert result.returncode == 0, result.stderr
    assert "GET /orders/7 HTTP/1.1" in result.stdout and "x-tenant: acme" in result.stdout


def test_access_log_is_shown(demo):
    deadline = time.monotonic() + 10
    while '"path":"/shop/7"' not in demo.output.read_text():
        assert time.monotonic() < deadline, demo.output.read_text()
        time.sleep(0.05)


def test_the_services_by_themselves(demo):
    """What the quickstart does not show: lists, faults, and refusals of their own."""
    def get(url: str) -> str:
        return subprocess.run(["curl", "-si", url], capture_output=True, text=True,
                              timeout=20).stdout

    customers = demo.command(r":\d+/customers/7$").split()[-1]
    assert "404" in get(customers.replace("/7", "/8")).split("\n")[0]
    assert "Noether" in get(customers.removesuffix("/7"))
    invoices = demo.command("/v1/invoices").split()[-1]
    fault = get(invoices.replace("/invoices/1", "/invoices/99"))
    assert "404" in fault.split("\n")[0] and "<faultstring>" in fault
    assert get(invoices.rsplit("/", 1)[0]).count("<invoice ") == 2


def test_interrupt_ends_it(demo):
    assert demo.stop() == 0


def test_the_embedded_configuration_is_the_example():
    result = run_command("demo", "--print-config")
    assert result.returncode == 0
    assert result.stdout == (ROOT / "examples/quickstart/martlet.yaml").read_text()


def test_a_taken_port_is_told():
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 9201))
            taken.listen()
        except OSError:
            pass  # something else has it, which is as good
        result = run_command("demo")
    assert result.returncode == 1
    assert "9201 (invoices)" in result.stderr and "--free-ports" in result.stderr
