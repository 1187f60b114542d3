"""Tables with one sentence a row: CSV, TSV, Parquet, datasets."""

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest
from exports import DATA, labels_of, read, rows_of

from attrib.dataformats import DataFormat

HEADER = "article_id,text,label\n"
ROWS: list[dict[str, Any]] = [
    {"article_id": "d1", "text": "The dam is safe, Roe said.", "label": "attributed"},
    {"article_id": "d1", "text": "Dorn denied that.", "label": "contested"},
    {"article_id": "f1", "text": "The fair opens on Friday.", "label": "unattributed"},
]
LABELS = [["attributed", "contested"], ["unattributed"]]


def table(path: Path, content: str) -> Path:
    path.write_bytes(content.encode())
    return path


def test_a_table_from_a_spreadsheet() -> None:
    # Semicolons, an old code page, Windows line ends, a row without a sentence, an odd label.
    (dam, fair), problems, _ = read(DATA / "table.csv")
    assert dam.article.text == (
        "The café at the dam is shut, the owner said. It opened in 1961.\n\n"
        'Guests say it "never" paid. The owner denies that.'
    )
    assert (dam.article.id, dam.article.title, dam.article.outlet) == ("d1", "Dam", None)
    assert rows_of(dam) == [
        ("The café at the dam is shut, the owner said.", "attributed", "named"),
        ("It opened in 1961.", "unattributed", None),
        ('Guests say it "never" paid.', "attributed", "unnamed"),
        ("The owner denies that.", "contested", None),
    ]
    assert labels_of(fair) == ["unattributed", None, None]
    assert dam.article.source == f"{DATA / 'table.csv'}:2"
    assert f"{DATA / 'table.csv'}:4: expected a sentence, found ''" in problems[0]
    assert f"{DATA / 'table.csv'}:8: expected a label, found 'doubtful'" in problems[1]
    assert len(problems) == 2


@pytest.mark.parametrize("ending", ["csv", "tsv", "csv.gz"])
def test_delimiters_and_packing_make_no_difference(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    with (gzip.open if ending.endswith("gz") else open)(path, "wt", newline="") as stream:
        delimiter = "\t" if ending == "tsv" else ","
        writer = csv.DictWriter(stream, list(ROWS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(ROWS)
    articles, problems, _ = read(path)
    assert [labels_of(a) for a in articles] == LABELS
    assert problems == []


@pytest.mark.parametrize(
    "header", ["Article ID,Text,Label", "doc_id,sentence,label", "id,Sentence,labels"]
)
def test_columns_are_found_by_the_usual_names(header: str, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", f"{header}\nd1,It rained.,U\nd1,Nobody left.,U\n")
    (article,), problems, _ = read(path)
    assert article.article.text == "It rained. Nobody left."
    assert problems == []


def test_a_column_of_another_name_is_given(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "doc,satz,label\nd1,It rained.,U\n")
    articles, problems, _ = read(path)
    assert articles == []
    assert "found no text in doc, satz, label" in problems[0]
    assert labels_of(read(path, column="satz")[0][0]) == ["unattributed"]


def test_rows_without_an_article_are_told_once(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "text,label\nIt rained.,U\nNobody left.,U\n")
    articles, problems, _ = read(path)
    assert articles == []
    assert len(problems) == 1
    assert "found no article_id in text, label" in problems[0]


def test_ids_of_rows_are_no_ids_of_articles(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", "id,text,label\n1,It rained.,U\n2,Nobody left.,U\n")
    articles, problems, _ = read(path)
    assert articles == []
    assert "name the article of each sentence in a column article_id" in problems[0]


def test_rows_of_several_annotators_are_articles_of_their_own(tmp_path: Path) -> None:
    rows = "".join(
        f"d1,{text},{label},{who}\n"
        for text, ada, ben in (("It rained.", "U", "U"), ("He left.", "A", "V"), ("So?", "", "U"))
        for label, who in ((ada, "ada"), (ben, "ben"))
    )
    path = table(tmp_path / "a.csv", f"article_id,text,label,annotator\n{rows}")
    articles, problems, _ = read(path)
    assert [(a.annotator, labels_of(a)) for a in articles] == [
        ("ada", ["unattributed", "attributed!", None]),
        ("ben", ["unattributed", "attributed?", "unattributed"]),
    ]
    assert articles[0].article.text == articles[1].article.text
    assert problems == []
    path = table(path, path.read_text().replace("d1,So?,,ada\n", ""))
    assert "expected the same sentences from each annotator" in read(path)[1][0]


def test_a_source_that_is_no_kind_is_the_outlet(tmp_path: Path) -> None:
    path = table(
        tmp_path / "a.csv",
        "article_id,text,label,source,source_kind\n"
        "d1,He left.,attributed,Brenn Post,unnamed\nd1,It rained.,unattributed,Brenn Post,\n",
    )
    (article,), _, _ = read(path)
    assert article.article.outlet == "Brenn Post"
    assert labels_of(article) == ["attributed?", "unattributed"]


def test_names_are_mapped_and_left_out(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", HEADER + "d1,It rained.,Fact\nd1,Roe left.,Other\n")
    (article,), problems, _ = read(path, None, "fact=unattributed", "Other=-")
    assert labels_of(article) == ["unattributed", None]
    assert problems == []


BROKEN = {
    "nothing": ("", "found an empty file"),
    "a header alone": (HEADER, "expected rows below a header"),
    "a cell too many": (HEADER + "d1,It rained, and rained.,U\n", ":2: expected 3 cells"),
    "no id": (HEADER + ",It rained.,U\n", ":2: expected the article's id"),
    "no words": (HEADER + "d1,…,U\n", ":2: expected words in article d1"),
}


@pytest.mark.parametrize(("content", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_table_is_told(content: str, told: str, tmp_path: Path) -> None:
    articles, problems, _ = read(table(tmp_path / "a.csv", content))
    assert articles == []
    assert len(problems) == 1
    assert told in problems[0]


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"PK\x03\x04" + bytes(99))
    assert "found a binary file" in read(path)[1][0]


# What the extra [train] reads.

WHOLE: list[dict[str, Any]] = [
    {
        "id": "a1",
        "text": "It rained. Roe left, Dorn said.",
        "sentences": [
            {"start": 0, "end": 10, "label": "unattributed", "source": None},
            {"start": 11, "end": 31, "label": "attributed", "source": "named"},
        ],
    },
    {"id": "a2", "text": "It rained.", "sentences": []},
]


def parquet(path: Path, rows: list[dict[str, Any]]) -> Path:
    from datasets import Dataset

    Dataset.from_list(rows).to_parquet(path)
    return path


def test_parquet_holds_sentences_or_articles(tmp_path: Path) -> None:
    articles, problems, _ = read(parquet(tmp_path / "rows.parquet", ROWS))
    assert [labels_of(a) for a in articles] == LABELS
    assert articles[1].article.source.endswith("rows.parquet: row 3")
    assert problems == []
    articles, problems, _ = read(parquet(tmp_path / "whole.parquet", WHOLE))
    assert [labels_of(a) for a in articles] == [["unattributed", "attributed!"], [None]]
    assert problems == []


def test_ids_that_are_numbers_are_whole(tmp_path: Path) -> None:
    rows = [{**row, "article_id": float(i // 2)} for i, row in enumerate(ROWS)]
    articles, _, _ = read(parquet(tmp_path / "rows.parquet", rows))
    assert [a.article.id for a in articles] == ["0", "1"]


def test_a_damaged_parquet_file_is_told(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", ROWS)
    path.write_bytes(path.read_bytes()[:-9])
    assert f"{path}: expected a Parquet file" in read(path)[1][0]
    broken = [{**WHOLE[0], "sentences": [{"start": 0, "end": 99, "label": "contested"}]}]
    assert "row 1: sentence 0: expected offsets" in read(parquet(path, broken))[1][0]


def dataset(folder: Path, rows: list[dict[str, Any]], *splits: str) -> Path:
    from datasets import ClassLabel, Dataset, DatasetDict

    made = Dataset.from_list(rows)
    if "label" in rows[0]:
        names = ["attributed", "contested", "unattributed"]
        made = made.cast_column("label", ClassLabel(names=names))
    (DatasetDict(dict.fromkeys(splits, made)) if splits else made).save_to_disk(folder)
    return folder


def test_a_datasets_folder_holds_sentences_or_articles(tmp_path: Path) -> None:
    articles, problems, _ = read(dataset(tmp_path / "rows", ROWS))
    assert [labels_of(a) for a in articles] == LABELS
    assert problems == []
    articles, problems, _ = read(dataset(tmp_path / "whole", WHOLE), DataFormat.DATASETS)
    assert [labels_of(a) for a in articles] == [["unattributed", "attributed!"], [None]]
    assert problems == []


def test_of_several_splits_one_is_named(tmp_path: Path) -> None:
    folder = dataset(tmp_path / "two", ROWS, "train", "test")
    articles, problems, _ = read(folder)
    assert articles == []
    assert f"expected one of the splits train, test, found none named; say {folder}:" in problems[0]
    articles, problems, _ = read(f"{folder}:test", DataFormat.DATASETS)
    assert [labels_of(a) for a in articles] == LABELS
    assert "found dev" in read(f"{folder}:dev", DataFormat.DATASETS)[1][0]
    assert len(read(dataset(tmp_path / "one", ROWS, "train"))[0]) == 2


def test_the_hub_is_asked_only_on_request(monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    asked: list[str] = []

    def load_dataset(name: str) -> Any:
        asked.append(name)
        return datasets.DatasetDict({"train": datasets.Dataset.from_list(ROWS)})

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    articles, problems, _ = read("brenn/labels")
    assert (articles, asked) == ([], [])
    assert "say --from datasets to fetch it from the hub" in problems[0]
    articles, problems, _ = read("brenn/labels:train", DataFormat.DATASETS)
    assert [labels_of(a) for a in articles] == LABELS
    assert asked == ["brenn/labels"]
    assert problems == []
    assert "found neither" in read("no such thing", DataFormat.DATASETS)[1][0]


def test_what_goes_wrong_at_the_hub_is_told() -> None:
    articles, problems, _ = read("brenn/labels", DataFormat.DATASETS)  # offline
    assert articles == []
    assert problems[0].startswith("brenn/labels: expected a dataset, here or on the hub, found ")
