"""Label articles with one or several models, to train on what they say (self-training).

    python scripts/pseudo_label.py unlabelled.jsonl.gz OUT.jsonl --model A --model B --count 1500

Each sentence carries the mean of the models' probabilities, so that a student learns their doubts
too. Give OUT to make_model.py as ``--extra``.
"""

import argparse
import gzip
import json
from itertools import islice
from pathlib import Path

import numpy as np

from attrib.checker import load
from attrib.classes import CLASSES, FOLD, LABELS
from attrib.sentences import split


def main() -> None:
    """Write labelled articles as JSON Lines."""
    parser = argparse.ArgumentParser(description="Label articles with models.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", action="append", required=True)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--device", help="score in torch there, for example cuda")
    arguments = parser.parse_args()
    checkers = [load(model, device=arguments.device) for model in arguments.model]
    with (
        gzip.open(arguments.articles, "rt", encoding="utf-8") as lines,
        arguments.out.open("w", encoding="utf-8") as out,
    ):
        for line in islice(lines, arguments.count):
            record = json.loads(line)
            text = record["text"]
            sentences = split(text)
            said = np.mean([c.probabilities(text, sentences)[0] for c in checkers], axis=0)
            record["sentences"] = [
                {
                    "start": sentence.start,
                    "end": sentence.end,
                    "label": LABELS[int((row @ FOLD).argmax())],
                    "probabilities": dict(zip(CLASSES, row.round(4).tolist(), strict=True)),
                }
                for sentence, row in zip(sentences, said, strict=True)
            ]
            out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
