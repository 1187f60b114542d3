"""The four classes inside the model, and how they become three labels and a source kind."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from attrib.article import Label, SourceKind


class ModelClass(StrEnum):
    """What the token-classification head tells apart, in the order of its outputs."""

    ATTRIBUTED = "attributed"
    ATTRIBUTED_UNNAMED = "attributed_unnamed"
    UNATTRIBUTED = "unattributed"
    CONTESTED = "contested"


CLASSES: tuple[ModelClass, ...] = tuple(ModelClass)
LABELS: tuple[Label, ...] = tuple(Label)

LABEL_OF: dict[ModelClass, Label] = {
    ModelClass.ATTRIBUTED: Label.ATTRIBUTED,
    ModelClass.ATTRIBUTED_UNNAMED: Label.ATTRIBUTED,
    ModelClass.UNATTRIBUTED: Label.UNATTRIBUTED,
    ModelClass.CONTESTED: Label.CONTESTED,
}


def class_of(label: Label, kind: SourceKind | None) -> ModelClass:
    """Return the class that stands for ``label`` with a source of ``kind``."""
    if label is Label.ATTRIBUTED and kind is SourceKind.UNNAMED:
        return ModelClass.ATTRIBUTED_UNNAMED
    return ModelClass(label.value)


def says_unnamed(probabilities: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say where an unnamed source is likelier than a named one; classes are the last axis."""
    unnamed = probabilities[..., CLASSES.index(ModelClass.ATTRIBUTED_UNNAMED)]
    return np.asarray(unnamed > probabilities[..., CLASSES.index(ModelClass.ATTRIBUTED)])


# (classes, labels): a label's probability is the sum over its classes.
FOLD: NDArray[np.float64] = np.array(
    [[float(LABEL_OF[c] is label) for label in LABELS] for c in CLASSES]
)
