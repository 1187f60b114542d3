"""Pruning leaves out what matters least, and further training brings nothing of it back."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch  # noqa: TID253 - training is what is tested here
from encoders import KINDS, made
from transformers import AutoModelForTokenClassification, PreTrainedModel  # noqa: TID253

from attrib.checker import load
from attrib.corpus import LabelledArticle
from attrib.errors import ModelError
from attrib.finetune import fine_tune
from attrib.finetune.pruning import prune
from attrib.modelfolder import released
from attrib.parts import heads_of, layers_of, parts_of, units_of
from attrib.settings import TrainSettings

TOKENS = 64
SEP = 102


def model() -> PreTrainedModel:
    found: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
        released(), dtype=torch.float32
    )
    return found


def heard(model: PreTrainedModel) -> tuple[list[int], list[int]]:
    """How many heads and units of each layer are heard."""
    layers = layers_of(model)
    heads = [int(heads_of(layer).heard.sum()) for layer in layers]
    return heads, [int(units_of(layer).heard.sum()) for layer in layers]


@pytest.fixture
def rows(invented: list[LabelledArticle]) -> list[dict[str, Any]]:
    checker = load(threads=1)
    windows = [w for held in invented[:8] for w in checker.prepare(held.article).encodings]
    short = [(w.ids[:TOKENS], [c for c in w.closers if c < TOKENS]) for w in windows]
    return [{"input_ids": list(ids), "closers": closers} for ids, closers in short if closers]


def test_what_is_left_out_takes_the_share_and_matters_less_than_others(
    rows: list[dict[str, Any]],
) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    whole, pruned, blind = model(), model(), model()
    before = heard(whole)
    prune(pruned, rows, 0.5, SEP)  # 0.38 of the released model's is spared
    after = heard(pruned)
    heads, units = (sum(b) - sum(a) for b, a in zip(before, after, strict=True))
    assert 0 < heads < sum(before[0]) / 2
    assert 0 < units < sum(before[1]) / 2
    # As many units of the first layers, whatever they matter.
    left = units
    for layer in layers_of(blind):
        taken = units_of(layer).heard.nonzero()[:left, 0]
        with torch.no_grad():
            layer.output.dense.weight[:, taken] = 0
        left -= len(taken)

    def said(by: PreTrainedModel) -> np.ndarray[Any, np.dtype[np.float32]]:
        by.train(False)
        with torch.inference_mode():
            each = [
                by(input_ids=torch.tensor([r["input_ids"]])).logits[0, r["closers"]] for r in rows
            ]
        return torch.cat(each).softmax(-1).numpy()

    sure = said(whole)
    moved, away = (float(np.abs(said(other) - sure).mean()) for other in (pruned, blind))
    assert moved < away / 2  # 0.36 of it with the released model, heads out besides


def test_training_leaves_silent_what_was_pruned_and_saves_it_so(
    invented: list[LabelledArticle], tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    settings = TrainSettings(
        str(released()),
        epochs=1,
        patience=0,
        precision="fp32",
        window=TOKENS,
        overlap=0.0,
        pruning=0.7,
    )
    folder = fine_tune(invented[:2], invented[2:3], settings, tmp_path)
    found = heard(AutoModelForTokenClassification.from_pretrained(folder))
    whole = heard(model())
    assert sum(found[0]) < 0.9 * sum(whole[0])
    assert sum(found[1]) < 0.7 * sum(whole[1])


def test_what_is_silent_takes_no_room_in_training_and_is_there_afterwards(
    rows: list[dict[str, Any]],
) -> None:
    pruned = model()
    pruned.train(False)
    before = {name: tensor.clone() for name, tensor in pruned.state_dict().items()}
    ids = torch.tensor([rows[0]["input_ids"]])
    with torch.inference_mode():
        whole = pruned(input_ids=ids).logits
    held = parts_of(pruned)
    heard = [int(parts.heard.sum()) for parts in held]
    kept = [parts.narrow() for parts in held]
    for parts, count in zip(held, heard, strict=True):
        assert 0 <= parts.count - count < parts.together
    assert sum(parts.reading.weight.numel() for parts in held) < 0.6 * sum(
        before[name].numel() for name in before if name.endswith("output.dense.weight")
    )
    with torch.inference_mode():
        assert torch.allclose(pruned(input_ids=ids).logits, whole, atol=1e-5)
    for parts, some in zip(held, kept, strict=True):
        parts.widen(some)
    after = pruned.state_dict()
    assert after.keys() == before.keys()
    assert all(torch.equal(after[name], before[name]) for name in before)
    assert all(parameter.requires_grad for parameter in pruned.parameters())


def test_what_is_out_already_counts(rows: list[dict[str, Any]]) -> None:
    pruned = model()
    before = heard(pruned)
    prune(pruned, rows, 0.3, SEP)
    assert heard(pruned) == before


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("bert", "expected a model that has learned the labels"),
        ("deberta", "of the kind deberta-v2; set pruning = 0"),
    ],
)
def test_what_cannot_be_pruned_is_told(
    kind: str, expected: str, invented: list[LabelledArticle], tmp_path: Path
) -> None:
    base = made(KINDS[kind], [held.article.text for held in invented[:4]], tmp_path / kind)
    settings = TrainSettings(str(base), pruning=0.2)
    with pytest.raises(ModelError, match=expected):
        fine_tune(invented[:1], invented[1:2], settings, tmp_path / "work")


def test_fewer_layers_are_trained_before_they_are_pruned(
    invented: list[LabelledArticle], tmp_path: Path
) -> None:
    settings = TrainSettings(str(released()), pruning=0.6, layers=3)
    with pytest.raises(ModelError, match="found layers = 3"):
        fine_tune(invented[:1], invented[1:2], settings, tmp_path / "work")
