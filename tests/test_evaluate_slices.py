"""Slices: every sentence once in each respect, and figures worked by hand."""

from collections import defaultdict

import pytest
from assessed import judged, labelled

from attrib.assessment import Slice
from attrib.corpus import LabelledArticle
from attrib.evaluate.slices import slices


def by(respect: str, articles: list[LabelledArticle], said: list[str]) -> dict[str, Slice]:
    return {s.value: s for s in slices(judged(articles, said), articles) if s.by == respect}


def test_each_respect_holds_every_labelled_sentence_once(
    invented: list[LabelledArticle],
) -> None:
    said = ["A" * len(article.sentences) for article in invented]
    total: dict[str, int] = defaultdict(int)
    for part in slices(judged(invented, said), invented):
        total[part.by] += part.sentences
        assert 1 <= part.articles <= len(invented)
        assert part.macro_f1.low <= part.macro_f1.high
    labels = sum(s.label is not None for article in invented for s in article.sentences)
    assert dict(total) == dict.fromkeys(("quotation", "position", "words"), labels)


def test_outlets_of_fewer_than_three_articles_are_folded() -> None:
    outlets = ["Post", "Post", "Post", "Gazette", "Gazette", "Echo", None, None, None]
    articles = [labelled("UU", outlet=outlet) for outlet in outlets]
    found = by("outlet", articles, ["UU"] * len(articles))
    # Two of Gazette and one of Echo; what is not given is a group of its own if it is large enough.
    assert {value: (s.sentences, s.articles) for value, s in found.items()} == {
        "Post": (6, 3),
        "not given": (6, 3),
        "other": (6, 3),
    }


def test_the_largest_group_comes_first_and_the_rest_last() -> None:
    names = ["a"] * 3 + ["b"] * 4 + ["c"] * 9
    articles = [labelled("U", topic=name if name != "c" else None) for name in names]
    assert list(by("topic", articles, ["U"] * 16)) == ["b", "a", "not given"]


def test_an_outlet_that_no_article_names_is_no_respect() -> None:
    assert by("outlet", [labelled("UU")], ["UU"]) == {}


def test_an_article_without_a_label_does_not_make_a_group() -> None:
    articles = [labelled(codes, outlet="Post") for codes in ("U", "U", ".")]
    assert list(by("outlet", articles, ["U"] * 3)) == ["other"]


def test_a_position_is_a_fifth_of_all_sentences_labelled_or_not() -> None:
    found = by("position", [labelled("..UUUUUUUU")], ["U" * 10])
    assert {value: s.sentences for value, s in found.items()} == {
        "second fifth": 2,
        "third fifth": 2,
        "fourth fifth": 2,
        "last fifth": 2,
    }


def test_a_short_article_has_its_first_sentence_in_the_first_fifth() -> None:
    assert list(by("position", [labelled("UU")], ["UU"])) == ["first fifth", "third fifth"]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        *[(1, "1–9"), (9, "1–9"), (10, "10–19"), (19, "10–19"), (20, "20–29"), (39, "30–39")],
        *[(40, "40 or more"), (200, "40 or more")],
    ],
)
def test_lengths_are_counted_in_words(words: int, value: str) -> None:
    # The builder adds a number, which is a word; a dash alone is none.
    article = labelled("U", words=" ".join(["rain"] * (words - 1)) + " –")
    assert list(by("words", [article], ["U"])) == [value]


def test_quotations_are_told_from_the_rest() -> None:
    articles = [labelled("A", words="“It rained,” she said in"), labelled("U")]
    found = by("quotation", articles, ["C", "U"])
    assert {value: (s.sentences, s.accuracy) for value, s in found.items()} == {
        "inside": (1, 0.0),
        "outside": (1, 1.0),
    }


def test_figures_of_a_slice_worked_by_hand() -> None:
    # Gold A A U, said A U U: F1 of 2/3 for either label; contested does not occur.
    (found,) = by("words", [labelled("AAU")], ["AUU"]).values()
    assert found.accuracy == pytest.approx(2 / 3)
    assert found.macro_f1.value == pytest.approx(2 / 3)
    assert found.contested_f1 is None
    # Gold A C, said C C: F1 of 0 for A, of 2/3 for C.
    (found,) = by("words", [labelled("AC")], ["CC"]).values()
    assert found.macro_f1.value == pytest.approx(1 / 3)
    assert found.contested_f1 == pytest.approx(2 / 3)
    # Contested is predicted and never gold: it occurs, and none of it is right.
    (found,) = by("words", [labelled("AA")], ["AC"]).values()
    assert found.contested_f1 == 0
