"""Which format labelled data has, told by ending, first record or folder."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from exports import DAM, DATA, labels_of, read, write_json, write_lines

from attrib.dataformats import DataFormat

OURS = {"id": "a1", "text": DAM, "sentences": [{"start": 0, "end": 26, "label": "contested"}]}
DOCCANO = {"text": DAM, "label": [[0, 26, "C"]]}
PRODIGY = {"text": DAM, "spans": [{"start": 0, "end": 26, "label": "C"}], "answer": "accept"}
TASK = {
    "id": 1,
    "data": {"text": DAM},
    "annotations": [{"result": [{"value": {"start": 0, "end": 26, "labels": ["C"]}}]}],
}
MIN = {"id": 1, "text": DAM, "voice": [{"start": 0, "end": 26, "labels": ["C"]}]}
CONTESTED = ["contested", None, None, None]
KNOWN: dict[str, Any] = {
    "ours": OURS,
    "doccano": DOCCANO,
    "prodigy": PRODIGY,
    "label studio": TASK,
    "label studio, min": MIN,
}


@pytest.mark.parametrize("record", KNOWN.values(), ids=KNOWN.keys())
def test_the_first_record_tells_the_format_of_json_lines(record: Any, tmp_path: Path) -> None:
    articles, problems, _ = read(write_lines(tmp_path / "a.jsonl", record, record))
    assert [labels_of(a) for a in articles] == [CONTESTED] * 2
    assert problems == []


@pytest.mark.parametrize("record", [DOCCANO, PRODIGY, TASK, MIN])
def test_and_of_a_json_list_pretty_or_not(record: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for indent in (None, 2):
        path.write_text(json.dumps([record, record], indent=indent), encoding="utf-8")
        articles, problems, _ = read(path)
        assert [labels_of(a) for a in articles] == [CONTESTED] * 2
        assert problems == []


def test_a_single_object_over_many_lines_is_a_record(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(TASK, indent=2), encoding="utf-8")
    assert [labels_of(a) for a in read(path)[0]] == [CONTESTED]


def test_a_packed_file_is_what_is_in_it(tmp_path: Path) -> None:
    for name, record in (("ours", OURS), ("task", TASK)):
        path = tmp_path / f"{name}.jsonl.gz"
        path.write_bytes(gzip.compress(json.dumps(record).encode()))
        assert [labels_of(a) for a in read(path)[0]] == [CONTESTED]


def test_a_format_named_is_not_guessed(tmp_path: Path) -> None:
    record = {**DOCCANO, **PRODIGY, "label": [[27, 44, "C"]]}
    path = write_lines(tmp_path / "a.txt", record)
    assert labels_of(read(path, DataFormat.DOCCANO)[0][0]) == [None, "contested", None, None]
    assert labels_of(read(path, DataFormat.PRODIGY)[0][0]) == CONTESTED


def test_a_broken_first_line_hides_no_format(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", DOCCANO)
    path.write_bytes(b"{oops\n" + path.read_bytes())
    articles, problems, _ = read(path)
    assert [labels_of(a) for a in articles] == [CONTESTED]
    assert f"{path}:1: " in problems[0]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"text": "x", "stars": 5}\n', "found a first record with text, stars"),
        (b"", "found an empty file"),
        (b"Dear all,\n", ":1: expected one JSON object a line"),
        (b"[1, 2]", "record 1: expected a JSON object, found int"),
        (b"[]", "a.jsonl; name the format with --from"),
        (b"\x1f\x8b\x08\x00", "found a binary file (gzip archive)"),
        (b"[" * 50_000, "record 1: expected JSON"),
    ],
)
def test_data_of_no_known_format_is_told_with_the_cure(
    content: bytes, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content)
    articles, problems, _ = read(path)
    assert articles == []
    assert len(problems) == 1
    assert told in problems[0]
    assert "(attrib data check, convert, split): jsonl, csv, parquet" in problems[0]


def test_ours_is_read_with_the_mark_that_windows_editors_put_first(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", OURS, OURS)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    articles, problems, _ = read(path)
    assert [labels_of(a) for a in articles] == [CONTESTED] * 2
    assert problems == []


def test_ours_goes_on_past_a_broken_line(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", OURS, {"text": DAM, "sentences": 5}, OURS)
    articles, problems, _ = read(path)
    assert len(articles) == 2
    assert f"{path}:2: expected fields" in problems[0]


def test_each_file_of_a_folder_is_read(tmp_path: Path) -> None:
    write_lines(tmp_path / "b.jsonl", DOCCANO)
    write_json(tmp_path / "a.json", [TASK])
    (tmp_path / "c.csv").write_text("doc,text,label\nd1,It rained.,U\n")
    (tmp_path / "notes.txt").write_text("Ask Ada about the dam.")
    articles, problems, _ = read(tmp_path)
    assert [labels_of(a) for a in articles] == [CONTESTED, CONTESTED, ["unattributed"]]
    assert problems == []


def test_a_folder_without_data_is_told(tmp_path: Path) -> None:
    assert "found no file that ends in .json" in read(tmp_path)[1][0]


def test_what_is_not_there_is_told() -> None:
    assert read("none.jsonl")[1] == [
        "none.jsonl: expected a file or folder, found nothing there; check the path"
    ]


@pytest.mark.parametrize("fmt", DataFormat)
def test_no_file_whatever_it_holds_is_a_crash(fmt: DataFormat, tmp_path: Path) -> None:
    contents = [
        *(b"", b"\x00\x01\xff", b"null", b"[null]", b'{"text": null}', b'{"text": []}', b"a;b\n\n"),
        b'{"text": "It rained.", "spans": 5, "label": [[]], "data": [], "answer": "accept"}',
        b'{"text": "It rained.", "spans": [{}], "label": [{}, null, [1, 2, 3]], "meta": 7}',
        b'[{"data": {"text": "It rained."}, "annotations": [{"result": [null, {"value": 3}]}]}]',
        b'[{"data": {"text": "It rained."}, "annotations": [null]}]',
        b"T1\tA 5 1\tx\nT2\tSource 0 9\nR1\tx Arg1:T9 Arg2:T2\nE1\tCue:E1 Source:E2\n",
        json.dumps({"text": "\ud800 rained", "label": [[0, 8, "A"]]}).encode(),
    ]
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}.ann"
        path.write_bytes(content)
        path.with_suffix(".txt").write_bytes(b"It rained.")
        read(path, fmt)


def test_the_test_data_are_sniffed_as_what_they_are() -> None:
    for name in ("label-studio.json", "doccano", "prodigy.jsonl", "brat", "table.csv"):
        assert read(DATA / name)[0], name
