"""Label articles with one or several models, for a student to be trained on what they say.

    python scripts/pseudo_label.py unlabelled.jsonl.gz OUT.jsonl --model A [--model B] [--count N]

Each sentence carries the mean of the models' probabilities, so that the student learns their doubts
too. Interrupted, it goes on where it stopped. make_model.py does this between its two trainings.
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from attrib.checker import Checker
from attrib.classes import CLASSES, FOLD, LABELS
from attrib.finetune.encoder import computed_in
from attrib.modelfolder import open_folder
from attrib.runtime.torch import TorchRuntime
from attrib.sentences import split

_TOLD = 50  # articles between two words of progress


def main() -> None:
    """Write labelled articles as JSON Lines."""
    parser = argparse.ArgumentParser(description="Label articles with models.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("--count", type=int, help="articles; all of them if not given")
    parser.add_argument("--device", default="cpu", help="where torch computes, for example cuda")
    given = parser.parse_args()
    label(given.articles, given.out, given.model, given.count, given.device)


def label(
    articles: Path,
    out: Path,
    models: Sequence[str],
    count: int | None = None,
    device: str = "cpu",
) -> None:
    """Append to ``out`` the articles that are not there yet, labelled by ``models``."""
    # bfloat16 where the machine computes in it: no difference that a student could learn.
    dtype = "bfloat16" if computed_in("auto") == "bf16" else "float32"
    folders = [open_folder(Path(model)) for model in models]
    checkers = [Checker(folder, TorchRuntime(folder, device, dtype)) for folder in folders]
    done = _whole_lines(out)
    began, total = time.monotonic(), 0
    with gzip.open(articles, "rt", encoding="utf-8") as lines, out.open("a") as written:
        for number, line in enumerate(islice(lines, done, count), done + 1):
            labelled = _labelled(json.loads(line), checkers)
            total += len(labelled["sentences"])
            written.write(json.dumps(labelled) + "\n")
            written.flush()
            if number % _TOLD == 0:
                speed = total / (time.monotonic() - began)
                print(f"{number} articles labelled, {speed:.0f} sentences/s", flush=True)


def _labelled(record: dict, checkers: Sequence[Checker]) -> dict:  # type: ignore[type-arg]
    text = record["text"]
    sentences = split(text)
    said = np.mean([c.probabilities(text, sentences)[0] for c in checkers], axis=0)
    rows = [
        {
            "start": sentence.start,
            "end": sentence.end,
            "label": LABELS[int((row @ FOLD).argmax())],
            "probabilities": dict(zip(CLASSES, row.round(4).tolist(), strict=True)),
        }
        for sentence, row in zip(sentences, said, strict=True)
    ]
    return {**record, "sentences": rows}


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
