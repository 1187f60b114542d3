"""The recipe of the released model, whole, on tiny encoders."""

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from encoders import KINDS, made
from numpy.typing import NDArray
from safetensors.numpy import load_file

from attrib.modelfolder import GRAPH, WEIGHTS, open_folder

SCRIPT = Path(__file__).parents[1] / "scripts" / "make_model.py"


def write(path: Path, records: Iterable[dict[str, Any]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="module")
def place(records: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of invented articles, and an encoder."""
    place = tmp_path_factory.mktemp("recipe")
    chosen = list(records.values())[:11]
    write(place / "train.jsonl.gz", chosen[:4])
    write(place / "dev.jsonl.gz", chosen[4:6])
    near = {**chosen[6], "id": "near-dev", "text": chosen[6]["text"] + chosen[4]["text"][:600]}
    bare = ({**record, "sentences": None} for record in (*chosen[6:10], near))
    write(place / "unlabelled.jsonl.gz", bare)
    further = place / "labels"
    further.mkdir()
    write(further / "invented.jsonl.gz", chosen[10:])
    packed = {"train": chosen[:4], "dev": chosen[4:6], "more": chosen[3:7], "check": chosen[9:10]}
    for split, articles in packed.items():
        write(further / f"{split}.jsonl.gz", articles)
    pack = [sys.executable, str(SCRIPT.with_name("corpus_labels.py")), "pack", str(further)]
    subprocess.run([*pack, str(further / "labels.jsonl.gz")], check=True)
    made(KINDS["bert"], [record["text"] for record in chosen], place / "base")
    return place


def lines(*paths: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in paths for line in path.read_text().splitlines()]


def bias(folder: Path) -> NDArray[np.float32]:
    """What is never rounded, of the head."""
    return np.asarray(load_file(folder / WEIGHTS)["classifier.bias"], dtype=np.float32)


def command(place: Path, name: str, *more: str) -> list[str]:
    made = [sys.executable, str(SCRIPT), str(place), "--more", str(place / "labels")]
    made += ["--out", str(place / name), "--work", str(place / f"{name}.stages"), *more]
    return [*made, "--set", "epochs=1", "--set", "window=128", "--set", "scoring_window=96"]


def anew(place: Path, name: str, teachers: int) -> list[str]:
    base = str(place / "base")
    made = ["--base", base, "--teacher-base", base, "--teachers", str(teachers)]
    return command(place, name, *made)


def test_without_teachers_it_learns_from_the_labels_alone_and_goes_on_when_more_come(
    place: Path,
) -> None:
    done = subprocess.run(anew(place, "alone", 0), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    out, work = place / "alone", place / "alone.stages"
    (student,) = work.glob("student-*")
    facts = open_folder(out).manifest.facts
    assert facts["parent"]["sha256"] == open_folder(student).identity.sha256
    assert facts["data"]["train"]["articles"] == 6
    assert (out / GRAPH).stat().st_size < (student / GRAPH).stat().st_size

    further = shutil.copytree(out, place / "further")
    parent = open_folder(out).identity
    told = command(place, "further", "--from", str(further), "--mean", f"{out}=0.25")
    told += ["--set", "learning_rate=0.01"]  # far enough from its parent to tell their mean
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    facts = open_folder(further).manifest.facts
    assert facts["parent"]["sha256"] == parent.sha256
    assert facts["data"]["train"]["articles"] == 6
    assert "this model" in facts["about"]
    assert facts["mean"] == {**asdict(parent), "share": 0.25}
    card = (further / "README.md").read_text(encoding="utf-8")
    assert f"at 0.25, of `alone` {parent.version} (graph `{parent.sha256[:16]}…`)" in card
    (trained,) = (place / "further.stages").glob("trained-*")
    expected = 0.25 * bias(out) + 0.75 * bias(trained)
    assert bias(further) == pytest.approx(expected, abs=1e-4)
    assert np.abs(bias(out) - bias(trained)).max() > 1e-3
    # What the parent leaves out stays out, though nothing was pruned anew.
    assert facts["settings"]["pruning"] == 0
    assert (further / GRAPH).stat().st_size == (out / GRAPH).stat().st_size

    # The folder that it goes on from is another now, under the same name: it is trained again.
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len([*(place / "further.stages").glob("trained-*")]) == 2


def test_one_command_makes_the_model_and_goes_on_where_it_stopped(
    place: Path, records: dict[str, dict[str, Any]]
) -> None:
    work, out, told = place / "model.stages", place / "model", anew(place, "model", 2)
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "8 articles to learn from, 6 of them labelled" in done.stdout
    assert f"made {out}" in done.stdout
    facts = open_folder(out).manifest.facts
    (student,) = work.glob("student-*")
    assert facts["parent"]["sha256"] == open_folder(student).identity.sha256
    assert (out / GRAPH).stat().st_size < (student / GRAPH).stat().st_size
    assert facts["data"]["train"]["articles"] == 8
    assert "this model" in facts["about"]
    (labels,) = work.glob("taught-*.jsonl")
    doubted = lines(*work.glob("doubted-*.jsonl"))
    for record in [*lines(labels), *doubted]:
        for sentence in record["sentences"]:
            assert sum(sentence["probabilities"].values()) == pytest.approx(1, abs=1e-3)
    # Of those without labels one repeats a passage of a dev article: it is not learned.
    assert "2 articles with further labels, 3 without" in done.stdout
    assert len(lines(labels)) == 2
    assert "near-dev" not in {record["id"] for record in lines(labels)}
    checked = [*records][9]
    assert checked not in {record["id"] for record in [*lines(labels), *doubted]}
    # Each labelled article once, its labels as they were, most of the weight on what they say.
    gold = {record["id"]: record for record in records.values()}
    assert len(doubted) == len({record["id"] for record in doubted}) == 6
    for record in doubted:
        pairs = zip(record["sentences"], gold[record["id"]]["sentences"], strict=True)
        for sentence, labelled in pairs:
            assert sentence["label"] == labelled["label"]
            unnamed = labelled.get("source") == "unnamed"
            said = sentence["probabilities"][labelled["label"] + "_unnamed" * unnamed]
            assert 0.9 <= said < 1

    # As if it had been killed while the last article was written: only that one is labelled again.
    whole = labels.read_bytes()
    labels.write_bytes(whole[:-40])
    teachers = {path: open_folder(path).identity for path in work.glob("teacher-*")}
    assert len(teachers) == 2
    again = subprocess.run(told, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    assert labels.read_bytes() == whole
    assert teachers == {path: open_folder(path).identity for path in work.glob("teacher-*")}
