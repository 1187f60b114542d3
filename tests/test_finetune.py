"""What training adds to scoring: labels at separators, a loss, learning rates, hidden tokens."""

from dataclasses import replace
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch  # noqa: TID253 - training is what is tested here
from safetensors.numpy import load_file
from tokenizers import Tokenizer
from transformers import (  # noqa: TID253
    AutoTokenizer,
    BertConfig,
    BertForTokenClassification,
    TrainerState,
)

from attrib.classes import CLASSES, class_of
from attrib.corpus import LabelledArticle, labelled_article
from attrib.export import LARGEST
from attrib.finetune import fine_tune
from attrib.finetune.chance import ByLength, Chance, masking
from attrib.finetune.loss import loss_function
from attrib.finetune.rates import freeze, optimizer
from attrib.finetune.rows import IGNORED, collator, windows_dataset
from attrib.modelfolder import TOKENIZER, released
from attrib.settings import TrainSettings
from attrib.windows import Layout

LAYOUT = Layout(size=64, overlap=0.5, cls=101, sep=102, pad=0)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    found = Tokenizer.from_file(str(released() / TOKENIZER))
    found.no_truncation()
    found.no_padding()
    return found


def test_a_label_stands_at_the_separator_that_closes_its_sentence(tokenizer: Tokenizer) -> None:
    record = {
        "text": "It held. Who knows? He said so.",
        "sentences": [
            {"start": 0, "end": 8, "label": "unattributed"},
            {"start": 20, "end": 31, "label": "attributed", "source": "unnamed"},
        ],
    }
    (row,) = windows_dataset([labelled_article(record, "here")], tokenizer, LAYOUT)
    # [CLS] it held . [SEP] who knows ? [SEP] he said so . [SEP]
    assert row["input_ids"][0] == LAYOUT.cls
    assert [i for i, t in enumerate(row["input_ids"]) if t == LAYOUT.sep] == [4, 8, 13]
    # unattributed is class 2; the middle was not labelled; attributed_unnamed is class 1
    assert said(row) == {4: [0, 0, 1, 0], 13: [0, 1, 0, 0]}
    assert all(len(label) == len(CLASSES) for label in row["labels"])


def said(row: dict[str, Any]) -> dict[int, list[float]]:
    """The labels of a row by the token at which they stand."""
    return dict(zip(row["closers"], row["labels"], strict=True))


def test_a_teacher_s_probabilities_stand_in_place_of_the_label(tokenizer: Tokenizer) -> None:
    taught = {"attributed": 0.5, "attributed_unnamed": 0.125, "unattributed": 0.25}
    sentence = {"start": 0, "end": 8, "label": "attributed"}
    record = {
        "text": "It held.",
        "sentences": [{**sentence, "probabilities": {**taught, "contested": 0.125}}],
    }
    (row,) = windows_dataset([labelled_article(record, "here")], tokenizer, LAYOUT)
    assert said(row) == {4: [0.5, 0.125, 0.25, 0.125]}


def test_each_label_is_read_once_where_it_is_judged(
    tokenizer: Tokenizer, invented: list[LabelledArticle]
) -> None:
    once = windows_dataset(invented[:3], tokenizer, LAYOUT, judged_only=True)
    seen = [label.index(1) for row in once for label in said(row).values()]
    gold = [
        CLASSES.index(class_of(s.label, s.source_kind))
        for labelled in invented[:3]
        for s in labelled.sentences
        if s.label is not None
    ]
    assert seen == gold
    again = windows_dataset(invented[:3], tokenizer, LAYOUT)
    assert [row["input_ids"] for row in again] == [row["input_ids"] for row in once]
    assert sum(len(said(row)) for row in again) > len(gold)


def plain(base: str, **given: Any) -> TrainSettings:
    """Settings that weigh and smooth nothing but what is given."""
    bare = {"label_smoothing": 0.0, "contested_weight": 1.0}
    return TrainSettings(base, **{**bare, **given})


def loss(settings: TrainSettings, logits: list[list[float]], gold: list[int]) -> float:
    """The loss of one window with ``logits`` at its tokens and ``gold`` classes, some ignored."""
    outputs = {"logits": torch.tensor([logits])}
    return float(loss_function(settings)(outputs, torch.tensor([[sure(g) for g in gold]])))


def sure(gold: int) -> list[float]:
    """The label of a sentence of class ``gold``, or of no sentence."""
    return [float(IGNORED if gold == IGNORED else c == gold) for c in range(len(CLASSES))]


SURE = [log(9), 0.0, log(9), log(9)]  # probabilities 9/28, 1/28, 9/28, 9/28
EVEN = [0.0, 0.0, 0.0, 0.0]  # a quarter each


def test_the_loss_is_the_mean_surprise_at_separators() -> None:
    # -ln 1/4 and -ln 1/28; the first token carries no label.
    found = loss(plain("base"), [SURE, EVEN, SURE], [IGNORED, 2, 1])
    assert found == pytest.approx((log(4) + log(28)) / 2)


def test_the_loss_of_a_batch_is_shared_by_all_its_labels() -> None:
    outputs, gold = {"logits": torch.tensor([[EVEN]])}, torch.tensor([[sure(2)]])
    # Four labels in all batches of a step, counted as the Trainer does: each class of each.
    found = float(loss_function(plain("base"))(outputs, gold, 4 * len(CLASSES)))
    assert found == pytest.approx(log(4) / 4)


def test_the_loss_against_a_teacher_is_its_cross_entropy() -> None:
    outputs = {"logits": torch.tensor([[SURE]])}
    taught = torch.tensor([[[0.5, 0.25, 0.25, 0.0]]])
    # As it stands: nothing weighted, nothing smoothed.
    for settings in (plain("base"), plain("base", label_smoothing=0.1, unnamed_weight=2.0)):
        found = float(loss_function(settings)(outputs, taught))
        assert found == pytest.approx(-0.75 * log(9 / 28) - 0.25 * log(1 / 28))


def test_weights_multiply_the_loss_of_their_class() -> None:
    weighted = plain("base", contested_weight=3.0, unnamed_weight=2.0)
    # attributed 1, attributed_unnamed 2, unattributed 1, contested 3, over four labels
    found = loss(weighted, [EVEN] * 4, [0, 1, 2, 3])
    assert found == pytest.approx((1 + 2 + 1 + 3) * log(4) / 4)


def test_the_focal_loss_makes_little_of_what_is_known() -> None:
    # (1 - 1/4)^2 * ln 4
    found = loss(plain("base", focal_gamma=2.0), [EVEN], [0])
    assert found == pytest.approx(0.75**2 * log(4), rel=1e-5)


def test_label_smoothing_spreads_the_gold_label() -> None:
    # 0.9 of the label and 0.1 / 4 of each: 0.925 of -ln 9/28 ... for class 0, 0.025 of the others.
    surprise = [-log(9 / 28), -log(1 / 28), -log(9 / 28), -log(9 / 28)]
    expected = 0.9 * surprise[0] + 0.1 / 4 * sum(surprise)
    found = loss(plain("base", label_smoothing=0.1), [SURE], [0])
    assert found == pytest.approx(expected, rel=1e-5)


def test_learning_rates_fall_from_the_head_down() -> None:
    model = BertForTokenClassification(
        BertConfig(
            vocab_size=20,
            hidden_size=8,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=8,
            max_position_embeddings=8,
        )
    )
    settings = plain("base", learning_rate=1.0, layer_decay=0.5, weight_decay=0.01)
    groups = optimizer(model, settings).param_groups
    of = {id(p): (g["lr"], g["weight_decay"]) for g in groups for p in g["params"]}
    rates = {name: of[id(p)] for name, p in model.named_parameters()}
    assert len(of) == len(rates) == sum(len(g["params"]) for g in groups)
    # The head, then layers 1 and 0, then the embeddings; vectors do not decay.
    layer = "bert.encoder.layer.{}.attention.self.query.{}"
    assert rates["classifier.weight"] == (1.0, 0.01)
    assert rates["classifier.bias"] == (1.0, 0.0)
    assert rates[layer.format(1, "weight")] == (0.5, 0.01)
    assert rates[layer.format(0, "weight")] == (0.25, 0.01)
    assert rates[layer.format(0, "bias")] == (0.25, 0.0)
    assert rates["bert.embeddings.word_embeddings.weight"] == (0.125, 0.01)


def test_the_lowest_layers_can_be_left_as_they_are() -> None:
    model = BertForTokenClassification(
        BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=3, num_attention_heads=2)
    )
    freeze(model, 2)
    trained = {name for name, p in model.named_parameters() if p.requires_grad}
    assert {name.split(".")[3] for name in trained if "layer" in name.split(".")} == {"2"}
    assert not any("embeddings" in name for name in trained)
    assert "classifier.weight" in trained
    groups = optimizer(model, plain("base", learning_rate=1.0)).param_groups
    assert sum(len(group["params"]) for group in groups) == len(trained)
    freeze(whole := BertForTokenClassification(model.config), 0)
    assert all(p.requires_grad for p in whole.parameters())


def test_hidden_tokens_are_a_share_and_never_the_special_ones() -> None:
    ids = [101, *range(1000, 3000), 102] * 5
    batch = {"input_ids": [ids], "closers": [[2001]], "labels": [[sure(0)]]}
    chance = Chance(1)
    hide = masking(103, {101, 102}, 0.3, chance)
    hidden = np.array(hide(batch)["input_ids"][0])
    changed = hidden != np.array(ids)
    assert set(hidden[changed]) == {103}
    assert not changed[[0, 2001, 2002]].any()
    assert changed.mean() == pytest.approx(0.3, abs=0.02)
    # The same of one epoch whatever was read before, others in the next and with another seed.
    assert masking(103, {101, 102}, 0.3, Chance(1))(batch)["input_ids"] == [hidden.tolist()]
    assert masking(103, {101, 102}, 0.3, Chance(2))(batch)["input_ids"] != [hidden.tolist()]
    chance.on_epoch_begin(None, TrainerState(epoch=1.5), None)
    assert hide(batch)["input_ids"] != [hidden.tolist()]
    assert batch["input_ids"] == [ids]
    assert hide(batch)["labels"] == batch["labels"]


def test_each_epoch_has_an_order_of_its_own_that_keeps_like_lengths_together() -> None:
    lengths = [n % 50 + 1 for n in range(400)]
    chance = Chance(1)
    order = ByLength(4, lengths, chance)
    first = list(order)
    assert sorted(first) == list(range(400))
    steps = np.array([lengths[i] for i in first]).reshape(-1, 4)
    assert np.ptp(steps, axis=1).max() <= 8
    assert list(ByLength(4, lengths, Chance(1))) == first
    assert list(ByLength(4, lengths, Chance(2))) != first
    chance.on_epoch_begin(None, TrainerState(epoch=1.0), None)
    assert list(order) != first


def test_weights_are_trained_in_the_steps_of_the_graph_and_saved_so(
    invented: list[LabelledArticle], tmp_path: Path
) -> None:
    settings = TrainSettings(
        str(released()), epochs=1, patience=0, precision="fp32", layers=1, masking=0.0
    )
    saved = fine_tune(invented[:2], invented[2:3], settings, tmp_path)
    for name, values in load_file(saved / "model.safetensors").items():
        if ".layer." not in name or not name.endswith("weight") or values.ndim == 1:
            continue
        heard = values[values.any(axis=1)]  # without what is pruned
        steps = heard / (np.abs(heard).max(axis=1, keepdims=True).astype(np.float32) / LARGEST)
        assert np.abs(steps - steps.round()).max() < 0.04  # half precision
        assert len(np.unique(steps.round())) > 20
    # Trained on with a rate of 0, all stays as it is, to the last bit.
    again = fine_tune(
        invented[:2],
        invented[2:3],
        replace(settings, base=str(saved), layers=None, learning_rate=0.0),
        tmp_path / "again",
    )
    one, two = (load_file(folder / "model.safetensors") for folder in (saved, again))
    assert one.keys() == two.keys()
    assert all((one[name] == two[name]).all() for name in one)


def test_rows_are_padded_into_a_batch_of_class_probabilities() -> None:
    pad = collator(AutoTokenizer.from_pretrained(released()))
    rows: list[dict[str, Any]] = [
        {"input_ids": [101, 7, 102], "closers": [2], "labels": [sure(3)]},
        {"input_ids": [101, 102], "closers": [1], "labels": [sure(0)]},
        {"input_ids": [101, 102], "closers": [], "labels": []},
    ]
    batch = pad(rows)
    assert batch["input_ids"].tolist() == [[101, 7, 102], [101, 102, 0], [101, 102, 0]]
    assert batch["attention_mask"].tolist() == [[1, 1, 1], [1, 1, 0], [1, 1, 0]]
    assert batch["labels"].tolist() == [
        [sure(IGNORED), sure(IGNORED), sure(3)],
        [sure(IGNORED), sure(0), sure(IGNORED)],
        [sure(IGNORED)] * 3,
    ]
