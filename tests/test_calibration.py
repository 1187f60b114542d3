"""Temperature: found where it is known, and it changes confidence but no verdict."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.calibration import fit_temperature, rescale
from attrib.checker import softmax


@pytest.mark.parametrize(
    ("said", "right_of_four", "temperature"),
    [
        (0.9, 3, 2.0),  # log odds ln 9 should be ln 3
        (0.75, 3, 1.0),
        (0.5 + 0.5 * np.tanh(0.5 * np.log(3) / 2), 3, 0.5),  # log odds ln 3 / 2 should be ln 3
    ],
)
def test_two_classes_worked_by_hand(said: float, right_of_four: int, temperature: float) -> None:
    probabilities = np.tile([said, 1 - said], (4, 1))
    gold = np.array([0] * right_of_four + [1] * (4 - right_of_four))
    assert fit_temperature(probabilities, gold) == pytest.approx(temperature, rel=1e-3)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 1.5, 3.0])
def test_a_known_temperature_is_recovered(temperature: float) -> None:
    generator = np.random.default_rng(3)
    logits = generator.normal(0, 2, (20_000, 4))
    honest = softmax(logits)
    gold = (honest.cumsum(axis=1) < generator.random((20_000, 1))).sum(axis=1)
    # Logits times the temperature are what dividing by it must undo.
    found = fit_temperature(softmax(logits * temperature), gold)
    assert found == pytest.approx(temperature, rel=0.05)


@pytest.mark.parametrize(("gold", "bound"), [(0, 0.25), (1, 4.0)])
def test_the_temperature_stays_within_its_bounds(gold: int, bound: float) -> None:
    # Always right asks for ever more confidence, always wrong for ever less.
    probabilities = np.tile([0.9, 0.1], (4, 1))
    assert fit_temperature(probabilities, np.full(4, gold)) == pytest.approx(bound, rel=1e-3)


def test_rescaling_worked_by_hand() -> None:
    # Odds 9 : 1 become their square root, 3 : 1, at temperature 2.
    assert rescale(np.array([[0.9, 0.1]]), 2.0) == pytest.approx(np.array([[0.75, 0.25]]))


rows = st.lists(st.floats(0.01, 1), min_size=4, max_size=4)


@given(st.lists(rows, min_size=1, max_size=5), st.floats(0.25, 4))
def test_rescaling_leaves_the_order_and_the_sum(
    weights: list[list[float]], temperature: float
) -> None:
    probabilities = np.array(weights) / np.sum(weights, axis=1, keepdims=True)
    scaled = rescale(probabilities, temperature)
    assert scaled.sum(axis=1) == pytest.approx(1)
    order = probabilities.argsort(axis=1)
    assert (np.diff(np.take_along_axis(scaled, order, axis=1), axis=1) >= -1e-12).all()
    assert rescale(scaled, 1 / temperature) == pytest.approx(probabilities, abs=1e-6)


def test_rescaling_bears_probabilities_of_nothing() -> None:
    scaled = rescale(np.array([[1.0, 0.0, 0.0]]), 0.25)
    assert np.isfinite(scaled).all()
    assert scaled[0].argmax() == 0
