"""What each kind of verdict looks like: one sign, word, line and colour in every format.

Three labels have three hues. An attributed sentence with an unnamed source keeps the hue of its
label and has a sign and a line of its own. Nothing is told by colour alone.
"""

from dataclasses import dataclass

from attrib.article import Label, SourceKind, Summary, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of verdict is shown.

    ``word`` names it on its own and ``phrase`` among the others; ``voucher`` says who vouches, in
    a few words, and ``meaning`` in a sentence. ``key`` is its name in markup and ``shortcut`` the
    letter that toggles it there; ``line`` is one terminal cell of its bar and ``style`` its colour
    there; ``light`` and ``dark`` are CSS colours that pass WCAG AA on the page's two papers.
    """

    key: str
    label: Label
    sign: str
    word: str
    phrase: str
    voucher: str
    meaning: str
    shortcut: str
    line: str
    style: str
    light: str
    dark: str


ATTRIBUTED = Look(
    key="attributed",
    label=Label.ATTRIBUTED,
    sign="”",
    word="attributed",
    phrase="attributed, named",
    voucher="a named source",
    meaning="A source that a reader could identify says so.",
    shortcut="a",
    line="━",
    style="cyan",
    light="#1c5f8f",
    dark="#7fbce8",
)
UNNAMED = Look(
    key="unnamed",
    label=Label.ATTRIBUTED,
    sign="?",
    word="unnamed",
    phrase="attributed, unnamed",
    voucher="an unnamed source",
    meaning="A source says so, but the article does not tell who it is.",
    shortcut="n",
    line="╍",
    style="cyan",
    light="#1c5f8f",
    dark="#7fbce8",
)
UNATTRIBUTED = Look(
    key="unattributed",
    label=Label.UNATTRIBUTED,
    sign="•",
    word="unattributed",
    phrase="unattributed",
    voucher="the outlet itself",
    meaning="The outlet says so in its own voice.",
    shortcut="u",
    line="─",
    style="yellow",
    light="#85590a",
    dark="#dcb25e",
)
CONTESTED = Look(
    key="contested",
    label=Label.CONTESTED,
    sign="≠",
    word="contested",
    phrase="contested",
    voucher="sources clash",
    meaning="The article shows two sides that cannot both be right.",
    shortcut="c",
    line="═",
    style="bold red",
    light="#ab1f38",
    dark="#ff8f98",
)
LOOKS: tuple[Look, ...] = (ATTRIBUTED, UNNAMED, UNATTRIBUTED, CONTESTED)

_BY_LABEL = {look.label: look for look in (ATTRIBUTED, UNATTRIBUTED, CONTESTED)}


def look_of(verdict: Verdict) -> Look:
    """Return the look of ``verdict``."""
    if verdict.label is Label.ATTRIBUTED and verdict.source_kind is SourceKind.UNNAMED:
        return UNNAMED
    return _BY_LABEL[verdict.label]


def counts(summary: Summary) -> tuple[tuple[Look, int], ...]:
    """Return each look with its number of sentences; together they are all sentences."""
    return (
        (ATTRIBUTED, summary.attributed - summary.unnamed_source),
        (UNNAMED, summary.unnamed_source),
        (UNATTRIBUTED, summary.unattributed),
        (CONTESTED, summary.contested),
    )
