"""``attrib data split``: the files it writes, what it refuses, and its exit codes."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from exports import OWN_NAMES, write_own
from invented import A, C, U, article, record
from typer.testing import CliRunner, Result

from attrib.cli import app
from attrib.cli.exits import ExitCode
from attrib.corpus import read_labelled

Run = Callable[..., Result]


@pytest.fixture
def split(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs ``attrib data split`` in a folder with forty articles, and files that lack."""
    monkeypatch.chdir(tmp_path)
    articles = [article(f"a{number:02}", [A, U, C]) for number in range(40)]
    lines = [json.dumps(record(labelled)) for labelled in articles]
    save("labels.jsonl", lines)
    save("shuffled.jsonl", random.Random(1).sample(lines, 40))
    save("more.jsonl", [json.dumps(record(article("b", [A, C])))])
    save("few.jsonl", lines[:9])
    save("broken.jsonl", [*lines, "{broken"])

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["data", "split", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def save(name: str, lines: list[str]) -> None:
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def content(folder: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}


def test_three_files_hold_all_articles(split: Run) -> None:
    result = split("labels.jsonl", "--out", "deep/data")
    assert result.exit_code == ExitCode.DONE
    assert sorted(content("deep/data")) == ["dev.jsonl", "test.jsonl", "train.jsonl"]
    given = {
        labelled.article.id: labelled.sentences for labelled in read_labelled(Path("labels.jsonl"))
    }
    found = {
        labelled.article.id: labelled.sentences
        for path in Path("deep/data").iterdir()
        for labelled in read_labelled(path)
    }
    assert found == given
    assert result.stderr == "attrib: wrote deep/data: train.jsonl, dev.jsonl, test.jsonl\n"
    head, *rows = result.stdout.splitlines()
    assert head.split() == ["articles", "sentences", "attributed", "unattributed", "contested"]
    assert [row.split()[:4] for row in rows] == [
        ["train.jsonl", "32", "80%", "96"],
        ["dev.jsonl", "4", "10%", "12"],
        ["test.jsonl", "4", "10%", "12"],
    ]
    assert all(len(line) <= 80 for line in [head, *rows])


def test_an_export_with_own_names_is_split_as_it_is(split: Run) -> None:
    write_own(Path("own.jsonl"), [article(f"a{number:02}", [A, U, C]) for number in range(40)])
    assert split("labels.jsonl", "--out", "x").exit_code == ExitCode.DONE
    assert split("own.jsonl", "--out", "y", *OWN_NAMES).exit_code == ExitCode.DONE
    for name in ("train", "dev", "test"):
        one, other = (list(read_labelled(Path(folder, f"{name}.jsonl"))) for folder in "xy")
        labels = [[s.label for s in labelled.sentences] for labelled in other]
        assert [labelled.article.id for labelled in one] == [a.article.id for a in other]
        assert [[s.label for s in labelled.sentences] for labelled in one] == labels
    assert split("own.jsonl", "--out", "z", *OWN_NAMES[:4]).exit_code == ExitCode.UNUSABLE
    assert not Path("z").exists()


def test_order_has_no_effect_and_the_seed_has(split: Run) -> None:
    for name, out, seed in (
        ("labels.jsonl", "one", "0"),
        ("shuffled.jsonl", "two", "0"),
        ("labels.jsonl", "three", "1"),
    ):
        assert split(name, "--out", out, "--seed", seed).exit_code == ExitCode.DONE
    assert content("one") == content("two")
    assert content("one") != content("three")


def test_shares_and_names_are_the_user_s(split: Run) -> None:
    result = split("labels.jsonl", "--out", "x", "--shares", "3,1", "--names", "learn,judge")
    assert result.exit_code == ExitCode.DONE
    counts = {name: data.count(b"\n") for name, data in content("x").items()}
    assert counts == {"judge.jsonl": 10, "learn.jsonl": 30}
    assert split("labels.jsonl", "--out", "y", "--shares", "90,10").exit_code == ExitCode.DONE
    assert sorted(content("y")) == ["dev.jsonl", "train.jsonl"]


def test_files_that_are_there_are_kept(split: Run) -> None:
    assert split("labels.jsonl", "--out", "x").exit_code == ExitCode.DONE
    before = content("x")
    assert split("shuffled.jsonl", "--out", "x").exit_code == ExitCode.DONE  # the same content
    refused = split("labels.jsonl", "more.jsonl", "--out", "x")
    assert refused.exit_code == ExitCode.UNUSABLE
    assert "--force" in refused.stderr
    assert refused.stdout == ""
    assert content("x") == before
    assert split("labels.jsonl", "more.jsonl", "--out", "x", "--force").exit_code == ExitCode.DONE
    assert b'"b"' in b"".join(content("x").values())
    assert sorted(content("x")) == sorted(before)  # nothing half-written is left


REFUSED: list[tuple[list[str], str]] = [
    (["few.jsonl", "--out", "x"], "expected at least 10 articles"),
    (["broken.jsonl", "--out", "x"], "broken.jsonl:41: expected one JSON object a line"),
    (["broken.jsonl", "--out", "x"], "nothing was written"),
    (["nowhere.jsonl", "--out", "x"], "nowhere.jsonl"),
    (["labels.jsonl"], "--out"),
    (["--out", "x"], "FILE"),
    (["labels.jsonl", "--out", "few.jsonl"], "few.jsonl"),
    (["labels.jsonl", "--out", "x", "--shares", "80,20,0"], "80,10,10"),
    (["labels.jsonl", "--out", "x", "--shares", "all"], "80,10,10"),
    (["labels.jsonl", "--out", "x", "--shares", "1"], "80,10,10"),
    (["labels.jsonl", "--out", "x", "--shares", "1,nan"], "80,10,10"),
    (["labels.jsonl", "--out", "x", "--shares", "1,1,1,1"], "--names"),
    (["labels.jsonl", "--out", "x", "--names", "a,b"], "--names"),
    (["labels.jsonl", "--out", "x", "--names", "a,b,B"], "--names"),
    (["labels.jsonl", "--out", "x", "--names", "a,b,../c"], "--names"),
]


@pytest.mark.parametrize(("arguments", "told"), REFUSED)
def test_what_cannot_be_split_is_told(arguments: list[str], told: str, split: Run) -> None:
    result = split(*arguments)
    assert result.exit_code == ExitCode.UNUSABLE
    assert told in result.stderr
    assert not Path("x").exists()
