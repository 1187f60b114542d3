"""Labelled articles out: our JSON Lines, the tasks of tools, and several annotators made one."""

import gzip
import io
import json
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from exports import DAM, labels_of, read, rows_of, write_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from attrib.article import Article, Label, SourceKind
from attrib.corpus import LabelledArticle, LabelledSentence, labelled_article, with_gaps
from attrib.corpus.jsonl import read_labelled, record_of, save_labelled, write_labelled
from attrib.corpus.merge import majority
from attrib.corpus.to_tools import label_studio_task, prodigy_task, write_tasks
from attrib.dataformats import ToolFormat
from attrib.errors import DataError
from attrib.sentences import split

PROBABILITIES = (0.1, 0.2, 0.3, 0.4)
FULL = LabelledArticle(
    Article(DAM, id="a1", source="here", title="Dam", outlet="Post", date="1 May", topic="water"),
    (
        LabelledSentence(0, 26, Label.ATTRIBUTED, SourceKind.NAMED),
        LabelledSentence(27, 44, Label.CONTESTED, None, (0, 1), PROBABILITIES),
        LabelledSentence(45, 63, None),
        LabelledSentence(64, 76, Label.UNATTRIBUTED),
    ),
    "ada",
)


def back(record: dict[str, Any]) -> LabelledArticle:
    return labelled_article(json.loads(json.dumps(record)), "here")


def test_what_is_written_is_read_as_the_same() -> None:
    assert back(record_of(FULL)) == FULL
    assert "sentences" in record_of(FULL)
    assert len(record_of(FULL)["sentences"]) == 3  # no row for what nobody labelled


def test_the_invented_articles_survive_writing(
    invented: list[LabelledArticle], tmp_path: Path
) -> None:
    for name in ("a.jsonl", "a.jsonl.gz"):
        assert save_labelled(tmp_path / name, invented) == len(invented)
        again = list(read_labelled(tmp_path / name))
        assert [anonymous(a) for a in again] == [anonymous(a) for a in invented]


def anonymous(labelled: LabelledArticle) -> LabelledArticle:
    """The labelled article without the place it was read from."""
    return replace(labelled, article=replace(labelled.article, source=""))


@st.composite
def labelled_articles(draw: st.DrawFn) -> LabelledArticle:
    words = st.sampled_from(["Roe said so. ", "🌊 It rose.\n\n", "“No,” he said. ", "=1+1 it is. "])
    text = "".join(draw(st.lists(words, min_size=1, max_size=6))).strip()
    marks = [
        (Label.ATTRIBUTED, None),
        (Label.ATTRIBUTED, SourceKind.NAMED),
        (Label.ATTRIBUTED, SourceKind.UNNAMED),
        (Label.UNATTRIBUTED, None),
        (Label.CONTESTED, None),
        None,
    ]
    sentences = []
    for sentence in split(text):
        mark = draw(st.sampled_from(marks))
        if mark is not None:
            sentences.append(LabelledSentence(sentence.start, sentence.end, *mark))
    names = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=5)
    article = Article(text, id=draw(names), title=draw(st.none() | names))
    annotator = draw(st.none() | names)
    return LabelledArticle(article, tuple(with_gaps(text, sentences)), annotator)


@given(labelled_articles())
def test_our_format_loses_nothing(labelled: LabelledArticle) -> None:
    stream = io.StringIO()
    write_labelled([labelled], stream)
    assert stream.getvalue().count("\n") == 1
    again = labelled_article(json.loads(stream.getvalue()), labelled.article.source)
    assert again == labelled


def test_half_a_surrogate_pair_is_written_as_an_escape(tmp_path: Path) -> None:
    odd = LabelledArticle(Article("\ud83d Roe left."), (LabelledSentence(2, 11, Label.CONTESTED),))
    save_labelled(tmp_path / "a.jsonl", [odd])
    (again,) = read_labelled(tmp_path / "a.jsonl")
    assert again.article.text == odd.article.text


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("before")

    def broken() -> Any:
        yield FULL
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        save_labelled(path, broken())
    assert save_labelled(path, []) == 0
    assert path.read_text() == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["a.jsonl"]


def test_equal_articles_are_equal_bytes_packed_too(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        save_labelled(tmp_path / name, [FULL])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()).endswith(b"}\n")


# Tasks for tools, and the way back.


def there_and_back(
    tool: ToolFormat, articles: list[LabelledArticle], folder: Path
) -> list[LabelledArticle]:
    """The articles after ``tool``'s user took all suggestions and exported them."""
    ending = {ToolFormat.LABEL_STUDIO: "json", ToolFormat.CSV: "csv"}.get(tool, "jsonl")
    path = folder / f"all.{ending}"
    with path.open("w", encoding="utf-8", newline="") as stream:
        assert write_tasks(articles, tool, stream) == len(articles)
    if tool is ToolFormat.LABEL_STUDIO:
        tasks = json.loads(path.read_text(encoding="utf-8"))
        for task in tasks:
            (prediction,) = task["predictions"]
            task["annotations"] = [{"result": prediction["result"], "was_cancelled": False}]
        path.write_text(json.dumps(tasks), encoding="utf-8")
    if tool is ToolFormat.PRODIGY:
        tasks = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        write_lines(path, *({**task, "answer": "accept"} for task in tasks))
    again, problems, _ = read(path)
    assert problems == []
    return again


TIDE = LabelledArticle(
    Article("🌊 The river rose.\n\n“Nobody slept,” said Lund. 🚤 They left. =1+1 is 2.", id="t1"),
    (
        LabelledSentence(0, 17, Label.UNATTRIBUTED),
        LabelledSentence(19, 45, Label.ATTRIBUTED, SourceKind.UNNAMED),
        LabelledSentence(46, 58, None),
        LabelledSentence(59, 69, Label.CONTESTED),
    ),
)


@pytest.mark.parametrize("labelled", [FULL, TIDE], ids=["full", "emoji"])
@pytest.mark.parametrize("tool", ToolFormat)
def test_what_a_tool_gives_back_bears_the_same_labels(
    tool: ToolFormat, labelled: LabelledArticle, tmp_path: Path
) -> None:
    (again,) = there_and_back(tool, [labelled], tmp_path)
    assert rows_of(again) == rows_of(labelled)
    about = ("id", "title", "outlet", "date", "topic")
    for name in about:
        assert getattr(again.article, name) == getattr(labelled.article, name)
    if tool is not ToolFormat.CSV:  # a table does not tell how many line ends part two paragraphs
        assert again.article.text == labelled.article.text


@pytest.mark.parametrize("tool", ToolFormat)
def test_the_invented_articles_survive_each_tool(
    tool: ToolFormat, invented: list[LabelledArticle], tmp_path: Path
) -> None:
    again = there_and_back(tool, invented, tmp_path)
    assert [a.article.id for a in again] == [a.article.id for a in invented]
    assert [characters(a) for a in again] == [characters(a) for a in invented]


def characters(labelled: LabelledArticle) -> list[tuple[str, str | None, str | None]]:
    """Each solid character of a labelled sentence with the labels it bears."""
    return [
        (c, label, kind)
        for text, label, kind in rows_of(labelled)
        if label is not None
        for c in text
        if not c.isspace()
    ]


@given(st.lists(labelled_articles(), min_size=1, max_size=4))
@settings(max_examples=25)
def test_labels_survive_label_studio_whatever_the_text(articles: list[LabelledArticle]) -> None:
    with TemporaryDirectory() as folder:
        again = there_and_back(ToolFormat.LABEL_STUDIO, articles, Path(folder))
    assert [rows_of(a) for a in again] == [rows_of(a) for a in articles]


def test_label_studio_gets_regions_with_scores() -> None:
    task = label_studio_task(FULL)
    assert task["data"]["article_id"] == "a1"
    (prediction,) = task["predictions"]
    first, second, third = prediction["result"]
    assert (first["from_name"], first["to_name"], first["type"]) == ("label", "text", "labels")
    assert first["value"] == {
        "start": 0,
        "end": 26,
        "text": "The dam is safe, Roe said.",
        "labels": ["attributed named"],
    }
    assert "score" not in first
    assert second["score"] == 0.4  # contested is the last of the four classes
    assert third["value"]["labels"] == ["unattributed"]
    assert prediction["score"] == 0.4


def test_the_score_of_an_attributed_sentence_is_that_of_both_kinds() -> None:
    sentence = LabelledSentence(0, 26, Label.ATTRIBUTED, SourceKind.NAMED, (), PROBABILITIES)
    task = prodigy_task(LabelledArticle(Article(DAM), (sentence,)))
    assert task["meta"]["score"] == pytest.approx(0.3)  # 0.1 named, 0.2 unnamed


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_tasks([TIDE], ToolFormat.CSV, stream)
    assert "'=1+1 is 2." in path.read_text(encoding="utf-8")
    assert labels_of(read(path)[0][0])[-1] == "contested"


# Several annotators.


def by(annotator: str, *labels: str | None, text: str = DAM) -> LabelledArticle:
    """The text with a label on each of its sentences, as ``labels_of`` shows them."""
    kinds = {"!": SourceKind.NAMED, "?": SourceKind.UNNAMED}
    sentences = [
        LabelledSentence(s.start, s.end, Label(label.rstrip("!?")), kinds.get(label[-1]))
        for s, label in zip(split(text), labels, strict=True)
        if label is not None
    ]
    article = Article(text, id="a1", source=annotator)
    return LabelledArticle(article, tuple(with_gaps(text, sentences)), annotator)


U, A, V, C = "unattributed", "attributed!", "attributed?", "contested"


def merged(*articles: LabelledArticle) -> tuple[list[str | None], list[str]]:
    items = list(majority(articles))
    (article,) = [i for i in items if isinstance(i, LabelledArticle)]
    assert article.annotator is None
    return labels_of(article), [str(i) for i in items if isinstance(i, DataError)]


def test_most_annotators_decide_on_each_sentence() -> None:
    assert merged(by("a", U, C, U, A), by("b", U, C, A, A), by("c", C, U, A, A)) == (
        [U, C, A, A],
        [],
    )


def test_a_tie_leaves_the_sentence_unlabelled_and_is_told() -> None:
    labels, ties = merged(by("a", U, C, U, U), by("b", U, A, U, U))
    assert labels == [U, None, U, U]
    (tie,) = ties
    assert tie.startswith("a: article a1: expected most annotators to agree on the sentence 27-44")
    assert "attributed 1 and contested 1" in tie


def test_who_left_a_sentence_unlabelled_has_no_vote_on_it() -> None:
    assert merged(by("a", U, None, None, U), by("b", None, C, None, U)) == ([U, C, None, U], [])


def test_the_kind_of_source_is_voted_on_by_those_who_said_attributed() -> None:
    assert merged(by("a", A, U, U, U), by("b", A, U, U, U), by("c", V, U, U, U))[0][0] == A
    assert merged(by("a", A, U, U, U), by("b", V, U, U, U))[0][0] == "attributed"
    assert merged(by("a", V, U, U, U), by("b", V, U, U, U), by("c", U, U, U, U))[0][0] == V


def test_labels_of_other_cuts_are_voted_on_stretch_by_stretch() -> None:
    long = LabelledArticle(Article(DAM, id="a1"), (LabelledSentence(0, 44, Label.CONTESTED),), "a")
    labels, ties = merged(long, by("b", C, U, None, None))
    assert labels == [C, None, None, None]
    assert len(ties) == 1


def test_a_contested_sentence_clashes_with_what_its_voters_say() -> None:
    def clashing(labelled: LabelledArticle, row: int, *others: int) -> LabelledArticle:
        sentences = list(labelled.sentences)
        sentences[row] = replace(sentences[row], conflicts_with=others)
        return replace(labelled, sentences=tuple(sentences))

    # For a the first has no label, so that its index 0 is the second sentence.
    one, two = clashing(by("a", None, A, C, U), 2, 0), clashing(by("b", U, A, C, U), 2, 3)
    (article,) = majority([one, two])
    assert isinstance(article, LabelledArticle)
    assert labels_of(article) == [U, A, C, U]
    assert article.sentences[2].conflicts_with == (1, 3)


def test_texts_are_merged_by_their_words_and_stay_in_order() -> None:
    other = by("a", U, text="It snowed.")
    alone = by("z", A, text="Roe said so.")
    items = list(majority([by("a", U, U, U, U), other, alone, by("b", U, U, U, U), other]))
    assert [i.article.text for i in items if isinstance(i, LabelledArticle)] == [
        DAM,
        "It snowed.",
        "Roe said so.",
    ]
    assert items[2] == alone  # as it was, its annotator with it
