"""The exports of Label Studio, doccano and Prodigy, with their quirks."""

from pathlib import Path
from typing import Any

import pytest
from exports import (
    DAM,
    DATA,
    FIRST,
    SECOND,
    THIRD,
    labels_of,
    read,
    rows_of,
    write_json,
    write_lines,
)

from attrib.article import Label, SourceKind
from attrib.corpus import LabelledArticle
from attrib.corpus.formats import read_data
from attrib.dataformats import DataFormat

LABEL_STUDIO = DATA / "label-studio.json"
MAPPED = ("Disputed=contested", "Event=-")


def test_label_studio_as_exported() -> None:
    articles, problems, skipped = read(LABEL_STUDIO, None, *MAPPED)
    assert [(a.article.id, a.annotator) for a in articles] == [
        ("101", "7"),
        ("101", "ben@example.org"),
        ("102", "7"),
        ("103", "7"),
        ("104", "7"),
    ]
    assert skipped == {"cancelled annotations": 1, "tasks without annotation": 1}
    seven, ben, flood, vote, fair = articles
    assert (seven.article.title, seven.article.outlet) == ("Dam “safe”", "Brenn Post")
    # One region over two sentences; relations and choices are no labels; the last is unlabelled.
    assert labels_of(seven) == [
        *("contested", "unattributed", "contested", "contested", None),
    ]
    assert labels_of(ben) == [
        *("attributed!", "unattributed", "attributed?", "contested", "unattributed"),
    ]
    # Offsets that count each wave as two.
    assert rows_of(flood)[1] == ("Officials said 40 homes were empty.", "attributed", "unnamed")
    assert rows_of(flood)[3] == ("Schools stay shut.", "unattributed", None)
    # Line ends of Windows, and two labels on the last sentence.
    assert labels_of(vote) == ["unattributed", "attributed!", "contested", None]
    # An edge inside a sentence, and a region whose words are not there.
    assert labels_of(fair) == ["unattributed", "attributed!", None]
    assert len(problems) == 3
    assert "record 3: article 103: expected one label on the sentence" in problems[0]
    assert "record 4: article 104: expected 'Tickets cost nine crowns.' at 69-95" in problems[1]
    assert "expected 'Unattributed' at 0-30 to cover half of the sentence 26-68" in problems[2]


def test_an_article_comes_ahead_of_the_problems_of_its_spans() -> None:
    kinds = [isinstance(item, LabelledArticle) for item in read_data(str(LABEL_STUDIO))]
    # Names nobody knows are told at the end: "Disputed" would have clashed in the fourth.
    assert kinds == [True] * 5 + [False] * 4


def test_names_nobody_knows_are_told_once_with_the_option_to_give() -> None:
    _, problems, _ = read(LABEL_STUDIO)
    unknown = [p for p in problems if "--label" in p]
    assert len(unknown) == 2
    assert "say --label 'Disputed=LABEL'" in unknown[0]


def test_json_min_holds_the_same() -> None:
    full, _, _ = read(LABEL_STUDIO)
    small, problems, _ = read(DATA / "label-studio-min.json")
    assert [labels_of(a) for a in small] == [labels_of(a) for a in full[:2]]
    assert [(a.article.id, a.article.title, a.annotator) for a in small] == [
        ("101", "Dam “safe”", "7"),
        ("101", "Dam “safe”", "9"),
    ]
    assert problems == []


@pytest.fixture(scope="module")
def newsroom() -> list[LabelledArticle]:
    names = ("Outlet=unattributed", "Disputed=contested")
    articles, problems, skipped = read(DATA / "newsroom-label-studio.json", None, *names)
    assert len(problems) == 1
    assert "article sport-transfer-row: expected one label on the sentence" in problems[0]
    assert skipped == {"cancelled annotations": 1, "tasks without annotation": 1}
    return articles


def test_a_newsroom_s_export_gives_the_labels_that_went_into_it(
    newsroom: list[LabelledArticle], invented: list[LabelledArticle]
) -> None:
    first = [a for a in newsroom if a.annotator == "3"]
    assert len(first) == 15
    known = {labelled.article.id.removeprefix("invented:"): labelled for labelled in invented}
    lost = 0
    for labelled in first:
        truth = {text: (label, kind) for text, label, kind in rows_of(known[labelled.article.id])}
        for text, label, kind in rows_of(labelled):
            if label is None:
                lost += 1
                continue
            gold_label, gold_kind = truth[text.removeprefix("🌊🌀 ")]
            assert (label, kind) == (
                gold_label,
                gold_kind or (SourceKind.NAMED if label == Label.ATTRIBUTED else None),
            )
    assert lost == 4  # three were never labelled, one bears two labels


def task(*values: dict[str, Any], text: str = DAM, kind: str = "labels") -> list[dict[str, Any]]:
    """A Label Studio export of one task."""
    result = [{"type": kind, "value": value} for value in values]
    return [{"id": 5, "data": {"text": text}, "annotations": [{"id": 1, "result": result}]}]


def test_hypertext_counts_by_its_global_offsets(tmp_path: Path) -> None:
    value = {
        "start": "/p[1]/text()[1]",
        "end": "/p[1]/text()[1]",
        "startOffset": 27,
        "endOffset": 44,
        "globalOffsets": {"start": 27, "end": 44},
        "text": "Dorn denied that.",
        "hypertextlabels": ["Contested"],
    }
    path = write_json(tmp_path / "a.json", task(value, kind="hypertextlabels"))
    articles, problems, _ = read(path)
    assert labels_of(articles[0]) == [None, "contested", None, None]
    assert problems == []
    del value["globalOffsets"]
    articles, problems, _ = read(write_json(tmp_path / "a.json", task(value)))
    assert labels_of(articles[0]) == [None] * 4
    assert "region 0: expected offsets as whole numbers" in problems[0]


def test_two_labels_on_one_region_are_two_spans(tmp_path: Path) -> None:
    value = {"start": 0, "end": 26, "labels": ["A", "Contested"]}
    articles, problems, _ = read(write_json(tmp_path / "a.json", task(value)))
    assert labels_of(articles[0])[0] is None
    assert "'A' at 0-26 and 'Contested' at 0-26" in problems[0]


def test_labels_survive_without_the_words_of_their_regions(tmp_path: Path) -> None:
    value = {"start": 0, "end": 26, "labels": ["A"]}
    articles, problems, _ = read(write_json(tmp_path / "a.json", task(value)))
    assert labels_of(articles[0])[0] == "attributed!"
    assert problems == []


def test_older_exports_call_annotations_completions(tmp_path: Path) -> None:
    (one,) = task({"start": 0, "end": 26, "labels": ["A"]})
    one["completions"] = one.pop("annotations")
    articles, problems, _ = read(write_json(tmp_path / "a.json", [one]))
    assert labels_of(articles[0])[0] == "attributed!"
    assert problems == []


def test_the_text_is_found_by_the_usual_names_or_by_the_one_given(tmp_path: Path) -> None:
    (one,) = task({"start": 0, "end": 26, "labels": ["A"]})
    for name in ("text", "body", "Content", "article"):
        one["data"] = {name: DAM}
        assert read(write_json(tmp_path / "a.json", [one]))[0][0].article.text == DAM
    one["data"] = {"note": DAM}
    path = write_json(tmp_path / "a.json", [one])
    articles, problems, _ = read(path)
    assert articles == []
    assert "found note; name the field that holds it with --text-column" in problems[0]
    assert read(path, column="note")[0][0].article.text == DAM


def test_a_task_that_holds_an_address_is_told(tmp_path: Path) -> None:
    path = write_json(tmp_path / "a.json", task(text="https://brenn.example/dam.txt"))
    assert "found its address" in read(path)[1][0]


BROKEN_TASKS: dict[str, tuple[Any, str]] = {
    "a number": (7, "record 2: expected a JSON object, found int"),
    "no text": (
        {"id": 1, "data": {}, "annotations": [{"result": []}]},
        "record 2: expected a text",
    ),
    "annotations as a word": ({"id": 1, "data": {"text": DAM}, "annotations": "x"}, "record 2: "),
    "a result as a word": (
        {"id": 1, "data": {"text": DAM}, "annotations": [{"result": "x"}]},
        'record 2: article 1: expected a list under "result"',
    ),
}


@pytest.mark.parametrize(("broken", "told"), BROKEN_TASKS.values(), ids=BROKEN_TASKS.keys())
def test_a_broken_task_is_told_and_the_others_are_read(
    broken: Any, told: str, tmp_path: Path
) -> None:
    (good,) = task({"start": 0, "end": 26, "labels": ["A"]})
    path = write_json(tmp_path / "a.json", [good, broken, {**good, "id": 6}])
    articles, problems, _ = read(path)
    assert [a.article.id for a in articles] == ["5", "6"]
    assert len(problems) == 1
    assert told in problems[0]


def test_an_export_cut_short_keeps_what_is_whole(tmp_path: Path) -> None:
    (good,) = task({"start": 0, "end": 26, "labels": ["A"]})
    path = write_json(tmp_path / "a.json", [good, {**good, "id": 6}, {**good, "id": 7}])
    path.write_bytes(path.read_bytes()[:-40])
    articles, problems, _ = read(path)
    assert [a.article.id for a in articles] == ["5", "6"]
    assert "record 3: expected JSON" in problems[0]


def test_doccano_has_one_file_a_user_in_two_forms() -> None:
    articles, problems, _ = read(DATA / "doccano")
    assert [(a.article.id, a.annotator) for a in articles] == [
        *(("1", "ada"), ("2", "ada"), ("1", "ben"), ("2", "ben")),
    ]
    assert articles[0].article.outlet == "Brenn Post"
    ada = ["unattributed", "attributed?", "attributed!", "unattributed"]
    assert labels_of(articles[0]) == ada  # a space at an end, a label given twice
    assert labels_of(articles[2]) == ["unattributed", "attributed!", "attributed!", None]
    assert labels_of(articles[3]) == [None] * 3
    assert problems == []


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"text": DAM, "labels": [[*FIRST, "A"]]}, "a"),
        ({"text": DAM, "entities": [[*FIRST, "A"]], "username": "eve"}, "eve"),
        ({"doc_id": 3, "text": DAM, "label": [[*FIRST, "A"]], "annotator": "eve"}, "eve"),
        ({"text": DAM, "label": [["0", 26.0, "A"]], "user": 4}, "4"),
    ],
)
def test_doccano_s_forms_from_first_to_last(
    record: dict[str, Any], name: str, tmp_path: Path
) -> None:
    articles, problems, _ = read(write_lines(tmp_path / "a.jsonl", record))
    assert labels_of(articles[0]) == ["attributed!", None, None, None]
    assert articles[0].annotator == name
    assert problems == []


def test_doccano_s_numbered_labels_are_mapped_and_parted_by_user(tmp_path: Path) -> None:
    rows = [
        {"label": 1, "start_offset": 0, "end_offset": 26, "user": 1},
        {"label": 2, "start_offset": 27, "end_offset": 44, "user": 1},
        {"label": 2, "start_offset": 0, "end_offset": 26, "user": 2},
    ]
    record = {"id": 9, "text": DAM, "meta": {"title": "Dam"}, "annotations": rows}
    path = write_lines(tmp_path / "all.jsonl", record)
    articles, problems, _ = read(path, None, "1=attributed", "2=contested")
    assert [(a.annotator, labels_of(a)) for a in articles] == [
        ("1", ["attributed", "contested", None, None]),
        ("2", ["contested", None, None, None]),
    ]
    assert articles[0].article.title == "Dam"
    assert problems == []


def test_doccano_s_file_for_all_names_no_annotator(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "all.jsonl", {"text": DAM, "label": []})
    assert read(path)[0][0].annotator is None


def test_doccano_s_labels_of_whole_texts_are_told(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": DAM, "label": ["attributed"]})
    articles, problems, _ = read(path)
    assert labels_of(articles[0]) == [None] * 4
    assert "export a project of sequence labelling" in problems[0]


def test_prodigy_s_accepted_answers_are_read_and_the_others_counted() -> None:
    articles, problems, skipped = read(DATA / "prodigy.jsonl")
    assert [(a.annotator, labels_of(a)) for a in articles] == [
        ("news-ada", ["unattributed", "attributed!", "unattributed"]),
        ("news-ben", ["unattributed", None, "unattributed"]),
    ]
    assert articles[0].article.id == articles[1].article.id == "1095"
    assert articles[0].article.outlet == "Brenn Post"
    assert skipped == {"tasks answered 'reject'": 1, "tasks answered 'ignore'": 1}
    assert problems == []


def test_prodigy_s_rejected_spans_label_nothing(tmp_path: Path) -> None:
    spans = [
        {"start": 0, "end": 26, "label": "A", "text": DAM[:26]},
        {"start": 27, "end": 44, "label": "A", "answer": "reject"},
        {"start": 45, "label": "U"},
        ["x"],
    ]
    record = {"text": DAM, "spans": spans, "answer": "accept", "_session_id": "s-eve"}
    articles, problems, _ = read(write_lines(tmp_path / "a.jsonl", record))
    assert labels_of(articles[0]) == ["attributed!", None, None, None]
    assert articles[0].annotator == "s-eve"
    assert ["span 2" in problems[0], "span 3" in problems[1], len(problems)] == [True, True, 2]


def test_prodigy_s_tasks_without_spans_are_articles_without_labels(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "a.jsonl", {"text": DAM, "answer": "accept", "_input_hash": 5})
    (article,), problems, _ = read(path, DataFormat.PRODIGY)
    assert labels_of(article) == [None] * 4
    assert article.article.id == "5"
    assert problems == []


def test_a_broken_line_keeps_the_others(tmp_path: Path) -> None:
    good = {"text": DAM, "label": [[*SECOND, "C"], [*THIRD, "U"]]}
    path = write_lines(tmp_path / "a.jsonl", good, good)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n{oops\r\n\r\n", 1))
    articles, problems, _ = read(path)
    assert len(articles) == 2
    assert f"{path}:2: expected one JSON object a line" in problems[0]
    assert articles[1].article.source == f"{path}:4"
