"""``attrib data check``: what it prints, and its exit codes."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from exports import DAM, OWN_NAMES, write_lines, write_own
from invented import A, C, U, article, record
from typer.testing import CliRunner, Result

from attrib.cli import app
from attrib.cli.exits import ExitCode
from attrib.corpus import LabelledArticle

Run = Callable[..., Result]


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs ``attrib data check`` in a folder with sound files, a leak, a conflict and ruins."""
    monkeypatch.chdir(tmp_path)
    train = [article(("train", number), [A, U, C]) for number in range(30)]
    dev = [article(("dev", number), [A, U, C]) for number in range(30)]
    pair = [replace(train[0], annotator=who) for who in ("ana", "ben")]
    other = replace(article(("train", 0), [A, C, C]), annotator="ben")
    save("train.jsonl", *train)
    save("dev.jsonl", *dev)
    save("leak.jsonl", *dev, train[3])
    save("agreed.jsonl", *train[1:], *pair)
    save("conflict.jsonl", *train[1:], pair[0], other)
    save("few.jsonl", *train[:5])
    save("none.jsonl", article("x", [None]))
    save("two.jsonl", article("x", [A, U]))
    Path("broken.jsonl").write_text(Path("train.jsonl").read_text() + "{broken\n[]\n")
    Path("empty.jsonl").write_text("")

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(app, ["data", "check", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def save(name: str, *articles: LabelledArticle) -> None:
    lines = [json.dumps(record(labelled)) for labelled in articles]
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")


CASES: list[tuple[list[str], ExitCode, str]] = [
    (["train.jsonl"], ExitCode.DONE, "safe to train on"),
    (["train.jsonl", "dev.jsonl"], ExitCode.DONE, "safe to train on"),
    (["agreed.jsonl"], ExitCode.DONE, "safe to train on"),
    (["few.jsonl"], ExitCode.DONE, "safe to train on, with 4 warnings"),
    (["train.jsonl", "leak.jsonl"], ExitCode.UNUSABLE, "not safe: 1 error"),
    (["leak.jsonl"], ExitCode.DONE, "safe to train on"),
    (["conflict.jsonl"], ExitCode.UNUSABLE, "not safe: 1 error"),
    (["broken.jsonl"], ExitCode.UNUSABLE, "not safe: 2 errors"),
    (["none.jsonl"], ExitCode.UNUSABLE, "not safe: 1 error, 2 warnings"),
    (["two.jsonl"], ExitCode.UNUSABLE, "not safe: 1 error, 3 warnings"),
    (["train.jsonl", "nowhere.jsonl"], ExitCode.UNUSABLE, "not safe: 1 error, 4 warnings"),
]


@pytest.mark.parametrize(
    ("arguments", "code", "verdict"), CASES, ids=[" ".join(c[0]) for c in CASES]
)
def test_exit_codes_and_verdicts(
    arguments: list[str], code: ExitCode, verdict: str, check: Run
) -> None:
    result = check(*arguments)
    assert result.stdout.splitlines()[-1] == verdict
    assert result.exit_code == code
    assert result.stderr == ""
    told = json.loads(check(*arguments, "--format", "json").stdout)
    assert told["safe"] is (code is ExitCode.DONE)
    assert check(*arguments, "--format", "json").exit_code == code


def test_an_empty_file_is_not_safe(check: Run) -> None:
    assert check("empty.jsonl").exit_code == ExitCode.UNUSABLE


def test_the_place_of_each_error_is_told(check: Run) -> None:
    told = check("broken.jsonl").stdout
    assert "error: cannot be read (2)" in told
    assert "  broken.jsonl:31: expected one JSON object a line" in told
    assert "  broken.jsonl:32: expected a JSON object, found list" in told
    told = check("train.jsonl", "leak.jsonl").stdout
    assert "  leak.jsonl:31: the same words as train.jsonl:4" in told


def test_agreement_is_shown(check: Run) -> None:
    told = check("conflict.jsonl").stdout
    assert "agreement of 2 annotators on 1 article: 3 sentences with equal offsets" in told
    # ana says A U C, ben A C C: 2 of 3 alike; by chance 1/3 * 1/3 + 1/3 * 2/3 = 1/3, so 1/2.
    assert "Cohen's kappa          0.500   ana and ben, 3 sentences" in told
    # One of three units differs: 1 - 5 * 2 / (36 - 4 - 1 - 9) = 12 / 22
    assert "Krippendorff's alpha   0.545   all labels" in told


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["train.jsonl", "--format", "pdf"],
        ["train.jsonl", "--model", "nowhere"],
        ["train.jsonl", "--model", "train.jsonl"],
    ],
)
def test_wrong_usage_and_unusable_models_are_told(arguments: list[str], check: Run) -> None:
    result = check(*arguments)
    assert result.exit_code == ExitCode.UNUSABLE
    assert result.stderr
    assert result.stdout == ""


def test_an_export_with_own_names_is_checked_as_it_is(check: Run) -> None:
    write_own(Path("own.jsonl"), [article(("own", number), [A, U, C]) for number in range(30)])
    result = check("own.jsonl", *OWN_NAMES)
    assert result.exit_code == ExitCode.DONE
    assert "own.jsonl: 30 articles, 90 labelled sentences" in result.stdout
    blind = check("own.jsonl", *OWN_NAMES[:4])
    assert blind.exit_code == ExitCode.UNUSABLE
    told = " ".join(blind.stdout.split())
    assert "found 'Said' (30 times); say --label 'Said=LABEL' (attrib data check, convert" in told
    assert check("own.jsonl", "--label", "Said").exit_code == ExitCode.UNUSABLE


def test_what_a_contested_sentence_clashes_with_is_explained(check: Run) -> None:
    lines = check("train.jsonl").stdout.splitlines()
    start = lines.index("note: contested sentences that do not say what they clash with")
    note = " ".join(" ".join(lines[start:]).partition("safe to train")[0].split())
    assert note == (
        "note: contested sentences that do not say what they clash with "
        "train.jsonl: 30 of 30 contested sentences without it "
        "expected on each contested sentence the field conflicts_with: the sentences it clashes "
        "with, by their places in the article's list of sentences, counted from 0, such as [1, 4] "
        "→ nothing to mend: a training does not use the field; it is for those who study disputes"
    )
    row = {"start": 0, "end": 26, "label": "contested", "conflicts_with": [3]}
    write_lines(Path("wrong.jsonl"), {"id": 1, "text": DAM, "sentences": [row]})
    told = " ".join(check("wrong.jsonl").stdout.split())
    assert (
        "wrong.jsonl:1: sentence 0: expected conflicts_with to list the sentences that this one "
        "clashes with, by their places in this list of sentences, 0 to 0; found [3]; put the "
        "places right, or leave the field out"
    ) in told
