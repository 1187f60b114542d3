"""The tables of an evaluation as plain words and figures; each format draws them in its way."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from attrib.article import Label
from attrib.assessment import Assessment, Comparison, Evaluation, Slice
from attrib.writers.characters import one_line
from attrib.writers.evaluation import phrases


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its first column names the rows, the others hold figures.

    ``key`` is its name in markup; ``note`` says what must be known to read it. The rows numbered in
    ``faint`` tell little, which their names say too.
    """

    key: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    faint: frozenset[int] = frozenset()


RESPECTS = {
    "outlet": ("By outlet", "outlet", "Outlets with fewer than 3 articles are under other."),
    "topic": ("By topic", "topic", "Topics with fewer than 3 articles are under other."),
    "quotation": (
        "By quotation",
        "place",
        (
            "A sentence is inside if it begins in a quotation, opens one that goes on after it, or "
            "has at least half of its letters between quotation marks."
        ),
    ),
    "position": ("By position", "place", "Articles are cut into fifths."),
    "words": ("By length", "words", "Words of the sentence."),
}
"""Title, name and note of each respect that slices go by."""


def figures(evaluation: Evaluation) -> Table:
    """Return the figures over all sentences."""
    return Table(
        "figures",
        "Over all sentences",
        ("figure", "value"),
        (
            ("accuracy", phrases.shown(evaluation.accuracy)),
            ("macro-F1", phrases.shown(evaluation.macro_f1)),
            ("calibration error", f"{evaluation.calibration_error:.3f}"),
        ),
    )


def differences(assessment: Assessment, against: Comparison) -> Table:
    """Return two models side by side."""
    one, two = assessment.evaluation, against.evaluation
    rows = (
        ("accuracy", one.accuracy, two.accuracy, against.accuracy),
        ("macro-F1", one.macro_f1, two.macro_f1, against.macro_f1),
        ("contested F1", one.contested_f1, two.contested_f1, against.contested_f1),
    )
    return Table(
        "differences",
        "The two models",
        ("figure", "model", "against", "difference", "p"),
        tuple(
            (
                name,
                phrases.share(a.value if a else None),
                phrases.share(b.value if b else None),
                phrases.shown_gap(gap),
                phrases.chance(gap.p) if gap else phrases.NONE,
            )
            for name, a, b, gap in rows
        ),
        "Intervals by paired bootstrap, p by randomly swapping whole articles between the models.",
    )


def labels(evaluation: Evaluation) -> Table:
    """Return precision, recall and F1 of each label and of the mark for unnamed sources."""
    intervals = {
        Label.ATTRIBUTED: evaluation.attributed_f1,
        Label.UNATTRIBUTED: evaluation.unattributed_f1,
        Label.CONTESTED: evaluation.contested_f1,
    }
    told = [
        (phrases.signed(label), evaluation.labels[label.value], phrases.shown(interval))
        for label, interval in intervals.items()
    ]
    told.append((phrases.UNNAMED, evaluation.unnamed, phrases.share(evaluation.unnamed.f1)))
    return Table(
        "labels",
        "Label by label",
        ("label", "precision", "recall", "F1", "sentences"),
        tuple(
            (name, phrases.share(s.precision), phrases.share(s.recall), f1, f"{s.support:,}")
            for name, s, f1 in told
        ),
        "Unnamed is the mark on attributed sentences whose source is not named. "
        f"{phrases.macro(evaluation)}",
    )


def confusion(evaluation: Evaluation) -> Table:
    """Return the counts of gold and predicted labels."""
    return Table(
        "confusion",
        "What is taken for what",
        ("gold", *(f"as {label}" for label in Label)),
        tuple(
            (phrases.signed(label), *(f"{count:,}" for count in row))
            for label, row in zip(Label, evaluation.confusion, strict=True)
        ),
        "Sentences: a row for each gold label, a column for each predicted one.",
    )


def calibration(evaluation: Evaluation) -> Table:
    """Return the bins of the calibration error, from the least confidence that there can be."""
    least = 1 / len(Label)
    return Table(
        "calibration",
        "How far confidence can be trusted",
        ("confidence", "sentences", "mean", "accuracy"),
        tuple(
            (
                f"{b.low:.2f} to {b.high:.2f}",
                f"{b.count:,}",
                phrases.share(b.confidence),
                phrases.share(b.accuracy),
            )
            for b in evaluation.calibration
            if b.count or b.low >= least
        ),
        f"Expected calibration error: {evaluation.calibration_error:.3f}. Where the mean is above "
        "the accuracy, the model is too sure.",
    )


def slices(assessment: Assessment) -> Iterator[tuple[Table, tuple[Slice, ...]]]:
    """Yield one table for each respect, with the slices that are its rows.

    A respect all of whose slices are few has none: ``unshown`` names it.
    """
    for by, same in _respects(assessment):
        if all(part.few for part in same):
            continue
        title, name, note = RESPECTS[by]
        head = (name, "sentences", "articles", "accuracy", "macro-F1", "contested F1")
        faint = frozenset(number for number, part in enumerate(same) if part.few)
        yield Table(by, title, head, tuple(map(_slice, same)), note, faint), same


def unshown(assessment: Assessment) -> list[str]:
    """Return the titles of the respects that have no table, as they go on in a sentence."""
    return [
        RESPECTS[by][0].lower()
        for by, same in _respects(assessment)
        if all(part.few for part in same)
    ]


def _respects(assessment: Assessment) -> Iterator[tuple[str, tuple[Slice, ...]]]:
    for by, same in groupby(assessment.slices, key=lambda s: s.by):
        yield by, tuple(same)


def _slice(part: Slice) -> tuple[str, ...]:
    return (
        f"{one_line(part.value)}{' (few)' if part.few else ''}",
        f"{part.sentences:,}",
        f"{part.articles:,}",
        f"{part.accuracy:.3f}",
        phrases.shown(part.macro_f1),
        phrases.share(part.contested_f1),
    )
