"""``attrib data sample``: the tasks it writes, and its exit codes."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from attrib.article import Label
from attrib.cli import app
from attrib.cli.exits import ExitCode
from attrib.corpus import read_labelled
from attrib.corpus.formats import read_data
from attrib.errors import DataError

Run = Callable[..., Result]
NAMES = ("wire-minister-resigns", "court-bail-hearing", "sport-transfer-row", "tech-outage")


@pytest.fixture
def sample(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, records: dict[str, dict[str, Any]]
) -> Run:
    """Runs ``attrib data sample`` in a folder of four articles, one labelled, and ruins."""
    monkeypatch.chdir(tmp_path)
    Path("drafts").mkdir()
    for name in NAMES:
        Path("drafts", f"{name}.txt").write_text(records[name]["text"], encoding="utf-8")
    fields = ("id", "text", "sentences")
    labelled = {field: records[NAMES[0]][field] for field in fields}
    Path("labels.jsonl").write_text(json.dumps(labelled) + "\n", encoding="utf-8")
    Path("broken.jsonl").write_text("{broken\n", encoding="utf-8")
    Path("digits.txt").write_text("1 2 3", encoding="utf-8")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["data", "sample", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


JSONL = ("--to", "jsonl", "--out", "next.jsonl")


def test_the_picked_are_labelled_ahead(sample: Run) -> None:
    result = sample("drafts", *JSONL, "--count", "2")
    assert (result.exit_code, result.stdout) == (ExitCode.DONE, "")
    assert result.stderr.splitlines() == [
        "attrib: wrote next.jsonl: 2 articles to label, picked as uncertain",
        "attrib: note: 4 articles found, 0 excluded, 2 chosen, 2 left",
    ]
    picked = list(read_labelled(Path("next.jsonl")))
    assert len(picked) == 2
    for labelled in picked:
        assert labelled.article.id in NAMES
        assert all(isinstance(s.label, Label) for s in labelled.sentences)
        assert (labelled.annotator or "").startswith("attrib default ")
        # A training would take them for a teacher's, whatever a person has corrected since.
        assert all(s.probabilities is None for s in labelled.sentences)


@pytest.mark.parametrize("strategy", ["uncertain", "contested", "diverse", "random"])
def test_every_strategy_leaves_out_what_is_labelled(strategy: str, sample: Run) -> None:
    options = ("--count", "9", "--strategy", strategy, "--exclude", "labels.jsonl")
    result = sample("drafts", *JSONL, *options)
    assert result.exit_code == ExitCode.DONE
    assert "warning: 9 articles asked for, 3 left to pick" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "attrib: note: 4 articles found, 1 excluded (1 in --exclude), 3 chosen, 0 left"
    )
    found = {labelled.article.id for labelled in read_labelled(Path("next.jsonl"))}
    assert found == set(NAMES[1:])


@pytest.mark.parametrize("tool", ["label-studio", "doccano", "prodigy", "csv"])
def test_every_tool_gets_tasks_that_attrib_reads_back(tool: str, sample: Run) -> None:
    out = "next.csv" if tool == "csv" else "next.json"
    result = sample("drafts", "--to", tool, "--out", out, "--count", "1", "--strategy", "random")
    assert result.exit_code == ExitCode.DONE
    if tool == "label-studio":
        (task,) = json.loads(Path(out).read_text(encoding="utf-8"))
        assert 0 < task["predictions"][0]["score"] <= 1
    elif tool == "csv":
        with Path(out).open(encoding="utf-8", newline="") as stream:
            assert {row["article_id"] for row in csv.DictReader(stream)} < set(NAMES)
    if tool in ("doccano", "csv"):
        (labelled,) = read_data(out)
        assert not isinstance(labelled, DataError)
        assert any(s.label is not None for s in labelled.sentences)


def test_what_cannot_be_read_is_told_and_the_rest_is_picked(sample: Run) -> None:
    result = sample("drafts", "digits.txt", "gone.txt", *JSONL, "--count", "1")
    assert result.exit_code == ExitCode.SOME_INPUTS_FAILED
    told = [line for line in result.stderr.splitlines() if line.startswith("attrib: error: ")]
    assert sorted(line.split(": ")[2] for line in told) == ["digits.txt", "gone.txt"]
    assert result.stderr.endswith(": 4 articles found, 0 excluded, 1 chosen, 3 left\n")
    assert len(list(read_labelled(Path("next.jsonl")))) == 1


UNUSABLE: list[list[str]] = [
    ["gone.txt", *JSONL, "--count", "1"],
    ["digits.txt", *JSONL, "--count", "1"],
    ["drafts", *JSONL, "--count", "0"],
    ["drafts", *JSONL],
    ["drafts", "--count", "1", "--to", "jsonl"],
    ["drafts", "--count", "1", "--to", "pdf", "--out", "next.jsonl"],
    ["drafts", *JSONL, "--count", "1", "--strategy", "best"],
    ["drafts", *JSONL, "--count", "1", "--model", "nowhere"],
    ["drafts", *JSONL, "--count", "1", "--exclude", "broken.jsonl"],
    ["drafts", *JSONL, "--count", "1", "--exclude", "gone.jsonl"],
    ["drafts", "--count", "1", "--to", "jsonl", "--out", "no/where/next.jsonl"],
    ["drafts", "--count", "1", "--to", "jsonl", "--out", "drafts"],
]


@pytest.mark.parametrize("arguments", UNUSABLE)
def test_what_cannot_be_done_is_told(arguments: list[str], sample: Run) -> None:
    result = sample(*arguments)
    assert result.exit_code == ExitCode.UNUSABLE
    assert result.stderr
    assert not list(Path().glob("*next*"))
    assert not list(Path().glob(".*part"))


def test_nothing_is_written_where_everything_is_labelled(sample: Run) -> None:
    result = sample(f"drafts/{NAMES[0]}.txt", *JSONL, "--count", "1", "--exclude", "labels.jsonl")
    assert result.exit_code == ExitCode.UNUSABLE
    assert "found none; nothing was written" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "attrib: note: 1 article found, 1 excluded (1 in --exclude), 0 chosen, 0 left"
    )


def test_of_near_copies_one_is_picked_and_the_rest_counted(
    sample: Run, records: dict[str, dict[str, Any]]
) -> None:
    text = records["opinion-water-prices"]["text"]  # more contested than the four by far
    for number in range(6):
        Path("drafts", f"update-{number}.txt").write_text(f"{text}\n\nUpdate {number}.")
    options = ("--count", "3", "--strategy", "contested", "--exclude", "labels.jsonl")
    result = sample("drafts", *JSONL, *options)
    assert result.exit_code == ExitCode.DONE
    warning, wrote, note = result.stderr.splitlines()
    assert warning == (
        "attrib: warning: 3 articles asked for, 1 picked: most of the best are near copies of each "
        "other; ask for more with a larger --count"
    )
    assert wrote == "attrib: wrote next.jsonl: 1 article to label, picked as contested"
    assert note == (
        "attrib: note: 10 articles found, 6 excluded (1 in --exclude, 5 copies of others), "
        "1 chosen, 3 left"
    )
    more = sample("drafts", *JSONL, "--count", "9", *options[2:])
    assert "attrib: warning: 9 articles asked for, 4 left to pick" in more.stderr
