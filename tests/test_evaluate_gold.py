"""Labels to hold a model against: read, or refused with the reason."""

import json
from pathlib import Path
from typing import Any

import pytest

from attrib.errors import DataError
from attrib.evaluate import read_gold

ROW = {"start": 0, "end": 10, "label": "unattributed"}
RECORD = {"id": "a1", "text": "It rained.", "sentences": [ROW]}
OTHER = {"id": "a2", "text": "It snowed.", "sentences": [ROW]}


def written(path: Path, *records: dict[str, Any] | str) -> str:
    lines = (r if isinstance(r, str) else json.dumps(r) for r in records)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return str(path)


def refused(*paths: str) -> str:
    with pytest.raises(DataError) as raised:
        read_gold(paths)
    return str(raised.value)


def test_articles_of_several_files_are_joined(tmp_path: Path) -> None:
    paths = [written(tmp_path / "a.jsonl", RECORD), written(tmp_path / "b.jsonl", OTHER)]
    gold = read_gold(paths)
    assert gold.sources == tuple(paths)
    assert [labelled.article.id for labelled in gold.articles] == ["a1", "a2"]


def test_a_broken_line_is_named_and_others_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", RECORD, "{", {"text": 5}, OTHER)
    told = refused(path)
    assert told.startswith(f"{path}:2: expected one JSON object a line")
    assert told.endswith("(and 1 more)")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "gone.jsonl") in refused(str(tmp_path / "gone.jsonl"))


def test_two_annotators_of_one_article_are_refused(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.jsonl", {**RECORD, "annotator": "roe"}, OTHER, {**RECORD, "annotator": "dorn"}
    )
    told = refused(path)
    assert told.startswith(f"{path}:3: expected each article once")
    assert "a1 by dorn" in told
    assert "a1 by roe" in told
    assert told.endswith("keep one annotator's labels")


def test_an_article_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", RECORD, OTHER)
    told = refused(path, path)
    assert "found 2 repeated" in told
    assert told.endswith("keep it once")


def test_one_name_may_stand_for_different_texts(tmp_path: Path) -> None:
    assert len(read_gold([written(tmp_path / "a.jsonl", RECORD, {**OTHER, "id": "a1"})]).articles)


def test_data_without_a_label_are_refused(tmp_path: Path) -> None:
    bare = written(tmp_path / "a.jsonl", {**RECORD, "sentences": []})
    assert "expected labelled sentences, found none" in refused(bare)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    assert "found an empty file" in refused(written(tmp_path / "a.jsonl"))


def test_half_a_surrogate_pair_is_refused(tmp_path: Path) -> None:
    told = refused(written(tmp_path / "a.jsonl", {**RECORD, "text": "It \ud800ained."}))
    assert "half a surrogate pair at character 3" in told
