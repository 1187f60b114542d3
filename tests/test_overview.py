"""What a report says of the tables: counts, groups, trend, distributions, rankings, claims."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow as pa
import pytest
from overviews import HOSTILE, article, invented, write_results
from pyarrow import parquet

import attrib.overview
from attrib.article import Label
from attrib.errors import InputError
from attrib.overview import DateUnit, ReportOptions
from attrib.overview.gather import overview
from attrib.overview.to_json import summary
from attrib.overview.values import Group, Overview
from attrib.tables import ARTICLES_FILE, SENTENCES_FILE

SCHEMA = Path(attrib.overview.__file__).with_name("summary.schema.json")


def told(results: Path, **options: Any) -> Overview:
    return overview(results, ReportOptions(**options))[0]


def groups(found: Overview, place: int = 0) -> dict[str | None, Group]:
    return {group.value: group for group in found.groupings[place].groups}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Six articles; those of the Post are dated, one of them by its month only."""
    return write_results(
        tmp_path / "results",
        [
            article("AAUC", id="a", outlet="Post", topic="roads", date="2024-01-05"),
            article("VUUU", id="b", outlet="Post", topic=" ", date="2024-01-31"),
            article("UC", id="c", outlet=" Post ", topic="roads", date="February 2024"),
            article("A", id="d", outlet="Star", topic="roads", date="soon"),
            article("CCCCCCCCCA", id="e", topic="roads"),
            article("CC", id="f", outlet="Star"),
        ],
        failed=2,
    )


def test_totals(small: Path) -> None:
    totals = told(small).totals
    assert (totals.articles, totals.sentences) == (6, 23)
    # A and V: 2 + 1 + 0 + 1 + 1; U: 1 + 3 + 1; C: 1 + 1 + 9 + 2.
    shares = (totals.attributed, totals.unattributed, totals.contested, totals.unnamed)
    assert [share.count for share in shares] == [5, 5, 13, 1]
    assert totals.contested.value == pytest.approx(13 / 23)
    assert (totals.unnamed_of_attributed.count, totals.unnamed_of_attributed.total) == (1, 5)
    for share in shares:
        assert share.low is not None
        assert share.high is not None
        assert share.value is not None
        assert 0 <= share.low <= share.value <= share.high <= 1


def test_groups_are_outlet_and_topic_unless_said(small: Path) -> None:
    found = told(small)
    assert [grouping.column for grouping in found.groupings] == ["outlet", "topic"]
    counts = {
        name: (group.tally.articles, group.tally.sentences) for name, group in groups(found).items()
    }
    # Most sentences first; blanks around a name do not count, and those without are a group.
    assert counts == {"Post": (3, 10), None: (1, 10), "Star": (2, 3)}
    assert list(counts) == ["Post", None, "Star"]
    assert set(groups(found, 1)) == {"roads", None}


def test_columns_without_values_are_no_groups_unless_asked_for(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", [article("AU", id="a"), article("UC", id="b")])
    assert told(results).groupings == ()
    assert set(groups(told(results, group_by=("outlet",)))) == {None}


def test_any_column_can_be_grouped_by(small: Path) -> None:
    assert set(groups(told(small, group_by=("sentences",)))) == {"1", "2", "4", "10"}


def test_one_article_has_no_interval(small: Path) -> None:
    lone = groups(told(small))[None].tally.contested
    assert lone.value == pytest.approx(0.9)
    assert lone.low is lone.high is None


def test_trend(small: Path) -> None:
    trend = told(small, by_date=DateUnit.MONTH).trend
    assert trend is not None
    assert [(period.name, period.tally.articles) for period in trend.periods] == [
        ("2024-01", 2),
        ("2024-02", 1),
    ]
    assert (trend.undated, trend.unread, trend.examples) == (2, 1, ("soon",))
    by_day = told(small, by_date=DateUnit.DAY).trend
    assert by_day is not None
    assert [period.name for period in by_day.periods] == ["2024-01-05", "2024-01-31"]
    assert by_day.unread == 2, "a month does not tell the day"


def test_no_trend_without_dates(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", [article("AU", id="a")])
    assert told(results).trend is None
    asked = told(results, by_date=DateUnit.YEAR).trend
    assert asked is not None
    assert (asked.periods, asked.undated) == ((), 1)


def test_distributions_count_each_article_and_sentence_once(small: Path) -> None:
    found = told(small).distributions
    for histogram in (*found.shares.values(), found.lengths):
        assert sum(histogram.counts) == 6
        assert len(histogram.edges) == len(histogram.counts) + 1
    assert {label: sum(bins.counts) for label, bins in found.confidence.items()} == {
        Label.ATTRIBUTED: 5,
        Label.UNATTRIBUTED: 5,
        Label.CONTESTED: 13,
    }
    contested = found.shares["contested"].counts
    # Shares 0, 0, 1/4, 1/2, 9/10 and 1, in bins of 0.05; 1 is in the last.
    assert {place: count for place, count in enumerate(contested) if count} == {
        0: 2,
        5: 1,
        10: 1,
        18: 1,
        19: 1,
    }


def test_a_short_article_does_not_win_over_a_long_one(small: Path) -> None:
    ranked = told(small).rankings["contested"]
    assert [one.article.id for one in ranked] == ["e", "f", "c", "a"]
    assert [(one.count, one.sentences) for one in ranked[:2]] == [(9, 10), (2, 2)]
    assert "d" not in {one.article.id for one in told(small).rankings["unattributed"]}


def test_surest_sentences_one_an_article_no_text_twice_none_short(tmp_path: Path) -> None:
    long = "The harbour of {} was closed for the whole of the winter."
    said = {name: long.format(name) for name in ("Velmora", "Orsk", "Quillon")}
    results = write_results(
        tmp_path / "r",
        [
            article("UU", confidence=0.8, texts=[said["Orsk"], said["Velmora"]], id="a"),
            article("U", confidence=0.95, texts=[f"{said['Velmora']} "], id="b"),
            article("U", confidence=0.9, texts=[said["Velmora"]], id="c"),
            article("U", confidence=0.99, texts=["Photo: Harbour."], id="d"),
            article("UC", confidence=0.7, texts=[said["Quillon"], said["Orsk"]], id="e"),
        ],
    )
    claims = told(results).claims
    assert [(c.article.id, c.index, c.confidence) for c in claims[Label.UNATTRIBUTED]] == [
        ("b", 0, 0.95),
        ("a", 0, 0.8),
        ("e", 0, 0.7),
    ]
    assert [(c.article.id, c.index, c.text) for c in claims[Label.CONTESTED]] == [
        ("e", 1, said["Orsk"])
    ]


def test_sentences_are_found_across_batches_of_rows(tmp_path: Path) -> None:
    results = write_results(tmp_path / "r", invented(400))
    found = told(results)
    table = parquet.read_table(results / SENTENCES_FILE).to_pylist()
    assert len(table) > 8192, "more than one batch of rows"
    for label, claims in found.claims.items():
        for claim in claims:
            rows = [row for row in table if row["article_id"] == claim.article.id]
            row = rows[claim.index]
            assert (row["text"], row["label"]) == (claim.text, label)
        best = max(r["confidence"] for r in table if r["label"] == label and len(r["text"]) >= 40)
        assert claims[0].confidence == best


def test_the_run_and_its_failures(small: Path) -> None:
    run = told(small).run
    assert (run.model["name"], run.failed, len(run.failures)) == ("default", 2, 2)
    (small / "run.json").unlink()
    (small / "failures.jsonl").write_text('broken\n[1]\n{"input": 5}\n' * 200, encoding="utf-8")
    run = told(small).run
    assert (dict(run.model), run.finished, run.failed, len(run.failures)) == ({}, None, 200, 100)


def test_summary_is_what_its_schema_says(small: Path, tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for results in (small, write_results(tmp_path / "other", invented(60))):
        document = json.loads(summary(told(results)))
        jsonschema.validate(document, schema)
    assert HOSTILE in {group["value"] for group in document["groupings"][0]["groups"]}


def test_no_articles_at_all(tmp_path: Path) -> None:
    found = told(write_results(tmp_path / "r", []))
    assert (found.totals.articles, found.totals.contested.value) == (0, None)
    jsonschema.validate(json.loads(summary(found)), json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_what_is_not_there_is_told(small: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none named desk, wing; there are article_id, source"):
        told(small, group_by=("outlet", "wing", "desk"))
    with pytest.raises(InputError, match=r"found no articles\.parquet"):
        told(tmp_path)
    (small / SENTENCES_FILE).write_bytes(b"PAR1 broken")
    with pytest.raises(InputError, match=r"sentences\.parquet: expected a whole Parquet file"):
        told(small)


def test_tables_that_do_not_belong_together_are_told(small: Path, tmp_path: Path) -> None:
    other = write_results(tmp_path / "other", [article("AU", id="a")])
    (other / SENTENCES_FILE).replace(small / SENTENCES_FILE)
    with pytest.raises(InputError, match=r"expected the 23 sentences .* found 2"):
        told(small)
    parquet.write_table(pa.table({"x": [1]}), small / ARTICLES_FILE)
    with pytest.raises(InputError, match="expected the columns of attrib batch"):
        told(small)
