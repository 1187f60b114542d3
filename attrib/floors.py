"""Figures that an evaluation must reach."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from attrib.assessment import Evaluation
from attrib.errors import DataError

FIGURES = ("accuracy", "macro_f1", "attributed_f1", "unattributed_f1", "contested_f1")
"""What a floor can be set for: fields of ``Evaluation``."""


@dataclass(frozen=True, slots=True)
class Floors:
    """``least`` maps names out of ``FIGURES`` to the least value in [0, 1] that is allowed."""

    least: Mapping[str, float] = field(default_factory=dict)

    def breaches(self, evaluation: Evaluation) -> Iterator[str]:
        """Yield one line for each figure of ``evaluation`` that is below its floor.

        Raises:
            DataError: if the articles have no such figure, for want of a label.
        """
        for name, floor in self.least.items():
            figure = getattr(evaluation, name)
            if figure is None:
                label = name.removesuffix("_f1")
                raise DataError(
                    f"--fail-under {name}: expected a figure, found none, since no sentence is "
                    f"{label} and none was taken for it; leave this floor out, or add articles "
                    f"with {label} sentences"
                )
            value = figure.value
            if value < floor:
                below = math.floor(value * 10_000) / 10_000  # never rounded up to the floor
                yield f"{name} is {below:.4f}, the policy asks for at least {floor:g}"
