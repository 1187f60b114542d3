"""Drawing: which files, what is escaped, and that a killed one leaves the old report."""

import json
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from overviews import HOSTILE, SHOWN, article, invented, write_results
from pyarrow import parquet

from attrib.errors import BatchError, InputError
from attrib.overview import ReportOptions, draw, report
from attrib.overview.article_pages import place
from attrib.tables import SENTENCES_FILE

MARK = re.compile(r'<mark id="(\w+)"')


def data(results: Path) -> dict[str, Any]:
    """What the table of all articles is drawn from."""
    source = (results / "report.html").read_text(encoding="utf-8")
    found = re.search(
        r'<script type="application/json" id="data">(.*?)</script>', source, re.DOTALL
    )
    assert found
    return dict(json.loads(found[1]))


def files(results: Path) -> dict[str, bytes]:
    paths = [path for path in results.rglob("*") if path.is_file()]
    return {str(path.relative_to(results)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = write_results(tmp_path_factory.mktemp("drawn") / "results", invented(40), failed=120)
    draw(results)
    return results


def test_each_article_has_a_page(drawn: Path) -> None:
    pages = sorted(path.name for path in (drawn / "articles" / "000").iterdir())
    assert pages == [f"{row:06}.html" for row in range(40)]
    sentences = parquet.read_table(drawn / SENTENCES_FILE, columns=["article_id"]).to_pydict()
    for row in (0, 7, 39):
        page = (drawn / "articles" / place(row)).read_text(encoding="utf-8")
        count = sentences["article_id"].count(f"a{row}")
        assert MARK.findall(page) == [f"s{number}" for number in range(1, count + 1)]


def test_pages_lead_to_their_neighbours_and_back(drawn: Path) -> None:
    links = {
        row: re.findall(
            r'href="([^"#]+\.html)"', (drawn / "articles" / place(row)).read_text("utf-8")
        )
        for row in (0, 5, 39)
    }
    up = "../../report.html"
    assert links == {
        0: [up, "../000/000001.html"],
        5: [up, "../000/000004.html", "../000/000006.html"],
        39: [up, "../000/000038.html"],
    }


def test_places_are_folders_of_a_thousand() -> None:
    assert [place(row) for row in (0, 999, 1000, 123456)] == [
        "000/000000.html",
        "000/000999.html",
        "001/001000.html",
        "123/123456.html",
    ]


def test_nothing_an_article_holds_is_markup(drawn: Path) -> None:
    for source in (drawn / "report.html", drawn / "articles" / place(0)):
        page = source.read_text(encoding="utf-8")
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "\u202e" not in page
    assert SHOWN in {row[1] for row in data(drawn)["rows"]}


def test_the_pages_ask_nothing_of_any_network(drawn: Path) -> None:
    for name, content in files(drawn).items():
        if name.endswith((".html", ".css", ".js")):
            assert b"http:" not in content, name
            assert b"https:" not in content, name
            assert b"url(" not in content.replace(b'"url(#', b""), name


def test_the_table_holds_all_articles_and_their_counts(drawn: Path) -> None:
    rows = data(drawn)["rows"]
    assert [row[0] for row in rows] == list(range(40))
    assert all(row[3] == row[4] + row[5] + row[6] for row in rows)
    assert data(drawn)["groups"] == ["outlet", "topic"]


def test_only_some_pages_where_there_would_be_too_many(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", invented(300))
    draw(results, ReportOptions(pages=299))
    there = sorted(int(path.stem) for path in (results / "articles").rglob("*.html"))
    assert data(results)["pages"] == there
    assert 25 <= len(there) <= 125
    for row in there:
        page = (results / "articles" / place(row)).read_text("utf-8")
        assert f"Article {row + 1} of 300" in page
        assert MARK.findall(page)
    index = (results / "report.html").read_text("utf-8")
    linked = set(re.findall(r'href="articles/([\d/]+\.html)', index))
    assert linked == {place(row) for row in there}
    assert f"Only the {len(there)} articles named above have a page of their own." in index


def test_no_pages(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", invented(5))
    draw(results)
    draw(results, ReportOptions(pages=0))
    assert not (results / "articles").exists()
    assert 'href="articles' not in (results / "report.html").read_text("utf-8")


def test_paragraphs_end_where_the_table_says(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", [article("AUC", id="a"), article("U", id="b")])
    table = parquet.read_table(results / SENTENCES_FILE)
    page = results / "articles" / place(0)
    draw(results)
    assert page.read_text("utf-8").count('<p dir="auto"><mark') == 1
    at = table.schema.get_field_index("paragraph")
    told = pa.array([0, 0, 1, 0], pa.int32())
    parquet.write_table(table.set_column(at, "paragraph", told), results / SENTENCES_FILE)
    draw(results)
    assert page.read_text("utf-8").count('<p dir="auto"><mark') == 2


def test_watch_is_told_of_each_page(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    draw(write_results(tmp_path / "r", invented(6)), watch=lambda *both: told.append(both))
    assert told == [(number, 6) for number in range(1, 7)]


def test_the_same_tables_give_the_same_files(drawn: Path) -> None:
    before = files(drawn)
    draw(drawn)
    assert files(drawn) == before


def test_a_drawing_that_fails_or_is_killed_leaves_the_old_report(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", invented(6))
    draw(results)
    before = files(results)

    def full(written: int, _: int) -> None:
        if written == 3:
            raise OSError(28, "No space left on device")

    with pytest.raises(BatchError, match="No space left on device"):
        draw(results, ReportOptions(group_by=("author",)), full)
    assert files(results) == before
    with pytest.raises(InputError):
        draw(results, ReportOptions(group_by=("wing",)))
    assert files(results) == before


def test_what_a_killed_drawing_left_is_mended(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", invented(6))
    draw(results)
    before = files(results)
    # Killed between the two renames, with a half-written report beside.
    (results / "articles").rename(results / ".articles.old")
    (results / ".report.new" / "articles").mkdir(parents=True)
    with pytest.raises(InputError):
        draw(results, ReportOptions(group_by=("wing",)))
    assert files(results) == before


def test_the_table_is_cut_where_it_would_be_too_large(
    drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attrib.overview.to_html._TABLE_BYTES", 3000)
    monkeypatch.setattr("attrib.overview.to_html._LEAST_TABLE", 100)
    draw(drawn)
    rows = data(drawn)["rows"]
    assert 5 < len(rows) < 40
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    index = (drawn / report.PAGE).read_text("utf-8")
    assert f"The table holds {len(rows)} of 40 articles" in index
    monkeypatch.undo()
    draw(drawn)


def test_no_articles(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", [])
    draw(results)
    assert "0 articles, 0 sentences" in (results / "report.html").read_text("utf-8")
    assert HOSTILE not in (results / "summary.json").read_text("utf-8")
