"""The form that is exported answers as the encoder does, in torch and as a graph."""

from pathlib import Path
from typing import Any

import onnx
import onnxruntime as ort
import pytest
import torch  # noqa: TID253 - an encoder is what is tested here
from encoders import KINDS, made
from transformers import (  # noqa: TID253
    AutoModelForTokenClassification,
    BertConfig,
    BertForTokenClassification,
    PreTrainedModel,
)

from attrib.export import export_graph
from attrib.graphform import AtClosers
from attrib.parts import heads_of, layers_of, units_of

LIKE_BERT = {"bert", "roberta"}


@pytest.mark.parametrize("kind", KINDS)
def test_separators_get_the_logits_of_the_whole_encoder(
    kind: str, records: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    base = made(KINDS[kind], [record["text"] for record in records.values()], tmp_path)

    def classifier() -> PreTrainedModel:
        torch.manual_seed(1)
        model: PreTrainedModel = AutoModelForTokenClassification.from_pretrained(
            base, attn_implementation="eager", num_labels=4, ignore_mismatched_sizes=True
        )
        model.train(False)
        return model

    ids = torch.randint(10, 200, (1, 20), generator=torch.Generator().manual_seed(0))
    closers = torch.tensor([[4, 9, 19]])
    short = AtClosers(classifier())
    assert (short.last is not None) == (kind in LIKE_BERT)
    with torch.inference_mode():
        whole = classifier()(input_ids=ids).logits
        found = short(ids, closers)
    assert found.shape == (1, 3, 4)
    assert torch.allclose(found, whole[:, closers[0]], atol=1e-5)
    assert whole.std() > 1e-3  # what is compared is not nothing

    saved, exported = tmp_path / "saved", tmp_path / "graph.onnx"
    classifier().save_pretrained(saved)
    export_graph(saved, exported, folded=False)
    operations = {node.op_type for node in onnx.load(exported).graph.node}
    assert ("MultiHeadAttention" in operations) == (kind in LIKE_BERT)
    session = ort.InferenceSession(exported, providers=["CPUExecutionProvider"])
    for tokens in (20, 7):
        at = closers[closers < tokens][None]
        feed = {"input_ids": ids[:, :tokens].numpy(), "closers": at.numpy()}
        (logits,) = session.run(["logits"], feed)
        with torch.inference_mode():
            expected = classifier()(input_ids=ids[:, :tokens]).logits[:, at[0]].numpy()
        assert logits == pytest.approx(expected, abs=1e-5)


def test_silent_heads_and_units_are_left_out_of_the_graph_and_not_missed(tmp_path: Path) -> None:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=200,
        hidden_size=64,
        num_hidden_layers=3,
        num_attention_heads=4,
        intermediate_size=128,
        id2label=dict(enumerate("wxyz")),
    )
    model = BertForTokenClassification(config)
    model.train(False)
    # Of the layers' heads 2, all and none speak, of their units 48, none and all.
    quiet = [[0, 3], [], [0, 1, 2, 3]], [range(48, 128), range(128), []]
    for layer, heads, units in zip(layers_of(model), *quiet, strict=True):
        for parts, gone in (heads_of(layer), heads), (units_of(layer), units):
            silent = torch.zeros(len(parts.heard), dtype=torch.bool)
            silent[list(gone)] = True
            parts.silence(silent)
            assert parts.heard.tolist() == (~silent).tolist()
    saved, exported = tmp_path / "saved", tmp_path / "graph.onnx"
    model.save_pretrained(saved)
    export_graph(saved, exported, folded=False)
    graph = onnx.load(exported).graph
    found = [
        given.i for node in graph.node for given in node.attribute if given.name == "num_heads"
    ]
    assert found == [2, 4, 1]  # one stays where none is heard
    shapes = {tuple(t.dims) for t in graph.initializer}
    assert {(64, 48), (48, 64), (64, 16), (16, 64), (64, 128), (128, 64)} <= shapes
    ids, at = torch.randint(10, 200, (1, 20)), torch.tensor([[4, 19]])
    session = ort.InferenceSession(exported, providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"input_ids": ids.numpy(), "closers": at.numpy()})
    with torch.inference_mode():
        expected = model(input_ids=ids).logits[:, at[0]].numpy()
    assert logits == pytest.approx(expected, abs=1e-5)
