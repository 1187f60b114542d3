"""``attrib evaluate``: exit codes, what goes where, and no traceback whatever comes in."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from assessed import rows
from numpy.typing import NDArray
from typer.testing import CliRunner, Result

from attrib import checker as checkers
from attrib.article import ModelIdentity, Sentence
from attrib.cli import app
from attrib.cli.exits import ExitCode
from attrib.modelfolder import open_folder

A, U, C = "The dam is safe, Roe said.", "It rained all night.", "Dorn denied the claim."


class Rules:
    """Stands in for a checker: goes by words, and takes no denial for contested if ``blind``."""

    def __init__(self, name: str, blind: bool = False) -> None:
        self.model = ModelIdentity(name, "1", "0" * 64)
        self.blind = blind

    def probabilities(
        self, text: str, sentences: Sequence[Sentence]
    ) -> tuple[NDArray[np.float64], tuple[int, ...]]:
        told = [text[s.start : s.end] for s in sentences]
        codes = [
            "A" if "said" in t else "C" if "denied" in t and not self.blind else "U" for t in told
        ]
        return rows("".join(codes)), ()


def record(number: int, *labels: str, **about: str) -> str:
    text, found = f"Item {number}.", []
    for sentence, label in zip((A, U, C), labels, strict=True):
        found.append({"start": len(text) + 1, "end": len(text) + 1 + len(sentence), "label": label})
        text += f" {sentence}"
    return json.dumps({"id": f"a{number}", "text": text, "sentences": found, **about}) + "\n"


RIGHT = ("attributed", "unattributed", "contested")
WRONG = ("attributed", "attributed", "contested")

Run = Callable[..., Result]


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs ``attrib evaluate`` beside ``data.jsonl``: 12 articles with one mistake in each."""

    def load(model: str, *, device: str | None = None) -> Rules:
        if device is not None:
            raise RuntimeError("no such device\n  more of it")
        if model not in ("default", "blind"):
            open_folder(Path(model))
        return Rules(model, blind=model == "blind")

    monkeypatch.setattr(checkers, "load", load)
    monkeypatch.chdir(tmp_path)
    Path("data.jsonl").write_text("".join(record(n, *WRONG) for n in range(12)), encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(app, ["evaluate", *arguments])


def test_the_figures_go_to_stdout_and_nothing_else_does(evaluate: Run) -> None:
    done = evaluate("data.jsonl")
    assert done.exit_code == ExitCode.DONE
    assert done.stderr == ""
    assert "Evaluation of default 1\nOn 12 articles with 36 labelled sentences." in done.stdout
    # Two of three right in each article: every draw has the same accuracy.
    assert "0.667 (0.667 to 0.667)" in done.stdout
    assert "\x1b" not in done.stdout


def test_json_is_a_document_with_as_many_mistakes_as_asked_for(evaluate: Run) -> None:
    done = evaluate("data.jsonl", "--format", "json", "--mistakes", "2")
    document = json.loads(done.stdout)
    assert document["evaluation"]["confusion"] == [[12, 12, 0], [0, 0, 0], [0, 0, 12]]
    assert [m["article_id"] for m in document["mistakes"]] == ["a0", "a1"]
    assert document["mistakes"][0]["before"] == A
    assert document["mistakes"][0]["text"] == U
    assert document["mistakes"][0]["after"] == C
    assert document["sources"] == ["data.jsonl"]


@pytest.mark.parametrize(
    ("fmt", "begins"),
    [("text", "Evaluation"), ("json", "{"), ("markdown", "# Eval"), ("html", "<!doctype html>")],
)
def test_each_format_goes_to_a_file(evaluate: Run, fmt: str, begins: str) -> None:
    done = evaluate("data.jsonl", "--against", "blind", "--format", fmt, "--output", "out")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "attrib: wrote out\n")
    assert Path("out").read_text(encoding="utf-8").lstrip().startswith(begins)


def test_against_says_which_model_is_better(evaluate: Run) -> None:
    done = evaluate("data.jsonl", "--against", "blind")
    assert "default 1 is better than blind 1 on macro-F1 by" in done.stdout.replace("\n", " ")
    assert evaluate("data.jsonl", "--model", "blind", "--against", "default").exit_code == 0


def test_a_breached_floor_is_told_and_exits_with_1(evaluate: Run) -> None:
    done = evaluate("data.jsonl", "--fail-under", "accuracy=0.7", "--fail-under", "macro_f1=10%")
    assert done.exit_code == ExitCode.POLICY_BREACHED
    assert done.stderr == ("attrib: policy: accuracy is 0.6666, the policy asks for at least 0.7\n")
    assert done.stdout  # the figures are shown all the same
    assert evaluate("data.jsonl", "--fail-under", "accuracy=66%").exit_code == ExitCode.DONE


def test_a_floor_under_a_figure_that_there_is_not_is_told(evaluate: Run) -> None:
    Path("bare.jsonl").write_text(
        "".join(record(n, *RIGHT[:2], "unattributed") for n in range(12)), encoding="utf-8"
    )
    done = evaluate("bare.jsonl", "--model", "blind", "--fail-under", "contested_f1=0.5")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "--fail-under contested_f1: expected a figure, found none" in done.stderr
    assert done.stdout  # the other figures are shown all the same


@pytest.mark.parametrize(
    "floor", ["f1=0.5", "accuracy", "accuracy=", "accuracy=80", "accuracy=much", "accuracy=nan"]
)
def test_a_floor_that_cannot_be_is_a_usage_error(evaluate: Run, floor: str) -> None:
    done = evaluate("data.jsonl", "--fail-under", floor)
    assert done.exit_code == ExitCode.UNUSABLE
    assert ("macro_f1" in done.stderr) == floor.startswith("f1")
    assert "expected" in done.stderr


def test_broken_data_are_told_with_their_line(evaluate: Run) -> None:
    Path("broken.jsonl").write_text(record(0, *RIGHT) + "{\n", encoding="utf-8")
    done = evaluate("data.jsonl", "broken.jsonl")
    assert done.exit_code == ExitCode.UNUSABLE
    assert done.stdout == ""
    assert done.stderr.startswith("attrib: error: broken.jsonl:2: expected one JSON object")


def test_two_annotators_of_one_article_are_refused(evaluate: Run) -> None:
    Path("two.jsonl").write_text(
        record(0, *RIGHT, annotator="roe") + record(0, *WRONG, annotator="dorn"), encoding="utf-8"
    )
    done = evaluate("two.jsonl")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "keep one annotator's labels" in done.stderr


@pytest.mark.parametrize("arguments", [("gone.jsonl",), ("data.jsonl", "--model", "gone")])
def test_what_is_not_there_is_told(evaluate: Run, arguments: tuple[str, ...]) -> None:
    done = evaluate(*arguments)
    assert done.exit_code == ExitCode.UNUSABLE
    assert done.stderr.startswith("attrib: error: gone")


def test_a_device_that_torch_cannot_use_is_told_in_one_line(evaluate: Run) -> None:
    done = evaluate("data.jsonl", "--device", "cuda")
    assert done.exit_code == ExitCode.UNUSABLE
    assert done.stderr == (
        "attrib: error: device 'cuda': expected one that torch can run on, found no such device; "
        "leave --device out to run on the processor\n"
    )


def test_an_output_that_cannot_be_written_is_told(evaluate: Run) -> None:
    done = evaluate("data.jsonl", "--output", "no/such/folder")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "no/such/folder: cannot be written" in done.stderr


def test_few_articles_are_warned_of(evaluate: Run) -> None:
    Path("few.jsonl").write_text(record(0, *RIGHT), encoding="utf-8")
    caution = "1 article: too few to judge a model by"
    done = evaluate("few.jsonl")
    assert (done.exit_code, done.stderr) == (ExitCode.DONE, "")
    assert done.stdout.startswith(caution)
    # Where nobody has read it just now, it is told beside.
    for more in (["--format", "json"], ["--output", "out"]):
        assert f"attrib: warning: {caution}" in evaluate("few.jsonl", *more).stderr


def program(missing: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run ``attrib`` in a Python without the module ``missing``; tell whether numpy was loaded."""
    code = (
        "import sys\n"
        f"sys.modules[{missing!r}] = None\n"
        "from attrib.cli import main\n"
        f"sys.argv = ['attrib', *{list(arguments)!r}]\n"
        "try:\n    main()\n"
        "finally:\n    print('heavy' if 'numpy' in sys.modules else 'light', file=sys.stderr)\n"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("missing", "fmt"), [("sklearn", "text"), ("matplotlib", "html")])
def test_what_the_extra_brings_is_asked_for_in_one_line(
    missing: str, fmt: str, tmp_path: Path
) -> None:
    done = program(missing, "evaluate", str(tmp_path / "gone.jsonl"), "--format", fmt)
    assert done.returncode == ExitCode.UNUSABLE
    assert done.stdout == ""
    assert done.stderr.splitlines()[0] == (
        f"attrib: error: attrib evaluate needs {missing}; install it with: "
        "pip install 'attrib[train]'"
    )


def test_help_is_light() -> None:
    done = program("none", "evaluate", "--help")
    assert done.returncode == 0
    assert "--fail-under" in done.stdout
    assert done.stderr == "light\n"
