"""The command line: exit codes, what goes where, and no traceback whatever comes in."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from attrib import checker as checkers
from attrib.article import (
    Article,
    Label,
    ModelIdentity,
    ScoredArticle,
    SourceKind,
    Verdict,
)
from attrib.cli import app
from attrib.cli.exits import ExitCode
from attrib.sentences import split
from attrib.writers import Format

A = "The dam is safe, the mayor said."
U = "It rained all night."
C = "The minister denied the claim."
ESCAPE = "\x1b["


class Rules:
    """Stands in for a checker, so that these tests do not hang on one model's opinions."""

    model = ModelIdentity("rules", "1", "0" * 64)

    def score_article(self, article: Article) -> ScoredArticle:
        verdicts = []
        for index, sentence in enumerate(split(article.text)):
            text = article.text[sentence.start : sentence.end]
            said, denied = "said" in text, "denied" in text
            label = Label.CONTESTED if denied else Label.ATTRIBUTED if said else Label.UNATTRIBUTED
            # The longer the sentence the surer: 20 characters are 0.70, 32 are 0.82.
            sure = min(0.5 + len(text) / 100, 1.0)
            shares = dict.fromkeys(Label, (1 - sure) / 2) | {label: sure}
            kind = SourceKind.NAMED if label is Label.ATTRIBUTED else None
            verdicts.append(
                Verdict(index, sentence.start, sentence.end, text, label, sure, shares, kind)
            )
        notices = ("mind the gap",) if "gap" in article.text else ()
        return ScoredArticle(article, tuple(verdicts), notices)


Run = Callable[..., Result]


@pytest.fixture
def attrib(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs ``attrib score`` in a folder of drafts; ``model`` "default" goes by rules."""
    load = checkers.load
    monkeypatch.setattr(checkers, "load", lambda m: Rules() if m == "default" else load(m))
    monkeypatch.chdir(tmp_path)
    drafts = {
        "a.txt": A,
        "u.txt": U,
        "c.txt": C,
        "half.txt": f"{A}\n{U}\n",  # one of two is unattributed
        "all.txt": f"{A}\n{U}\n{C}\n{U}\n",
        "gap.txt": f"{A} Mind the gap.",
        "empty.txt": "",
        "blank.txt": " \n\n\t",
        "digits.txt": "1 2 3",
        "binary.txt": "\x89PNG\r\n\x1a\n" + "\0" * 20,
    }
    for name, text in drafts.items():
        Path(name).write_text(text, encoding="latin-1", newline="")
    Path("folder").mkdir()

    def run(*arguments: str, stdin: bytes | None = None) -> Result:
        result = CliRunner().invoke(app, ["score", *arguments], input=stdin)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run


def sentences(result: Result) -> list[str]:
    return [json.loads(line)["text"] for line in result.stdout.splitlines()]


EXITS: list[tuple[list[str], ExitCode]] = [
    (["a.txt"], ExitCode.DONE),
    (["a.txt", "u.txt", "c.txt"], ExitCode.DONE),
    (["a.txt", "--fail-on", "contested"], ExitCode.DONE),
    (["half.txt", "--max-unattributed", "50%"], ExitCode.DONE),
    (["gap.txt"], ExitCode.DONE),  # a warning is no failure
    (["c.txt", "--fail-on", "contested"], ExitCode.POLICY_BREACHED),
    (["a.txt", "c.txt", "--fail-on", "contested"], ExitCode.POLICY_BREACHED),
    (["u.txt", "--fail-on", "contested,unattributed"], ExitCode.POLICY_BREACHED),
    (["half.txt", "--max-unattributed", "40%"], ExitCode.POLICY_BREACHED),
    (["c.txt", "none.txt", "--fail-on", "contested"], ExitCode.POLICY_BREACHED),  # before 3
    ([], ExitCode.UNUSABLE),
    (["none.txt"], ExitCode.UNUSABLE),
    (["empty.txt"], ExitCode.UNUSABLE),
    (["blank.txt", "digits.txt", "binary.txt"], ExitCode.UNUSABLE),
    (["folder"], ExitCode.UNUSABLE),
    (["https://example.org/news"], ExitCode.UNUSABLE),
    (["a.txt", "--model", "nowhere"], ExitCode.UNUSABLE),
    (["a.txt", "--model", "a.txt"], ExitCode.UNUSABLE),
    (["a.txt", "--unknown"], ExitCode.UNUSABLE),
    (["a.txt", "--format", "pdf"], ExitCode.UNUSABLE),
    (["a.txt", "--input-format", "pdf"], ExitCode.UNUSABLE),
    (["a.txt", "--only", "disputed"], ExitCode.UNUSABLE),
    (["a.txt", "--fail-on", "disputed"], ExitCode.UNUSABLE),
    (["a.txt", "--min-confidence", "1.5"], ExitCode.UNUSABLE),
    (["a.txt", "--min-confidence", "-0.1"], ExitCode.UNUSABLE),
    (["a.txt", "--min-confidence", "sure"], ExitCode.UNUSABLE),
    (["a.txt", "--output", "folder"], ExitCode.UNUSABLE),
    (["a.txt", "none.txt"], ExitCode.SOME_INPUTS_FAILED),
    (["empty.txt", "a.txt", "--fail-on", "contested"], ExitCode.SOME_INPUTS_FAILED),
]


@pytest.mark.parametrize(
    ("arguments", "code"), EXITS, ids=[" ".join(a) or "nothing" for a, _ in EXITS]
)
def test_exit_codes(arguments: list[str], code: ExitCode, attrib: Run) -> None:
    result = attrib(*arguments)
    assert result.exit_code == code
    # The product is there if anything was scored; nothing is said about a run that went well.
    assert bool(result.stdout) == (code is not ExitCode.UNUSABLE)
    if code is not ExitCode.DONE:
        assert result.stderr


def test_help_tells_every_exit_code(attrib: Run) -> None:
    told = attrib("--help")
    assert told.exit_code == ExitCode.DONE
    codes = re.search(r"Exit codes:(.*?)\n\s*\n", re.sub("[│╭╮╰╯─]", " ", told.stdout), re.DOTALL)
    assert codes is not None
    told_of = {int(n) for n in re.findall(r"\b\d\b", codes[1])}
    assert told_of == set(ExitCode) - {ExitCode.STOPPED}  # only a batch says how it goes on


def test_a_broken_input_in_the_middle_does_not_stop_the_others(attrib: Run) -> None:
    result = attrib("a.txt", "none.txt", "binary.txt", "u.txt", "--format", "jsonl")
    assert result.exit_code == ExitCode.SOME_INPUTS_FAILED
    assert sentences(result) == [A, U]
    lines = result.stderr.splitlines()
    assert [line.split(": ")[2] for line in lines[:2]] == ["none.txt", "binary.txt"]
    assert lines[2] == "attrib: error: 2 of 4 inputs could not be scored"
    assert len(lines) == 3


def test_a_broken_record_in_the_middle_does_not_stop_the_others(attrib: Run) -> None:
    rows = [json.dumps({"text": A}), "{broken", json.dumps({"text": ""}), json.dumps({"text": U})]
    Path("rows.jsonl").write_text("\n".join(rows), encoding="utf-8")
    result = attrib("rows.jsonl", "--format", "jsonl")
    assert result.exit_code == ExitCode.SOME_INPUTS_FAILED
    assert sentences(result) == [A, U]
    assert "rows.jsonl:2: " in result.stderr
    assert "rows.jsonl:3: " in result.stderr


def test_standard_input_is_read_where_a_hyphen_stands(attrib: Run) -> None:
    result = attrib("a.txt", "-", "c.txt", "--format", "jsonl", stdin=U.encode())
    assert result.exit_code == ExitCode.DONE
    assert sentences(result) == [A, U, C]
    assert [json.loads(line)["source"] for line in result.stdout.splitlines()][1] == "-"
    assert result.stderr == ""


def test_an_empty_standard_input_is_told(attrib: Run) -> None:
    result = attrib("-", stdin=b"")
    assert result.exit_code == ExitCode.UNUSABLE
    assert result.stderr.startswith("attrib: error: -: expected an article")


def test_standard_input_takes_other_formats_when_told(attrib: Run) -> None:
    table = f'headline,words\nDam,"{A}"\n'.encode()
    result = attrib(
        *("-", "--input-format", "csv", "--text-column", "words", "--format", "jsonl"), stdin=table
    )
    assert (result.exit_code, sentences(result)) == (ExitCode.DONE, [A])
    other = attrib("-", "--input-format", "csv", "--text-column", "prose", stdin=table)
    assert other.exit_code == ExitCode.UNUSABLE
    assert "prose" in other.stderr


def test_a_folder_stands_for_its_files_in_order(attrib: Run) -> None:
    for name, text in (("2.txt", U), ("1.md", A), ("notes.json", "{}"), ("3.text", C)):
        Path("folder", name).write_text(text, encoding="utf-8")
    result = attrib("folder", "--format", "jsonl")
    assert (result.exit_code, sentences(result)) == (ExitCode.DONE, [A, U, C])


@pytest.mark.parametrize(
    ("only", "shown"),
    [
        ("contested", [C]),
        ("unattributed", [U, U]),
        ("attributed,contested", [A, C]),
        (" Contested , ATTRIBUTED ", [A, C]),
        ("attributed,unattributed,contested", [A, U, C, U]),
    ],
)
def test_only_shows_these_labels(only: str, shown: list[str], attrib: Run) -> None:
    result = attrib("all.txt", "--only", only, "--format", "jsonl")
    assert sentences(result) == shown


@pytest.mark.parametrize(
    ("least", "shown"), [("0", [A, U, C, U]), ("0.75", [A, C]), ("0.81", [A]), ("1", [])]
)
def test_min_confidence_leaves_out_the_less_sure(least: str, shown: list[str], attrib: Run) -> None:
    # A has 32 characters, so 0.82; C has 30, so 0.80; U has 20, so 0.70.
    result = attrib("all.txt", "--min-confidence", least, "--format", "jsonl")
    assert (result.exit_code, sentences(result)) == (ExitCode.DONE, shown)


def test_what_is_shown_does_not_change_what_a_limit_counts(attrib: Run) -> None:
    hidden = attrib("c.txt", "--only", "attributed", "--fail-on", "contested")
    assert hidden.exit_code == ExitCode.POLICY_BREACHED


@pytest.mark.parametrize("share", ["50%", "0.5", "50.0%", "1", "100%", ".5", "5e-1"])
def test_a_share_is_a_percentage_or_a_fraction(share: str, attrib: Run) -> None:
    assert attrib("half.txt", "--max-unattributed", share).exit_code == ExitCode.DONE


@pytest.mark.parametrize("share", ["49.9%", "0.49", "0", "0%"])
def test_a_share_that_is_too_small_is_a_breach(share: str, attrib: Run) -> None:
    result = attrib("half.txt", "--max-unattributed", share)
    assert result.exit_code == ExitCode.POLICY_BREACHED
    assert "half.txt: 50.0% of its sentences are unattributed" in result.stderr


@pytest.mark.parametrize("share", ["half", "", "%", "140%", "40", "-5%", "nan", "inf", "4 0%"])
def test_a_share_of_nonsense_is_refused_with_an_example(share: str, attrib: Run) -> None:
    result = attrib("half.txt", f"--max-unattributed={share}")
    assert result.exit_code == ExitCode.UNUSABLE
    assert "--max-unattributed" in result.stderr
    assert "40% or 0.4" in re.sub(r"[│\s]+", " ", result.stderr)


def test_an_unknown_label_is_named_beside_the_known(attrib: Run) -> None:
    for option in ("--only", "--fail-on"):
        told = re.sub(r"[│\s]+", " ", attrib("a.txt", option, "contested,disputed").stderr)
        assert "attributed, unattributed, contested" in told
        assert "disputed" in told


def test_an_unknown_model_is_told_with_a_cure(attrib: Run) -> None:
    result = attrib("a.txt", "--model", "nowhere")
    assert result.stderr == (
        "attrib: error: nowhere: expected a model folder, found nothing; give the folder that "
        'holds attrib.json, or "default" for the released model\n'
    )


def test_warnings_go_to_stderr_and_the_product_stays_whole(attrib: Run) -> None:
    result = attrib("gap.txt", "none.txt", "--format", "json")
    assert json.loads(result.stdout)["schema"] == 1
    assert "attrib: warning: gap.txt: mind the gap" in result.stderr
    assert "attrib: " not in result.stdout


def parsed_json(text: str) -> int:
    return len(json.loads(text)["articles"])


def parsed_jsonl(text: str) -> int:
    return len({json.loads(line)["article_id"] for line in text.splitlines()})


def parsed_csv(text: str) -> int:
    return len({row["article_id"] for row in csv.DictReader(io.StringIO(text, newline=""))})


def parsed_sarif(text: str) -> int:
    (run,) = json.loads(text)["runs"]
    places: list[Any] = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    return len({place["artifactLocation"]["uri"] for place in places})


def named(text: str) -> int:
    return sum(name in text for name in ("all.txt", "half.txt"))


PARSERS: dict[Format, Callable[[str], int]] = {
    Format.TEXT: named,
    Format.JSON: parsed_json,
    Format.JSONL: parsed_jsonl,
    Format.CSV: parsed_csv,
    Format.MARKDOWN: named,
    Format.HTML: named,
    Format.GITHUB: named,
    Format.SARIF: parsed_sarif,
}


@pytest.mark.parametrize("fmt", Format)
def test_each_format_runs_to_stdout_and_to_a_file(fmt: Format, attrib: Run) -> None:
    shown = attrib("all.txt", "half.txt", "--format", fmt)
    assert shown.exit_code == ExitCode.DONE
    assert PARSERS[fmt](shown.stdout) == 2
    written = attrib("all.txt", "half.txt", "--format", fmt, "--output", "report")
    assert (written.exit_code, written.stdout) == (ExitCode.DONE, "")
    assert written.stderr == "attrib: wrote report\n"
    assert Path("report").read_bytes().decode() == shown.stdout_bytes.decode()


@pytest.mark.parametrize("output", ["folder", "nowhere/report", "a.txt/report", "/dev/full"])
def test_an_output_that_cannot_be_written_is_told(output: str, attrib: Run) -> None:
    result = attrib("a.txt", "--output", output)
    assert (result.exit_code, result.stdout) == (ExitCode.UNUSABLE, "")
    assert result.stderr.startswith(f"attrib: error: {output}: cannot be written (")
    assert "--output" in result.stderr


def test_a_policy_is_judged_when_the_report_goes_to_a_file(attrib: Run) -> None:
    result = attrib("c.txt", "--output", "report", "--fail-on", "contested")
    assert result.exit_code == ExitCode.POLICY_BREACHED
    assert C in Path("report").read_text(encoding="utf-8")


# From here on, processes of their own and the released model.

COMMAND = (sys.executable, "-c", "from attrib.cli import main; main()")


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(f"{A}\n{U}\n", encoding="utf-8")
    return path


def terminal(arguments: Sequence[str], *, stream: str = "stdout", **env: str) -> str:
    """What a terminal gets that is the ``stdout`` or ``stderr`` of the command."""
    ours, theirs = pty.openpty()
    streams: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        env={**os.environ, "TERM": "xterm-256color", **env},
        **(streams | {stream: theirs}),
    )
    os.close(theirs)
    blocks = []
    while True:
        try:
            block = os.read(ours, 65_536)
        except OSError:  # Linux reports the end of the other side as an error
            block = b""
        if not block:
            break
        blocks.append(block)
    os.close(ours)
    process.wait(timeout=60)
    return b"".join(blocks).decode()


def piped(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env={**os.environ, **env},
    )


def test_colours_on_a_terminal_only(draft: Path) -> None:
    seen = terminal(["score", str(draft)])
    assert A in seen
    assert ESCAPE in seen
    # Even where the environment asks for colours: a file or a pipe gets none.
    sent = piped("score", str(draft), TERM="xterm-256color", FORCE_COLOR="1")
    assert sent.returncode == ExitCode.DONE
    assert A in sent.stdout
    assert ESCAPE not in sent.stdout + sent.stderr


@pytest.mark.parametrize("fmt", ["json", "csv", "html"])
def test_formats_for_programs_have_no_colours_on_a_terminal_either(fmt: str, draft: Path) -> None:
    seen = terminal(["score", str(draft), "--format", fmt])
    assert "dam is safe" in seen
    assert ESCAPE not in seen


def test_escapes_in_a_text_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("It rained \x1b]0;pwned\x07all night.", encoding="utf-8")
    seen = terminal(["score", str(path)])
    assert "\x1b]" not in seen
    assert "\x07" not in seen


def test_escapes_in_a_name_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "\x1b]0;pwned\x07.txt"
    path.write_text(U, encoding="utf-8")
    seen = terminal(["score", str(path), "--fail-on", "unattributed,attributed"], stream="stderr")
    assert "policy" in seen
    assert "\x1b]" not in seen


def test_output_is_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    path = tmp_path / "draft.txt"
    path.write_text("“Ça tient,” said Mayor Ana Şilva.", encoding="utf-8")
    sent = piped("score", str(path), LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert sent.returncode == ExitCode.DONE
    assert "“Ça tient,” said Mayor Ana Şilva." in sent.stdout


def closed_pipe(arguments: Sequence[str]) -> tuple[int, bytes]:
    """Run with a stdout that nobody reads any more; return exit code and stderr."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()  # long before the model is loaded
    told = process.stderr.read()
    process.stderr.close()
    return process.wait(timeout=60), told


@pytest.mark.parametrize("fmt", ["text", "jsonl"])
def test_a_closed_pipe_ends_quietly(fmt: str, draft: Path) -> None:
    _, told = closed_pipe(["score", str(draft), "--format", fmt])
    assert told == b""


def test_a_closed_pipe_is_no_breached_policy(draft: Path) -> None:
    code, _ = closed_pipe(["score", str(draft)])
    assert code != ExitCode.POLICY_BREACHED


def test_head_gets_its_line(draft: Path) -> None:
    command = f'"$0" "$@" score {draft} --format jsonl | head -n 1'
    done = subprocess.run(
        ["sh", "-c", command, *COMMAND], capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout)["text"] == A
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk_behind_stdout_is_told(draft: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "score", str(draft)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "Traceback" not in done.stderr
    assert done.returncode == ExitCode.UNUSABLE


def test_the_released_model_answers_from_any_folder(draft: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "score", draft.name, "--format", "json"],
        capture_output=True,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )
    (article,) = json.loads(done.stdout)["articles"]
    assert [s["text"] for s in article["sentences"]] == [A, U]
    assert article["sentences"][0]["label"] == "attributed"
    assert done.stderr == b""


def test_verdicts_of_the_command_are_those_of_the_library(draft: Path) -> None:
    done = piped("score", str(draft), "--format", "jsonl")
    scored = checkers.load().score_article(
        Article(draft.read_text(encoding="utf-8"), source=str(draft))
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["label"] for row in rows] == [v.label for v in scored.verdicts]
    assert [row["confidence"] for row in rows] == pytest.approx(
        [v.confidence for v in scored.verdicts], abs=1e-4
    )


def test_version_and_no_command() -> None:
    version = CliRunner().invoke(app, ["--version"])
    assert (version.exit_code, version.stdout.split()[0]) == (ExitCode.DONE, "attrib")
    assert CliRunner().invoke(app, []).exit_code == ExitCode.UNUSABLE
