"""Every example validates, is formatted, starts, and its README shows how to try it."""
from __future__ import annotations

import re
import shutil

import pytest
import yaml

from harness.martlet import ROOT, run_command

EXAMPLES = sorted(file.parent for file in ROOT.glob("examples/*/martlet.yaml"))


def test_there_are_examples():
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_validates(example):
    result = run_command("validate", "-c", str(example / "martlet.yaml"))
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
    folder = tmp_path / example.name
    shutil.copytree(example, folder)
    file = folder / "martlet.yaml"
    text = re.sub(r"\b(?:0\.0\.0\.0|127\.0\.0\.1):(8080|8081|9900)\b", "127.0.0.1:0", file.read_text())
    if "\nadmin:" not in text:
        text += "\nadmin: 127.0.0.1:0\n"
    file.write_text(text)
    martlet = start("", file=file)
    for name in yaml.safe_load(text)["listeners"]:
        answer = martlet.get("/", listener=name)
        assert 200 <= answer.status < 600
    assert martlet.admin("/readyz").status == 200


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_example_has_a_readme_with_something_to_try(example):
    assert "curl " in (example / "README.md").read_text()
