"""Every example validates, is formatted, starts, and its README shows how to try it."""
from __future__ import annotations

import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
import yaml

from harness.martlet import ROOT, run_command
from harness.client import request_bytes
from harness.tls import TLSConnection, client_context

EXAMPLES = sorted(file.parent for file in ROOT.glob("examples/*/martlet.yaml"))


def test_there_are_examples():
    assert len(EXAMPLES) >= 7


def copied(example: Path, tmp_path: Path) -> Path:
    """A copy of the folder, with the certificates that its script makes."""
    folder = tmp_path / example.name
    shutil.copytree(example, folder, ignore=shutil.ignore_patterns("certificates"))
    if (folder / "make-certificates").exists():
        subprocess.run([str(folder / "make-certificates")], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_validates(example, tmp_path):
    result = run_command("validate", "-c", str(copied(example, tmp_path) / "martlet.yaml"))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "warning" not in result.stdout + result.stderr


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_is_formatted(example):
    text = (example / "martlet.yaml").read_text()
    result = run_command("fmt", "-c", "-", text=text)
    assert (result.returncode, result.stdout) == (0, text)


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_starts(start, example, tmp_path):
    """On free ports: a copy in which only the addresses differ."""
    folder = copied(example, tmp_path)
    file = folder / "martlet.yaml"
    text = re.sub(r"\b(?:0\.0\.0\.0|127\.0\.0\.1):(8080|8081|8443|9900)\b", "127.0.0.1:0", file.read_text())
    if "\nadmin:" not in text:
        text += "\nadmin: 127.0.0.1:0\n"
    file.write_text(text)
    martlet = start("", file=file)
    for name, listener in yaml.safe_load(text)["listeners"].items():
        if isinstance(listener, dict) and "tcp" in listener:
            socket.create_connection(martlet.address(name), timeout=10).close()
            continue
        if isinstance(listener, dict) and "tls" in listener:
            alice = folder / "certificates/alice.pem"
            shown = (alice, alice.with_suffix(".key")) if alice.exists() else None
            context = client_context(certificate=shown)
            with TLSConnection(martlet.address(name), context, name="localhost") as client:
                answer = client.exchange(request_bytes("GET", "/"))
                assert answer.status == 200
        else:
            answer = martlet.get("/", listener=name)
        assert 200 <= answer.status < 600
    assert martlet.admin("/readyz").status == 200


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_has_a_readme_with_something_to_try(example):
    assert "curl " in (example / "README.md").read_text()
