"""The invented articles: whole, labelled by the rules of the format, and a floor for the model."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from attrib.article import Label
from attrib.checker import Checker
from attrib.corpus import LabelledArticle
from attrib.evaluate import Evaluation, evaluate, judge, labeller
from attrib.sentences import split

# The released model over all 894 sentences, less 0.02; measured 0.797 and 0.603. Set them
# anew, from the message of a failing run, with each released model.
MACRO_F1_FLOOR = 0.777
CONTESTED_F1_FLOOR = 0.583

# What the splitter cuts as the labels have it: all 27 articles, all 894 sentence ends.
SAME_ARTICLES = 27
SAME_ENDS = 1.0

ARTICLES = Path(__file__).parent / "articles"


def test_every_text_has_its_labels_and_the_readme_counts_them(
    records: dict[str, dict[str, Any]],
) -> None:
    names = {path.stem for path in ARTICLES.iterdir() if path.suffix != ".md"}
    for name in names:
        assert (ARTICLES / f"{name}.txt").is_file()
        assert (ARTICLES / f"{name}.json").is_file()
    readme = (ARTICLES / "README.md").read_text(encoding="utf-8")
    sentences = sum(len(record["sentences"]) for record in records.values())
    assert f"{len(names)} news articles" in readme
    assert f"of {sentences} sentences" in readme


def test_each_says_that_it_is_invented_and_what_it_is_there_to_try(
    records: dict[str, dict[str, Any]],
) -> None:
    ids = [record["id"] for record in records.values()]
    assert len(set(ids)) == len(ids)
    for name, record in records.items():
        assert record["id"] == f"invented:{name}"
        assert record["invented"] is True
        assert record["title"].strip()
        assert record["kind"].strip()
        assert record["features"]


def test_offsets_are_in_order_and_leave_out_white_space_only(
    records: dict[str, dict[str, Any]],
) -> None:
    for record in records.values():
        text, rows = record["text"], record["sentences"]
        assert all(a["end"] <= b["start"] for a, b in pairwise(rows))
        edges = [0, *(edge for row in rows for edge in (row["start"], row["end"])), len(text)]
        outside = [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        assert "".join(outside).strip() == ""
        assert all(text[r["start"] : r["end"]].strip() == text[r["start"] : r["end"]] for r in rows)


def test_only_attributed_sentences_have_a_source_and_each_has_one(
    records: dict[str, dict[str, Any]],
) -> None:
    for record in records.values():
        for row in record["sentences"]:
            assert (row["label"] == Label.ATTRIBUTED) == ("source" in row)


def test_links_join_contested_sentences_in_both_directions(
    records: dict[str, dict[str, Any]],
) -> None:
    for record in records.values():
        rows = record["sentences"]
        for index, row in enumerate(rows):
            links = row.get("conflicts_with", [])
            assert (row["label"] == Label.CONTESTED) == bool(links)
            for other in links:
                assert rows[other]["label"] == Label.CONTESTED
                assert index in rows[other]["conflicts_with"]


def test_all_labels_and_sources_occur(records: dict[str, dict[str, Any]]) -> None:
    rows = [row for record in records.values() for row in record["sentences"]]
    assert {row["label"] for row in rows} == set(Label)
    assert {row["source"] for row in rows if "source" in row} == {"named", "unnamed"}


def test_the_splitter_cuts_them_as_the_labels_have_it(records: dict[str, dict[str, Any]]) -> None:
    same = common = either = 0
    for record in records.values():
        gold = [(row["start"], row["end"]) for row in record["sentences"]]
        cut = [(s.start, s.end) for s in split(record["text"])]
        same += gold == cut
        ends, found = {end for _, end in gold}, {end for _, end in cut}
        common += len(ends & found)
        either += len(ends | found)
    assert same >= SAME_ARTICLES
    assert common / either >= SAME_ENDS


@pytest.fixture(scope="module")
def evaluation(released: Checker, invented: list[LabelledArticle]) -> Evaluation:
    return evaluate(judge(labeller(released), invented), draws=20)


def test_the_released_model_stays_above_its_floor(evaluation: Evaluation) -> None:
    assert evaluation.contested_f1 is not None
    macro, contested = evaluation.macro_f1.value, evaluation.contested_f1.value
    measured = f"measured macro-F1 {macro:.3f} and contested F1 {contested:.3f}"
    assert macro >= MACRO_F1_FLOOR, f"{measured}; the floor of macro-F1 is {MACRO_F1_FLOOR}"
    assert contested >= CONTESTED_F1_FLOOR, (
        f"{measured}; the floor of contested F1 is {CONTESTED_F1_FLOOR}"
    )


def test_the_evaluation_covers_every_sentence(
    evaluation: Evaluation, records: dict[str, dict[str, Any]]
) -> None:
    rows = [row for record in records.values() for row in record["sentences"]]
    assert (evaluation.articles, evaluation.sentences) == (len(records), len(rows))
    for label in Label:
        assert evaluation.labels[label].support == sum(row["label"] == label for row in rows)
    assert evaluation.unnamed.support == sum(row.get("source") == "unnamed" for row in rows)
    assert evaluation.macro_f1.low <= evaluation.macro_f1.value <= evaluation.macro_f1.high


def test_the_json_files_are_utf_8_without_byte_order_mark() -> None:
    for path in ARTICLES.glob("*.json"):
        raw = path.read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert isinstance(json.loads(raw), dict)
