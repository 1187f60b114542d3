"""Labelled data: what is read is what was written, and every broken line is named."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from attrib.article import Label, Sentence, SourceKind
from attrib.corpus import (
    LabelledArticle,
    LabelledSentence,
    fingerprint,
    labelled_article,
    read_labelled,
    spans,
)
from attrib.errors import DataError

TEXT = "The dam is safe, Roe said. Dorn denied that. It rained."
ROWS = [
    {"start": 0, "end": 26, "label": "attributed", "source": "named"},
    {"start": 27, "end": 44, "label": "contested", "conflicts_with": [0, 1]},
    {"start": 45, "end": 55, "label": "unattributed"},
]
RECORD = {"id": "a1", "text": TEXT, "title": "Dam", "outlet": "Post", "sentences": ROWS}


def lines(path: Path, *records: Any) -> Path:
    path.write_text(
        "".join(r if isinstance(r, str) else json.dumps(r) + "\n" for r in records),
        encoding="utf-8",
    )
    return path


def with_row(index: int = 0, **fields: Any) -> dict[str, Any]:
    """The record with some fields of one sentence set, or taken away where None is given."""
    row = {k: v for k, v in {**ROWS[index], **fields}.items() if v is not None}
    return {**RECORD, "sentences": [*ROWS[:index], row, *ROWS[index + 1 :]]}


def test_a_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    (labelled,) = read_labelled(lines(tmp_path / "a.jsonl", RECORD))
    article = labelled.article
    assert (article.id, article.text, article.title, article.outlet) == ("a1", TEXT, "Dam", "Post")
    assert labelled.sentences == (
        LabelledSentence(0, 26, Label.ATTRIBUTED, SourceKind.NAMED),
        LabelledSentence(27, 44, Label.CONTESTED, None, (0, 1)),
        LabelledSentence(45, 55, Label.UNATTRIBUTED),
    )
    assert spans(labelled) == [Sentence(0, 26), Sentence(27, 44), Sentence(45, 55)]


def test_a_compressed_file_holds_the_same_articles(tmp_path: Path) -> None:
    plain = lines(tmp_path / "a.jsonl", RECORD, "\n", {**RECORD, "id": "a2"})
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    articles = list(read_labelled(plain))
    assert [a.article.id for a in articles] == ["a1", "a2"]
    assert fingerprint(articles) == fingerprint(read_labelled(packed))


def taught(attributed: Any) -> dict[str, Any]:
    """A teacher's probabilities, in order when ``attributed`` is 0.25."""
    return dict.fromkeys(("attributed_unnamed", "unattributed", "contested"), 0.25) | {
        "attributed": attributed
    }


def test_a_teacher_s_probabilities_are_read_in_the_order_of_the_classes() -> None:
    record = with_row(0, probabilities={**taught(0.125), "contested": 0.375})
    read = labelled_article(record, "here")
    assert read.sentences[0].probabilities == (0.125, 0.25, 0.25, 0.375)
    assert read.sentences[1].probabilities is None


BROKEN: dict[str, tuple[Any, str]] = {
    "not JSON": ('{"id": \n', "expected one JSON object a line"),
    "two objects": ("{} {}\n", "expected one JSON object a line"),
    "a list": ("[]\n", "expected a JSON object, found list"),
    "a number": ("7\n", "expected a JSON object, found int"),
    "no text": ({"sentences": []}, '"text"'),
    "a text that is no string": ({"text": 5, "sentences": []}, '"text"'),
    "no sentences": ({"text": TEXT}, '"sentences"'),
    "sentences that are no list": ({"text": TEXT, "sentences": {}}, '"sentences"'),
    "a sentence that is no object": ({"text": TEXT, "sentences": [[0, 5]]}, "sentence 0"),
    "no start": (with_row(1, start=None), "sentence 1: expected offsets"),
    "an end before its start": (with_row(1, start=44, end=40), "sentence 1: expected offsets"),
    "an empty sentence": (with_row(1, end=27), "sentence 1: expected offsets"),
    "a negative start": (with_row(0, start=-1), "sentence 0: expected offsets"),
    "an end beyond the text": (with_row(2, end=56), "<= 55, found start 45, end 56"),
    "an offset that is no whole number": (with_row(2, start=45.0), "sentence 2: expected offsets"),
    "an offset in words": (with_row(2, start="45"), "sentence 2: expected offsets"),
    "an overlap": (with_row(1, start=25), "expected sentence 1 to start at 26 or later"),
    "sentences out of order": (
        {**RECORD, "sentences": [ROWS[2], ROWS[0]]},
        "expected sentence 1 to start at 55 or later, where the one ahead of it ends, found 0",
    ),
    "no label": (with_row(1, label=None), "sentence 1: expected label"),
    "a label unknown": (with_row(1, label="disputed"), "'disputed'"),
    "a label in capitals": (with_row(1, label="Contested"), "'Contested'"),
    "a source unknown": (with_row(0, source="anonymous"), "'anonymous'"),
    "a source of nobody": (with_row(2, source="named"), "sentence 2: source is for attributed"),
    "conflicts that are no list": (with_row(1, conflicts_with=0), "sentence 1: expected conflicts"),
    "a conflict beyond the last": (with_row(1, conflicts_with=[3]), "0 to 2; found [3]"),
    "probabilities of three classes": (
        with_row(0, probabilities={"attributed": 1, "unattributed": 0, "contested": 0}),
        "sentence 0: expected probabilities to give attributed, attributed_unnamed",
    ),
    "probabilities beyond 1": (with_row(0, probabilities=taught(0.5)), "together 1"),
    "a probability below 0": (with_row(0, probabilities=taught(-0.1)), "together 1"),
    "a probability in words": (with_row(0, probabilities=taught("half")), "together 1"),
    "a conflict below the first": (with_row(1, conflicts_with=[-1]), "0 to 2; found [-1]"),
}


@pytest.mark.parametrize(("broken", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_is_named_with_file_and_line(broken: Any, told: str, tmp_path: Path) -> None:
    path = lines(tmp_path / "labels.jsonl", RECORD, "\n", broken, RECORD)
    articles = read_labelled(path)
    assert next(articles).article.id == "a1"  # what stands above is still read
    with pytest.raises(DataError) as raised:
        next(articles)
    assert str(raised.value).startswith(f"{path}:3: ")  # a blank line counts
    assert told in str(raised.value)


def test_the_record_that_the_broken_ones_are_made_of_is_in_order(tmp_path: Path) -> None:
    assert len(list(read_labelled(lines(tmp_path / "a.jsonl", RECORD, with_row(0))))) == 2


def raises_data_error(path: Path) -> str:
    with pytest.raises(DataError) as raised:
        list(read_labelled(path))
    return str(raised.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none.jsonl") in raises_data_error(tmp_path / "none.jsonl")
    assert str(tmp_path) in raises_data_error(tmp_path)
    plain = lines(tmp_path / "plain.jsonl.gz", RECORD)
    assert str(plain) in raises_data_error(plain)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b'\n{"text": "caf\xe9"}\n')
    assert str(path) in raises_data_error(path)


def test_a_line_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b'\n{"text": "caf\xe9"}\n')
    assert f"{path}:2:" in raises_data_error(path)


def test_a_compressed_file_cut_short_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress((json.dumps(RECORD) + "\n").encode() * 50)[:-20])
    assert str(path) in raises_data_error(path)


def test_a_compressed_file_with_other_bytes_in_the_middle_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ruined.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(RECORD).encode())[:10] + b"\xff" * 200)
    assert str(path) in raises_data_error(path)


def test_a_line_nested_too_deep_is_named(tmp_path: Path) -> None:
    path = lines(tmp_path / "deep.jsonl", "[" * 100_000 + "\n")
    assert f"{path}:1:" in raises_data_error(path)


@pytest.mark.parametrize("field", ["title", "outlet", "date", "topic"])
def test_a_field_about_the_article_that_is_no_string_is_named(field: str, tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {**RECORD, field: ["Dam"]})
    assert f"{path}:1:" in raises_data_error(path)


def test_stretches_without_a_label_are_split_and_included() -> None:
    text = "By Ana Roe. The dam held. Nobody left. It rained. … "
    record = {"text": text, "sentences": [{"start": 12, "end": 25, "label": "unattributed"}]}
    labelled = labelled_article(record, "here")
    assert [(text[s.start : s.end], s.label) for s in labelled.sentences] == [
        ("By Ana Roe.", None),
        ("The dam held.", Label.UNATTRIBUTED),
        ("Nobody left.", None),
        # Marks that follow a stretch belong to its last sentence.
        ("It rained. …", None),
    ]


def test_white_space_and_marks_between_sentences_are_no_stretch() -> None:
    text = "“The dam held.” — “It did.”"
    rows = [
        {"start": 1, "end": 14, "label": "attributed"},
        {"start": 19, "end": 26, "label": "attributed"},
    ]
    labelled = labelled_article({"text": text, "sentences": rows}, "here")
    assert [s.label for s in labelled.sentences] == [Label.ATTRIBUTED] * 2


def test_an_article_without_any_label_is_one_stretch() -> None:
    labelled = labelled_article({"text": TEXT, "sentences": []}, "here")
    assert [s.label for s in labelled.sentences] == [None] * 3
    assert labelled.article.id == "here"


def test_the_sentences_of_a_labelled_article_stand_in_order(
    invented: list[LabelledArticle],
) -> None:
    for labelled in invented:
        position = 0
        for sentence in labelled.sentences:
            assert position <= sentence.start < sentence.end
            position = sentence.end


ANOTHER = {
    "label": with_row(2, label="attributed"),
    "source": with_row(0, source="unnamed"),
    "source not told": with_row(0, source=None),
    "offset": with_row(0, end=25),
    "text": {**RECORD, "text": TEXT.replace("Dorn", "Lund")},
    "id": {**RECORD, "id": "a2"},
    "probabilities": with_row(0, probabilities=taught(0.25)),
    "sentence less": {**RECORD, "sentences": ROWS[:2]},
}


@pytest.mark.parametrize("other", ANOTHER.values(), ids=ANOTHER.keys())
def test_the_fingerprint_changes_with_ids_texts_and_labels(other: dict[str, Any]) -> None:
    one = labelled_article(RECORD, "here")
    assert fingerprint([labelled_article(other, "here")]) != fingerprint([one])
    assert fingerprint([one, labelled_article(other, "here")]) != fingerprint([one])


def test_the_fingerprint_knows_no_files_but_knows_the_order() -> None:
    one, two = (labelled_article({**RECORD, "id": i}, "here") for i in ("1", "2"))
    elsewhere = labelled_article({**RECORD, "id": "1"}, "there:7")
    assert fingerprint([one, two]) == fingerprint([elsewhere, two])
    assert fingerprint([one, two]) != fingerprint([two, one])
