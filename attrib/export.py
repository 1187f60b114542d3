"""A fine-tuned encoder to the graph that scores.

The graph stores the encoder's large weights as 8-bit integers with scales beside them; activations
and arithmetic stay in single precision: a quarter of the size, nearly the same answers. This module
does not know what the outputs mean.
"""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import helper, numpy_helper

OPSET = 17
Values = NDArray[np.float32]
_MIN_FOLDED = 4096  # weights below this many values stay as they are
_LARGEST = 127
_BLOCK = 32
_BLOCKED_OPSET = 21  # the first whose DequantizeLinear knows blocks


def export_graph(weights: Path, graph: Path, *, folded: bool = True) -> None:
    """Write the encoder saved in the folder ``weights`` as an ONNX file ``graph``.

    Its large weights are ``folded`` to int8, or stay in float32.

    Inputs ``input_ids`` and ``attention_mask``, int64 ``(windows, tokens)``, and ``closers``, int64
    ``(windows, sentences)``, the positions to judge; output ``logits``, float32
    ``(windows, sentences, classes)``.
    """
    import torch
    from transformers import AutoModelForTokenClassification

    from attrib.lastlayer import AtClosers

    # Eager attention and the older exporter: the graph of scaled-dot-product attention, by either
    # exporter, scored 0.7 times as many tokens a second on ONNX Runtime (scripts/LOG.md).
    model = AutoModelForTokenClassification.from_pretrained(
        weights, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()
    ids = torch.ones((2, 8), dtype=torch.long)
    tokens, sentences = {0: "windows", 1: "tokens"}, {0: "windows", 1: "sentences"}
    axes = {"input_ids": tokens, "attention_mask": tokens, "closers": sentences}
    graph.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            AtClosers(model).eval(),
            (ids, torch.ones_like(ids), ids[:, :3]),
            str(graph),
            input_names=list(axes),
            output_names=["logits"],
            dynamic_axes={**axes, "logits": sentences},
            opset_version=OPSET,
            dynamo=False,
        )
    fused = _fused(graph)
    onnx.save(fold_weights(fused) if folded else fused, graph)


def _fused(graph: Path) -> onnx.ModelProto:
    """Return the graph with ONNX Runtime's own fusions done, so that loading need not do them."""
    with TemporaryDirectory() as folder:
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
        options.optimized_model_filepath = str(Path(folder) / "fused.onnx")
        options.log_severity_level = 3
        ort.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        return onnx.load(options.optimized_model_filepath)


def fold_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return ``model`` with its large matrices as int8 and a DequantizeLinear behind each.

    A table that is looked up gets one scale a row; a matrix that is multiplied by gets one for each
    32 values of a column. Scales are symmetric: the largest value of each becomes 127.
    """
    graph = model.graph
    looked_up = {name for node in graph.node if node.op_type == "Gather" for name in node.input}
    multiplied = {node.input[1] for node in graph.node if node.op_type == "MatMul"}
    initializers, unfold = [], []
    for tensor in graph.initializer:
        values = numpy_helper.to_array(tensor)
        large = values.dtype == np.float32 and values.ndim == 2 and values.size >= _MIN_FOLDED  # noqa: PLR2004
        if not large or tensor.name not in looked_up | multiplied:
            initializers.append(tensor)
            continue
        rows = len(values)
        block = 0 if tensor.name in looked_up else rows if rows % _BLOCK else _BLOCK
        integers, scale = _folded(values, block)
        names = f"{tensor.name}.int8", f"{tensor.name}.scale"
        initializers += [
            numpy_helper.from_array(integers, names[0]),
            numpy_helper.from_array(scale, names[1]),
        ]
        node = helper.make_node("DequantizeLinear", names, [tensor.name], axis=0)
        if block:
            node.attribute.append(helper.make_attribute("block_size", block))
        unfold.append(node)
    nodes = [*unfold, *graph.node]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(initializers)
    graph.node.extend(nodes)
    for opset in model.opset_import:
        if opset.domain == "":
            opset.version = max(opset.version, _BLOCKED_OPSET)
    return model


def _folded(values: Values, block: int) -> tuple[NDArray[np.int8], Values]:
    """Return integers and scales of a matrix: a scale a row, or one a ``block`` of a column."""
    rows, columns = values.shape
    blocks = values.reshape(-1, block, columns) if block else values.reshape(rows, 1, columns)
    largest = np.abs(blocks).max(axis=1 if block else 2, keepdims=True)
    scale = np.maximum(largest, 1e-12) / _LARGEST
    integers = np.rint(blocks / scale).astype(np.int8).reshape(rows, columns)
    return integers, scale.reshape(-1, columns) if block else scale.reshape(-1)
