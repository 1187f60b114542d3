"""Batches on this machine: the tables, going on after a stop, and what is refused."""

import errno
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from batches import batch, contents, failures, record, tables, write_records
from filelock import FileLock

from attrib.article import Article
from attrib.batch import chunks as cutting
from attrib.batch.chunks import cut
from attrib.batch.parts import Parts
from attrib.batch.scoring import ScoredChunk
from attrib.batch.settings import TableFormat
from attrib.checker import Checker
from attrib.errors import BatchError
from attrib.readers import Columns, Entry, ReadOptions, read_entries

_COUNT = 70  # articles, in three chunks


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("inputs") / "many.jsonl", _COUNT)


@pytest.fixture(scope="module")
def undisturbed(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = tmp_path_factory.mktemp("undisturbed") / "results"
    batch(results, inputs)
    return results


def entries(path: Path) -> Iterator[Entry]:
    return read_entries([str(path)], sys.stdin.buffer, ReadOptions())


def test_the_tables_hold_what_scoring_each_article_gives(
    undisturbed: Path, released: Checker
) -> None:
    sentences, articles = tables(undisturbed)
    rows = sentences.to_pylist()
    assert articles.num_rows == _COUNT
    assert articles["article_id"].to_pylist() == [f"n{number}" for number in range(_COUNT)]
    for number in (0, 31, 32, 69):
        made = record(number)
        scored = released.score_article(Article(made["text"], id=made["id"]))
        mine = [row for row in rows if row["article_id"] == made["id"]]
        assert [row["label"] for row in mine] == [v.label for v in scored.verdicts]
        for row, verdict in zip(mine, scored.verdicts, strict=True):
            assert row["text"] == made["text"][row["start"] : row["end"]] == verdict.text
            # Windows of other articles beside one change the last digits of float32 only.
            assert row["confidence"] == pytest.approx(verdict.confidence, abs=2e-4)
            assert row["source_kind"] == verdict.source_kind
        article = articles.slice(number, 1).to_pylist()[0]
        for name in ("title", "outlet", "topic", "date"):
            assert article[name] == made[name]
        summary = scored.summary
        assert article["sentences"] == summary.sentences == 3
        assert article["contested"] == summary.contested
        assert article["share_contested"] == round(summary.contested / 3, 4)
        mean = sum(v.confidence for v in scored.verdicts) / 3
        assert article["mean_confidence"] == pytest.approx(mean, abs=2e-4)


def test_the_tables_tell_paragraphs(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The dam broke. It rained.\n\nNobody was hurt, the mayor said.\nShe was sure.")
    batch(tmp_path / "out", path)
    assert tables(tmp_path / "out")[0]["paragraph"].to_pylist() == [0, 0, 1, 2]


def test_the_run_file_tells_model_versions_settings_and_timing(
    undisturbed: Path, released: Checker
) -> None:
    run = json.loads((undisturbed / "run.json").read_bytes())
    assert run["state"] == "complete"
    assert run["model"]["sha256"] == released.model.sha256
    assert {"python", "onnxruntime", "pyarrow"} <= set(run["versions"])
    assert run["settings"]["columns"]["text"] is None
    assert run["counts"] == {"articles": _COUNT, "sentences": 3 * _COUNT, "failures": 0}
    assert run["timing"]["articles"] == _COUNT
    assert run["timing"]["seconds"] > 0


def test_chunks_are_cut_by_number_and_by_size(inputs: Path, tmp_path: Path) -> None:
    found = list(cut(entries(inputs)))
    assert [len(chunk.entries) for chunk in found] == [32, 32, 6]
    assert [chunk.first for chunk in found] == [0, 32, 64]
    assert [chunk.key for chunk in cut(entries(inputs))] == [chunk.key for chunk in found]
    long = tmp_path / "long.jsonl"
    texts = ["A word. ", "A word. " * (cutting.BYTES // 8 + 1), "A word. ", "A word. "]
    long.write_text("".join(f"{json.dumps({'text': text})}\n" for text in texts), encoding="utf-8")
    assert [len(chunk.entries) for chunk in cut(entries(long))] == [1, 1, 2]


def test_further_columns_are_carried_along(inputs: Path, tmp_path: Path) -> None:
    batch(tmp_path / "r", inputs, options=ReadOptions(columns=Columns(extra=("desk",))))
    _, articles = tables(tmp_path / "r")
    assert articles["desk"].to_pylist()[:5] == ["desk 0", "desk 1", "desk 2", "desk 3", "desk 0"]


def test_a_second_run_scores_nothing(inputs: Path, tmp_path: Path) -> None:
    results = tmp_path / "r"
    batch(results, inputs)
    before = contents(results)
    told = batch(results, inputs)
    assert [(p.done, p.before, p.total) for p in told] == [(_COUNT, _COUNT, _COUNT)]
    assert contents(results) == before


def stopping(monkeypatch: pytest.MonkeyPatch, after: int, error: BaseException) -> None:
    """Let writing the part number ``after`` fail once."""
    write = Parts.write

    def fail(parts: Parts, chunk: ScoredChunk) -> object:
        if chunk.index == after:
            monkeypatch.undo()
            raise error
        return write(parts, chunk)

    monkeypatch.setattr(Parts, "write", fail)


def test_an_interrupted_batch_goes_on_where_it_stopped(
    inputs: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "r"
    stopping(monkeypatch, 1, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        batch(results, inputs)
    assert not (results / "articles.parquet").exists()
    told = batch(results, inputs)
    assert (told[0].done, told[0].before) == (32, 32)
    assert contents(results) == contents(undisturbed)


def test_a_full_disk_is_told_and_costs_nothing(
    inputs: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "r"
    stopping(monkeypatch, 1, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(BatchError, match=r"found No space left on device; make room"):
        batch(results, inputs)
    assert [p.name for p in (results / "parts").iterdir()] == ["000000"]
    batch(results, inputs)
    assert contents(results) == contents(undisturbed)


def test_a_part_that_was_half_written_is_written_again(
    inputs: Path, undisturbed: Path, tmp_path: Path
) -> None:
    results = tmp_path / "r"
    batch(results, inputs)
    (results / "parts" / "000001").rename(results / "parts" / "000001.unfinished")
    told = batch(results, inputs)
    assert told[0].done == 32 + 6
    assert contents(results) == contents(undisturbed)


def test_a_damaged_part_is_told(inputs: Path, tmp_path: Path) -> None:
    results = tmp_path / "r"
    batch(results, inputs)
    (results / "parts" / "000001" / "sentences.parquet").write_bytes(b"PAR1")
    with pytest.raises(BatchError, match=r"000001.*expected what a batch wrote.*remove this part"):
        batch(results, inputs)


def test_a_batch_killed_at_random_moments_loses_and_doubles_nothing(
    inputs: Path, undisturbed: Path, tmp_path: Path
) -> None:
    results = tmp_path / "r"
    program = (
        "import sys; from pathlib import Path; from attrib.batch.run import run; "
        "from attrib.batch.settings import BatchSettings; "
        "run(BatchSettings((sys.argv[1],)), Path(sys.argv[2]), lambda _: print('.', flush=True))"
    )
    drawn = random.Random(5)
    killed = 0
    for _ in range(4):
        going = subprocess.Popen(
            [sys.executable, "-c", program, str(inputs), str(results)], stdout=subprocess.PIPE
        )
        assert going.stdout is not None
        going.stdout.readline()  # the inputs were walked over: now it scores
        time.sleep(drawn.uniform(0, 0.6))
        going.send_signal(signal.SIGKILL)
        killed += going.wait() == -signal.SIGKILL
    assert killed
    batch(results, inputs)
    assert contents(results) == contents(undisturbed)


def test_a_second_batch_into_one_folder_is_refused(inputs: Path, tmp_path: Path) -> None:
    results = tmp_path / "r"
    results.mkdir()
    held = FileLock(results / ".lock")
    with held, pytest.raises(BatchError, match="found another batch writing there"):
        batch(results, inputs)
    batch(results, inputs)


def test_other_inputs_settings_or_models_are_refused(inputs: Path, tmp_path: Path) -> None:
    results = tmp_path / "r"
    batch(results, inputs)
    before = contents(results)
    with pytest.raises(BatchError, match=r"go on with columns .*choose another --out"):
        batch(results, inputs, options=ReadOptions(columns=Columns(extra=("desk",))))
    other = write_records(tmp_path / "other.jsonl", 40)
    with pytest.raises(BatchError, match=r"found others from .*other.jsonl:1 on.*--retry"):
        batch(results, other)
    run = json.loads((results / "run.json").read_bytes())
    run["model"]["sha256"] = "0" * 64
    (results / "run.json").write_text(json.dumps(run), encoding="utf-8")
    with pytest.raises(BatchError, match=r"go on with model"):
        batch(results, inputs)
    assert contents(results) == before


def test_a_folder_of_other_files_is_refused(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BatchError, match="found other files; choose another --out"):
        batch(tmp_path, inputs)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_fails_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = write_records(tmp_path / "some.jsonl", 3)
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"text": ""}\nno json\n')
    batch(tmp_path / "r", path, tmp_path / "nothing.txt")
    _, articles = tables(tmp_path / "r")
    assert articles.num_rows == 3
    found = failures(tmp_path / "r")
    assert [failure["where"] for failure in found] == [
        f"{path}:4",
        f"{path}:5",
        str(tmp_path / "nothing.txt"),
    ]
    assert {failure["input"] for failure in found} == {str(path), str(tmp_path / "nothing.txt")}
    assert all("expected" in failure["why"] for failure in found)


def test_failures_are_tried_again_on_request_only(tmp_path: Path) -> None:
    path, results = write_records(tmp_path / "some.jsonl", 3), tmp_path / "r"
    missing = tmp_path / "late.txt"
    batch(results, path, missing)
    assert len(failures(results)) == 1
    assert batch(results, path, missing)[0].done == 4
    missing.write_text("The dam is safe, the mayor said.", encoding="utf-8")
    with pytest.raises(BatchError, match="--retry"):
        batch(results, path, missing)
    batch(results, path, missing, retry=True)
    assert failures(results) == []
    assert tables(results)[1].num_rows == 4


def test_inputs_that_shrank_leave_no_old_rows(tmp_path: Path) -> None:
    path, results = write_records(tmp_path / "some.jsonl", 40), tmp_path / "r"
    batch(results, path)
    write_records(path, 20)
    batch(results, path, retry=True)
    assert tables(results)[1].num_rows == 20
    assert [p.name for p in (results / "parts").iterdir()] == ["000000"]


def test_each_article_has_an_id_of_its_own(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        (folder / "one.txt").write_text("The dam is safe, the mayor said.", encoding="utf-8")
    batch(tmp_path / "r", first, second, first / "one.txt")
    sentences, articles = tables(tmp_path / "r")
    names = ["one", str(second / "one.txt")]
    assert articles["article_id"].to_pylist() == sentences["article_id"].to_pylist() == names
    (failure,) = failures(tmp_path / "r")
    assert failure["where"] == str(first / "one.txt")
    assert "found it twice; give it once" in failure["why"]


def test_tables_as_csv_and_json_lines_say_the_same(tmp_path: Path) -> None:
    import pandas as pd

    path = tmp_path / "one.jsonl"
    formula = {"id": "=1+1", "title": "@SUM(A1)", "text": "-3 degrees, he said. It was cold."}
    path.write_text(f"{json.dumps(formula)}\n", encoding="utf-8")
    results = tmp_path / "r"
    batch(results, path, also=(TableFormat.CSV, TableFormat.JSONL))
    for name, table in zip(("sentences", "articles"), tables(results), strict=True):
        text = (results / f"{name}.jsonl").read_text(encoding="utf-8")
        assert [json.loads(line) for line in text.splitlines()] == table.to_pylist()
        read = pd.read_csv(results / f"{name}.csv")
        assert list(read.columns) == table.column_names
        assert read["article_id"].tolist() == ["'=1+1"] * table.num_rows
        assert len(pd.read_parquet(results / f"{name}.parquet")) == table.num_rows
    assert pd.read_csv(results / "articles.csv")["title"].tolist() == ["'@SUM(A1)"]
    assert pd.read_csv(results / "sentences.csv")["text"][0] == "'-3 degrees, he said."


def test_an_article_that_breaks_the_reader_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_records(tmp_path / "some.jsonl", 3)
    prepare = Checker.prepare

    def broken(checker: Checker, article: Article) -> object:
        if article.id == "n1":
            raise RecursionError("too deep")
        return prepare(checker, article)

    monkeypatch.setattr(Checker, "prepare", broken)
    batch(tmp_path / "r", path)
    assert tables(tmp_path / "r")[1]["article_id"].to_pylist() == ["n0", "n2"]
    assert "RecursionError" in failures(tmp_path / "r")[0]["why"]


def test_empty_results_are_tables_too(tmp_path: Path) -> None:
    batch(tmp_path / "r", tmp_path / "nothing.txt")
    sentences, articles = tables(tmp_path / "r")
    assert (sentences.num_rows, articles.num_rows) == (0, 0)
    assert len(failures(tmp_path / "r")) == 1
