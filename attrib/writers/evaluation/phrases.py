"""An evaluation in words, the same in every format that a person reads."""

from collections.abc import Sequence

from attrib.article import Label, ModelIdentity
from attrib.assessment import (
    FEWEST_IN_SLICE,
    SURE,
    Assessment,
    Difference,
    Evaluation,
    Interval,
    Mistake,
)
from attrib.writers.characters import one_line
from attrib.writers.looks import LOOKS
from attrib.writers.phrases import number, percent

INTERVALS = "In brackets stands the 95 % interval, by bootstrap over articles."
SLICED = (
    "Of sentences that are alike, macro-F1 is over the labels that occur among them. Few: under "
    "{} articles or {} sentences, whose figures tell little.".format(*FEWEST_IN_SLICE)
)
_MACRO = "Macro-F1 is the mean F1 of the labels that occur, as gold or as predicted."
SUREST = "Mistakes of which the model is surest"
_SIGNED = {look.key: f"{look.sign} {look.word}" for look in LOOKS}
UNNAMED = _SIGNED["unnamed"]


def called(model: ModelIdentity, other: ModelIdentity | None = None) -> str:
    """Return what to call ``model``: name and version, and a hash where ``other`` has the same."""
    name = one_line(f"{model.name} {model.version}")
    if other is not None and (other.name, other.version) == (model.name, model.version):
        return f"{name} ({model.sha256[:8]})"
    return name


def sides(assessment: Assessment) -> tuple[str, str]:
    """Return what to call the model and the one it is compared with, apart."""
    assert assessment.against is not None
    model, other = assessment.model, assessment.against.model
    return called(model, other), called(other, model)


def heading(assessment: Assessment) -> str:
    """Return the title of an evaluation."""
    if assessment.against is None:
        return f"Evaluation of {called(assessment.model)}"
    return "Evaluation of {} against {}".format(*sides(assessment))


def basis(evaluation: Evaluation) -> str:
    """Say what the figures rest on."""
    articles, sentences = evaluation.articles, evaluation.sentences
    return f"On {number(articles, 'article')} with {number(sentences, 'labelled sentence')}."


def caution(evaluation: Evaluation) -> str:
    """Warn of figures that rest on too little; nothing where they do not."""
    if not evaluation.few:
        return ""
    return (
        f"{number(evaluation.articles, 'article')}: too few to judge a model by, or to tell two "
        "apart. The figures may be off by more than their intervals say."
    )


def macro(evaluation: Evaluation) -> str:
    """Say what macro-F1 is the mean of, and which label is not among them."""
    missing = [name for name, scores in evaluation.labels.items() if scores.f1 is None]
    if not missing:
        return _MACRO
    none = f"No sentence is {' or '.join(missing)} or was taken for it: there is no F1 ({NONE})."
    return f"{_MACRO} {none}"


def unshown(titles: Sequence[str]) -> str:
    """Say which respects are left out because all of their slices are few."""
    if not titles:
        return ""
    return f"Not shown, as every group is that small: {', '.join(titles)}. --format json has them."


def mistaken(assessment: Assessment) -> str:
    """Say how many mistakes there are, of how many the model is sure, and how many are listed."""
    every, sure = assessment.evaluation.mistakes, assessment.sure_mistakes
    if not every:
        return "Every sentence has the right label."
    having = "none has" if not sure else "1 has" if sure == 1 else f"{sure:,} have"
    said = f"Of {number(every, 'mistake')} {having} a confidence of {percent(SURE)} or more"
    listed = len(assessment.mistakes)
    return f"{said}; the {listed:,} surest follow." if 0 < listed < sure else f"{said}."


def signed(label: Label) -> str:
    """Return a label behind its sign."""
    return _SIGNED[label.value]


NONE = "–"


def share(figure: float | None) -> str:
    """Return a figure without interval; a dash where there is none."""
    return NONE if figure is None else f"{figure:.3f}"


def shown(figure: Interval | None) -> str:
    """Return a figure with its interval in brackets; a dash where there is none."""
    if figure is None:
        return NONE
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def shown_gap(gap: Difference | None) -> str:
    """Return a difference with its interval in brackets, all with their signs."""
    if gap is None:
        return NONE
    return f"{gap.value:+.3f} ({gap.low:+.3f} to {gap.high:+.3f})"


def chance(p: float) -> str:
    """Return a p-value with the digits that count."""
    if p < 0.001:  # noqa: PLR2004 - fewer digits would say 0
        return "<0.001"
    return f"{p:.3f}" if p < 0.1 else f"{p:.2f}"  # noqa: PLR2004 - where the third digit counts


def conclusion(assessment: Assessment) -> str:
    """Return one sentence on which of two models is better on macro-F1, if these articles tell."""
    assert assessment.against is not None
    first, second = sides(assessment)
    gap = assessment.against.macro_f1
    if gap.real:
        better, worse = (first, second) if gap.value > 0 else (second, first)
        low, high = sorted((abs(gap.low), abs(gap.high)))
        return (
            f"{better} is better than {worse} on macro-F1 by {abs(gap.value):.3f} "
            f"({low:.3f} to {high:.3f}), p {chance(gap.p)}."
        )
    articles = assessment.evaluation.articles
    these = f"these {articles:,} articles" if articles > 1 else "this one article"
    return (
        f"No difference that {these} can show: macro-F1 of {first} less that of {second} is "
        f"{shown_gap(gap)}, p {chance(gap.p)}."
    )


def agreement(assessment: Assessment) -> str:
    """Say how many sentences both models, one of them or neither has right."""
    against = assessment.against
    assert against is not None
    first, second = sides(assessment)
    return (
        f"Of {number(assessment.evaluation.sentences, 'sentence')} both have "
        f"{against.both_right:,} right, {first} alone {against.only_model:,}, {second} alone "
        f"{against.only_against:,}, neither {against.both_wrong:,}."
    )


def error(mistake: Mistake) -> str:
    """Say what is wrong about the label of a sentence."""
    sure = percent(mistake.confidence)
    return f"predicted {mistake.predicted.value} with {sure}, gold {mistake.gold.value}"


def place(mistake: Mistake) -> str:
    """Say where a sentence stands."""
    parts = [
        mistake.title or "",
        mistake.article_id,
        f"characters {mistake.start} to {mistake.end}",
    ]
    return " · ".join(one_line(part) for part in parts if part)


def shares(mistake: Mistake) -> str:
    """Return the probabilities of all labels."""
    return ", ".join(f"{label} {percent(p)}" for label, p in mistake.probabilities.items())
