"""The training corpus without its texts: labels by offset, to be joined with your own copy of them.

    python scripts/corpus_labels.py pack CORPUS models/corpus/labels.jsonl.gz
    python scripts/corpus_labels.py join models/corpus/labels.jsonl.gz SOURCE OUT
    python scripts/corpus_labels.py agree models/corpus/labels.jsonl.gz

The texts are those of Article-Bias-Prediction (Baly et al., EMNLP 2020), whose repository holds one
JSON file an article, ``data/jsons/ID.json``; SOURCE is that folder, or a ``.jsonl.gz`` of articles.
``join`` writes the labelled articles whose text has the recorded SHA-256 to OUT/SPLIT.jsonl.gz, and
counts the others. The splits: ``train`` and ``dev`` as the corpus came; ``more``, articles that
came without labels and got them later, to train on, and ``check``, some of these whose labels are
never trained on; ``again``, articles of ``train`` that were labelled once more, unmarked, among
those. ``agree`` tells how far these two labellings are the same.
"""

import argparse
import gzip
import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from attrib import metrics
from attrib.article import Label
from attrib.classes import LABELS

SPLITS = ("train", "dev", "more", "check", "again")
LETTERS = {"attributed": "A", "attributed unnamed": "V", "unattributed": "U", "contested": "C"}
NAMES = {letter: name.split() for name, letter in LETTERS.items()}


def main() -> None:
    """Pack, join or tell the agreement."""
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
    agree_parser = commands.add_parser("agree")
    agree_parser.add_argument("labels", type=Path)
    agree_parser.set_defaults(run=lambda a: print(agree(a.labels)))
    arguments = parser.parse_args()
    arguments.run(arguments)


def pack(corpus: Path, out: Path) -> None:
    """Write ids, hashes of the texts, offsets and labels of the splits that are there.

    None that ``out`` holds already may be missing.
    """
    held = {row["split"] for row in _records(out)} if out.exists() else {*SPLITS[:2]}
    there = {split for split in SPLITS if (corpus / f"{split}.jsonl.gz").exists()}
    if lacking := sorted(held - there):
        sys.exit(f"{corpus}: expected {', '.join(f'{s}.jsonl.gz' for s in lacking)}, found none")
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:
        for split in SPLITS:
            for record in _records(corpus / f"{split}.jsonl.gz") if split in there else ():
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
    """Write the labelled articles whose texts are found in ``source``, over nothing."""
    if not source.exists():
        sys.exit(f"{source}: expected the source's folder data/jsons or a .jsonl.gz, found nothing")
    if old := [p.name for split in SPLITS if (p := out / f"{split}.jsonl.gz").exists()]:
        sys.exit(f"{out}: holds {', '.join(old)} already; name another folder")
    out.mkdir(parents=True, exist_ok=True)
    missing: list[str] = []
    found: dict[str, list[str]] = {}
    for split, article, record in joined(labels, source):
        lines = found.setdefault(split, [])
        if record is None:
            missing.append(article)
        else:
            lines.append(json.dumps(record, ensure_ascii=False))
    for split, lines in found.items():
        if not lines:
            continue
        with gzip.open(out / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
    print(*(f"{split}: {len(lines)} articles" for split, lines in found.items()), sep="\n")
    if missing:
        print(
            f"{len(missing)} articles: expected a text with the recorded SHA-256 in {source}, "
            f"found none ({', '.join(missing[:5])}…)",
            file=sys.stderr,
        )
        sys.exit(3)


def agree(labels: Path) -> str:
    """Return in a line how far ``again`` and ``train`` say the same of the same sentences."""
    rows = {(row["split"], row["id"]): row["sentences"] for row in _records(labels)}
    twice = [
        (rows["train", article], sentences)
        for (split, article), sentences in rows.items()
        if split == "again"
    ]
    pairs = [
        (_index(one), _index(other))
        for first, second in twice
        for one, other in zip(first, second, strict=True)
    ]
    if not pairs:
        sys.exit(f"{labels}: expected articles of the split again, found none")
    first, second = np.array(pairs).T
    contested = metrics.per_label(first, second)[LABELS.index(Label.CONTESTED)].f1
    return (
        f"{len(pairs):,} sentences of {len(twice)} articles: "
        f"accuracy {metrics.accuracy(first, second):.3f}, "
        f"macro-F1 {metrics.macro_f1(first, second):.3f}, contested F1 {contested:.3f}"
    )


def _index(row: list[Any]) -> int:
    return LABELS.index(Label(NAMES[row[2]][0]))


def joined(labels: Path, source: Path) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield split, id and labelled article of each row; None where ``source`` lacks its text."""
    find = _file_of(source) if source.is_dir() else _line_of(source)
    for row in _records(labels):
        record = find(row["id"])
        text = next((t for t in _texts(record) if _sha256(t) == row["sha256"]), None)
        about = {key: record.get(key) for key in ("title", "outlet", "topic", "date")}
        sentences = [*map(_unpacked, row["sentences"])]
        labelled = {"id": row["id"], "text": text, **about, "sentences": sentences}
        yield row["split"], row["id"], None if text is None else labelled


def _file_of(folder: Path) -> Callable[[str], dict[str, Any]]:
    """Return what finds an article of the source's own folder by id; empty if there is none."""

    def find(article: str) -> dict[str, Any]:
        path = folder / f"{article.removeprefix('abp:')}.json"
        record = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return {**record, "outlet": record.get("source")}

    return find


def _line_of(file: Path) -> Callable[[str], dict[str, Any]]:
    """Return what finds an article of a ``.jsonl.gz`` by id; empty if there is none."""
    articles = {record["id"]: record for record in _records(file)}
    return lambda article: articles.get(article, {})


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
    for field in ("text", "content_original", "content"):
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
