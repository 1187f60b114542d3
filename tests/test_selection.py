"""Selections: labels and a confidence, both at once."""

import pytest

from attrib.article import Label, Verdict
from attrib.selection import Selection


@pytest.mark.parametrize(
    ("selection", "kept"),
    [
        (Selection(), True),
        (Selection(frozenset({Label.CONTESTED})), True),
        (Selection(frozenset({Label.CONTESTED, Label.ATTRIBUTED})), True),
        (Selection(frozenset({Label.ATTRIBUTED})), False),
        (Selection(frozenset()), False),
        (Selection(None, 0.75), True),  # at least, so the value itself is kept
        (Selection(None, 0.76), False),
        (Selection(frozenset({Label.CONTESTED}), 0.76), False),
        (Selection(frozenset({Label.ATTRIBUTED}), 0.1), False),
    ],
)
def test_what_is_kept(selection: Selection, kept: bool) -> None:
    shares = {Label.CONTESTED: 0.75, Label.ATTRIBUTED: 0.25, Label.UNATTRIBUTED: 0.0}
    verdict = Verdict(0, 0, 1, "x", Label.CONTESTED, 0.75, shares, None)
    assert selection.keeps(verdict) is kept
