"""Measure a model and three baselines with the same code.

    python scripts/measure.py CORPUS [--model FOLDER]

CORPUS holds train.jsonl.gz, dev.jsonl.gz and, for the human labels, polnear_dev.jsonl.gz. Prints
Markdown tables; make_model.py puts them into the model's card.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from attrib import metrics
from attrib.article import Label
from attrib.calibration import fit_temperature, rescale
from attrib.checker import Checker, load
from attrib.classes import CLASSES, FOLD, LABELS, ModelClass, class_of
from attrib.corpus import LabelledArticle, read_labelled
from attrib.corpus.annotation import DataOptions
from attrib.corpus.attributions import read_attributions
from attrib.errors import DataError
from attrib.evaluate import Evaluation, Judged, Labeller, evaluate, judge, labeller
from attrib.writers.evaluation.phrases import share, shown

CONTESTED = re.compile(
    r"\b(den(y|ies|ied|ying|ials?)|disput(e[sd]?|ing)|refut\w+|rebut\w*|contradict\w*|debunk\w*|"
    r"false(ly|hoods?)?|untrue|baseless|unfounded|without evidence|no evidence|not guilty|"
    r"reject(s|ed)? (the )?(claims?|allegations?|accusations?|charges?))\b",
    re.IGNORECASE,
)
UNNAMED = re.compile(
    r"\b(reportedly|allegedly|critics|analysts|experts|observers|sources|some say|"
    r"officials? (said|says?|told)|(people|person) familiar|on condition of anonymity)\b",
    re.IGNORECASE,
)
ATTRIBUTED = re.compile(
    r"[“”\"]|\b(said|says?|according to|told|tells|announc\w+|warn\w+|argu\w+|claim\w+|stated?|"
    r"wrote|writes|add(ed|s)|estimat\w+|tweeted|insist\w+|accus\w+|suggest(s|ed)|believes?|"
    r"(report|poll|survey|study) (found|finds|shows?))\b",
    re.IGNORECASE,
)


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--model", default="default")
    arguments = parser.parse_args()
    train = list(read_labelled(arguments.corpus / "train.jsonl.gz"))
    dev = list(read_labelled(arguments.corpus / "dev.jsonl.gz"))
    print(comparison(load(arguments.model), train, dev, arguments.corpus))


def comparison(
    checker: Checker, train: Sequence[LabelledArticle], dev: Sequence[LabelledArticle], corpus: Path
) -> str:
    """Return the model beside its baselines, and its agreement with human labels, as Markdown."""
    judged = judge(labeller(checker), dev)
    rows = {
        "this model": evaluate(judged),
        "TF-IDF, logistic regression": evaluate(judge(tfidf(train), dev)),
        "cue words": evaluate(judge(cue_words, dev)),
        "majority": evaluate(judge(majority, dev)),
    }
    lines = [
        "| on the dev articles | accuracy | macro-F1 | contested: precision, recall, F1 | ECE |",
        "| --- | --- | --- | --- | --- |",
        *(_row(name, figures) for name, figures in rows.items()),
        "",
        f"ECE, each half at the temperature of the other: {cross_fitted_error(judged):.3f}",
        "",
        *_conflict_lines(judged, dev),
    ]
    human = corpus / "polnear_dev.jsonl.gz"
    if human.exists():
        lines += ["", *_polnear_lines(checker, human)]
    return "\n".join(lines)


def _row(name: str, figures: Evaluation) -> str:
    contested = figures.labels["contested"]
    return (
        f"| {name} | {shown(figures.accuracy)} | {shown(figures.macro_f1)} | "
        f"{share(contested.precision)}, {share(contested.recall)}, {shown(figures.contested_f1)} | "
        f"{figures.calibration_error:.3f} |"
    )


def _certain(chosen: ModelClass) -> NDArray[np.float64]:
    return np.array([float(c is chosen) for c in CLASSES])


def majority(labelled: LabelledArticle) -> NDArray[np.float64]:
    """Call every sentence unattributed."""
    return np.array([_certain(ModelClass.UNATTRIBUTED) for _ in labelled.sentences])


def cue_words(labelled: LabelledArticle) -> NDArray[np.float64]:
    """Go by the first list of words, of denial, vague source and speech, that has a match."""
    rules = (
        (CONTESTED, ModelClass.CONTESTED),
        (UNNAMED, ModelClass.ATTRIBUTED_UNNAMED),
        (ATTRIBUTED, ModelClass.ATTRIBUTED),
    )

    def decide(sentence: str) -> ModelClass:
        return next((c for cue, c in rules if cue.search(sentence)), ModelClass.UNATTRIBUTED)

    return np.array([_certain(decide(sentence)) for sentence in _texts(labelled)])


def tfidf(train: Sequence[LabelledArticle]) -> Labeller:
    """Return logistic regression on words, pairs of words and quotation marks of the sentence."""
    texts, gold = [], []
    for labelled in train:
        for sentence, text in zip(labelled.sentences, _texts(labelled), strict=True):
            if sentence.label is not None:
                texts.append(text)
                gold.append(CLASSES.index(class_of(sentence.label, sentence.source_kind)))
    model = make_pipeline(
        TfidfVectorizer(
            ngram_range=(1, 2),
            min_df=3,
            sublinear_tf=True,
            token_pattern=r"\w+|[“”\"?]",  # noqa: S106
        ),
        LogisticRegression(C=4.0, max_iter=300, class_weight="balanced"),
    ).fit(texts, gold)
    return lambda labelled: np.asarray(model.predict_proba(_texts(labelled)))


def _texts(labelled: LabelledArticle) -> list[str]:
    return [labelled.article.text[s.start : s.end] for s in labelled.sentences]


def cross_fitted_error(judged: Judged) -> float:
    """Return the calibration error when no article helps to fit the temperature it is judged by."""
    scaled = np.zeros_like(judged.probabilities)
    halves = judged.article % 2
    for half in (0, 1):
        fitted, held = halves != half, halves == half
        temperature = fit_temperature(judged.probabilities[fitted], judged.gold[fitted])
        scaled[held] = rescale(judged.probabilities[held], temperature)
    return metrics.calibration_error(judged.gold_labels, scaled @ FOLD)


def _conflict_lines(judged: Judged, articles: Sequence[LabelledArticle]) -> Iterator[str]:
    """Tell how many contested sentences are found, by how far away the nearest partner stands."""
    contested = LABELS.index(Label.CONTESTED)
    found = judged.shown.argmax(axis=1) == contested
    groups: dict[str, list[bool]] = {"itself": [], "1": [], "2 or 3": [], "4 to 12": [], "more": []}
    row = 0
    for labelled in articles:
        gold = [s for s in labelled.sentences if s.label is not None]
        for index, sentence in enumerate(gold):
            others = [abs(index - other) for other in sentence.conflicts_with if other != index]
            if sentence.label is LABELS[contested]:
                groups[_distance(min(others, default=0))].append(bool(found[row]))
            row += 1
    yield "| contested, nearest sentence it clashes with | sentences | found |"
    yield "| --- | --- | --- |"
    for name, hits in groups.items():
        yield f"| {name} | {len(hits)} | {np.mean(hits):.3f} |" if hits else f"| {name} | 0 | – |"


def _distance(sentences: int) -> str:
    bounds = ((0, "itself"), (1, "1"), (3, "2 or 3"), (12, "4 to 12"))
    return next((name for bound, name in bounds if sentences <= bound), "more")


def _polnear_lines(checker: Checker, path: Path) -> Iterator[str]:
    """Tell the agreement with human attribution spans.

    The gold labels are by the rule of ``attrib.corpus.attributions.by_relations``; of the
    model's labels, contested counts as attributed.
    """
    gold, predicted, article = [], [], []
    say = labeller(checker)
    for number, labelled in enumerate(read_attributions(path, DataOptions())):
        if isinstance(labelled, DataError):
            raise labelled
        for sentence, row in zip(labelled.sentences, say(labelled) @ FOLD, strict=True):
            gold.append(int(sentence.label is not Label.UNATTRIBUTED))
            predicted.append(int(row.argmax() != LABELS.index(Label.UNATTRIBUTED)))
            article.append(number)
    g, p, a = np.array(gold), np.array(predicted), np.array(article)

    def figure(statistic: Callable[[NDArray[np.int64], NDArray[np.int64]], float]) -> str:
        low, high = metrics.bootstrap(lambda r: statistic(g[r], p[r]), a)
        return f"{statistic(g, p):.3f} ({low:.3f} to {high:.3f})"

    yield "| on PolNeAR's dev articles, human labels | sentences | accuracy | macro-F1 |"
    yield "| --- | --- | --- | --- |"
    macro = figure(lambda x, y: metrics.macro_f1(x, y, count=2))
    yield f"| attributed or not | {len(g)} | {figure(metrics.accuracy)} | {macro} |"


if __name__ == "__main__":
    main()
