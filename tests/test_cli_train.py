"""``attrib train`` as a user runs it: in a process of its own, killed and resumed too."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import torch  # noqa: TID253 - training is what is tested here
from encoders import KINDS, made
from safetensors.torch import load_file

from attrib.corpus import read_labelled
from attrib.corpus.to_tools import write_tasks
from attrib.dataformats import ToolFormat
from attrib.modelfolder import WEIGHTS, open_folder, released

COMMAND = [sys.executable, "-m", "attrib"]


@pytest.fixture(scope="module")
def place(records: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an encoder, training and dev articles."""
    folder = tmp_path_factory.mktemp("place")
    made(KINDS["bert"], [record["text"] for record in records.values()], folder / "encoder")
    lines = [json.dumps(record) + "\n" for record in records.values()]
    (folder / "train.jsonl").write_text("".join(lines[:4]), encoding="utf-8")
    (folder / "dev.jsonl").write_text("".join(lines[4:6]), encoding="utf-8")
    return folder


def arguments(place: Path, out: Path, *more: str) -> list[str]:
    data = ["train", str(place / "train.jsonl"), "--dev", str(place / "dev.jsonl")]
    settings = ["--set", "patience=0", "--set", "precision=fp32", "--seed", "5"]
    return [*COMMAND, *data, "--out", str(out), *settings, *more]


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return subprocess.run(
        arguments, capture_output=True, text=True, env=environment, check=False, timeout=300
    )


@pytest.fixture(scope="module")
def undisturbed(place: Path) -> Path:
    out = place / "undisturbed"
    done = run(arguments(place, out, "--base", str(place / "encoder"), "--epochs", "8"))
    assert done.returncode == 0, done.stderr
    return out


def test_it_says_what_it_does_and_how_well(undisturbed: Path, place: Path) -> None:
    done = run(arguments(place, place / "m", "--base", str(place / "encoder"), "--epochs", "2"))
    assert done.returncode == 0, done.stderr
    dev = open_folder(place / "m").manifest.facts["dev"]
    assert done.stdout == (
        f"{place / 'm'}: macro-F1 {dev['macro_f1']['value']:.3f}, contested F1 "
        f"{dev['contested_f1']['value']:.3f} on the 2 dev articles it was chosen by\n"
    )
    assert "4 articles to train on, 2 to choose by" in done.stderr
    assert f"attrib: wrote {place / 'm'}\n" in done.stderr
    assert "epoch 1: dev loss" in done.stderr
    assert "epoch 2: dev loss" in done.stderr
    assert f"attrib evaluate TEST --model {place / 'm'} --against default" in done.stderr
    assert "Traceback" not in done.stderr
    assert undisturbed.is_dir()


def test_killed_and_resumed_it_ends_where_it_would_have(undisturbed: Path, place: Path) -> None:
    out, work = place / "killed", place / "killed.work"
    command = arguments(place, out, "--base", str(place / "encoder"), "--epochs", "8")
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    ) as process:
        deadline = time.monotonic() + 240
        while not list(work.glob("checkpoint-*")) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()

    refused = run(command)
    assert refused.returncode == 2
    assert "found an interrupted training; go on with it with --resume" in refused.stderr
    other = run([*command, "--resume", "--seed", "6"])
    assert other.returncode == 2
    assert "other settings, data or versions" in other.stderr

    done = run([*command, "--resume"])
    assert done.returncode == 0, done.stderr
    one, two = load_file(out / WEIGHTS), load_file(undisturbed / WEIGHTS)
    assert one.keys() == two.keys()
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not work.exists()


def test_the_released_model_is_trained_on_by_default(place: Path) -> None:
    out = place / "on"
    named = ("--model-version", "2.0 news")
    done = run(arguments(place, out, "--set", "learning_rate=0", "--epochs", "1", *named))
    assert done.returncode == 0, done.stderr
    one, two = load_file(out / WEIGHTS), load_file(released() / WEIGHTS)
    # A rate of 0 leaves the weights as they were.
    assert all(torch.equal(one[name], two[name]) for name in two)
    facts = open_folder(out).manifest.facts
    assert facts["parent"]["name"] == "default"
    assert facts["parent"]["sha256"] == open_folder(released()).identity.sha256
    assert "default" in (out / "README.md").read_text(encoding="utf-8")
    assert open_folder(out).manifest.version == "2.0 news"
    assert run([*COMMAND, "model", "info", str(out)]).stdout.startswith("on, version 2.0 news\n")


def test_a_graph_is_rebuilt_from_dev_articles_of_any_format(
    undisturbed: Path, place: Path, tmp_path: Path
) -> None:
    out = tmp_path / "rebuilt"
    shutil.copytree(undisturbed, out)
    table = tmp_path / "dev.csv"
    with table.open("w", encoding="utf-8", newline="") as stream:
        write_tasks(read_labelled(place / "dev.jsonl"), ToolFormat.CSV, stream)
    done = run([*COMMAND, "model", "export", str(out), "--dev", str(table)])
    assert done.returncode == 0, done.stderr
    assert done.stderr == f"attrib: wrote {out}\n"
    assert "the graph labels" in done.stdout
    table.write_text("nothing\n", encoding="utf-8")
    refused = run([*COMMAND, "model", "export", str(out), "--dev", str(table)])
    assert refused.returncode == 2
    assert str(table) in refused.stderr


def test_several_processes_train_one_model(place: Path, undisturbed: Path) -> None:
    out = place / "together"
    launch = [*COMMAND[:1], "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2"]
    more = arguments(place, out, "--base", str(place / "encoder"), "--epochs", "1")
    done = run([*launch, "--module", "attrib", *more[len(COMMAND) :]])
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("macro-F1") == 1
    assert done.stderr.count("4 articles to train on") == 1
    assert open_folder(out).manifest.facts["dev"]["articles"] == 2
    assert load_file(out / WEIGHTS).keys() == load_file(undisturbed / WEIGHTS).keys()


def test_settings_come_from_a_file_and_flags_win(place: Path, tmp_path: Path) -> None:
    config = tmp_path / "settings.toml"
    config.write_text("epochs = 3\nlabel_smoothing = 0.2\nseed = 9\n", encoding="utf-8")
    out = tmp_path / "m"
    base = ["--base", str(place / "encoder"), "--config", str(config)]
    done = run(arguments(place, out, *base, "--epochs", "1"))
    assert done.returncode == 0, done.stderr
    settings = open_folder(out).manifest.facts["settings"]
    assert (settings["epochs"], settings["label_smoothing"], settings["seed"]) == (1, 0.2, 5)


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--base", "BASE", "--from", "default"], "expected --from or --base, found both"),
        (["--base", "nowhere-at-all"], "expected an encoder, as a folder or the id of one"),
        (["--from", "nowhere"], "expected a model folder, found nothing"),
        (["--set", "colour=red"], "expected settings among"),
        (["--set", "epochs=many"], "epochs: expected a whole number, found 'many'"),
        (["--set", "overlap=2"], "setting overlap: expected 0 to 0.95, found 2"),
        (["--model-version", ""], "--model-version: expected a text of 1 to 40 characters"),
        (["--model-version", "1\n2"], "on one line, such as 1.0, found '1\\n2'"),
        (["--set", "epochs"], "expected --set NAME=VALUE, found 'epochs'"),
        (["--config", "nowhere.toml"], "nowhere.toml: expected settings as TOML"),
        (["--dev", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--out", "HERE"], "expected no such folder yet, found one"),
        (["--out", "HERE", "--force"], "expected a model folder to replace, found something else"),
    ],
)
def test_what_cannot_be_trained_is_told_in_a_line(more: list[str], told: str, place: Path) -> None:
    places = {"BASE": str(place / "encoder"), "HERE": str(place)}
    done = run(arguments(place, place / "never", *[places.get(m, m) for m in more]))
    assert done.returncode == 2
    assert told in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr
    assert not (place / "never").exists()
    assert not (place / "never.work").exists()


def test_all_settings_are_listed() -> None:
    done = run([*COMMAND, "train", "--settings"])
    assert done.returncode == 0
    assert "layer_decay        0.85" in done.stdout
    assert "learning_rate      left open" in done.stdout
