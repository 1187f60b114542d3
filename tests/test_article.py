"""Values: lines of offsets, counts and shares."""

from collections.abc import Sequence

import pytest

from attrib.article import Article, Label, SourceKind, Summary, Verdict


def verdicts(labels: Sequence[tuple[Label, SourceKind | None]]) -> list[Verdict]:
    return [
        Verdict(i, i, i + 1, "x", label, 1.0, {label: 1.0}, k)
        for i, (label, k) in enumerate(labels)
    ]


@pytest.mark.parametrize(
    ("offset", "line"), [(0, 3), (9, 3), (10, 4), (11, 4), (24, 4), (25, 9), (10_000, 9)]
)
def test_an_offset_stands_on_the_line_of_the_last_anchor_at_or_before_it(
    offset: int, line: int
) -> None:
    article = Article("x" * 30, lines=((0, 3), (10, 4), (25, 9)))
    assert article.line_at(offset) == line


def test_counts_and_shares_worked_by_hand() -> None:
    summary = Summary.of(
        verdicts(
            [
                (Label.ATTRIBUTED, SourceKind.NAMED),
                (Label.ATTRIBUTED, SourceKind.UNNAMED),
                (Label.UNATTRIBUTED, None),
                (Label.CONTESTED, None),
                (Label.UNATTRIBUTED, None),
            ]
        )
    )
    assert summary == Summary(
        sentences=5, attributed=2, unattributed=2, contested=1, unnamed_source=1
    )
    # 2 of 5, 2 of 5, 1 of 5
    assert [summary.share(label) for label in Label] == [0.4, 0.4, 0.2]


def test_an_article_without_sentences_has_shares_of_nothing() -> None:
    assert [Summary.of([]).share(label) for label in Label] == [0.0, 0.0, 0.0]
