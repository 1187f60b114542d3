"""Limits: exactly at the limit is within it, a hair above is not."""

import pytest

from attrib.article import Article, Label, ModelIdentity, Report, ScoredArticle, SourceKind, Verdict
from attrib.policy import Policy

LETTERS = {"A": Label.ATTRIBUTED, "U": Label.UNATTRIBUTED, "C": Label.CONTESTED}


def scored(letters: str, source: str = "draft.txt") -> ScoredArticle:
    """An article with a sentence of one character a line, labelled by ``letters``."""
    verdicts = tuple(
        Verdict(
            index=i,
            start=2 * i,
            end=2 * i + 1,
            text="x",
            label=LETTERS[letter],
            confidence=1.0,
            probabilities={label: float(label is LETTERS[letter]) for label in Label},
            source_kind=SourceKind.NAMED if letter == "A" else None,
        )
        for i, letter in enumerate(letters)
    )
    lines = tuple((2 * i, i + 1) for i in range(len(letters))) or ((0, 1),)
    return ScoredArticle(Article("x\n" * len(letters), source=source, lines=lines), verdicts)


def breaches(policy: Policy, *articles: ScoredArticle) -> list[str]:
    return list(policy.breaches(Report(ModelIdentity("m", "1", "0"), articles)))


@pytest.mark.parametrize(
    ("letters", "limit", "broken"),
    [
        ("UUAAA", 0.4, False),  # 2 of 5 is 40 %, which 40 % allows
        ("UUAAA", 0.39, True),
        ("UUAAA", 0.0, True),
        ("UUU", 1.0, False),
        ("AC", 0.0, False),
        ("UAAAAAAAAA", 0.1, False),
        ("UUUAAAAAAA", 0.3, False),  # where 0.1 + 0.2 would be above 0.3
        ("", 0.0, False),  # no sentence, no share
    ],
)
def test_a_share_above_the_limit_is_a_breach(letters: str, limit: float, broken: bool) -> None:
    assert bool(breaches(Policy(max_unattributed=limit), scored(letters))) is broken


def test_the_line_says_which_article_and_both_shares() -> None:
    # 1 of 3 is 33.3 %
    assert breaches(Policy(max_unattributed=0.25), scored("AUA")) == [
        "draft.txt: 33.3% of its sentences are unattributed, the policy allows 25.0%"
    ]


@pytest.mark.parametrize(
    ("letters", "told"),
    [
        ("AUC", "1 contested sentence, the policy allows none (first on line 3)"),
        ("ACUC", "2 contested sentences, the policy allows none (first on line 2)"),
    ],
)
def test_a_forbidden_label_is_counted_with_its_first_line(letters: str, told: str) -> None:
    policy = Policy(fail_on=frozenset({Label.CONTESTED}))
    assert breaches(policy, scored(letters)) == [f"draft.txt: {told}"]
    assert breaches(policy, scored(letters.replace("C", "U"))) == []


def test_each_article_answers_for_itself() -> None:
    # Together 3 of 9 would be a third; the second alone is over the limit.
    articles = scored("AAAAA", "one"), scored("UUUA", "two"), scored("", "three")
    (told,) = breaches(Policy(max_unattributed=0.5), *articles)
    assert told.startswith("two: 75.0%")


def test_an_article_may_break_several_limits() -> None:
    policy = Policy(0.1, frozenset({Label.CONTESTED, Label.UNATTRIBUTED}))
    told = breaches(policy, scored("UC"))
    assert len(told) == 3
    assert len(set(told)) == 3


def test_without_limits_nothing_is_a_breach() -> None:
    assert breaches(Policy(), scored("UUCC")) == []
