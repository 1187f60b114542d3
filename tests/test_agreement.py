"""Agreement worked by hand, and on the published examples."""

import random
import sys

import pytest
from invented import A, C, U, article

from attrib.agreement import agreement, alpha, kappa
from attrib.article import Label
from attrib.corpus import LabelledArticle, LabelledSentence


def test_alpha_of_krippendorff_s_two_observers() -> None:
    # Krippendorff (2011), section B: 24 values, counts a 4, b 6, c 6, d 6, e 2; three units differ,
    # 6 of the 24 coincidences: 1 - 23 * 6 / (24² - 16 - 36 - 36 - 36 - 4) = 1 - 138 / 448
    units = list(zip("aabbdcccedda", "babbbccceddd", strict=True))
    assert alpha(units) == pytest.approx(1 - 138 / 448)
    assert alpha(units) == pytest.approx(0.692, abs=5e-4)


def test_alpha_of_krippendorff_s_four_observers_with_gaps() -> None:
    # Section C: 12 units, the last with one value only. 40 values, counts 9, 13, 10, 5, 3.
    # Unit 2 differs in 6 of 12 ordered pairs, over m - 1 = 3 makes 2; unit 6 in 12: 4; unit 8: 2.
    # 1 - 39 * 8 / (40² - 81 - 169 - 100 - 25 - 9) = 1 - 312 / 1216
    units = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11"]
    assert alpha([*units, "3"]) == pytest.approx(1 - 312 / 1216)
    assert alpha([*units, "3"]) == pytest.approx(0.743, abs=5e-4)


def test_alpha_knows_full_agreement_chance_and_worse() -> None:
    assert alpha(["aa", "bb", "aa"]) == 1
    worse = alpha(["ab", "ba"])  # never the same: 1 - 3 * 4 / (16 - 8)
    assert worse == pytest.approx(-0.5)
    generator = random.Random(0)
    chance = alpha([generator.choices("abc", k=3) for _ in range(4000)])
    assert chance == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("units", [[], ["a", "b"], ["aa", "aa"], [""]])
def test_alpha_is_undefined_where_nothing_can_differ(units: list[str]) -> None:
    assert alpha(units) is None


def test_kappa_of_fifty_sentences() -> None:
    # 20 both a, 15 both b, 5 a/b, 10 b/a: observed 35/50; by chance 25/50 * 30/50 + 25/50 * 20/50
    # = 0.5, so (0.7 - 0.5) / 0.5
    pairs = [("a", "a")] * 20 + [("a", "b")] * 5 + [("b", "a")] * 10 + [("b", "b")] * 15
    assert kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_undefined_where_nothing_can_differ() -> None:
    assert kappa([]) is None
    assert kappa([("a", "a")] * 3) is None


def test_annotators_are_compared_where_offsets_are_equal() -> None:
    ana = article("dam", [A, U, C, U], annotator="ana")
    ben = article("dam", [A, U, U, None], annotator="ben")
    # ben's third sentence begins a character later than ana's, so the two do not match
    third = ben.sentences[2]
    moved = LabelledSentence(third.start + 1, third.end, third.label)
    ben = LabelledArticle(ben.article, (*ben.sentences[:2], moved, ben.sentences[3]), "ben")
    alone = article("sea", [C, C], annotator="ana")
    found = agreement([ana, ben, alone])
    assert found is not None
    assert (found.annotators, found.articles) == (("ana", "ben"), 1)
    # Two match; ana's third and fourth and ben's third stand alone.
    assert (found.sentences, found.unmatched) == (2, 3)
    assert found.alpha == 1
    assert found.alpha_by_label == {A: 1, U: 1, C: None}
    (pair,) = found.pairs
    assert (pair.first, pair.second, pair.sentences, pair.kappa) == ("ana", "ben", 2, 1)


def test_three_annotators_and_each_label_against_the_rest() -> None:
    labels = {"ana": [A, A, U, C], "ben": [A, A, U, U], "cyd": [A, U, U, C]}
    found = agreement([article("x", given, annotator=who) for who, given in labels.items()])
    assert found is not None
    # Units AAA, AAU, UUU, CUC. Values: A 5, U 5, C 2. AAU and CUC differ in 4 of 6 ordered pairs,
    # each over m - 1 = 2: 2 + 2. 1 - 11 * 4 / (144 - 25 - 25 - 4) = 1 - 44 / 90
    assert found.alpha == pytest.approx(1 - 44 / 90)
    # C against the rest: 2 of 12 values, one unit differs: 1 - 11 * 2 / (144 - 4 - 100) = 1 - 22/40
    assert found.alpha_by_label[Label.CONTESTED] == pytest.approx(1 - 22 / 40)
    assert [(p.first, p.second) for p in found.pairs] == [
        ("ana", "ben"),
        ("ana", "cyd"),
        ("ben", "cyd"),
    ]
    # ana and ben: 3 of 4 alike; by chance A 2/4 * 2/4, U 1/4 * 2/4: 3/8. (3/4 - 3/8) / (5/8)
    assert found.pairs[0].kappa == pytest.approx(0.6)


def test_nothing_is_compared_without_two_names_on_one_article() -> None:
    assert agreement([article("x", [A], annotator="ana"), article("y", [A], annotator="b")]) is None
    assert agreement([article("x", [A]), article("x", [U])]) is None


def test_kappa_needs_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.metrics", None)
    with pytest.raises(ModuleNotFoundError):
        kappa([("a", "b")])
