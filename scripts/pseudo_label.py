"""Label articles with a model, to train on where it is sure (self-training).

    python scripts/pseudo_label.py unlabelled.jsonl.gz OUT.jsonl --model FOLDER --count 1500

Sentences below the confidence stay without a label: context, and no loss.
"""

import argparse
import gzip
import json
from itertools import islice
from pathlib import Path

from attrib.article import Article
from attrib.checker import load


def main() -> None:
    """Write labelled articles as JSON Lines."""
    parser = argparse.ArgumentParser(description="Label articles with a model.")
    parser.add_argument("articles", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--confidence", type=float, default=0.8)
    arguments = parser.parse_args()
    checker = load(arguments.model)
    with (
        gzip.open(arguments.articles, "rt", encoding="utf-8") as lines,
        arguments.out.open("w", encoding="utf-8") as out,
    ):
        for line in islice(lines, arguments.count):
            record = json.loads(line)
            scored = checker.score_article(Article(text=record["text"], id=record["id"]))
            record["sentences"] = [
                {
                    "start": v.start,
                    "end": v.end,
                    "label": v.label,
                    **({"source": v.source_kind} if v.source_kind else {}),
                }
                for v in scored.verdicts
                if v.confidence >= arguments.confidence
            ]
            out.write(json.dumps(record) + "\n")


if __name__ == "__main__":
    main()
