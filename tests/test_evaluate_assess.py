"""What an assessment holds: the mistakes, the comparison, the identity of model and data."""

import numpy as np
import pytest
from assessed import MODEL, OTHER, assessment, judged, labelled, rows

from attrib.article import Label
from attrib.corpus import fingerprint
from attrib.evaluate import Candidate, Gold, assess, judge
from attrib.evaluate.mistakes import mistakes


def test_the_most_confident_mistakes_come_first_with_their_neighbours() -> None:
    articles = [labelled("A.C", id="a", title="One"), labelled("UV", id="b")]
    answers = iter(
        [
            np.vstack([rows("C", 0.8), rows("U", 0.99), rows("C", 0.97)]),  # wrong, –, right
            np.vstack([rows("A", 0.9), rows("U", 0.7)]),  # wrong, wrong and as sure as it takes
        ]
    )
    found = list(mistakes(judge(lambda _: next(answers), articles), articles))
    assert [(m.article_id, m.before, m.text, m.after) for m in found] == [
        ("b", None, "It rained 0.", "It rained 1."),
        ("a", None, "It rained 0.", "It rained 1."),
        ("b", "It rained 0.", "It rained 1.", None),
    ]
    first = found[0]
    # 0.9 for attributed, named, and a third of 0.1 for attributed, unnamed.
    assert first.confidence == pytest.approx(0.9 + 0.1 / 3)
    assert (first.gold, first.predicted) == (Label.UNATTRIBUTED, Label.ATTRIBUTED)
    assert sum(first.probabilities.values()) == pytest.approx(1)
    assert (found[1].title, found[1].start, found[1].end) == ("One", 0, 12)


def test_as_many_mistakes_as_are_asked_for() -> None:
    articles = [labelled("AAAA")]
    said = Candidate(MODEL, judged(articles, ["CCCC"]))
    for worst, listed in ((0, 0), (3, 3), (9, 4)):
        found = assess(Gold(("x",), tuple(articles)), said, worst=worst)
        assert (found.sure_mistakes, len(found.mistakes)) == (4, listed)


def test_a_mistake_over_which_the_model_wavers_is_none_it_is_sure_of() -> None:
    articles = [labelled("UUU")]
    said = judge(lambda _: np.vstack([rows("C", 0.69), rows("C", 0.48), rows("U")]), articles)
    found = assess(Gold(("x",), tuple(articles)), Candidate(MODEL, said))
    assert (found.evaluation.mistakes, found.sure_mistakes, found.mistakes) == (2, 0, ())


def test_named_for_unnamed_is_no_mistake_of_the_label() -> None:
    articles = [labelled("AV")]
    assert list(mistakes(judged(articles, ["VA"]), articles)) == []


def test_a_comparison_counts_what_only_one_model_has_right() -> None:
    #       gold        mine        theirs
    found = assessment([labelled("AUCUA")], ["AUCAC"], ["AUUUC"]).against
    assert found is not None
    assert (found.both_right, found.only_model, found.only_against, found.both_wrong) == (
        2,
        1,
        1,
        1,
    )
    assert found.model == OTHER
    assert found.accuracy.value == 0
    # Contested: mine 2/3 (one of two), theirs 0.
    assert found.contested_f1 is not None
    assert found.contested_f1.value == pytest.approx(2 / 3)
    assert found.evaluation.contested_f1 is not None
    assert found.evaluation.contested_f1.value == 0


def test_models_that_have_no_figure_are_not_compared_by_it() -> None:
    articles = [labelled("AU"), labelled("AU")]
    for mine, theirs in (("AU", "AU"), ("AC", "AU"), ("AU", "CU")):
        found = assessment(articles, [mine] * 2, [theirs] * 2).against
        assert found is not None
        assert found.contested_f1 is None
    found = assessment(articles, ["AC"] * 2, ["CU"] * 2).against
    assert found is not None
    assert found.contested_f1 is not None  # of 0 and 0


def test_the_better_model_is_found_and_the_equal_one_is_not() -> None:
    articles = [labelled("AUCU", id=str(n), words=f"It rained {n}") for n in range(12)]
    right = ["AUCU"] * 12
    found = assessment(articles, right, ["AUUU"] * 12).against
    assert found is not None
    assert found.macro_f1.real
    assert found.macro_f1.value > 0
    same = assessment(articles, right, right).against
    assert same is not None
    assert not same.macro_f1.real
    assert same.macro_f1.p == 1


def test_an_assessment_says_what_it_is_of() -> None:
    articles = [labelled("AU"), labelled("C.", words="Snow fell")]
    found = assessment(articles, ["AU", "CU"])
    assert (found.model, found.against, found.sources) == (MODEL, None, ("labels.jsonl",))
    assert found.data_sha256 == fingerprint(articles)
    assert (found.evaluation.articles, found.evaluation.sentences) == (2, 3)
