"""Spans with names to labelled sentences: names, offsets, edges, overlaps."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from exports import DAM, FIRST, FOURTH, SECOND, THIRD, aligned, labels_of
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Label, SourceKind
from attrib.corpus.annotation import Span
from attrib.corpus.names import LabelNames, Mark, label_names, name_of
from attrib.corpus.offsets import located
from attrib.errors import DataError
from attrib.sentences import split

NAMED = Mark(Label.ATTRIBUTED, SourceKind.NAMED)
UNNAMED = Mark(Label.ATTRIBUTED, SourceKind.UNNAMED)

KNOWN = {
    "attributed": Mark(Label.ATTRIBUTED),
    "Attributed": Mark(Label.ATTRIBUTED),
    "attributed named": NAMED,
    "Attributed-Named": NAMED,
    "Attributed (source named)": NAMED,
    "A": NAMED,
    "a": NAMED,
    "attributed_unnamed": UNNAMED,
    "ATTRIBUTED UNNAMED": UNNAMED,
    "Unnamed": UNNAMED,
    "V": UNNAMED,
    " un-attributed ": Mark(Label.UNATTRIBUTED),
    "U": Mark(Label.UNATTRIBUTED),
    "Contested": Mark(Label.CONTESTED),
    "c": Mark(Label.CONTESTED),
}


@pytest.mark.parametrize(("name", "mark"), KNOWN.items())
def test_names_are_read_whatever_their_case_and_marks(name: str, mark: Mark) -> None:
    assert LabelNames().mark(name) == mark


@pytest.mark.parametrize("name", ["", "claim", "named", "attributed to nobody", "B", "?"])
def test_other_names_are_unknown(name: str) -> None:
    assert not LabelNames().knows(name)
    with pytest.raises(KeyError):
        LabelNames().mark(name)


def test_each_mark_is_read_back_from_the_name_it_is_written_under() -> None:
    for mark in {*KNOWN.values()}:
        assert LabelNames().mark(name_of(mark)) == mark


def test_the_user_s_own_names_win() -> None:
    names = label_names(["Claim=attributed", "C = -", "x=y=attributed_unnamed", "Mot clé=U"])
    assert names.mark("Claim") == names.mark("claim") == Mark(Label.ATTRIBUTED)
    assert names.mark("C") is None
    assert names.mark("contested") == Mark(Label.CONTESTED)
    assert names.mark("x=y") == UNNAMED
    assert names.mark("Mot clé") == Mark(Label.UNATTRIBUTED)


def test_a_name_of_marks_alone_can_be_mapped() -> None:
    assert label_names(["≠=contested"]).mark("≠") == Mark(Label.CONTESTED)


@pytest.mark.parametrize("pair", ["Claim", "Claim=", "=attributed", "Claim=maybe", ""])
def test_a_mapping_of_another_form_is_told_with_the_form(pair: str) -> None:
    with pytest.raises(DataError, match="expected NAME=LABEL"):
        label_names([pair])


def test_a_span_a_sentence_labels_it_and_the_others_stay_unlabelled() -> None:
    labelled, problems = aligned(DAM, (*FIRST, "A"), (*THIRD, "U"))
    assert labels_of(labelled) == ["attributed!", None, "unattributed", None]
    assert [(s.start, s.end) for s in labelled.sentences] == [FIRST, SECOND, THIRD, FOURTH]
    assert problems == []


def test_a_span_over_several_sentences_labels_each() -> None:
    labelled, problems = aligned(DAM, (FIRST[0], THIRD[1], "contested"))
    assert labels_of(labelled) == ["contested"] * 3 + [None]
    assert problems == []


@pytest.mark.parametrize("edges", [(26, 45), (27, 44), (26, 44), (27, 45)])
def test_white_space_at_the_edges_of_a_span_is_nothing(edges: tuple[int, int]) -> None:
    labelled, problems = aligned(DAM, (*edges, "C"))
    assert labels_of(labelled) == [None, "contested", None, None]
    assert problems == []


# "It rained all day." has 15 characters without its spaces; "It rained" has 8, "rained" 6.
def test_a_span_that_covers_half_of_a_sentence_labels_it() -> None:
    labelled, problems = aligned(DAM, (45, 54, "U"))
    assert labels_of(labelled)[2] == "unattributed"
    assert problems == []


def test_a_span_that_covers_less_is_reported_with_both_places() -> None:
    labelled, problems = aligned(DAM, (48, 54, "U"))
    assert labels_of(labelled)[2] is None
    (problem,) = problems
    assert problem.startswith(
        "x.json: record 1: article a1: expected 'U' at 48-54 to cover half of"
    )
    assert "the sentence 45-63" in problem
    assert "found 6 of 15 characters" in problem


def test_a_span_that_reaches_into_the_next_sentence_keeps_its_own() -> None:
    labelled, problems = aligned(DAM, (0, 31, "A"))  # "Dorn" is 4 of 15 characters
    assert labels_of(labelled) == ["attributed!", None, None, None]
    assert len(problems) == 1
    assert "4 of 15" in problems[0]


def test_marks_alone_beyond_an_edge_are_not_worth_a_report() -> None:
    text = "Roe left. “It rained.” Lund stayed."
    labelled, problems = aligned(text, (0, 11, "U"), (11, 21, "A"))
    assert labels_of(labelled) == ["unattributed", "attributed!", None]
    assert problems == []


def test_where_the_splitter_errs_a_span_that_ends_in_a_full_stop_cuts() -> None:
    text = "He lives in St. Roe said so."  # after "St." no splitter should cut
    assert len(split(text)) == 1
    labelled, problems = aligned(text, (0, 15, "U"), (16, 28, "A"))
    assert [(s.start, s.end, s.label) for s in labelled.sentences] == [
        (0, 15, Label.UNATTRIBUTED),
        (16, 28, Label.ATTRIBUTED),
    ]
    assert problems == []


def test_but_not_one_that_ends_after_a_word() -> None:
    text = "Roe said it is safe but Dorn said it is not."
    labelled, problems = aligned(text, (0, 19, "A"), (20, 44, "C"))
    assert labels_of(labelled) == ["contested"]  # 19 of 34 characters
    assert "15 of 34" in problems[0]


def test_two_halves_with_two_labels_are_a_conflict() -> None:
    labelled, problems = aligned("Roe stayed Roe stayed", (0, 10, "A"), (11, 21, "C"))
    assert labels_of(labelled) == [None]
    assert "found 'A' at 0-10 and 'C' at 11-21" in problems[0]


def test_spans_of_one_label_that_overlap_are_joined() -> None:
    labelled, problems = aligned(DAM, (0, 40, "A"), (20, 63, "attributed named"), (*FOURTH, "A"))
    assert labels_of(labelled) == ["attributed!"] * 4
    assert problems == []


def test_a_span_given_twice_is_one() -> None:
    once = aligned(DAM, (*FIRST, "A"))
    assert aligned(DAM, (*FIRST, "A"), (*FIRST, "A"), (FIRST[0], FIRST[1], "a")) == once


def test_spans_of_two_labels_on_one_sentence_leave_it_unlabelled() -> None:
    labelled, problems = aligned(DAM, (0, 63, "A"), (*SECOND, "Contested"))
    assert labels_of(labelled) == ["attributed!", None, "attributed!", None]
    (problem,) = problems
    assert "one label on the sentence 27-44" in problem
    assert "'A' at 0-63 and 'Contested' at 27-44" in problem


def test_named_and_unnamed_are_two_labels_but_attributed_is_either() -> None:
    assert labels_of(aligned(DAM, (*FIRST, "A"), (*FIRST, "V"))[0])[0] is None
    assert labels_of(aligned(DAM, (*FIRST, "attributed"), (*FIRST, "V"))[0])[0] == "attributed?"
    assert labels_of(aligned(DAM, (*FIRST, "attributed"), (*FIRST, "A"))[0])[0] == "attributed!"


def test_a_name_nobody_knows_is_told_once_and_its_spans_label_nothing() -> None:
    labelled, problems = aligned(DAM, (*FIRST, "Claim"), (*SECOND, "Claim"), (*THIRD, "U"))
    assert labels_of(labelled) == [None, None, "unattributed", None]
    (problem,) = problems
    assert "found 'Claim' (2 times); say --label 'Claim=LABEL'" in problem


def test_a_name_left_out_is_no_problem() -> None:
    names = label_names(["Claim=-"])
    labelled, problems = aligned(DAM, (*FIRST, "Claim"), (*FIRST, "C"), names=names)
    assert labels_of(labelled)[0] == "contested"
    assert problems == []


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((26, 27, "A"), "found white space only"),
        ((70, 80, "A"), "within the text of 76 characters"),
        ((-4, 5, "A"), "within the text"),
        ((20, 10, "A"), "within the text"),
        ((5, 5, "A"), "within the text"),
    ],
)
def test_a_span_without_words_is_told(span: tuple[int, int, str], told: str) -> None:
    labelled, problems = aligned(DAM, span, (*SECOND, "C"))
    assert labels_of(labelled) == [None, "contested", None, None]
    assert len(problems) == 1
    assert told in problems[0]


# Offsets as tools count them.

TIDE = "🌊🌊 The river rose.\nOfficials said so. 🚤 Lund left."


def counted(text: str, piece: str, way: str) -> Span:
    """The span of ``piece`` with the offsets that ``way`` gives it."""
    start = text.index(piece)
    before, through = text[:start], text[: start + len(piece)]

    def length(part: str) -> int:
        if way == "utf-16":
            return len(part.encode("utf-16-le")) // 2
        if way == "line ends as one":
            return len(part.replace("\r\n", "\n"))
        if way == "line ends as two":
            return len(part.replace("\r\n", "\n").replace("\n", "\r\n"))
        if way == "both":
            return len(part.replace("\r\n", "\n").encode("utf-16-le")) // 2
        return len(part)

    return Span(length(before), length(through), "A", piece)


WAYS = {
    "code points": (TIDE, "plain"),
    "utf-16": (TIDE, "utf-16"),
    "line ends as one": (TIDE.replace("\n", "\r\n"), "line ends as one"),
    "line ends as two": (TIDE, "line ends as two"),
    "utf-16, line ends as one": (TIDE.replace("\n", "\r\n"), "both"),
}


@pytest.mark.parametrize(("text", "way"), WAYS.values(), ids=WAYS.keys())
def test_the_words_of_a_span_tell_how_its_tool_counts(text: str, way: str) -> None:
    pieces = ["The river rose.", "Officials said so.", "Lund left."]
    found, problems = located(text, [counted(text, piece, way) for piece in pieces])
    assert [text[s.start : s.end] for s in found] == pieces
    assert problems == []


def test_the_last_character_as_the_end_is_seen_too() -> None:
    spans = [replace(counted(DAM, p, "plain")) for p in ("Dorn denied that.", "Nobody left.")]
    closed = [replace(span, end=span.end - 1) for span in spans]
    assert located(DAM, closed) == (spans, [])


@pytest.mark.parametrize("told", ["river  rose.\nOfficials", "river rose.\\nOfficials"])
def test_white_space_in_the_words_is_not_held_against_them(told: str) -> None:
    span = Span(7, 28, "A", told)
    assert TIDE[7:28] == "river rose.\nOfficials"
    assert located(TIDE, [span]) == ([span], [])


def test_words_that_stand_nowhere_near_are_told_and_the_others_kept() -> None:
    wrong = Span(27, 44, "C", "Dorn accepted that.")
    found, problems = located(DAM, [Span(*FIRST, "A", DAM[slice(*FIRST)]), wrong])
    assert [s.name for s in found] == ["A"]
    assert "expected 'Dorn accepted that.' at 27-44 ('C'), found 'Dorn denied that.'" in problems[0]


def test_edges_inside_words_are_told_where_the_text_may_be_counted_otherwise() -> None:
    spans = [replace(counted(TIDE, p, "utf-16"), text=None) for p in ("river rose", "Lund")]
    found, problems = located(TIDE, spans)
    assert found == spans
    (problem,) = problems
    assert "seems to count emoji as two characters" in problem
    right = [replace(counted(TIDE, p, "plain"), text=None) for p in ("river rose", "Lund")]
    assert located(TIDE, right) == (right, [])


def test_windows_line_ends_without_words_are_told_too() -> None:
    text = DAM.replace(". ", ".\r\n")
    pieces = ("Dorn denied that.", "Nobody left")
    spans = [replace(counted(text, p, "line ends as one"), text=None) for p in pieces]
    (problem,) = located(text, spans)[1]
    assert "line ends as one character" in problem


# Properties.

PIECES = (
    "The dam is safe, Roe said.",
    "Dorn denied that.",
    "🌊 The river rose by 2.5 metres.",
    "“Nobody slept,” said Ivo Lund.",
    "Did it rain? ",
    "Officials said so 🚤!",
    "Éva Roe left.",
)
NAMES = ("A", "V", "U", "C", "attributed")
BETWEEN = (" ", "  ", "\n\n", "\r\n")


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int, str | None]]]:
    """A text, and its sentences with a label name or none."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9))
    text = ""
    for piece in pieces:
        text += piece.strip() + draw(st.sampled_from(BETWEEN))
    names = st.sampled_from((*NAMES, None))
    return text, [(s.start, s.end, draw(names)) for s in split(text)]


def runs(
    text: str, sentences: Sequence[tuple[int, int, str | None]], pad: bool
) -> Iterator[tuple[int, int, str]]:
    """Spans over runs of sentences with one name, with white space at their ends if ``pad``."""
    held: tuple[int, int, str] | None = None
    for start, end, name in sentences:
        if held is not None and name == held[2]:
            held = (held[0], end, held[2])
            continue
        if held is not None:
            yield held
        held = None if name is None else (start, end, name)
        if held is not None and pad and text[end : end + 1].isspace():
            held = (start, end + 1, held[2])
    if held is not None:
        yield held


@given(texts(), st.booleans(), st.booleans())
def test_labels_survive(
    made: tuple[str, list[tuple[int, int, str | None]]], pad: bool, several: bool
) -> None:
    text, sentences = made
    spans = (
        [*runs(text, sentences, pad)]
        if several
        else [(start, end, name) for start, end, name in sentences if name is not None]
    )
    labelled, problems = aligned(text, *spans)
    names = LabelNames()
    assert problems == []
    assert [(s.start, s.end) for s in labelled.sentences] == [(a, b) for a, b, _ in sentences]
    assert [
        None if s.label is None else Mark(s.label, s.source_kind) for s in labelled.sentences
    ] == [None if name is None else names.mark(name) for _, _, name in sentences]


@given(texts(), st.sampled_from(["utf-16", "plain", "line ends as one"]))
def test_labels_survive_other_ways_to_count(
    made: tuple[str, list[tuple[int, int, str | None]]], way: str
) -> None:
    text, sentences = made

    def length(part: str) -> int:
        if way == "utf-16":
            return len(part.encode("utf-16-le")) // 2
        return len(part.replace("\r\n", "\n") if way == "line ends as one" else part)

    spans = [
        Span(length(text[:start]), length(text[:end]), name, text[start:end])
        for start, end, name in sentences
        if name is not None
    ]
    labelled, problems = aligned(text, *spans)
    assert problems == []
    labels = [None if n is None else LabelNames().mark(n) for _, _, n in sentences]
    assert [s.label for s in labelled.sentences] == [m and m.label for m in labels]


any_spans = st.lists(
    st.tuples(st.integers(-3, 140), st.integers(-3, 140), st.sampled_from((*NAMES, "odd"))),
    max_size=8,
)


@given(texts(), any_spans)
def test_whatever_the_spans_sentences_stand_in_order_and_hold_words(
    made: tuple[str, list[tuple[int, int, str | None]]], spans: list[tuple[int, int, str]]
) -> None:
    text, _ = made
    labelled, problems = aligned(text, *spans)
    assert labelled.article.text == text
    for before, after in pairwise(labelled.sentences):
        assert before.end <= after.start
    for sentence in labelled.sentences:
        piece = text[sentence.start : sentence.end]
        assert piece
        assert piece == piece.strip()
    covered = {i for s in labelled.sentences for i in range(s.start, s.end)}
    assert not any(c.isalnum() for i, c in enumerate(text) if i not in covered)
    assert all(p.startswith("x.json: record 1: ") and "expected" in p for p in problems)
    assert aligned(text, *reversed(spans))[0] == labelled
    assert aligned(text, *spans, *spans)[0] == labelled
