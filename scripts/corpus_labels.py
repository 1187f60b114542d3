"""The training corpus without its texts: labels by offset, to be joined with your own copy of them.

    python scripts/corpus_labels.py pack CORPUS models/corpus/labels.jsonl.gz
    python scripts/corpus_labels.py join models/corpus/labels.jsonl.gz SOURCE OUT

The texts are those of Article-Bias-Prediction (Baly et al., EMNLP 2020), whose repository holds one
JSON file an article, ``data/jsons/ID.json``; SOURCE is that folder. ``join`` writes the labelled
articles whose text has the recorded SHA-256 to OUT/train.jsonl.gz and OUT/dev.jsonl.gz, and names
the others.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SPLITS = ("train", "dev")
LETTERS = {"attributed": "A", "attributed unnamed": "V", "unattributed": "U", "contested": "C"}
NAMES = {letter: name.split() for name, letter in LETTERS.items()}


def main() -> None:
    """Pack or join."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    pack_parser = commands.add_parser("pack")
    pack_parser.add_argument("corpus", type=Path)
    pack_parser.add_argument("out", type=Path)
    pack_parser.set_defaults(run=lambda a: pack(a.corpus, a.out))
    join_parser = commands.add_parser("join")
    join_parser.add_argument("labels", type=Path)
    join_parser.add_argument("source", type=Path)
    join_parser.add_argument("out", type=Path)
    join_parser.set_defaults(run=lambda a: join(a.labels, a.source, a.out))
    arguments = parser.parse_args()
    arguments.run(arguments)


def pack(corpus: Path, out: Path) -> None:
    """Write ids, hashes of the texts, offsets and labels of both splits."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        for split in SPLITS:
            for record in _records(corpus / f"{split}.jsonl.gz"):
                row = {
                    "id": record["id"],
                    "split": split,
                    "sha256": _sha256(record["text"]),
                    "sentences": [_packed(sentence) for sentence in record["sentences"]],
                }
                packed.write((json.dumps(row, separators=(",", ":")) + "\n").encode())


def _packed(sentence: dict[str, Any]) -> list[Any]:
    unnamed = " unnamed" if sentence.get("source") == "unnamed" else ""
    letter = LETTERS[sentence["label"] + unnamed]
    row = [sentence["start"], sentence["end"], letter]
    return [*row, sentence["conflicts_with"]] if sentence.get("conflicts_with") else row


def join(labels: Path, source: Path, out: Path) -> None:
    """Write the labelled articles whose texts are found in ``source``."""
    out.mkdir(parents=True, exist_ok=True)
    missing: list[str] = []
    joined: dict[str, list[str]] = {split: [] for split in SPLITS}
    for row in _records(labels):
        record = _joined(row, source / f"{row['id'].removeprefix('abp:')}.json")
        if record is None:
            missing.append(row["id"])
        else:
            joined[row["split"]].append(json.dumps(record, ensure_ascii=False))
    for split, lines in joined.items():
        with gzip.open(out / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    print(*(f"{split}: {len(lines)} articles" for split, lines in joined.items()), sep="\n")
    if missing:
        print(
            f"{len(missing)} articles: expected a text with the recorded SHA-256 in {source}, "
            f"found none ({', '.join(missing[:5])}…); is this the folder data/jsons of the source?",
            file=sys.stderr,
        )
        sys.exit(3)


def _joined(row: dict[str, Any], path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    record = json.loads(path.read_text(encoding="utf-8"))
    text = next((t for t in _texts(record) if _sha256(t) == row["sha256"]), None)
    if text is None:
        return None
    about = {"title": record.get("title"), "outlet": record.get("source")}
    about |= {"topic": record.get("topic"), "date": record.get("date")}
    return {
        "id": row["id"],
        "text": text,
        **about,
        "sentences": [*map(_unpacked, row["sentences"])],
    }


def _unpacked(row: list[Any]) -> dict[str, Any]:
    start, end, letter, *conflicts = row
    label, *unnamed = NAMES[letter]
    sentence: dict[str, Any] = {"start": start, "end": end, "label": label}
    if label == "attributed":
        sentence["source"] = "unnamed" if unnamed else "named"
    if conflicts:
        sentence["conflicts_with"] = conflicts[0]
    return sentence


def _texts(record: dict[str, Any]) -> Iterator[str]:
    """Yield what may have been labelled: the text as it stands, or cleaned of its blank lines."""
    for field in ("content_original", "content"):
        text = record.get(field) or ""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        yield from (text, text.strip(), "\n\n".join(lines), "\n".join(lines))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _records(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
