"""Which articles are picked, on numbers worked by hand."""

import random
from collections.abc import Sequence

import pytest
from invented import prose

from attrib.article import Article, Label, ScoredArticle, Verdict
from attrib.diversity import farthest_first
from attrib.errors import InputError
from attrib.sampling import (
    Plan,
    Sample,
    Strategy,
    Tally,
    expected_contested,
    sample,
    uncertainty,
)


def verdict(attributed: float, unattributed: float, contested: float) -> Verdict:
    shares = dict(zip(Label, (attributed, unattributed, contested), strict=True))
    label = max(shares, key=lambda key: shares[key])
    return Verdict(0, 0, 1, "x", label, shares[label], shares, None)


SURE, TORN, HALF = verdict(1, 0, 0), verdict(0.4, 0.4, 0.2), verdict(0.7, 0.2, 0.1)


def scored(*verdicts: Verdict) -> ScoredArticle:
    return ScoredArticle(Article("x"), verdicts)


def test_uncertainty_is_one_less_the_margin() -> None:
    # margins 1, 0 and 0.5; up to three sentences count all
    assert uncertainty(scored(SURE)) == 0
    assert uncertainty(scored(TORN)) == 1
    assert uncertainty(scored(HALF)) == pytest.approx(0.5)
    assert uncertainty(scored(SURE, TORN, HALF)) == pytest.approx(0.5)
    assert uncertainty(scored()) == 0


def test_the_least_certain_quarter_counts() -> None:
    # 20 sentences: the five least certain are two torn ones and three of half a mind
    many = [SURE] * 15 + [TORN] * 2 + [HALF] * 3
    assert uncertainty(scored(*many)) == pytest.approx((2 + 3 * 0.5) / 5)
    # More plain sentences make it no smaller, up to the next quarter.
    assert uncertainty(scored(*many[3:])) >= uncertainty(scored(*many))
    # Four sentences: three count, not one
    assert uncertainty(scored(TORN, SURE, SURE, SURE)) == pytest.approx(1 / 3)


def test_expected_contested_sentences_add_up() -> None:
    assert expected_contested(scored(SURE, TORN, HALF, TORN)) == pytest.approx(0.5)
    assert expected_contested(scored()) == 0


PLAIN = [Article(prose(number, 40), id=f"{number}", source=f"{number}") for number in range(12)]
WORTH = {article.text: int(article.id) / 12 for article in PLAIN}
asked: list[str] = []


def judge(article: Article) -> ScoredArticle:
    """The higher an article's number, the less sure; those of odd numbers expect a dispute."""
    asked.append(article.id)
    worth = WORTH.get(article.text, 0.0)
    odd = worth and int(article.id) % 2
    rest = (1 - worth) / 2
    first = verdict(1 - worth / 2, worth / 2, 0) if not odd else verdict(0, rest, 1 - rest)
    return ScoredArticle(article, (first,))


def picked(
    strategy: Strategy,
    count: int,
    inputs: Sequence[Article | InputError] = PLAIN,
    labelled: Sequence[Article] = (),
    seed: int = 0,
) -> Sample:
    asked.clear()
    return sample(inputs, labelled, Plan(strategy, count, seed), judge)


def ids(found: Sample) -> list[str]:
    return [scored.article.id for scored in found.chosen]


def test_the_least_certain_come_first() -> None:
    # even numbers: margin 1 - worth; odd: the margin is (1 + worth) / 2 - (1 - worth) / 2 = worth
    expected = sorted(range(12), key=lambda n: n / 12 if n % 2 else 1 - n / 12)
    assert ids(picked(Strategy.UNCERTAIN, 4)) == [f"{n}" for n in expected[:4]]
    assert sorted(asked, key=int) == [a.id for a in PLAIN]


def test_the_most_disputed_come_first() -> None:
    assert ids(picked(Strategy.CONTESTED, 3)) == ["11", "9", "7"]


@pytest.mark.parametrize("strategy", Strategy)
def test_the_order_of_the_inputs_has_no_effect(strategy: Strategy) -> None:
    shuffled = random.Random(3).sample(PLAIN, len(PLAIN))
    assert ids(picked(strategy, 5)) == ids(picked(strategy, 5, shuffled))
    assert len(set(ids(picked(strategy, 5)))) == 5


@pytest.mark.parametrize("strategy", Strategy)
def test_what_is_labelled_is_left_out(strategy: Strategy) -> None:
    labelled = [Article(article.text.upper() + ".") for article in PLAIN[:9]]
    assert sorted(ids(picked(strategy, 5, labelled=[*labelled, labelled[0]]))) == ["10", "11", "9"]
    assert ids(picked(strategy, 5, labelled=PLAIN)) == []


def test_random_and_diverse_ask_the_model_of_the_picked_only() -> None:
    for strategy in (Strategy.RANDOM, Strategy.DIVERSE):
        found = picked(strategy, 4)
        assert asked == ids(found)


def test_another_seed_draws_others() -> None:
    draws = {tuple(ids(picked(Strategy.RANDOM, 4, seed=seed))) for seed in range(5)}
    assert len(draws) == 5


def test_a_text_is_picked_once_and_so_are_near_copies() -> None:
    twin = Article(PLAIN[11].text.title(), id="15")
    near = Article(f"{PLAIN[9].text} {prose('more', 10)}", id="13")
    WORTH[near.text] = 1.0
    for strategy in Strategy:
        found = ids(picked(strategy, 14, [*PLAIN, twin, near]))
        assert len(found) == 12
        assert "15" not in found
        assert ("13" in found) != ("9" in found)


def test_near_copies_of_labelled_articles_are_left_out() -> None:
    labelled = [Article(f"{PLAIN[0].text} {prose('more', 10)}")]
    for strategy in Strategy:
        assert "0" not in ids(picked(strategy, 12, labelled=labelled))


def test_what_cannot_be_read_or_judged_is_kept_as_errors() -> None:
    def refuse(article: Article) -> ScoredArticle:
        if article.id == "3":
            raise InputError("3: no letter")
        return judge(article)

    inputs: list[Article | InputError] = [InputError("a: gone"), *PLAIN, InputError("b: gone")]
    for strategy in Strategy:
        found = sample(inputs, [], Plan(strategy, 12), refuse)
        assert len(found.chosen) == 11
        assert {str(error) for error in found.errors} == {"a: gone", "b: gone", "3: no letter"}
        assert found.tally == Tally(found=12, unjudged=1, chosen=11)


@pytest.mark.parametrize("strategy", Strategy)
def test_what_became_of_each_article_is_counted(strategy: Strategy) -> None:
    twin = Article(PLAIN[11].text.title(), id="15")
    near = Article(f"{PLAIN[0].text} {prose('more', 10)}", id="13")
    WORTH[near.text] = 1.0
    labelled = [PLAIN[3], Article(f"{PLAIN[4].text} {prose('other', 10)}")]
    tally = picked(strategy, 14, [*PLAIN, twin, near, PLAIN[3]], labelled).tally
    # 3 twice and 4 are labelled; 15 repeats 11, and of 0 and 13 one is enough
    assert tally == Tally(found=15, labelled=3, copies=2, chosen=10)
    assert tally.left == 0
    assert picked(strategy, 4).tally == Tally(found=12, chosen=4)
    assert picked(strategy, 4).tally.left == 8


def test_the_farthest_comes_next() -> None:
    texts = ["dam water flood", "dam water flood rain", "court judge jury", "court judge", "choir"]
    order = list(farthest_first(texts, []))
    assert sorted(order) == list(range(5))
    # Three topics in the first three picks; what is left repeats one of them.
    assert {min(i // 2, 2) for i in order[:3]} == {0, 1, 2}


def test_what_is_labelled_counts_as_a_centre() -> None:
    texts = ["dam water flood rain", "court judge"]
    assert list(farthest_first(texts, ["the dam, the water, the flood"])) == [1, 0]
    assert list(farthest_first(texts, ["a court and a judge"])) == [0, 1]
    assert list(farthest_first([], ["x"])) == []
    assert list(farthest_first(["", "12"], [])) in ([0, 1], [1, 0])
