"""Classes inside, labels outside: the fold loses no probability."""

import numpy as np
import pytest

from attrib.article import Label, SourceKind
from attrib.classes import CLASSES, FOLD, LABEL_OF, LABELS, ModelClass, class_of


def test_a_label_is_as_probable_as_its_classes_together() -> None:
    # attributed 0.4, attributed_unnamed 0.2, unattributed 0.3, contested 0.1
    shown = np.array([0.4, 0.2, 0.3, 0.1]) @ FOLD
    assert dict(zip(LABELS, shown, strict=True)) == pytest.approx(
        {Label.ATTRIBUTED: 0.6, Label.UNATTRIBUTED: 0.3, Label.CONTESTED: 0.1}
    )


def test_the_order_of_the_outputs_stays() -> None:
    # Released models have their outputs in this order.
    assert CLASSES == ("attributed", "attributed_unnamed", "unattributed", "contested")


@pytest.mark.parametrize(
    ("label", "kind", "expected"),
    [
        (Label.ATTRIBUTED, SourceKind.NAMED, ModelClass.ATTRIBUTED),
        (Label.ATTRIBUTED, None, ModelClass.ATTRIBUTED),
        (Label.ATTRIBUTED, SourceKind.UNNAMED, ModelClass.ATTRIBUTED_UNNAMED),
        (Label.UNATTRIBUTED, None, ModelClass.UNATTRIBUTED),
        (Label.CONTESTED, None, ModelClass.CONTESTED),
    ],
)
def test_each_label_and_source_has_its_class_and_back(
    label: Label, kind: SourceKind | None, expected: ModelClass
) -> None:
    assert class_of(label, kind) is expected
    assert LABEL_OF[expected] is label
