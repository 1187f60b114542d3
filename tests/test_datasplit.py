"""The split: every article once, copies together, shares kept, order without effect."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import A, C, U, article, prose

from attrib.article import Article, Label, SourceKind
from attrib.corpus import LabelledArticle, LabelledSentence
from attrib.datasplit import Parted, part
from attrib.errors import DataError

THREE = [80.0, 10.0, 10.0]


def sets(count: int, seed: int = 0) -> list[LabelledArticle]:
    """Articles of 5 to 15 sentences, a tenth of them contested, of a handful of outlets."""
    generator = random.Random(seed)
    return [
        article(
            (seed, number),
            generator.choices([A, U, C], [45, 45, 10], k=generator.randint(5, 15)),
            outlet=generator.choice(["Post", "Herald", "Wire", None]),
        )
        for number in range(count)
    ]


def ids(parted: Parted) -> list[list[str]]:
    return [[labelled.article.id for labelled in side] for side in parted.sides]


def number_of(label: Label, articles: Sequence[LabelledArticle]) -> int:
    return sum(s.label is label for labelled in articles for s in labelled.sentences)


@given(
    st.integers(10, 60),
    st.integers(0, 5),
    st.sampled_from([THREE, [1.0, 1.0], [70.0, 30.0], [60.0, 20.0, 20.0]]),
    st.integers(0, 3),
)
@settings(max_examples=40)
def test_every_article_is_on_one_side_and_the_shares_are_near(
    count: int, data: int, shares: list[float], seed: int
) -> None:
    articles = sets(count, data)
    parted = part(articles, shares, seed)
    assert sorted(chain(*ids(parted))) == sorted(a.article.id for a in articles)
    everything = number_of(C, articles)
    for side, share in zip(parted.sides, shares, strict=True):
        due = share / sum(shares)
        # The largest side makes up for what the others are rounded by: 1.6 in all 4,896 cases.
        assert len(side) == pytest.approx(due * count, abs=1.7)
        assert number_of(C, side) == pytest.approx(due * everything, abs=max(3, 0.1 * everything))
        assert side


def test_labels_and_outlets_are_spread_evenly() -> None:
    articles = sets(300)
    parted = part(articles, THREE, 0)
    for label in Label:
        everything = number_of(label, articles)
        for side, share in zip(parted.sides, (0.8, 0.1, 0.1), strict=True):
            assert number_of(label, side) == pytest.approx(share * everything, rel=0.05)
    for outlet in ("Post", "Herald", "Wire"):
        everything = sum(a.article.outlet == outlet for a in articles)
        for side in parted.sides[1:]:
            found = sum(a.article.outlet == outlet for a in side)
            assert found == pytest.approx(everything / 10, abs=3)


@given(st.randoms(use_true_random=False), st.integers(0, 2))
@settings(max_examples=15)
def test_the_order_of_the_articles_has_no_effect(order: random.Random, seed: int) -> None:
    articles = [*sets(30), *planted()]
    shuffled = articles.copy()
    order.shuffle(shuffled)
    assert part(shuffled, THREE, seed) == part(articles, THREE, seed)


def test_another_seed_gives_another_split() -> None:
    articles = sets(100)
    assert part(articles, THREE, 0) == part(articles, THREE, 0)
    assert ids(part(articles, THREE, 0))[2] != ids(part(articles, THREE, 1))[2]


def planted() -> list[LabelledArticle]:
    """One article as three people labelled it, an exact copy, and a chain of near copies."""
    three = [article("judged", [A, U, C], annotator=who) for who in ("ana", "ben", "cyd")]
    three = [replace(a, article=replace(a.article, id=f"judged-{a.annotator}")) for a in three]
    first = article("copied", [A, U, U])
    upper = first.article.text.upper()
    copy = replace(first, article=replace(first.article, id="copy", text=upper))
    parts = [prose(("chain", number), 40) for number in range(5)]
    links = [f"{before} {after}" for before, after in pairwise(parts)]
    return [*three, first, copy, *(whole(f"chain-{n}", text) for n, text in enumerate(links))]


def whole(identity: str, text: str) -> LabelledArticle:
    sentences = (LabelledSentence(0, len(text), U),)
    return LabelledArticle(Article(text, id=identity, source=identity), sentences)


@pytest.mark.parametrize("seed", range(12))
def test_copies_are_never_parted(seed: int) -> None:
    parted = part([*sets(24), *planted()], [1.0, 1.0, 1.0], seed)
    assert parted.together == 3
    sides = {identity: number for number, side in enumerate(ids(parted)) for identity in side}
    for stem in ("judged", "cop", "chain"):
        assert len({side for identity, side in sides.items() if identity.startswith(stem)}) == 1


def test_sides_are_in_order_of_id() -> None:
    for side in ids(part(sets(40), THREE, 0)):
        assert side == sorted(side)


def test_too_few_articles_are_told() -> None:
    with pytest.raises(DataError, match=r"at least 10 articles .* share of 10% gets one, found 9"):
        part(sets(9), THREE, 0)
    assert [len(side) for side in part(sets(10), THREE, 0).sides] == [8, 1, 1]
    with pytest.raises(DataError, match="found 1; label more"):
        part(planted()[:3] * 10, [1.0, 1.0], 0)
    with pytest.raises(DataError, match="at least 2 articles"):
        part([], [1.0, 1.0], 0)


def test_every_side_gets_an_article_though_labels_would_not_have_it() -> None:
    # Each article holds a third or a half of one class, far more than a tenth.
    named, unnamed = [SourceKind.NAMED] * 9, [SourceKind.UNNAMED] * 9
    articles = [article(number, [C] * 9) for number in range(3)]
    articles += [article(number, [U] * 9) for number in range(3, 6)]
    articles += [article(number, [A] * 9, kinds=named) for number in (6, 7)]
    articles += [article(number, [A] * 9, kinds=unnamed) for number in (8, 9)]
    for seed in range(5):
        assert all(part(articles, THREE, seed).sides)


def test_unlabelled_articles_and_unknown_outlets_are_parted_too() -> None:
    articles = [article(number, [None, None]) for number in range(20)]
    assert [len(side) for side in part(articles, [1.0, 1.0], 0).sides] == [10, 10]


def test_named_and_unnamed_sources_are_spread_apart() -> None:
    kinds = [SourceKind.NAMED, SourceKind.UNNAMED]
    articles = [article(number, [A], kinds=[kinds[number % 2]]) for number in range(40)]
    for side in part(articles, [1.0, 1.0], 0).sides:
        found = [s.source_kind for labelled in side for s in labelled.sentences]
        assert found.count(SourceKind.NAMED) == 10
