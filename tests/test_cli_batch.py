"""``attrib batch``: what it writes, what it says, its exit codes, and a kill from outside."""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batches import record, tables, write_records
from typer.testing import CliRunner, Result

from attrib.cli import app, batchprogress
from attrib.cli.exits import ExitCode

ATTRIB = [sys.executable, "-m", "attrib", "batch"]
# A shell has what it runs in the background ignore an interrupt, and children inherit that.
HEARING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from attrib.cli import main
main()
"""


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, ["batch", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def summary(results: Path) -> dict[str, list[dict[str, str]]]:
    told: dict[str, list[dict[str, str]]] = json.loads((results / "summary.json").read_bytes())
    return told


def test_a_batch_leaves_tables_a_page_and_a_summary(tmp_path: Path) -> None:
    out = tmp_path / "out"
    inputs = write_records(tmp_path / "a.jsonl", 12)
    done = run(inputs, "--out", out, "--group-by", "desk,outlet", "--by-date", "month")
    assert done.exit_code == ExitCode.DONE, done.output
    assert "12 articles, 36 sentences" in done.stdout
    assert {path.name for path in out.iterdir() if not path.name.startswith(".")} == {
        *("sentences.parquet", "articles.parquet", "failures.jsonl", "run.json", "parts"),
        *("report.html", "articles", "summary.json"),
    }
    assert [grouping["column"] for grouping in summary(out)["groupings"]] == ["desk", "outlet"]
    assert tables(out)[1]["desk"].to_pylist() == [record(n)["desk"] for n in range(12)]


def test_columns_of_other_names_are_read(tmp_path: Path) -> None:
    rows = [record(number) for number in range(3)]
    named = {"id": "key", "text": "story", "outlet": "paper", "date": "day"}
    inputs = tmp_path / "a.jsonl"
    lines = [json.dumps({named.get(name, name): row[name] for name in row}) for row in rows]
    inputs.write_text("\n".join(lines), encoding="utf-8")
    given = [f"--{part}-column={name}" for part, name in named.items()]
    done = run(inputs, "--out", tmp_path / "out", *given, "--meta", "desk", "--also", "csv")
    assert done.exit_code == ExitCode.DONE, done.output
    _, articles = tables(tmp_path / "out")
    assert articles["article_id"].to_pylist() == ["n0", "n1", "n2"]
    for name in ("outlet", "date", "desk"):
        assert articles[name].to_pylist() == [row[name] for row in rows]
    assert (tmp_path / "out" / "articles.csv").exists()


def test_some_failures_are_exit_code_3_and_told(tmp_path: Path) -> None:
    inputs = write_records(tmp_path / "a.jsonl", 2)
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    done = run(inputs, empty, "--out", tmp_path / "out")
    assert done.exit_code == ExitCode.SOME_INPUTS_FAILED
    assert "1 input could not be scored" in done.stderr
    assert "failures.jsonl" in done.stderr
    (failure,) = map(json.loads, (tmp_path / "out/failures.jsonl").read_text().splitlines())
    assert failure["input"] == str(empty)


def test_nothing_readable_is_exit_code_2(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    done = run(empty, tmp_path / "missing", "--out", tmp_path / "out")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "expected articles, found none that could be read" in done.stderr
    assert len((tmp_path / "out/failures.jsonl").read_text().splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["-"], "a batch reads its inputs twice"),
        (["a.jsonl", "--meta", "desk", "--meta", "desk"], "desk twice"),
        (["a.jsonl", "--group-by", "desk", "--meta", "text"], "which is read anyway"),
        (["a.jsonl", "--model", "no-such-model"], "no-such-model"),
        (["a.jsonl", "--workers", "2"], "--engine ray"),
    ],
)
def test_wrong_usage_writes_nothing(tmp_path: Path, arguments: list[str], told: str) -> None:
    done = run(*arguments, "--out", tmp_path / "out")
    assert done.exit_code == ExitCode.UNUSABLE
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_the_extra_is_named_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == "filelock" else name
    )
    done = run("a.jsonl", "--out", tmp_path / "out")
    assert done.exit_code == ExitCode.UNUSABLE
    assert "pip install 'attrib[batch]'" in done.stderr


def test_without_a_terminal_lines_tell_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batchprogress, "_LINE_EVERY", 0.0)
    done = run(write_records(tmp_path / "a.jsonl", 40), "--out", tmp_path / "out")
    lines = done.stderr.splitlines()
    assert any(line.startswith("attrib: 32 of 40 articles, ") for line in lines), lines
    assert "\x1b" not in done.stderr


def test_on_a_terminal_a_bar_tells_pace_time_left_and_failures(tmp_path: Path) -> None:
    inputs = write_records(tmp_path / "a.jsonl", 40)
    (tmp_path / "b.txt").write_bytes(b"")
    ours, theirs = pty.openpty()
    going = subprocess.Popen(
        [*ATTRIB, inputs, tmp_path / "b.txt", "--out", tmp_path / "out"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    shown = b""
    while True:
        ready, _, _ = select.select([ours], [], [], 120)
        try:
            part = os.read(ours, 65536) if ready else b""
        except OSError:  # how Linux tells that the other side is closed
            part = b""
        if not part:
            break
        shown += part
    assert going.wait(60) == ExitCode.SOME_INPUTS_FAILED
    text = shown.decode()
    assert "40/41" in text or "41/41" in text
    assert "a second" in text
    assert "1 failed" in text


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_is_told_and_the_same_command_goes_on(tmp_path: Path) -> None:
    inputs = write_records(tmp_path / "a.jsonl", 400)
    command = [sys.executable, "-c", HEARING, "batch", str(inputs), "--out", str(tmp_path / "out")]
    going = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while not list((tmp_path / "out").glob("parts/??????")) and time.monotonic() < until:
        time.sleep(0.02)
    going.send_signal(signal.SIGINT)
    _, said = going.communicate(timeout=60)
    assert going.returncode == ExitCode.STOPPED
    assert "goes on where it stopped" in said
    assert "Traceback" not in said
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "articles were done before" in done.stderr
    assert tables(tmp_path / "out")[1].num_rows == 400
