"""Windows: each sentence is judged once, seen whole, and with neighbours on both sides."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from math import ceil

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from attrib.corpus import LabelledArticle, spans
from attrib.modelfolder import TOKENIZER, released
from attrib.windows import Layout, Window, encode, fit, lay, plan

LAYOUT = Layout(size=512, overlap=0.25, cls=101, sep=102, pad=0)
many = settings(max_examples=400)
overlaps = st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9])


@st.composite
def articles(draw: st.DrawFn, longest: float | None = None) -> tuple[list[int], int, float]:
    """Lengths of sentences, a size and an overlap; sentences up to a share of the window."""
    size, overlap = draw(st.integers(4, 200)), draw(overlaps)
    limit = size - 1 if longest is None else int(longest * (size - 1))
    assume(limit >= 2)
    count = draw(st.integers(0, 80))
    lengths = draw(st.lists(st.integers(2, limit), min_size=count, max_size=count))
    return lengths, size, overlap


@many
@given(articles())
def test_every_sentence_is_judged_once_in_order_inside_a_window_that_fits(
    article: tuple[list[int], int, float],
) -> None:
    lengths, size, overlap = article
    windows = plan(lengths, size, overlap)
    judged = [i for w in windows for i in range(w.judged_first, w.judged_last)]
    assert judged == list(range(len(lengths)))
    for window in windows:
        assert window.first <= window.judged_first < window.judged_last <= window.last
        assert 1 + sum(lengths[window.first : window.last]) <= size


@many
@given(articles())
def test_a_sentence_is_judged_where_its_nearer_cut_edge_is_farthest(
    article: tuple[list[int], int, float],
) -> None:
    lengths, size, overlap = article
    windows = plan(lengths, size, overlap)

    def context(window: Window, sentence: int) -> float:
        left = sum(lengths[window.first : sentence]) if window.first else float("inf")
        right = (
            sum(lengths[sentence + 1 : window.last]) if window.last < len(lengths) else float("inf")
        )
        return min(left, right)

    for window in windows:
        for sentence in range(window.judged_first, window.judged_last):
            elsewhere = [context(w, sentence) for w in windows if w.first <= sentence < w.last]
            assert context(window, sentence) == max(elsewhere)


@many
@given(articles(longest=0.1))
def test_with_sentences_of_common_length_each_is_judged_with_context_on_both_sides(
    article: tuple[list[int], int, float],
) -> None:
    # Two windows share at least overlap * room tokens; the sentence in their middle is judged in
    # one of them, and reaches at most its own length past it.
    lengths, size, overlap = article
    windows = plan(lengths, size, overlap)
    assured = overlap * (size - 1) / 2 - max(lengths, default=0)
    for w in windows:
        if w.first > 0:
            assert sum(lengths[w.first : w.judged_first]) >= assured
        if w.last < len(lengths):
            assert sum(lengths[w.judged_last : w.last]) >= assured


def covers(lengths: list[int], most: int) -> Iterator[list[int]]:
    """Every way to cut ``lengths`` into at most ``most`` runs, as the lengths of the runs."""
    for cuts in range(most):
        for places in combinations(range(1, len(lengths)), cuts):
            edges = [0, *places, len(lengths)]
            yield [sum(lengths[a:b]) for a, b in pairwise(edges)]


@many
@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(10, 30))
def test_without_overlap_windows_are_as_few_and_as_short_as_can_be(
    lengths: list[int], size: int
) -> None:
    found = [sum(lengths[w.first : w.last]) for w in plan(lengths, size, 0.0)]
    fitting = [runs for runs in covers(lengths, len(found)) if max(runs) < size]
    assert len(found) == min(map(len, fitting))
    assert max(found) == min(map(max, fitting))
    assert sum(found) == sum(lengths)


@many
@given(articles(longest=0.1))
def test_windows_of_one_article_are_of_like_length_and_cost_what_the_overlap_asks(
    article: tuple[list[int], int, float],
) -> None:
    lengths, size, overlap = article
    assume(overlap <= 0.5)
    windows = plan(lengths, size, overlap)
    tokens = [sum(lengths[w.first : w.last]) for w in windows]
    # Two neighbours share less than the overlap and one sentence.
    shared = max(0, len(windows) - 1) * (overlap * (size - 1) + max(lengths, default=0))
    assert sum(tokens) <= sum(lengths) + shared


def contained(windows: list[Window]) -> list[tuple[Window, Window]]:
    return [(a, b) for a, b in pairwise(windows) if b.first <= a.first or b.last <= a.last]


@many
@given(articles(longest=0.1))
def test_no_window_of_sentences_of_common_length_is_contained_in_another(
    article: tuple[list[int], int, float],
) -> None:
    lengths, size, overlap = article
    assert contained(plan(lengths, size, overlap)) == []


def test_no_window_of_long_sentences_is_contained_in_another() -> None:
    # Room for 7 tokens, of which the first two sentences share none: [5], [4, 2].
    assert contained(plan([5, 4, 2], size=8, overlap=0.5)) == []


def test_windows_worked_by_hand() -> None:
    # Ten sentences of 10 tokens, room for 40, half of it repeated: four windows, ending at 40, 60,
    # 80 and 100. Of each shared pair of sentences every window judges the nearer.
    assert plan([10] * 10, size=41, overlap=0.5) == [
        Window(0, 4, 0, 3),
        Window(2, 6, 3, 5),
        Window(4, 8, 5, 7),
        Window(6, 10, 7, 10),
    ]
    # A quarter repeated takes three of 40. Seven sentences take two, and for them 40 is enough,
    # whatever the room.
    assert plan([10] * 10, size=41, overlap=0.25) == [
        Window(0, 4, 0, 4),
        Window(3, 7, 4, 7),
        Window(6, 10, 7, 10),
    ]
    for size in range(41, 61):
        assert plan([10] * 7, size, overlap=10 / (size - 1)) == [
            Window(0, 4, 0, 4),
            Window(3, 7, 4, 7),
        ]


def test_an_article_that_fits_is_one_window_and_an_empty_one_none() -> None:
    assert plan([20, 20], size=41, overlap=0.5) == [Window(0, 2, 0, 2)]
    assert len(plan([20, 21], size=41, overlap=0.5)) == 2
    assert plan([], size=41, overlap=0.5) == []


@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 30))
def test_fit_keeps_both_ends(ids: list[int], limit: int) -> None:
    kept = list(fit(ids, limit))
    assert len(kept) == min(len(ids), limit)
    if len(ids) > limit:
        head, tail = ceil(limit / 2), limit // 2
        assert kept == ids[:head] + ids[len(ids) - tail :]


def test_fit_worked_by_hand() -> None:
    assert list(fit([1, 2, 3, 4, 5, 6, 7], 4)) == [1, 2, 6, 7]
    assert list(fit([1, 2, 3, 4, 5, 6, 7], 5)) == [1, 2, 3, 6, 7]


def test_the_label_is_read_at_the_separator_that_closes_a_sentence() -> None:
    encoding = encode([[5], [6, 7], [8]], Window(1, 3, 1, 3), LAYOUT)
    assert encoding.ids == (101, 6, 7, 102, 8, 102)
    assert encoding.closers == (3, 5)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(released() / TOKENIZER))


@pytest.mark.parametrize("size", [16, 64, 512])
def test_laid_articles_hold_each_sentence_as_the_tokenizer_has_it(
    size: int, tokenizer: Tokenizer, invented: list[LabelledArticle]
) -> None:
    tokenizer.no_truncation()
    tokenizer.no_padding()
    layout = Layout(size, 0.25, LAYOUT.cls, LAYOUT.sep, LAYOUT.pad)
    for labelled in invented[:6]:
        text, sentences = labelled.article.text, spans(labelled)
        alone = [
            tokenizer.encode(text[s.start : s.end], add_special_tokens=False).ids for s in sentences
        ]
        laid = lay(text, sentences, tokenizer, layout)
        assert set(laid.cut) == {i for i, ids in enumerate(alone) if len(ids) > size - 2}
        for window, encoding in laid.windows:
            assert len(encoding.ids) <= size
            assert encoding.ids[0] == layout.cls
            assert [encoding.ids[c] for c in encoding.closers] == [layout.sep] * (
                window.last - window.first
            )
            starts = [1, *(c + 1 for c in encoding.closers)]
            for i, start, end in zip(
                range(window.first, window.last), starts, encoding.closers, strict=False
            ):
                assert list(encoding.ids[start:end]) == list(fit(alone[i], size - 2))
