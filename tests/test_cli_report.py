"""``attrib report``: what it draws, what it refuses, and its exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from overviews import invented, write_results
from typer.testing import CliRunner, Result

from attrib.cli import app
from attrib.cli.exits import ExitCode

Run = Callable[..., Result]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    return write_results(tmp_path / "results", invented(12))


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, ["report", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def test_it_draws_by_what_was_asked_for(results: Path) -> None:
    done = run(results, "--group-by", "author, topic", "--group-by", "topic", "--by-date", "week")
    assert done.exit_code == ExitCode.DONE, done.output
    assert "open report.html" in done.stdout
    summary = json.loads((results / "summary.json").read_text(encoding="utf-8"))
    assert [grouping["column"] for grouping in summary["groupings"]] == ["author", "topic"]
    assert summary["trend"]["unit"] == "week"
    assert len(list((results / "articles").rglob("*.html"))) == 12


@pytest.mark.parametrize(
    ("pages", "least", "most"), [("none", 0, 0), ("all", 12, 12), ("11", 1, 12)]
)
def test_pages(results: Path, pages: str, least: int, most: int) -> None:
    assert run(results, "--pages", pages).exit_code == ExitCode.DONE
    assert least <= len(list((results / "articles").rglob("*.html"))) <= most


@pytest.mark.parametrize("pages", ["some", "-1", "1.5"])
def test_pages_that_are_none(results: Path, pages: str) -> None:
    done = run(results, f"--pages={pages}")
    assert done.exit_code == ExitCode.UNUSABLE
    assert not (results / "report.html").exists()


def test_what_is_no_result_of_a_batch(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        done = run(folder)
        assert done.exit_code == ExitCode.UNUSABLE
        assert "expected the results of attrib batch" in done.stderr


def test_an_unknown_column_is_refused_with_those_there_are(results: Path) -> None:
    done = run(results, "--group-by", "wing")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "none named wing" in done.stderr
    assert "outlet" in done.stderr


def test_the_extra_is_named_where_it_is_missing(
    results: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "pyarrow" else name
    )
    done = run(results)
    assert done.exit_code == ExitCode.UNUSABLE
    assert "pip install 'attrib[batch]'" in done.stderr
