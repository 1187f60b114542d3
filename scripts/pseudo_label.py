"""Label articles with one or several models, for a student to be trained on what they say.

    python scripts/pseudo_label.py unlabelled.jsonl.gz OUT.jsonl --model A [--model B] [--count N]

Each sentence carries the mean of the models' probabilities, so that the student learns their doubts
too. Labelled articles keep their labels, and carry nine parts of the label and one of what models
say that have not been trained on them. Interrupted, it goes on where it stopped. make_model.py does
this between its trainings.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import torch  # noqa: TID253
from numpy.typing import NDArray

from attrib.checker import Checker
from attrib.classes import CLASSES, FOLD, LABELS, class_of
from attrib.corpus import LabelledArticle, LabelledSentence, labelled_article, spans, write_labelled
from attrib.finetune.encoder import computed_in
from attrib.modelfolder import open_folder
from attrib.runtime.torch import TorchRuntime

LABEL_WEIGHT = 0.9  # beside what models say of its sentence
_TOLD = 50  # articles between two words of progress


def main() -> None:
    """Write labelled articles as JSON Lines."""
    parser = argparse.ArgumentParser(description="Label articles with models.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("--count", type=int, help="articles; all of them if not given")
    given = parser.parse_args()
    label(read(given.articles, given.count), given.out, given.model)


def read(articles: Path, count: int | None = None) -> Iterator[LabelledArticle]:
    """Yield the first ``count`` articles of a ``.jsonl.gz`` file, labelled or not."""
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, count), 1):
            record = json.loads(line)
            record["sentences"] = record.get("sentences") or []
            yield labelled_article(record, f"{articles}:{number}")


def label(articles: Iterable[LabelledArticle], out: Path, models: Sequence[str]) -> None:
    """Append to ``out`` those of ``articles`` that are not there yet, labelled by ``models``."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    # bfloat16 where the machine computes in it: no difference that a student could learn.
    dtype = "bfloat16" if computed_in("auto") == "bf16" else "float32"
    folders = [open_folder(Path(model)) for model in models]
    checkers = [Checker(folder, TorchRuntime(folder, device, dtype)) for folder in folders]
    done = _whole_lines(out)
    began, total = time.monotonic(), 0
    with out.open("a", encoding="utf-8") as written:
        for number, article in enumerate(islice(articles, done, None), done + 1):
            write_labelled([_taught(article, checkers)], written)
            written.flush()
            total += len(article.sentences)
            if number % _TOLD == 0:
                speed = total / (time.monotonic() - began)
                print(f"{number} articles labelled, {speed:.0f} sentences/s", flush=True)


def _taught(labelled: LabelledArticle, checkers: Sequence[Checker]) -> LabelledArticle:
    text, sentences = labelled.article.text, spans(labelled)
    said = np.mean([c.probabilities(text, sentences)[0] for c in checkers], axis=0)
    bare = all(sentence.label is None for sentence in labelled.sentences)
    pairs = zip(labelled.sentences, said, strict=True)
    return replace(
        labelled,
        sentences=tuple(_named(s, row) if bare else _doubted(s, row) for s, row in pairs),
    )


def _named(sentence: LabelledSentence, said: NDArray[np.float64]) -> LabelledSentence:
    """Give an unlabelled sentence the label that is said."""
    label = LABELS[int((said @ FOLD).argmax())]
    return replace(sentence, label=label, probabilities=tuple(said.round(4).tolist()))


def _doubted(sentence: LabelledSentence, said: NDArray[np.float64]) -> LabelledSentence:
    """Doubt the label of a sentence by what is said; leave one without a label alone."""
    if sentence.label is None:
        return sentence
    gold = class_of(sentence.label, sentence.source_kind)
    mean = (1 - LABEL_WEIGHT) * said + [LABEL_WEIGHT * (c == gold) for c in CLASSES]
    return replace(sentence, probabilities=tuple(mean.round(4).tolist()))


def _whole_lines(out: Path) -> int:
    """Return how many lines stand in ``out``, after cutting one that a kill left half-written."""
    if not out.exists():
        return 0
    content = out.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        out.write_bytes(whole)
    return whole.count(b"\n")


if __name__ == "__main__":
    main()
