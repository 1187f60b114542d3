"""Parquet, datasets, and which column or field of any table holds what."""

import datetime
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from inputs import articles, entries, lines, packed, parquet, told, zipped
from typer.testing import CliRunner

from attrib.cli import options as cli
from attrib.errors import InputError
from attrib.readers import Columns, InputFormat, ReadOptions, read_inputs

ROW = {
    "no": 7,
    "Story": "Words.",
    "text": "Not this.",
    "Headline": "Not this either",
    "kicker": "A title",
    "paper": "The Post",
    "desk": "Politics",
    "day": "2024-03-05",
    "Author": "Ann",
    "words": 1,
    "tags": ["a", "b"],
}
COLUMNS = Columns("story", "no", "kicker", "paper", "desk", "day", ("author", "words"))
PARTS = ("7", "Words.", "A title", "The Post", "Politics", "2024-03-05")


def written(folder: Path, row: dict[str, Any]) -> list[Path]:
    """The row as JSON Lines, CSV, Parquet and dataset."""
    from datasets import Dataset

    (folder / "a.jsonl").write_text(json.dumps(row))
    (folder / "a.csv").write_text(";".join(row) + "\n" + ";".join(map(str, row.values())))
    parquet(folder / "a.parquet", [row])
    Dataset.from_list([row]).save_to_disk(folder / "a")
    return [folder / name for name in ("a.jsonl", "a.csv", "a.parquet", "a")]


def test_columns_are_found_by_the_names_given_in_any_case(tmp_path: Path) -> None:
    for path in written(tmp_path, ROW):
        (found,) = articles(path, columns=COLUMNS)
        parts = (found.id, found.text, found.title, found.outlet, found.topic, found.date)
        assert parts == PARTS, path
        assert found.extra == {"author": "Ann", "words": "1"}


@pytest.mark.parametrize("name", ["id", "ID", "article_id", "Doc_ID", "document_id"])
def test_the_usual_names_hold_the_id(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"url": "u", "text": "Words.", name: 7}))
    assert [a.id for a in articles(tmp_path)] == ["7"]


def test_an_address_is_no_id_unless_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines("Words.", url="u"))
    assert [a.id for a in articles(path)] == [f"{path}:1"]
    assert [a.id for a in articles(path, columns=Columns(id="url"))] == ["u"]


def test_a_table_without_a_column_asked_for_is_one_error(tmp_path: Path) -> None:
    row = {"text": "Words.", "id": "1"}
    _, *tables = written(tmp_path, row)
    for path in tables:
        (message,) = told(path, columns=Columns(outlet="paper"), below=tmp_path)
        assert message == (
            f"{path.name}: expected a column named paper, found text, id; name the column that "
            "holds the outlet with --outlet-column NAME"
        )
        (message,) = told(path, columns=Columns(extra=("author",)), below=tmp_path)
        assert message == (
            f"{path.name}: expected a column named author, found text, id; name the column to "
            "carry along with --meta NAME"
        )
        (message,) = told(path, columns=Columns(text="x"), below=tmp_path)
        assert message.startswith(f"{path.name}: expected a column named x, found text, id; ")


def test_a_field_may_be_absent_from_some_records_but_not_from_all(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines("One.") + lines("Two.", paper="The Post"))
    columns = Columns(outlet="paper", extra=("author",))
    *read, error = entries(path, columns=columns)
    assert [entry.read().outlet for entry in read] == [None, "The Post"]
    assert [entry.read().extra for entry in read] == [{}, {}]
    with pytest.raises(InputError) as told_so:
        error.read()
    assert str(told_so.value) == (
        f"{path}: expected a field named author, found text, paper; "
        "name the field to carry along with --meta NAME"
    )
    assert error.source == str(path)


def test_extra_values_are_lines_of_text_or_absent(tmp_path: Path) -> None:
    values = {
        "a": "two\nlines",
        "b": 1.5,
        "c": True,
        "d": ["x", {"y": "é"}],
        "e": None,
        "f": " ",
    }
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": "Words.", **values}))
    (article,) = articles(tmp_path, columns=Columns(extra=tuple("abcdef")))
    assert article.extra == {"a": "two lines", "b": "1.5", "c": "true", "d": '["x", {"y": "é"}]'}


def test_front_matter_has_fields_too(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nkicker: A title\nauthor: Ann\n---\n\n# No\n\nWords.\n")
    columns = Columns(title="Kicker", extra=("Author", "words"))
    (article,) = articles(tmp_path, columns=columns)
    assert (article.title, article.extra) == ("A title", {"Author": "Ann"})
    (article,) = articles(tmp_path, columns=Columns(title="headline"))
    assert article.title == "No"


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("Title",), "found Title, which is read anyway; say --title-column NAME"),
        (("a", "A "), "found A  twice"),
        ((" ",), "found an empty one"),
    ],
)
def test_further_columns_are_further_ones(extra: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match="expected") as error:
        Columns(extra=extra)
    assert message in str(error.value)


def test_the_options_of_a_command_name_columns() -> None:
    app = typer.Typer()

    @app.command()
    def show(  # noqa: PLR0913, PLR0917 - one argument an option
        id_column: cli.IdColumn = None,
        title_column: cli.TitleColumn = None,
        outlet_column: cli.OutletColumn = None,
        topic_column: cli.TopicColumn = None,
        date_column: cli.DateColumn = None,
        meta: cli.Meta = None,
        input_format: cli.InFormat = None,
    ) -> None:
        parts = (id_column, title_column, outlet_column, topic_column, date_column)
        typer.echo(f"{parts} {meta} {input_format}")

    flags = ["--id-column", "i", "--title-column", "t", "--outlet-column", "o"]
    flags += ["--topic-column", "c", "--date-column", "d", "--meta", "a", "--meta", "b"]
    done = CliRunner().invoke(app, [*flags, "--input-format", "parquet"])
    assert done.stdout == "('i', 't', 'o', 'c', 'd') ['a', 'b'] parquet\n"
    assert CliRunner().invoke(app, []).stdout == "(None, None, None, None, None) None None\n"
    done = CliRunner().invoke(app, ["--meta", "date"])
    assert done.exit_code == 2
    assert "--date-column" in done.output


def test_parquet_rows_are_articles_with_values_of_any_kind(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 3, 5)
    rows: list[dict[str, Any]] = [
        {"text": "One.", "id": 1, "date": day, "title": None, "vector": [0.5] * 9},
        {"text": "Two.", "id": 2, "date": day.replace(hour=9), "title": "T", "vector": []},
        {"text": None, "id": 3, "date": None, "title": "T", "vector": []},
    ]
    path = parquet(tmp_path / "a.parquet", rows)
    one, two, none = entries(tmp_path)
    assert (one.read().date, two.read().date) == ("2024-03-05", "2024-03-05T09:00:00")
    assert (two.read().id, two.read().source, two.read().title) == ("2", f"{path}:2", "T")
    with pytest.raises(InputError, match=r"a\.parquet:3: expected a string in text, found null"):
        none.read()


def test_numbers_that_are_none_are_absent(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", [{"text": "One.", "outlet": float("nan")}])
    assert [a.outlet for a in articles(tmp_path)] == [None]


def test_a_row_too_large_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet", [{"text": "x" * 5_000_001}, {"text": "Two."}])
    error, two = told(tmp_path, below=tmp_path)
    assert error.startswith("a.parquet:1: expected an article of at most 5,000,000 bytes")
    assert two == "a.parquet:2: Two."


def test_parquet_comes_packed_and_through_a_pipe_if_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = parquet(tmp_path / "a.parquet", [{"text": "Words."}]).read_bytes()
    packed(tmp_path / "b.parquet.gz", raw)
    zipped(tmp_path / "c.zip", {"a.parquet": raw})
    assert [a.text for a in articles(tmp_path)] == ["Words."] * 3
    options = ReadOptions(InputFormat.PARQUET)
    (found,) = read_inputs(["-"], io.BytesIO(raw), options)
    assert not isinstance(found, InputError)
    monkeypatch.setattr("attrib.readers.walk.MAX_UNPACKED", len(raw) - 1)
    (found,) = read_inputs(["-"], io.BytesIO(raw), options)
    assert str(found).startswith("-: expected a Parquet file of at most")


def test_a_damaged_parquet_file_is_told(tmp_path: Path) -> None:
    path = parquet(tmp_path / "a.parquet", [{"text": "Words."}])
    for raw in (b"", b"PAR1", path.read_bytes()[:-9]):
        path.write_bytes(raw)
        (error,) = told(path, below=tmp_path)
        assert error.startswith("a.parquet: expected a Parquet file, found ")
        assert error.endswith(" after row 0; write it again")
        assert error.isprintable()


@pytest.mark.parametrize("library", ["pyarrow", "datasets"])
def test_a_missing_library_is_told_with_what_brings_it(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, table, folder = written(tmp_path, {"text": "Words."})
    monkeypatch.setitem(sys.modules, library, None)
    (error,) = told(table if library == "pyarrow" else folder)
    assert error.endswith("; pip install 'attrib[batch]'")
    assert ("Parquet needs pyarrow" if library == "pyarrow" else "datasets need the l") in error


def saved(folder: Path, *splits: str) -> Path:
    from datasets import ClassLabel, Dataset, DatasetDict

    made = Dataset.from_list([{"text": "One.", "topic": 0}, {"text": "Two.", "topic": 1}])
    made = made.cast_column("topic", ClassLabel(names=["sport", "law"]))
    (DatasetDict(dict.fromkeys(splits, made)) if splits else made).save_to_disk(folder)
    return folder


def test_a_dataset_folder_is_read_wherever_it_stands(tmp_path: Path) -> None:
    folder = saved(tmp_path / "all" / "data")
    (tmp_path / "all" / "z.txt").write_text("Zed.")
    assert [a.topic for a in articles(folder)] == ["sport", "law"]
    wanted = ["all/data:1: One.", "all/data:2: Two.", "all/z.txt: Zed."]
    assert told(tmp_path / "all", below=tmp_path) == wanted
    assert told(f"{tmp_path}/all/*", below=tmp_path) == wanted


def test_of_several_splits_one_is_named(tmp_path: Path) -> None:
    folder = saved(tmp_path / "data", "train", "test")
    (error,) = told(folder, below=tmp_path)
    assert error == (
        f"data: expected one of the splits train, test, found none named; say {folder}:SPLIT"
    )
    assert told(f"{folder}:test", below=tmp_path) == ["data:test:1: One.", "data:test:2: Two."]
    assert "found dev; say" in told(f"{folder}:dev")[0]


def test_a_hub_id_is_fetched_where_no_path_is_meant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    asked: list[str] = []

    def load_dataset(name: str) -> Any:
        asked.append(name)
        return datasets.DatasetDict({"train": datasets.Dataset.from_list([{"text": "One."}])})

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    monkeypatch.chdir(tmp_path)
    assert told("brenn/news") == ["brenn/news:1: One."]
    assert told("brenn/news:train") == ["brenn/news:train:1: One."]
    assert asked == ["brenn/news", "brenn/news"]
    (tmp_path / "drafts").mkdir()
    for path in ("drafts/stroy", "./draft", "../brenn/news", "news", "a/b/c", "a/b.txt", "a/b.pdf"):
        assert "expected a file or directory, found nothing there; check" in told(path)[0]
    assert len(asked) == 2


def test_what_goes_wrong_at_the_hub_is_told() -> None:
    (error,) = told("brenn/news")  # offline
    assert error.startswith("brenn/news: expected a dataset, here or on the hub, found ")
    assert error.endswith("; check the name and the network")
    assert error.isprintable()
