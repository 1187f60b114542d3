"""A fine-tuned encoder to the graph that scores.

The graph multiplies 8-bit integers: its large weights are stored as such, a quarter of the size,
and activations are rounded to them as they come, each token by its own scale, so that no loud one
drowns the others. The operations are chosen by the time they take (scripts/LOG.md). This module
does not know what the outputs mean.
"""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
_LARGEST_ROW = 127
_ZERO = 128  # of the rows' bytes
_GELU = ("Gelu", "BiasGelu", "FastGelu")
_DEEPEST_GELU = 0.17  # how far below zero its values reach
_CONTRIB = "com.microsoft"  # the operations that ONNX Runtime adds to those of ONNX
_SILENT = 1e-12  # keeps a division from one by zero
_Values = NDArray[np.float32]
_CONSTANTS: dict[str, NDArray[Any]] = {
    "silent": np.array(_SILENT, np.float32),
    "gelu": np.array(_DEEPEST_GELU, np.float32),
    "step": np.array(1 / _LARGEST_ROW, np.float32),
    "zero": np.array(_ZERO, np.uint8),
    "zeros": np.array([_ZERO], np.uint8),
    "flat": np.array([-1], np.int64),
}


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
    rounded: set[str] = set()
    makers = {out: node.op_type for node in graph.node for out in node.output}
    for node in graph.node:
        if node.op_type == "Gather" and node.input[0] in large and not _axis(node):
            folded[_named(node.input[0], "table")] = _table(node.input[0], values[node.input[0]])
            nodes += _looked_up(node)
        elif node.op_type == "MatMul" and node.input[1] in large:
            folded[_named(node.input[1], "matrix")] = _matrix(node.input[1], values[node.input[1]])
            if node.input[0] not in rounded:
                rounded.add(node.input[0])
                nodes += _rounded(node.input[0], makers.get(node.input[0], ""))
            nodes += _multiplied(node)
        else:
            nodes.append(node)
    still = {name for node in nodes for name in node.input}
    kept = [t for t in graph.initializer if t.name not in large or t.name in still]
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend([*kept, *(t for both in folded.values() for t in both)])
    graph.initializer.extend(numpy_helper.from_array(v, _named(n)) for n, v in _CONSTANTS.items())
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


def _rounded(name: str, maker: str) -> list[onnx.NodeProto]:
    """Round each row to bytes, in steps of its largest value; all but the last two axes are 1."""
    sizes, largest, size = (_named(name, part) for part in ("sizes", "largest", "size"))
    steps, scale, shape, zeros = (_named(name, p) for p in ("steps", "scale", "shape", "zeros"))
    if maker in _GELU:  # what is below zero is small: no need to look at it
        found = [_reduced(name, largest)]
        least = _named("gelu")
    else:
        found = [helper.make_node("Abs", [name], [sizes]), _reduced(sizes, largest)]
        least = _named("silent")
    return [
        *found,
        helper.make_node("Max", [largest, least], [size]),
        helper.make_node("Mul", [size, _named("step")], [steps]),
        helper.make_node("Reshape", [steps, _named("flat")], [scale]),
        helper.make_node("Shape", [scale], [shape]),
        helper.make_node("Expand", [_named("zeros"), shape], [zeros]),
        helper.make_node("QuantizeLinear", [name, scale, zeros], [_named(name, "bytes")], axis=-2),
    ]


def _reduced(name: str, largest: str) -> onnx.NodeProto:
    return helper.make_node("ReduceMax", [name], [largest], axes=[-1], keepdims=1)


def _multiplied(node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Multiply rounded rows as if all were of one size, and give the products theirs back."""
    (rows, matrix), (out,) = node.input, node.output
    product = _named(out, "product")
    matrix = _named(matrix, "matrix")
    inputs = [_named(rows, "bytes"), f"{matrix}.int8", _named("step"), f"{matrix}.scale"]
    return [
        helper.make_node(
            "MatMulIntegerToFloat", [*inputs, _named("zero")], [product], domain=_CONTRIB
        ),
        helper.make_node("Mul", [product, _named(rows, "size")], [out]),
    ]
