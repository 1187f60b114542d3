"""Label names that tools and teams use, and the labels they stand for."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from attrib.article import Label, SourceKind
from attrib.errors import DataError
from attrib.readers.message import shown

IGNORED = "-"
WANTED = "attributed, attributed_unnamed, unattributed or contested"


@dataclass(frozen=True, slots=True)
class Mark:
    """What a label name says of a sentence; ``source_kind`` None leaves the kind untold."""

    label: Label
    source_kind: SourceKind | None = None


_NAMED = Mark(Label.ATTRIBUTED, SourceKind.NAMED)
_UNNAMED = Mark(Label.ATTRIBUTED, SourceKind.UNNAMED)

# Folded names. The single letters are the guideline's.
_KNOWN: dict[str, Mark] = {
    "attributed": Mark(Label.ATTRIBUTED),
    "attributednamed": _NAMED,
    "attributedsourcenamed": _NAMED,
    "a": _NAMED,
    "attributedunnamed": _UNNAMED,
    "attributedsourceunnamed": _UNNAMED,
    "unnamed": _UNNAMED,
    "v": _UNNAMED,
    "unattributed": Mark(Label.UNATTRIBUTED),
    "u": Mark(Label.UNATTRIBUTED),
    "contested": Mark(Label.CONTESTED),
    "c": Mark(Label.CONTESTED),
}

# The name under which each mark is written for a tool; each is read back as the same mark.
_WRITTEN: dict[Mark, str] = {
    Mark(Label.ATTRIBUTED): "attributed",
    _NAMED: "attributed named",
    _UNNAMED: "attributed unnamed",
    Mark(Label.UNATTRIBUTED): "unattributed",
    Mark(Label.CONTESTED): "contested",
}


def name_of(mark: Mark) -> str:
    """Return the name under which ``mark`` is written for a tool."""
    return _WRITTEN[mark]


def folded(name: str) -> str:
    """Return ``name`` without case, white space, hyphens and other marks."""
    return "".join(c for c in name.casefold() if c.isalnum())


@dataclass(frozen=True, slots=True)
class LabelNames:
    """The names that stand for labels: the built-in ones, and ``own``, which win over them.

    ``own`` maps a name, exact or folded, to its mark; to None where the name is to be left out.
    """

    own: Mapping[str, Mark | None] = field(default_factory=dict)

    def mark(self, name: str) -> Mark | None:
        """Return what ``name`` stands for, or None if it is to be left out.

        Raises:
            KeyError: if nobody said what it stands for.
        """
        for key in (name, folded(name)):
            if key in self.own:
                return self.own[key]
        return _KNOWN[folded(name)]

    def knows(self, name: str) -> bool:
        """Tell whether it is known what ``name`` stands for."""
        return name in self.own or folded(name) in self.own or folded(name) in _KNOWN


def label_names(pairs: Iterable[str]) -> LabelNames:
    """Return the names with those that ``pairs`` of the form ``NAME=LABEL`` add.

    LABEL is one of the four classes, or ``-`` to leave out what bears the name.

    Raises:
        DataError: if a pair has another form.
    """
    own: dict[str, Mark | None] = {}
    for pair in pairs:
        name, equals, label = (part.strip() for part in pair.rpartition("="))
        if not equals or not name or not (label == IGNORED or folded(label) in _KNOWN):
            raise DataError(
                f"expected NAME=LABEL, LABEL being {WANTED}, or {IGNORED} to leave the name out; "
                f"found {pair!r}"
            )
        mark = None if label == IGNORED else _KNOWN[folded(label)]
        own[name] = mark
        if folded(name):
            own.setdefault(folded(name), mark)
    return LabelNames(own)


@dataclass(slots=True)
class UnknownNames:
    """The names met that nobody knows: how often each, and where first."""

    times: Counter[str] = field(default_factory=Counter)
    first: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, where: str) -> None:
        """Count ``name``, met at ``where``."""
        self.times[name] += 1
        self.first.setdefault(name, where)

    def problems(self) -> Iterator[DataError]:
        """Yield one error a name."""
        for name, count in self.times.items():
            word = shown(name, 60)
            times = f" ({count:,} times)" if count > 1 else ""
            yield DataError(
                f"{self.first[name]}: expected a label, found {word!r}{times}; say --label "
                f"'{word}=LABEL' (attrib data check, convert, split), LABEL being {WANTED}, or "
                f"{IGNORED} to leave it out"
            )
