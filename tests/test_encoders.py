"""Encoders of each kind train, export and score: tiny random ones, made on the spot."""

from pathlib import Path
from typing import Any

import pytest
import torch  # noqa: TID253 - training is what is tested here
from encoders import KINDS, made
from transformers import AutoModelForTokenClassification  # noqa: TID253

from attrib.checker import load
from attrib.classes import CLASSES
from attrib.corpus import LabelledArticle
from attrib.errors import ModelError
from attrib.evaluate import judge, labeller
from attrib.finetune.encoder import computed_in, load_encoder, resolved
from attrib.finetune.rates import optimizer
from attrib.modelfolder import open_folder, released
from attrib.settings import TrainSettings
from attrib.train import train

TOLERANCE = 0.01


@pytest.fixture(scope="module")
def bases(
    records: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A folder for each kind, as the hub has them."""
    texts = [record["text"] for record in records.values()]
    return {name: made(kind, texts, tmp_path_factory.mktemp(name)) for name, kind in KINDS.items()}


@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_of_each_kind_becomes_a_model(
    kind: str, bases: dict[str, Path], invented: list[LabelledArticle], tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    settings = TrainSettings(str(bases[kind]), epochs=1, patience=0, precision="fp32")
    out = train(invented[:3], invented[3:5], settings, tmp_path / kind)
    manifest = open_folder(out).manifest
    assert manifest.layout.size == 128
    assert manifest.facts["settings"]["learning_rate"] == 2e-4
    one, other = (
        judge(labeller(load(str(out), device=device)), invented[3:5]).probabilities
        for device in (None, "cpu")
    )
    assert one == pytest.approx(other, abs=TOLERANCE)
    assert manifest.facts["graph"]["largest_change"] <= TOLERANCE
    model = AutoModelForTokenClassification.from_pretrained(out, local_files_only=True)
    assert list(model.config.id2label.values()) == list(map(str, CLASSES))


@pytest.mark.parametrize("kind", KINDS)
def test_learning_rates_fall_layer_by_layer_in_each_kind(kind: str, bases: dict[str, Path]) -> None:
    settings = TrainSettings(str(bases[kind]), window=64, learning_rate=1.0, layer_decay=0.5)
    model = load_encoder(settings).model
    rates = {
        id(p): group["lr"]
        for group in optimizer(model, settings).param_groups
        for p in group["params"]
    }
    of = {name: rates[id(p)] for name, p in model.named_parameters()}
    assert {of[name] for name in of if "embeddings" in name.split(".")} == {0.125}
    assert {of[name] for name in of if ".0." in name} == {0.25}
    assert {of[name] for name in of if ".1." in name} == {0.5}
    assert {of[name] for name in of if name.startswith("classifier")} == {1.0}


def test_a_head_for_other_labels_is_no_start(bases: dict[str, Path]) -> None:
    known = AutoModelForTokenClassification.from_pretrained(bases["bert"])
    found = load_encoder(TrainSettings(str(bases["bert"]), window=64)).model
    assert not torch.equal(found.classifier.weight, known.classifier.weight)  # type: ignore[union-attr,arg-type]
    encoder = "bert.encoder.layer.0.output.dense.weight"
    assert torch.equal(found.state_dict()[encoder], known.state_dict()[encoder])


@pytest.mark.parametrize("kind", KINDS)
def test_an_encoder_of_each_kind_can_be_made_shallower(
    kind: str, bases: dict[str, Path], tmp_path: Path
) -> None:
    model = load_encoder(TrainSettings(str(bases[kind]), window=64, layers=1)).model.train(False)
    model.save_pretrained(tmp_path)
    again = AutoModelForTokenClassification.from_pretrained(tmp_path)
    assert again.config.num_hidden_layers == 1
    assert again.num_parameters() == model.num_parameters()
    ids = torch.arange(5, 25)[None]
    assert torch.allclose(again(input_ids=ids).logits, model(input_ids=ids).logits, atol=1e-6)


def test_layers_are_kept_evenly_from_the_first_to_the_last() -> None:
    whole = load_encoder(TrainSettings(str(released()), window=64)).model.state_dict()
    three = load_encoder(TrainSettings(str(released()), window=64, layers=3)).model.state_dict()
    name = "bert.encoder.layer.{}.output.dense.weight"
    for now, before in enumerate((0, 2, 5)):
        assert torch.equal(three[name.format(now)], whole[name.format(before)])
    assert name.format(3) not in three


def test_more_layers_than_the_encoder_has_are_refused() -> None:
    with pytest.raises(ModelError, match="found 7 asked of an encoder of 6; set layers = 6"):
        load_encoder(TrainSettings(str(released()), window=64, layers=7))


def test_a_model_of_ours_is_trained_on_with_its_head_its_window_and_a_low_rate() -> None:
    settings = resolved(TrainSettings(str(released())))
    assert settings.window == open_folder(released()).manifest.layout.size
    assert settings.learning_rate == 5e-5
    known = AutoModelForTokenClassification.from_pretrained(released(), dtype=torch.float32)
    found = load_encoder(settings).model
    assert torch.equal(found.classifier.weight, known.classifier.weight)  # type: ignore[union-attr,arg-type]


def test_a_window_longer_than_the_encoder_reads_is_refused(bases: dict[str, Path]) -> None:
    for kind in KINDS:
        with pytest.raises(ModelError, match=r"found 129 tokens.*128; set window = 128"):
            load_encoder(TrainSettings(str(bases[kind]), window=129))
        with pytest.raises(ModelError, match=r"found 130 tokens.*; set scoring_window = 128"):
            load_encoder(TrainSettings(str(bases[kind]), window=128, scoring_window=130))
        load_encoder(TrainSettings(str(bases[kind]), window=128))


def test_a_base_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected an encoder, as a folder or the id of one"):
        resolved(TrainSettings(str(tmp_path)))


def test_precision_auto_is_one_the_machine_computes_in() -> None:
    assert computed_in("auto") in ("bf16", "fp16", "fp32")
    assert computed_in("fp16") == "fp16"
