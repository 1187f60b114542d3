"""What can be wrong with labelled data: each kind of finding, how grave it is, and its cure."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``error``: training on it would be unsafe. ``warning``: look at it. ``note``: know it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of finding: ``name`` for machines, ``title`` for people, and what to do about it."""

    name: str
    severity: Severity
    title: str
    expected: str
    cure: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing of ``kind``; ``where`` is a file, with its line where there is one."""

    kind: Kind
    where: str
    found: str


UNREADABLE = Kind(
    "unreadable",
    Severity.ERROR,
    "cannot be read",
    "articles in a format that attrib reads, and one label that it knows on a sentence",
    "mend it as is said there, or take it out",
)
BROKEN_TEXT = Kind(
    "broken-text",
    Severity.ERROR,
    "half a character in the text",
    "text without halves of surrogate pairs",
    "decode the text again with errors='replace'; offsets stay as they are",
)
NO_LABELS = Kind(
    "no-labels",
    Severity.ERROR,
    "no labels",
    "labelled sentences",
    "label some; attrib data sample picks the articles that teach most",
)
MISSING_LABEL = Kind(
    "missing-label",
    Severity.ERROR,
    "a label nobody gave",
    "sentences of each label: attributed, unattributed, contested",
    "label articles that have some; attrib data sample --strategy contested finds denials",
)
CONFLICT = Kind(
    "conflicting-labels",
    Severity.ERROR,
    "one sentence, two labels",
    "one label for a sentence of an article, whoever gave it",
    "settle each, or let most decide: attrib data convert --annotators majority",
)
LEAK = Kind(
    "leak",
    Severity.ERROR,
    "in two files",
    "an article in one file only: a model tested on what it was trained on looks too good",
    "join the files and part them anew with attrib data split",
)
MISSING_IN_FILE = Kind(
    "missing-label-in-file",
    Severity.WARNING,
    "a label missing from one file",
    "sentences of each label in each file",
    "part the files anew with attrib data split",
)
KIND_CONFLICT = Kind(
    "conflicting-sources",
    Severity.WARNING,
    "one sentence, two kinds of source",
    "one source, named or unnamed, for an attributed sentence of an article",
    "settle each, or let most decide: attrib data convert --annotators majority",
)
DUPLICATE = Kind(
    "duplicate",
    Severity.WARNING,
    "twice in one file",
    "each article once, or once an annotator",
    "take one out, or its sentences count double",
)
NEAR_DUPLICATE = Kind(
    "near-duplicate",
    Severity.WARNING,
    "much alike in one file",
    "articles that share less than 30 % of the shorter one",
    "keep the fuller one; attrib data split never parts such pairs",
)
CUT = Kind(
    "cut-by-window",
    Severity.WARNING,
    "longer than the model's window",
    "sentences that fit a window; of others the model reads only beginning and end",
    "look whether it is one sentence; if it is, leave it",
)
NO_LETTERS = Kind(
    "no-letters",
    Severity.WARNING,
    "a label on no letters",
    "labels on sentences",
    "take the label off",
)
LONG = Kind(
    "long-sentence",
    Severity.WARNING,
    "very long",
    "sentences of 1,000 characters at most",
    "look whether several sentences got one label",
)
UNLABELLED_ARTICLE = Kind(
    "unlabelled-article",
    Severity.WARNING,
    "an article without labels",
    "labelled sentences in each article",
    "take it out: it teaches nothing",
)
FEW_ARTICLES = Kind(
    "few-articles",
    Severity.WARNING,
    "few articles",
    "30 articles or more in a file",
    "label more; figures on so few swing widely",
)
FEW_SENTENCES = Kind(
    "few-sentences",
    Severity.WARNING,
    "few sentences of a label",
    "20 sentences of each label or more in a file",
    "label more articles that have some",
)
NO_AGREEMENT = Kind(
    "no-agreement",
    Severity.WARNING,
    "agreement not computed",
    "scikit-learn",
    "pip install 'attrib[train]'",
)
ONE_LABEL = Kind(
    "one-label",
    Severity.NOTE,
    "articles with one label only",
    "mostly articles with more than one label",
    "look at some: an opinion piece may be so, a news report seldom",
)
SEVERAL_SENTENCES = Kind(
    "several-sentences",
    Severity.NOTE,
    "labelled in one, cut in several",
    "labels on the sentences that attrib scores",
    "none needed: training uses your offsets, but scoring will cut finer",
)
NO_CONFLICTS_WITH = Kind(
    "no-conflicts-with",
    Severity.NOTE,
    "contested sentences that do not say what they clash with",
    "on each contested sentence the field conflicts_with: the sentences it clashes with, by their "
    "places in the article's list of sentences, counted from 0, such as [1, 4]",
    "nothing to mend: a training does not use the field; it is for those who study disputes",
)

KINDS: tuple[Kind, ...] = (
    UNREADABLE,
    BROKEN_TEXT,
    NO_LABELS,
    MISSING_LABEL,
    CONFLICT,
    LEAK,
    MISSING_IN_FILE,
    KIND_CONFLICT,
    DUPLICATE,
    NEAR_DUPLICATE,
    CUT,
    NO_LETTERS,
    LONG,
    UNLABELLED_ARTICLE,
    FEW_ARTICLES,
    FEW_SENTENCES,
    NO_AGREEMENT,
    ONE_LABEL,
    SEVERAL_SENTENCES,
    NO_CONFLICTS_WITH,
)
