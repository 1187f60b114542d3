"""``attrib data convert``: what it writes, what it says, and how it ends."""

import json
from pathlib import Path

import pytest
from exports import DAM, DATA, labels_of, write_json, write_lines
from typer.testing import CliRunner, Result

from attrib.cli import app
from attrib.cli.data.convert import Annotators
from attrib.corpus import read_labelled

NEWSROOM = ["--label", "Outlet=unattributed", "--label", "Disputed=contested"]
OURS = {"id": "a1", "text": DAM, "sentences": [{"start": 0, "end": 26, "label": "contested"}]}


def convert(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(app, ["data", "convert", *map(str, arguments)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result


def test_an_export_becomes_labelled_articles(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = convert(DATA / "prodigy.jsonl", "--from", "prodigy", "--out", out)
    assert result.exit_code == 0
    assert [(a.annotator, labels_of(a)) for a in read_labelled(out)] == [
        ("news-ada", ["unattributed", "attributed!", "unattributed"]),
        ("news-ben", ["unattributed", None, "unattributed"]),
    ]
    counts = "1 attributed (0 unnamed), 4 unattributed, 0 contested, 1 unlabelled"
    assert result.stderr.splitlines() == [
        f"attrib: wrote {out}: 2 articles; sentences: {counts}",
        "attrib: note: skipped: tasks answered 'reject' (1), tasks answered 'ignore' (1)",
    ]


def test_problems_are_told_line_by_line_and_end_with_3(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = convert(DATA / "newsroom-label-studio.json", "--out", out, *NEWSROOM)
    assert result.exit_code == 3
    first, *notes = result.stderr.splitlines()
    assert first.startswith(f"attrib: error: {DATA / 'newsroom-label-studio.json'}: record 14: ")
    assert (
        notes[-1]
        == "attrib: note: 1 problem; what is named there is left out or unlabelled; exit code 3"
    )
    assert len(list(read_labelled(out))) == 20


def test_without_the_names_the_labels_go_and_the_cure_is_told(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = convert(DATA / "newsroom-label-studio.json", "--out", out)
    assert result.exit_code == 3
    assert "found 'Outlet' (237 times); say --label 'Outlet=LABEL'" in result.stderr
    assert "0 unattributed, 0 contested" in result.stderr


def test_most_annotators_decide_on_request_and_ties_fail_nothing(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = convert(DATA / "doccano", "--annotators", "majority", "--out", out)
    assert result.exit_code == 0
    first, second = read_labelled(out)
    assert labels_of(first) == ["unattributed", "attributed", "attributed!", "unattributed"]
    assert first.annotator is second.annotator is None
    tied = tmp_path / "tied"
    tied.mkdir()
    for name, label in (("ada", "A"), ("ben", "C")):
        write_lines(tied / f"{name}.jsonl", {"id": 1, "text": DAM, "label": [[0, 26, label]]})
    result = convert(tied, "--annotators", Annotators.MAJORITY, "--out", out)
    assert result.exit_code == 0
    assert "attrib: warning: " in result.stderr
    assert "1 tie, left unlabelled" in result.stderr
    assert labels_of(next(read_labelled(out))) == [None] * 4


def test_several_inputs_of_several_formats_go_into_one_file(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    ours = write_lines(tmp_path / "ours.jsonl", OURS)
    result = convert(ours, DATA / "prodigy.jsonl", DATA / "doccano", "--out", out)
    assert result.exit_code == 0
    assert [a.article.id for a in read_labelled(out)] == ["a1", "1095", "1095", "1", "2", "1", "2"]


def test_a_file_can_be_converted_in_place(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"id": 1, "text": DAM, "label": [[0, 26, "C"]]})
    assert convert(path, "--out", path).exit_code == 0
    (labelled,) = read_labelled(path)
    assert labels_of(labelled) == ["contested", None, None, None]
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_an_input_that_fails_beside_one_that_does_not_ends_with_3(tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    result = convert(tmp_path / "none.json", write_lines(tmp_path / "a.jsonl", OURS), "--out", out)
    assert result.exit_code == 3
    assert f"attrib: error: {tmp_path / 'none.json'}: expected a file or folder" in result.stderr
    assert len(list(read_labelled(out))) == 1


@pytest.mark.parametrize("given", ["none.json", "empty.jsonl", "pages.json"])
def test_where_nothing_can_be_read_nothing_is_written(given: str, tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_bytes(b"")
    write_json(tmp_path / "pages.json", [{"page": 1}])
    out = tmp_path / "labels.jsonl"
    out.write_text("before")
    result = convert(tmp_path / given, "--out", out)
    assert result.exit_code == 2
    assert out.read_text() == "before"
    last = result.stderr.splitlines()[-2]
    assert last == f"attrib: error: expected labelled articles, found none; {out} is not written"


def test_of_many_problems_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    good = json.dumps(OURS)
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join([good, *["{oops"] * 33]))
    result = convert(path, path, "--out", tmp_path / "out.jsonl")
    assert result.exit_code == 3
    lines = result.stderr.splitlines()
    assert len([line for line in lines if "expected one JSON object" in line]) == 40
    assert lines.count(f"attrib: error: {path}: 13 more problems") == 2
    assert (
        "attrib: note: 66 problems; what is named there is left out or unlabelled; exit code 3"
        in lines
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["--label", "Outlet"],
        ["--label", "Outlet=perhaps"],
        ["--from", "conll"],
        ["--annotators", "all"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], tmp_path: Path) -> None:
    out = tmp_path / "labels.jsonl"
    assert convert(DATA / "prodigy.jsonl", "--out", out, *arguments).exit_code == 2
    assert not out.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    out = tmp_path / "no" / "labels.jsonl"
    result = convert(DATA / "prodigy.jsonl", "--out", out)
    assert result.exit_code == 2
    assert f"attrib: error: {out}: cannot be written (" in result.stderr


def test_hostile_words_reach_the_terminal_as_text(tmp_path: Path) -> None:
    record = {"text": DAM, "label": [[0, 26, "\x1b[31mC\u202e\n"]]}
    result = convert(write_lines(tmp_path / "a.jsonl", record), "--out", tmp_path / "out.jsonl")
    assert result.exit_code == 3
    assert "\x1b" not in result.stderr
    assert "\u202e" not in result.stderr
