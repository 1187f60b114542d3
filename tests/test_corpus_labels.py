"""The corpus without its texts: packed, and joined again with a copy of the source."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parents[1] / "scripts" / "corpus_labels.py"
TEXT = "The quay is safe, the port said.\nDivers deny that.\nSome stayed, it is said."
RECORD: dict[str, Any] = {
    "id": "abp:k1",
    "text": TEXT,
    "title": "Quay",
    "outlet": "The Orlby Post",
    "topic": "harbour",
    "date": "2031-04-05",
    "sentences": [
        {"start": 0, "end": 32, "label": "contested", "conflicts_with": [1]},
        {"start": 33, "end": 50, "label": "contested", "conflicts_with": [0]},
        {"start": 51, "end": 75, "label": "attributed", "source": "unnamed"},
    ],
}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False
    )


def packed(folder: Path) -> Path:
    for split, records in {"train": [RECORD], "dev": [{**RECORD, "id": "abp:k2"}]}.items():
        with gzip.open(folder / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    out = folder / "labels.jsonl.gz"
    assert run("pack", folder, out).returncode == 0
    return out


def source(folder: Path, **texts: str) -> Path:
    """A folder as the source has it, its texts full of blank lines."""
    for name, text in texts.items():
        record = {"content_original": text.replace("\n", "\n\n  \n"), "source": "The Orlby Post"}
        record |= {"title": "Quay", "topic": "harbour", "date": "2031-04-05"}
        (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_labels_are_packed_without_a_word_of_the_text(tmp_path: Path) -> None:
    labels = gzip.decompress(packed(tmp_path).read_bytes()).decode()
    words = ("quay", "port", "Divers", "deny", "stayed", "Quay", "Orlby", "harbour")
    assert not [word for word in words if word in labels]


def test_labels_find_their_texts_again(tmp_path: Path) -> None:
    labels = packed(tmp_path)
    done = run("join", labels, source(tmp_path, k1=TEXT, k2=TEXT), tmp_path / "out")
    assert (done.returncode, done.stdout) == (0, "train: 1 articles\ndev: 1 articles\n")
    with gzip.open(tmp_path / "out" / "train.jsonl.gz", "rt", encoding="utf-8") as file:
        assert [json.loads(line) for line in file] == [RECORD]


def test_another_text_is_named_and_left_out(tmp_path: Path) -> None:
    labels = packed(tmp_path)
    done = run("join", labels, source(tmp_path, k1=TEXT + "!"), tmp_path / "out")
    assert (done.returncode, done.stdout) == (3, "train: 0 articles\ndev: 0 articles\n")
    assert "2 articles: expected a text with the recorded SHA-256" in done.stderr
    assert "abp:k1, abp:k2" in done.stderr
    assert not [*(tmp_path / "out").iterdir()]


def test_articles_in_one_file_are_a_source_too(tmp_path: Path) -> None:
    for split, number in {"more": "k3", "check": "k4"}.items():
        with gzip.open(tmp_path / f"{split}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write(json.dumps({**RECORD, "id": f"abp:{number}"}) + "\n")
    labels = packed(tmp_path)
    articles = [{**RECORD, "id": f"abp:k{number}", "sentences": None} for number in range(1, 5)]
    with gzip.open(tmp_path / "articles.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(article) + "\n" for article in articles)
    done = run("join", labels, tmp_path / "articles.jsonl.gz", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[2:] == ["more: 1 articles", "check: 1 articles", ""]
    with gzip.open(tmp_path / "out" / "more.jsonl.gz", "rt", encoding="utf-8") as file:
        assert [json.loads(line) for line in file] == [{**RECORD, "id": "abp:k3"}]


def test_a_second_labelling_is_held_against_the_first(tmp_path: Path) -> None:
    sentences = [
        RECORD["sentences"][0],
        *({**s, "label": "attributed"} for s in RECORD["sentences"][1:]),
    ]
    with gzip.open(tmp_path / "again.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({**RECORD, "sentences": sentences}) + "\n")
    done = run("agree", packed(tmp_path))
    # Contested twice and once, attributed once and twice, one of each the same: F1 2/3 both.
    figures = "accuracy 0.667, macro-F1 0.667, contested F1 0.667"
    assert done.stdout == f"3 sentences of 1 articles: {figures}\n", done.stderr


def test_what_would_be_lost_is_not_written_over(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "more.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({**RECORD, "id": "abp:k3"}) + "\n")
    labels = packed(tmp_path)
    whole = labels.read_bytes()
    (tmp_path / "more.jsonl.gz").unlink()
    done = run("pack", tmp_path, labels)
    assert done.returncode == 1
    assert done.stderr == f"{tmp_path}: expected more.jsonl.gz, found none\n"
    assert labels.read_bytes() == whole
    done = run("join", labels, tmp_path / "train.jsonl.gz", tmp_path)
    assert done.returncode == 1
    assert "holds train.jsonl.gz, dev.jsonl.gz already" in done.stderr
    done = run("join", labels, tmp_path / "nowhere", tmp_path / "out")
    assert done.returncode == 1
    assert "nowhere: expected the source's folder data/jsons" in done.stderr
    assert "expected articles of the split again" in run("agree", labels).stderr
