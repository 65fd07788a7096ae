"""The tidy script is a test itself; these show that each of its checks can fail."""
from __future__ import annotations

import importlib.machinery
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/tidy"


def load():
    loader = importlib.machinery.SourceFileLoader("tidy", str(SCRIPT))
    spec = importlib.util.spec_from_loader("tidy", loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules["tidy"] = module
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


tidy = load()
PATH = "Sources/MartletDataPlane/Routing/Router.swift"
LONG_FUNCTION = "func f() {\n" + "    g()\n" * 70 + "}\n"

BAD = [
    ("line-length", PATH, "let x = " + "1" * 100),
    ("type-name", PATH, "final class PoolManager {}"),
    ("type-name", PATH, "struct RouteData {}"),
    ("type-name", PATH, "enum PathUtils {}"),
    ("safety-comment", PATH, "extension A: @unchecked Sendable {}"),
    ("function-length", PATH, LONG_FUNCTION),
    ("file-length", PATH, "\n" * 601),
    ("import", PATH, "import Foundation\nimport Hummingbird"),
    ("import", "Sources/MartletHTTP/A.swift", "import NIOCore"),
    ("import", "Sources/MartletHTTP/A.swift", "package import Foundation"),
    ("import", "Sources/MartletTelemetry/A.swift", "import MartletConfig"),
    ("data-plane-word", PATH, "let lock = NIOLock()"),
    ("data-plane-word", PATH, "func f() async {}"),
    ("data-plane-word", PATH, "let now = NIODeadline.now()"),
    ("data-plane-word", PATH, "let now = Date()"),
    ("data-plane-word", PATH, "Task { }"),
    ("data-plane-word", PATH, "let m = Mutex(0)"),
]
GOOD = [
    (PATH, "// an actor would await here"),
    (PATH, 'let text = "async Task lock"'),
    (PATH, "import MartletHTTP\npackage import NIOCore"),
    (PATH, "// SAFETY: immutable after init\nextension A: @unchecked Sendable {}"),
    (PATH, "func f() {\n" + "    g()\n" * 60 + "}\n"),
    (PATH, "struct Database {}\nstruct Information {}"),
    ("Sources/MartletControlPlane/A.swift", "import Foundation\nfunc f() async { await g() }"),
]


def findings(path: str, text: str, tmp_path, monkeypatch):
    file = tmp_path / path
    file.parent.mkdir(parents=True)
    file.write_text(text)
    monkeypatch.setattr(tidy, "ROOT", tmp_path)
    return tidy.check_swift(file)


@pytest.mark.parametrize("rule,path,text", BAD)
def test_bad(rule, path, text, tmp_path, monkeypatch):
    assert rule in [f.rule for f in findings(path, text, tmp_path, monkeypatch)]


@pytest.mark.parametrize("path,text", GOOD)
def test_good(path, text, tmp_path, monkeypatch):
    assert findings(path, text, tmp_path, monkeypatch) == []


@pytest.mark.parametrize("rule,text", [
    ("machine-path", "see /ho" + "me/someone/x"), ("fixme", "// FIX" + "ME: x"), ("todo", "// TO" + "DO: x")])
def test_bad_text(rule, text, tmp_path, monkeypatch):
    file = tmp_path / "a.swift"
    file.write_text(text)
    monkeypatch.setattr(tidy, "ROOT", tmp_path)
    assert [f.rule for f in tidy.check_text(file)] == [rule]


def test_issue_numbers_make_a_todo_acceptable(tmp_path, monkeypatch):
    file = tmp_path / "a.swift"
    file.write_text("// TO" + "DO(#7): x")
    monkeypatch.setattr(tidy, "ROOT", tmp_path)
    assert tidy.check_text(file) == []


def test_the_project_is_tidy():
    result = subprocess.run([str(SCRIPT)], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
