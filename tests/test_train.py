"""Training: the folder is whole and true to what made it, and a stop costs nothing.

A throwaway encoder of two thin layers stands for the base; no released model has seen these
articles.
"""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch  # noqa: TID253 - training is what is tested here
from encoders import KINDS, made
from safetensors.torch import load_file
from transformers import AutoModelForTokenClassification, Trainer  # noqa: TID253

from attrib import train as training
from attrib.article import Label
from attrib.checker import load
from attrib.classes import CLASSES
from attrib.corpus import LabelledArticle, fingerprint, labelled_article
from attrib.errors import DataError, TrainingError
from attrib.evaluate import evaluate, judge, labeller
from attrib.finetune import Progress, Watch, fine_tune, loop, resolved, watch
from attrib.finetune.loop import TRAINED
from attrib.finetune.rounding import Rounded
from attrib.modelfolder import GRAPH, MANIFEST, TOKENIZER, WEIGHTS, open_folder
from attrib.settings import TrainSettings, model_version
from attrib.train import rebuild, train

# Trained weights are 0.04 at most here, so 8-bit steps of the graph are small: measured 0.0004.
TOLERANCE = 0.002


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """So small an encoder is faster on one thread, and sums come in the same order."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def base(records: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the hub has them: a random encoder and a tokenizer of 500 word pieces."""
    texts = [record["text"] for record in records.values()]
    return made(KINDS["bert"], texts, tmp_path_factory.mktemp("bases") / "thin-bert")


@dataclass(frozen=True)
class Job:
    """What is asked of a training."""

    articles: list[LabelledArticle]
    dev: list[LabelledArticle]
    settings: TrainSettings

    def run(self, out: Path) -> Path:
        return train(self.articles, self.dev, self.settings, out)


@pytest.fixture(scope="module")
def job(base: Path, invented: list[LabelledArticle]) -> Job:
    settings = TrainSettings(
        str(base),
        window=128,
        scoring_window=96,
        epochs=2,
        learning_rate=2e-3,
        layer_decay=1.0,
        masking=0.0,
        patience=0,
        precision="fp32",
        seed=3,
    )
    return Job(invented[:4], invented[4:7], settings)


@pytest.fixture(scope="module")
def trained(job: Job, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a training that nothing disturbed, where another stood before."""
    out = tmp_path_factory.mktemp("trained") / "thin"
    out.mkdir()
    (out / "stale.bin").write_bytes(b"of an older model")
    return job.run(out)


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / WEIGHTS)


def checkpoints(work: Path) -> list[Path]:
    return sorted(work.glob("checkpoint-*"), key=lambda p: int(p.name.split("-")[1]))


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[k], other[k]) for k in one)


def test_the_folder_is_whole_and_nothing_else_is_left(trained: Path) -> None:
    files = {p.relative_to(trained).as_posix() for p in trained.rglob("*") if p.is_file()}
    assert {MANIFEST, GRAPH, TOKENIZER, WEIGHTS, "config.json", "README.md"} <= files
    assert not [name for name in files if name.endswith((".bin", ".pt", ".pth"))]
    assert [p.name for p in trained.parent.iterdir()] == [trained.name]
    found = open_folder(trained)
    assert all(found.verified(name) for name in found.manifest.files)


def test_the_folder_scores(trained: Path) -> None:
    scored = load(str(trained)).score("The dam is safe, the mayor said. It rained.")
    assert len(scored.verdicts) == 2
    assert sum(scored.verdicts[0].probabilities.values()) == pytest.approx(1)


def test_anyone_can_load_it_with_transformers(trained: Path) -> None:
    model = AutoModelForTokenClassification.from_pretrained(trained, local_files_only=True)
    assert model.config.id2label == dict(enumerate(map(str, CLASSES)))
    assert {tensor.dtype for tensor in weights(trained).values()} == {torch.float16}


def test_the_manifest_is_true_to_settings_and_data(trained: Path, job: Job) -> None:
    manifest = open_folder(trained).manifest
    assert manifest.name == "thin"
    assert (manifest.layout.size, manifest.layout.overlap) == (96, job.settings.scoring_overlap)
    # [PAD], [CLS] and [SEP] as the tokenizer numbers them
    assert (manifest.layout.pad, manifest.layout.cls, manifest.layout.sep) == (0, 2, 3)
    assert 0.25 <= manifest.temperature <= 4
    # A path of the machine it was trained on is nobody's business.
    assert manifest.facts["settings"] == {**asdict(job.settings), "base": "thin-bert"}
    for name, held in (("train", job.articles), ("dev", job.dev)):
        assert manifest.facts["data"][name] == {
            "articles": len(held),
            "sentences": sum(len(labelled.sentences) for labelled in held),
            "sha256": fingerprint(held),
        }
    assert manifest.facts["versions"]["torch"] == torch.__version__


def test_the_figures_in_the_manifest_are_those_of_the_folder(trained: Path, job: Job) -> None:
    measured = evaluate(judge(labeller(load(str(trained))), job.dev))
    facts = open_folder(trained).manifest.facts["dev"]
    assert json.loads(json.dumps(asdict(measured))) == facts


def test_the_card_tells_what_the_manifest_holds(trained: Path, job: Job) -> None:
    manifest = open_folder(trained).manifest
    card = (trained / "README.md").read_text(encoding="utf-8")
    figures, data = manifest.facts["dev"], manifest.facts["data"]
    macro = figures["macro_f1"]
    assert f"# thin {manifest.version}" in card
    assert f"Temperature {manifest.temperature}." in card
    assert f"{macro['value']:.3f} ({macro['low']:.3f} to {macro['high']:.3f})" in card
    assert f"| expected calibration error | {figures['calibration_error']:.3f} |" in card
    for label in Label:
        row = figures["labels"][label]
        assert f"| {label} | {row['precision']:.3f} | {row['recall']:.3f} |" in card
    for name in ("train", "dev"):
        row = data[name]
        assert f"| {name} | {row['articles']} | {row['sentences']} | `{row['sha256'][:16]}" in card
    for name, value in asdict(job.settings).items():
        shown = "thin-bert" if name == "base" else value
        assert re.search(rf"\b{name} {re.escape(str(shown))}[,.]", card), name


def test_torch_and_onnx_agree(trained: Path, job: Job) -> None:
    one, other = (
        judge(labeller(load(str(trained), device=device)), job.dev).probabilities
        for device in (None, "cpu")
    )
    assert one == pytest.approx(other, abs=TOLERANCE)
    assert one.std(axis=0).max() > 4 * TOLERANCE  # the model does tell sentences apart


class Stopped(Exception):  # noqa: N818 - what a person does, not an error
    """Someone pressed Ctrl-C."""


def test_a_stopped_training_goes_on_and_ends_where_it_would_have(
    trained: Path, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, work = tmp_path / "thin", tmp_path / "thin.work"
    through: list[dict[str, torch.Tensor]] = []

    def stop(*arguments: Any) -> Path:
        through.append(weights(fine_tune(*arguments)))
        raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(training, "fine_tune", stop)
        with pytest.raises(Stopped):
            job.run(out)
    assert not out.exists()
    # The same seed and data: the same weights.
    assert same(through[0], weights(trained))

    # As if it had been stopped in the second epoch.
    shutil.rmtree(work / TRAINED)
    shutil.rmtree(checkpoints(work)[1])
    for other in (
        replace(job, settings=replace(job.settings, seed=4)),
        replace(job, articles=job.articles[1:]),
        replace(job, dev=job.dev[1:]),
    ):
        with pytest.raises(TrainingError, match=r"other settings, data.*remove the folder"):
            other.run(out)

    assert job.run(out) == out
    assert same(weights(out), weights(trained))
    assert open_folder(out).manifest.facts == open_folder(trained).manifest.facts
    assert not work.exists()


def test_a_training_goes_on_from_the_checkpoint_and_not_from_the_start(
    job: Job, tmp_path: Path
) -> None:
    work = tmp_path / "work"
    shutil.rmtree(fine_tune(job.articles, job.dev, job.settings, work))
    first, second = checkpoints(work)
    shutil.rmtree(second)
    written = (first / WEIGHTS).stat().st_mtime_ns
    fine_tune(job.articles, job.dev, job.settings, work)
    assert [c.name for c in checkpoints(work)] == [first.name, second.name]
    assert (first / WEIGHTS).stat().st_mtime_ns == written


def test_a_checkpoint_cut_short_by_a_kill_is_passed_over(
    job: Job, trained: Path, tmp_path: Path
) -> None:
    shutil.rmtree(fine_tune(job.articles, job.dev, job.settings, tmp_path))
    (checkpoints(tmp_path)[1] / "trainer_state.json").unlink()
    found = fine_tune(job.articles, job.dev, job.settings, tmp_path)
    assert same(weights(found), weights(trained))


def test_a_training_that_is_through_is_not_done_again(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = fine_tune(job.articles, job.dev, job.settings, tmp_path)

    def again(*_: Any) -> None:
        raise AssertionError("it trains again")

    monkeypatch.setattr(Trainer, "train", again)
    assert fine_tune(job.articles, job.dev, job.settings, tmp_path) == done


@pytest.mark.parametrize("patience", [0, 2])
def test_stopped_amid_an_epoch_a_training_ends_where_it_would_have(
    patience: int, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "BETWEEN_SAVES", 0.0)
    settings = replace(
        job.settings, batch_size=1, accumulation=2, masking=0.3, dropout=0.2, patience=patience
    )
    through = fine_tune(job.articles, job.dev, settings, tmp_path / "through")

    def stop(told: Progress) -> None:
        if told.epoch > 1 and told.step == told.steps - 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fine_tune(job.articles, job.dev, settings, tmp_path / "stopped", Watch(stop))
    left = json.loads((checkpoints(tmp_path / "stopped")[-1] / "trainer_state.json").read_text())
    assert 1 < left["epoch"] < 2
    heard: list[Progress] = []
    found = fine_tune(job.articles, job.dev, settings, tmp_path / "stopped", Watch(heard.append))
    assert same(weights(found), weights(through))
    assert heard[0].step == left["global_step"] + 1


def test_a_stopped_training_goes_on_with_what_it_had_pruned(
    trained: Path, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "BETWEEN_SAVES", 0.0)
    settings = replace(job.settings, base=str(trained), pruning=0.4, batch_size=2, dropout=0.2)
    through = fine_tune(job.articles, job.dev, settings, tmp_path / "through")

    def stop(when: int, told: Progress) -> None:
        if told.step == when:
            raise KeyboardInterrupt

    for when in (1, 5):  # before the first checkpoint, and after some
        watching = Watch(partial(stop, when))
        with pytest.raises(KeyboardInterrupt):
            fine_tune(job.articles, job.dev, settings, tmp_path / "stopped", watching)
        monkeypatch.setattr(loop, "prune", lambda *_: pytest.fail("it is pruned again"))
        assert bool(checkpoints(tmp_path / "stopped")) == (when > 1)
    left = shutil.copytree(tmp_path / "stopped", tmp_path / "left")
    found = fine_tune(job.articles, job.dev, settings, tmp_path / "stopped")
    assert same(weights(found), weights(through))
    # As an earlier build would go on, or this one with what an earlier one left.
    monkeypatch.setattr(loop, "parts_of", lambda _: [])
    with pytest.raises(TrainingError, match=r"checkpoint-\d+: expected a checkpoint of this model"):
        fine_tune(job.articles, job.dev, settings, left)


def test_stopped_and_gone_on_with_it_still_stops_early(
    job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "BETWEEN_SAVES", 0.0)
    # Nothing is learned, so that the first epoch is the best and the third the last.
    settings = replace(job.settings, batch_size=1, epochs=6, learning_rate=0.0, patience=2)

    def stop(told: Progress) -> None:
        if told.epoch > 2.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fine_tune(job.articles, job.dev, settings, tmp_path, Watch(stop))
    heard: list[Progress] = []
    fine_tune(job.articles, job.dev, settings, tmp_path, Watch(heard.append))
    assert [told.epoch for told in heard if told.dev] == [3]
    assert all(told.epoch <= 3 for told in heard)


def test_masking_takes_part_in_training_and_its_seed_does_not_change(
    job: Job, trained: Path, tmp_path: Path
) -> None:
    settings = replace(job.settings, masking=0.3)
    one, other = (
        weights(fine_tune(job.articles, job.dev, settings, tmp_path / name)) for name in "ab"
    )
    assert same(one, other)
    assert not same(one, weights(trained))


def test_another_seed_gives_other_weights(trained: Path, job: Job, tmp_path: Path) -> None:
    found = weights(fine_tune(job.articles, job.dev, replace(job.settings, seed=4), tmp_path))
    assert found.keys() == weights(trained).keys()
    assert not same(found, weights(trained))


def test_a_listener_hears_of_steps_losses_and_epochs(job: Job, tmp_path: Path) -> None:
    heard: list[Progress] = []
    fine_tune(job.articles, job.dev, job.settings, tmp_path, Watch(heard.append))
    steps = [p.step for p in heard if p.loss is None and p.dev is None]
    assert steps == list(range(1, heard[0].steps + 1))
    assert any(p.loss is not None and p.loss > 0 for p in heard)
    epochs = [p for p in heard if p.dev]
    assert [p.epoch for p in epochs] == [1, 2]
    assert all(0 <= p.dev["macro_f1"] <= 1 for p in epochs if p.dev)


def test_without_patience_the_last_epoch_is_kept(job: Job, trained: Path, tmp_path: Path) -> None:
    fine_tune(job.articles, job.dev, job.settings, tmp_path)
    last = {}
    for name, tensor in weights(checkpoints(tmp_path)[-1]).items():
        rounded = name.replace(".parametrizations.weight.original", ".weight")
        last[rounded] = (tensor if rounded == name else Rounded()(tensor)).half()
    assert any(".parametrizations." in name for name in weights(checkpoints(tmp_path)[-1]))
    assert same(last, weights(trained))


def test_a_folder_that_tells_of_a_setting_no_longer_known_can_be_used(
    job: Job, trained: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old"
    shutil.copytree(trained, old)
    record = json.loads((old / MANIFEST).read_text(encoding="utf-8"))
    record["facts"]["settings"]["gone"] = 1
    (old / MANIFEST).write_text(json.dumps(record), encoding="utf-8")
    rebuild(old, job.dev)
    assert "gone 1" in (old / "README.md").read_text(encoding="utf-8")
    assert load(str(old)).score("It rained.").verdicts
    assert resolved(TrainSettings(str(old))).tokens == job.settings.scoring_window


def test_a_rebuilt_folder_is_as_calibrated_as_before(
    job: Job, trained: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(trained, again)
    rebuild(again, job.dev)
    before, after = open_folder(trained).manifest, open_folder(again).manifest
    assert before.temperature != 1
    assert after.temperature == pytest.approx(before.temperature, abs=0.001)
    assert after.version == before.version


def test_a_model_s_version_is_the_day_of_its_training(trained: Path) -> None:
    year, month, day = map(int, open_folder(trained).manifest.version.split("."))
    assert abs((datetime.now(UTC).date() - date(year, month, day)).days) <= 1
    assert model_version(" 1.0 ") == "1.0"


def test_training_stops_when_dev_gets_no_better_and_keeps_the_best_epoch(
    job: Job, tmp_path: Path
) -> None:
    heard: list[Progress] = []
    # A rate of 0 leaves every epoch as good as the first.
    settings = replace(job.settings, epochs=6, patience=2, learning_rate=0.0)
    fine_tune(job.articles, job.dev, settings, tmp_path, Watch(heard.append))
    assert [p.epoch for p in heard if p.dev] == [1, 2, 3]


@pytest.mark.parametrize("said", ["CUDA out of memory. Tried", "not enough memory: you tried"])
def test_too_little_memory_is_told_with_its_cure(
    said: str, job: Job, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError(said)

    monkeypatch.setattr(Trainer, "train", fail)
    with pytest.raises(TrainingError, match="halve batch_size and double accumulation"):
        fine_tune(job.articles, job.dev, job.settings, tmp_path)


def test_logs_for_tensorboard_are_written_on_request(job: Job, tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    settings = replace(job.settings, epochs=1)
    fine_tune(job.articles, job.dev, settings, tmp_path / "work", Watch(tensorboard=logs))
    assert list(logs.rglob("events.out.tfevents.*"))


@pytest.fixture
def untrained(monkeypatch: pytest.MonkeyPatch) -> None:
    """Training that should be refused is not to begin."""

    def begin(*_: Any) -> Path:
        raise AssertionError("the training began")

    monkeypatch.setattr(training, "fine_tune", begin)


@pytest.mark.usefixtures("untrained")
def test_an_article_in_both_sets_is_refused_by_name(job: Job, tmp_path: Path) -> None:
    leaky = replace(job, articles=[*job.articles, job.dev[1], job.dev[0]])
    with pytest.raises(DataError) as raised:
        leaky.run(tmp_path / "out")
    assert "found 2 in both" in str(raised.value)
    assert min(labelled.article.id for labelled in job.dev[:2]) in str(raised.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("untrained")
def test_an_article_in_both_sets_under_two_names_is_refused(job: Job, tmp_path: Path) -> None:
    # As two files have it whose records have no id: the id is then file and line.
    twin = replace(job.articles[0], article=replace(job.articles[0].article, id="dev.jsonl:1"))
    with pytest.raises(DataError):
        replace(job, dev=[twin]).run(tmp_path / "out")


@pytest.mark.usefixtures("untrained")
def test_an_article_labelled_by_two_people_is_refused_with_the_cure(
    job: Job, tmp_path: Path
) -> None:
    one, two = (replace(job.articles[0], annotator=name) for name in ("ada", "bo"))
    with pytest.raises(DataError, match=r"1 repeated.*attrib data convert --annotators majority"):
        replace(job, articles=[one, two]).run(tmp_path / "out")
    with pytest.raises(DataError, match=r"dev articles, found 1 repeated.*keep it once"):
        replace(job, dev=[*job.dev, job.dev[0]]).run(tmp_path / "out")


@pytest.mark.usefixtures("untrained")
def test_an_empty_set_is_refused_by_name(job: Job, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="expected training articles, found none"):
        replace(job, articles=[]).run(tmp_path / "out")
    with pytest.raises(DataError, match="expected dev articles, found none"):
        replace(job, dev=[]).run(tmp_path / "out")


@pytest.mark.usefixtures("untrained")
@pytest.mark.parametrize("version", ["", "  ", "a\tb", "a" * 41])
def test_a_version_that_cannot_be_shown_is_refused(version: str, job: Job, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--model-version: expected a text of 1 to 40 characters"):
        train(job.articles, job.dev, job.settings, tmp_path / "out", version=version)


@pytest.mark.usefixtures("untrained")
@pytest.mark.parametrize("bare", ["articles", "dev"])
def test_a_set_without_a_single_label_is_refused(bare: str, job: Job, tmp_path: Path) -> None:
    text = "The dam held. Nobody left."
    unlabelled = labelled_article({"id": "bare", "text": text, "sentences": []}, "here")
    articles = [unlabelled] if bare == "articles" else job.articles
    dev = [unlabelled] if bare == "dev" else job.dev
    with pytest.raises(DataError):
        replace(job, articles=articles, dev=dev).run(tmp_path / "out")
