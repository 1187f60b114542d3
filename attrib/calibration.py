"""Temperature scaling (Guo et al. 2017): one number that makes confidences honest."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar


def rescale(probabilities: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Return class probabilities ``(n, classes)`` with their logits divided by ``temperature``."""
    powers = np.log(np.clip(probabilities, 1e-12, 1)) / temperature
    exponents = np.exp(powers - powers.max(axis=1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=1, keepdims=True))


def fit_temperature(probabilities: NDArray[np.float64], gold: NDArray[np.int64]) -> float:
    """Return the temperature in [0.25, 4] with the least negative log-likelihood of ``gold``.

    ``probabilities`` ``(n, classes)`` are those at temperature 1; ``gold`` ``(n,)`` class indices.
    """
    rows = np.arange(len(gold))

    def loss(log_temperature: float) -> float:
        scaled = rescale(probabilities, float(np.exp(log_temperature)))
        return float(-np.log(np.clip(scaled[rows, gold], 1e-12, 1)).mean())

    best = minimize_scalar(loss, bounds=(np.log(0.25), np.log(4)), method="bounded")
    return float(np.exp(best.x))
