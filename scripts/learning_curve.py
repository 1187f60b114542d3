"""Train the recipe of the released model on growing parts of the corpus, and print the curve.

    python scripts/learning_curve.py CORPUS --base BASE --work DIR [--size 100 --size 200 ...]

Each part holds the smaller ones. Smaller parts take more epochs, as their user would; the best
epoch on dev is kept. A model that stands in DIR is not trained again, so the script may be stopped
and started, or run for one size at a time. ``--whole FOLDER`` adds the model of the whole corpus.
"""

import argparse
import random
from dataclasses import replace
from pathlib import Path

from make_model import FROM_LABELS

from attrib.checker import load
from attrib.corpus import LabelledArticle, read_labelled
from attrib.evaluate import Evaluation, Interval, evaluate, judge, labeller
from attrib.modelfolder import open_folder
from attrib.train import train

EPOCHS = {100: 8, 200: 6, 400: 5, 800: 4}
SEED = 7


def main() -> None:
    """Train what is missing and print one row a size."""
    parser = argparse.ArgumentParser(description="Print the learning curve.")
    parser.add_argument("corpus", type=Path, help="folder with train.jsonl.gz and dev.jsonl.gz")
    parser.add_argument("--base", default=FROM_LABELS.base, help="hub id or folder of the encoder")
    parser.add_argument("--work", type=Path, required=True, help="folder for the models")
    parser.add_argument("--size", type=int, action="append", help="number of articles")
    parser.add_argument("--whole", type=Path, help="a model trained on all articles")
    arguments = parser.parse_args()

    articles = list(read_labelled(arguments.corpus / "train.jsonl.gz"))
    dev = list(read_labelled(arguments.corpus / "dev.jsonl.gz"))
    shuffled = random.Random(SEED).sample(articles, len(articles))  # noqa: S311
    print("| articles | epochs | accuracy | macro-F1 | contested F1 |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for size in arguments.size or EPOCHS:
        folder = arguments.work / str(size)
        settings = replace(
            FROM_LABELS, base=arguments.base, epochs=EPOCHS[size], patience=EPOCHS[size]
        )
        if not folder.exists():
            train(shuffled[:size], dev, settings, folder)
        print(_row(size, EPOCHS[size], _figures(folder, dev)), flush=True)
    if arguments.whole:
        facts = open_folder(arguments.whole).manifest.facts
        size, epochs = facts["data"]["train"]["articles"], facts["settings"]["epochs"]
        print(_row(size, epochs, _figures(arguments.whole, dev)))


def _figures(folder: Path, dev: list[LabelledArticle]) -> Evaluation:
    return evaluate(judge(labeller(load(str(folder))), dev))


def _row(size: int, epochs: int, of: Evaluation) -> str:
    figures = " | ".join(_shown(figure) for figure in (of.accuracy, of.macro_f1, of.contested_f1))
    return f"| {size:,} | {epochs} | {figures} |"


def _shown(figure: Interval | None) -> str:
    assert figure is not None, "dev has contested sentences"
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


if __name__ == "__main__":
    main()
