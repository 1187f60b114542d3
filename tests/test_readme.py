"""The README says what the program does: its commands exist, its outputs are real."""

import doctest
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from attrib.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TOLERANCE = 0.02  # of a probability: processors round differently


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def close(shown: Any, real: Any) -> bool:
    """Say whether two JSON values are the same but for small differences of numbers."""
    if isinstance(shown, dict) and isinstance(real, dict):
        return shown.keys() == real.keys() and all(close(shown[k], real[k]) for k in shown)
    if isinstance(shown, list) and isinstance(real, list):
        return len(shown) == len(real) and all(map(close, shown, real))
    if isinstance(shown, float) and isinstance(real, float):
        return abs(shown - real) <= TOLERANCE
    return bool(shown == real)


def test_the_json_example_is_real_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = json.loads(next(b for b in blocks("json") if '"schema": 1' in b))
    text = re.search(r'^>>> text = "(.*)"$', README, re.MULTILINE)
    assert text is not None
    monkeypatch.chdir(tmp_path)
    Path("fire.txt").write_text(text[1], encoding="utf-8")
    result = CliRunner().invoke(app, ["score", "fire.txt", "--format", "json"])
    assert result.exit_code == 0
    assert close(shown, json.loads(result.stdout))


def test_the_python_example_is_real_output() -> None:
    example = doctest.DocTestParser().get_doctest(blocks("pycon")[0], {}, "README.md", None, 0)
    result = doctest.DocTestRunner().run(example)
    assert result.attempted > 3
    assert result.failed == 0


COMMANDS = [
    line.partition(" #")[0].strip()
    for block in blocks("sh")
    for line in block.splitlines()
    if "attrib " in line and not line.startswith("pip install '")
]


@pytest.mark.parametrize("line", COMMANDS)
def test_the_commands_name_options_that_exist(line: str) -> None:
    words = shlex.split(line[line.index("attrib ") :])[1:]
    command = words[:2] if words[0] in ("data", "model") else words[:1]
    named = {word for word in words if word.startswith("-") and word != "-"}
    known = CliRunner().invoke(app, [*command, "--help"], env={"COLUMNS": "200"}).stdout
    assert all(re.search(rf"{re.escape(name)}\b", known) for name in named)


def test_the_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert links
    assert all((ROOT / link).exists() for link in links)
