"""Floors: which figures break them, and what is told."""

import pytest
from assessed import assessment, labelled

from attrib.errors import DataError
from attrib.floors import FIGURES, Floors

# Gold A A U C, said A U U C: accuracy 3/4; F1 of 2/3, 2/3 and 1, their mean 7/9.
EVALUATION = assessment([labelled("AAUC")], ["AUUC"]).evaluation
FOUND = {
    "accuracy": 3 / 4,
    "macro_f1": 7 / 9,
    "attributed_f1": 2 / 3,
    "unattributed_f1": 2 / 3,
    "contested_f1": 1.0,
}


def test_every_figure_can_have_a_floor() -> None:
    assert set(FIGURES) == set(FOUND)


@pytest.mark.parametrize(("name", "value"), FOUND.items())
def test_a_figure_below_its_floor_breaks_it_and_one_above_does_not(name: str, value: float) -> None:
    assert list(Floors({name: value - 0.001}).breaches(EVALUATION)) == []
    (told,) = Floors({name: value + 0.001}).breaches(EVALUATION)
    assert told.startswith(f"{name} is ")


def test_a_figure_equal_to_its_floor_is_enough() -> None:
    assert list(Floors({"accuracy": 0.75}).breaches(EVALUATION)) == []


def test_a_figure_is_never_rounded_up_to_its_floor() -> None:
    # 0.77777… of 0.7778
    (told,) = Floors({"macro_f1": 0.7778}).breaches(EVALUATION)
    assert told == "macro_f1 is 0.7777, the policy asks for at least 0.7778"


def test_all_breaches_are_told_in_the_order_given() -> None:
    told = list(
        Floors({"contested_f1": 1.0, "macro_f1": 0.9, "accuracy": 0.8}).breaches(EVALUATION)
    )
    assert [line.split()[0] for line in told] == ["macro_f1", "accuracy"]


def test_a_floor_under_a_figure_that_there_is_not_is_refused_with_the_reason() -> None:
    bare = assessment([labelled("AU")], ["AU"]).evaluation
    with pytest.raises(DataError, match="--fail-under contested_f1: expected a figure, found none"):
        list(Floors({"contested_f1": 0.0}).breaches(bare))
    assert list(Floors({"macro_f1": 1.0}).breaches(bare)) == []


def test_no_floor_no_breach() -> None:
    assert list(Floors().breaches(EVALUATION)) == []
