"""What an evaluation finds, as frozen values: figures, slices, mistakes, a comparison.

Shares and figures are in [0, 1]. An interval is the 95 % bootstrap interval over articles.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from attrib.article import Label, ModelIdentity

FEWEST_ARTICLES = 10
"""With fewer the bootstrap draws too few different samples, and its intervals are too narrow."""
FEWEST_IN_SLICE = (5, 30)
"""The articles and sentences below which a slice tells little.

Four articles give 35 different samples, five 126; an accuracy of 0.85 on 30 sentences is known to
13 points.
"""
SURE = 0.7
"""The least confidence of a confident mistake: below it the model itself gives the other labels
three chances in ten or more."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % bootstrap interval over articles."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Precision, recall and F1 of one label, in [0, 1], and how many gold sentences bear it.

    A label that occurs neither as gold nor as predicted has none of the three.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    support: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The sentences whose confidence lies from ``low`` to ``high``.

    ``confidence`` is their mean, ``accuracy`` the share of them labelled right; a calibrated model
    has the two alike. A bin without a sentence has neither.
    """

    low: float
    high: float
    confidence: float | None
    accuracy: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one labeller on one set of articles.

    ``macro_f1`` is the mean over the labels that occur, as gold or as predicted; the F1 of one that
    does not is None. ``labels`` goes by the labels' values. ``confusion`` counts sentences, a row a
    gold label, a column a predicted one, in the order of ``Label``. ``unnamed`` is how well the
    mark *source unnamed* is set. ``calibration`` holds the bins of ``calibration_error``.
    """

    articles: int
    sentences: int
    accuracy: Interval
    macro_f1: Interval
    attributed_f1: Interval | None
    unattributed_f1: Interval | None
    contested_f1: Interval | None
    labels: dict[str, LabelScores]
    unnamed: LabelScores
    confusion: tuple[tuple[int, ...], ...]
    calibration_error: float
    calibration: tuple[Bin, ...]

    @property
    def few(self) -> bool:
        """Whether the articles are too few to judge a labeller by."""
        return self.articles < FEWEST_ARTICLES

    @property
    def mistakes(self) -> int:
        """How many sentences have the wrong label."""
        return self.sentences - sum(row[at] for at, row in enumerate(self.confusion))


@dataclass(frozen=True, slots=True)
class Slice:
    """The figures on the sentences that are alike in one respect.

    ``by`` names the respect (``outlet``, ``topic``, ``quotation``, ``position``, ``words``),
    ``value`` what they share. ``contested_f1`` is None where contested does not occur in the slice.
    """

    by: str
    value: str
    sentences: int
    articles: int
    accuracy: float
    macro_f1: Interval
    contested_f1: float | None

    @property
    def few(self) -> bool:
        """Whether the slice is so small that its figures tell little."""
        articles, sentences = FEWEST_IN_SLICE
        return self.articles < articles or self.sentences < sentences


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence with the wrong label, and the sentences beside it (None at an article's ends).

    Offsets are characters, half-open, into the article's text. ``confidence`` is the calibrated
    probability of the wrong label.
    """

    article_id: str
    source: str
    title: str | None
    start: int
    end: int
    before: str | None
    text: str
    after: str | None
    gold: Label
    predicted: Label
    confidence: float
    probabilities: Mapping[Label, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of one model less that of another on the same articles.

    ``low`` to ``high`` is the 95 % paired bootstrap interval over articles; ``p`` is the share of
    random swaps of whole articles between the models that set them at least as far apart.
    """

    value: float
    low: float
    high: float
    p: float

    @property
    def real(self) -> bool:
        """Whether these articles show a difference: p below 0.05, and 0 outside the interval."""
        return self.p < 0.05 and not self.low <= 0 <= self.high  # noqa: PLR2004 - as said


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another model on the same articles.

    Differences are the first model's figure less this one's; None where one of them has no such
    figure. The counts are of sentences: ``only_model`` those that the first model alone has right,
    ``only_against`` this one alone.
    """

    model: ModelIdentity
    evaluation: Evaluation
    accuracy: Difference
    macro_f1: Difference
    contested_f1: Difference | None
    both_right: int
    only_model: int
    only_against: int
    both_wrong: int


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that ``attrib evaluate`` tells.

    ``sources`` are the files of the gold labels, ``data_sha256`` the fingerprint of what they hold.
    ``sure_mistakes`` counts the mistakes of a confidence of ``SURE`` or more; ``mistakes`` are the
    most confident of them first, as many as were asked for.
    """

    model: ModelIdentity
    sources: tuple[str, ...]
    data_sha256: str
    evaluation: Evaluation
    slices: tuple[Slice, ...]
    sure_mistakes: int
    mistakes: tuple[Mistake, ...]
    against: Comparison | None = None
