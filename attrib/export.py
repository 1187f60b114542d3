"""A fine-tuned encoder to the graph that scores.

The graph multiplies 8-bit integers: its large weights are stored as such, a quarter of the size,
and activations are rounded to them as they come, each token by its own scale, so that no loud one
drowns the others. This module does not know what the outputs mean.
"""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime as ort
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

OPSET = 17
MIN_FOLDED = 8192  # weights below this many values stay as they are
# Half the range of a byte: processors without VNNI add two products in 16 bits, and 127 would
# overflow there.
LARGEST = 63
_LARGEST_LOOKED_UP = 127
_CONTRIB = "com.microsoft"  # the operations that ONNX Runtime adds to those of ONNX
_SILENT = 1e-12  # keeps a division from one by zero
_Values = NDArray[np.float32]


def export_graph(weights: Path, graph: Path, *, folded: bool = True) -> None:
    """Write the encoder saved in the folder ``weights`` as an ONNX file ``graph``.

    Its large weights are ``folded`` to int8, or stay in float32.

    It reads one window at a time. Inputs ``input_ids``, int64 ``(1, tokens)``, and ``closers``,
    int64 ``(1, sentences)``, the positions to judge; output ``logits``, float32
    ``(1, sentences, classes)``.
    """
    import torch
    from transformers import AutoModelForTokenClassification

    from attrib.graphform import AtClosers

    # Eager attention, where it does not become one operation, and the older exporter: the graph of
    # scaled-dot-product attention, by either, scored 0.7 times as many tokens (scripts/LOG.md).
    model = AutoModelForTokenClassification.from_pretrained(
        weights, dtype=torch.float32, attn_implementation="eager", local_files_only=True
    ).eval()
    ids = torch.ones((1, 8), dtype=torch.long)
    axes = {"input_ids": {1: "tokens"}, "closers": {1: "sentences"}, "logits": {1: "sentences"}}
    graph.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            AtClosers(model).eval(),
            (ids, ids[:, :3]),
            str(graph),
            input_names=["input_ids", "closers"],
            output_names=["logits"],
            dynamic_axes=axes,
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
    """Return ``model`` with its large matrices as int8 and products in integers.

    A table that is looked up gets one scale a row, a matrix that is multiplied by one a column.
    """
    graph = model.graph
    values = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    large = {
        name
        for name, v in values.items()
        if v.ndim == 2 and v.size >= MIN_FOLDED and v.dtype == np.float32  # noqa: PLR2004
    }
    nodes: list[onnx.NodeProto] = []
    folded: dict[str, list[onnx.TensorProto]] = {}
    apart: set[str] = set()
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in large and not _axis(node):
            folded[_named(node.input[0], "table")] = _table(node.input[0], values[node.input[0]])
            nodes += _looked_up(node)
        elif node.op_type == "MatMul" and node.input[1] in large:
            folded[_named(node.input[1], "matrix")] = _matrix(node.input[1], values[node.input[1]])
            if node.input[0] not in apart:
                apart.add(node.input[0])
                nodes += _taken_apart(node.input[0])
            nodes += _multiplied(node)
        else:
            nodes.append(node)
    still = {name for node in nodes for name in node.input}
    kept = [t for t in graph.initializer if t.name not in large or t.name in still]
    del graph.initializer[:], graph.node[:]
    silent = numpy_helper.from_array(np.array(_SILENT, np.float32), _named("silent"))
    graph.initializer.extend([*kept, *(t for both in folded.values() for t in both), silent])
    graph.node.extend(nodes)
    if not any(opset.domain == _CONTRIB for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid(_CONTRIB, 1))
    return model


def _named(*parts: str) -> str:
    return ".".join(("attrib", *parts))


def _axis(node: onnx.NodeProto) -> int:
    return next((given.i for given in node.attribute if given.name == "axis"), 0)


def _table(name: str, values: _Values) -> list[onnx.TensorProto]:
    integers, scale = _folded(values, 1, _LARGEST_LOOKED_UP)
    return _pair(_named(name, "table"), integers, scale)


def _matrix(name: str, values: _Values) -> list[onnx.TensorProto]:
    integers, scale = _folded(values, 0, LARGEST)
    return _pair(_named(name, "matrix"), integers, scale[0])


def _pair(name: str, integers: NDArray[np.int8], scale: _Values) -> list[onnx.TensorProto]:
    return [
        numpy_helper.from_array(integers, f"{name}.int8"),
        numpy_helper.from_array(scale, f"{name}.scale"),
    ]


def _folded(values: _Values, axis: int, largest: int) -> tuple[NDArray[np.int8], _Values]:
    """Return integers up to ``largest`` and the scales along ``axis`` that make them ``values``."""
    scale = np.maximum(np.abs(values).max(axis=axis, keepdims=True), _SILENT) / np.float32(largest)
    return np.rint(values / scale).astype(np.int8), scale.astype(np.float32)


def _looked_up(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Look integers and scales up in place of the values."""
    (table, at), (out,) = node.input, node.output
    rows, floats, scales = (_named(out, part) for part in ("rows", "floats", "scales"))
    return [
        helper.make_node("Gather", [_named(table, "table", "int8"), at], [rows]),
        helper.make_node("Cast", [rows], [floats], to=TensorProto.FLOAT),
        helper.make_node("Gather", [_named(table, "table", "scale"), at], [scales]),
        helper.make_node("Mul", [floats, scales], [out]),
    ]


def _taken_apart(name: str) -> list[onnx.NodeProto]:
    """Divide each row by its largest value."""
    sizes, largest, size, even = (_named(name, p) for p in ("sizes", "largest", "size", "even"))
    return [
        helper.make_node("Abs", [name], [sizes]),
        helper.make_node("ReduceMax", [sizes], [largest], axes=[-1], keepdims=1),
        helper.make_node("Max", [largest, _named("silent")], [size]),
        helper.make_node("Div", [name, size], [even]),
    ]


def _multiplied(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Multiply rows of like size in integers, and give the products their size back."""
    (rows, matrix), (out,) = node.input, node.output
    product = _named(out, "product")
    inputs = [_named(rows, "even"), _named(matrix, "matrix", "int8")]
    inputs.append(_named(matrix, "matrix", "scale"))
    return [
        helper.make_node("DynamicQuantizeMatMul", inputs, [product], domain=_CONTRIB),
        helper.make_node("Mul", [product, _named(rows, "size")], [out]),
    ]
