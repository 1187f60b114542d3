"""The graph: smaller, and within half a step of the weights it stands for."""

from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from attrib.export import fold_weights
from attrib.modelfolder import GRAPH, released

ROWS, WIDTH = 128, 96


def graph(table: NDArray[np.float32], matrix: NDArray[np.float32]) -> onnx.ModelProto:
    """Look rows up in ``table``, multiply them by ``matrix``, and add a vector."""
    vector = np.ones(WIDTH, dtype=np.float32)
    return helper.make_model(
        helper.make_graph(
            [
                helper.make_node("Gather", ["rows", "ids"], ["found"]),
                helper.make_node("MatMul", ["found", "weights"], ["products"]),
                helper.make_node("Add", ["products", "vector"], ["out"]),
            ],
            "small",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [None])],
            [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None, WIDTH])],
            [
                numpy_helper.from_array(table, "rows"),
                numpy_helper.from_array(matrix, "weights"),
                numpy_helper.from_array(vector, "vector"),
            ],
        ),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )


def run(model: onnx.ModelProto, ids: list[int]) -> NDArray[np.float32]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(["out"], {"ids": np.array(ids)})[0])


def initializers(model: onnx.ModelProto) -> dict[str, NDArray[Any]]:
    return {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}


@pytest.fixture
def weights() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    generator = np.random.default_rng(0)
    table = generator.normal(size=(ROWS, WIDTH)).astype(np.float32)
    matrix = generator.normal(size=(WIDTH, WIDTH)).astype(np.float32)
    # Rows and columns of very different size, which one scale for all would ruin.
    table[::2] *= 0.001
    matrix[:, ::2] *= 0.001
    return table, matrix


def test_each_weight_is_within_half_a_step_of_its_row_or_column(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    table, matrix = weights
    found = initializers(fold_weights(graph(table, matrix)))
    uses = ("rows", "table", table, 1, 127), ("weights", "matrix", matrix, 0, 63)
    for name, use, values, axis, largest in uses:
        integers, step = found[f"attrib.{name}.{use}.int8"], found[f"attrib.{name}.{use}.scale"]
        assert integers.dtype == np.int8
        assert step.size == values.shape[1 - axis]
        step = np.expand_dims(step.ravel(), axis).astype(np.float64)
        assert (np.abs(integers * step - values) <= 0.5001 * step).all()
        # The largest of each row or column.
        assert (np.abs(integers.astype(int)).max(axis=axis) == largest).all()
        assert name not in found


def test_rounding_twice_changes_nothing(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    # So that a training that rounds as the graph does loses nothing in half precision.
    once = initializers(fold_weights(graph(*weights)))
    integers, scale = once["attrib.weights.matrix.int8"], once["attrib.weights.matrix.scale"]
    again = (integers * scale).astype(np.float16).astype(np.float32)
    twice = initializers(fold_weights(graph(weights[0], again)))
    assert (twice["attrib.weights.matrix.int8"] == integers).all()


def test_the_folded_graph_gives_nearly_the_same_answer(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    before = run(graph(*weights), [0, 1, 127])
    after = run(fold_weights(graph(*weights)), [0, 1, 127])
    # A step is under 4 / 63 of the unit normal weights: measured 0.25 over 96 products.
    assert after == pytest.approx(before, abs=0.6)
    assert np.abs(before - 1).max() > 10  # what is compared is not nothing


def test_a_loud_token_does_not_drown_a_quiet_one(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    table, matrix = weights
    folded = fold_weights(graph(table, matrix))
    alone = run(folded, [0, 2]) - 1
    beside = run(folded, [0, 1, 2])[[0, 2]] - 1  # row 1 is a thousand times larger
    assert (beside == alone).all()


def test_values_of_gelu_are_rounded_by_the_largest_of_their_row() -> None:
    generator = np.random.default_rng(2)
    table = generator.normal(size=(ROWS, WIDTH)).astype(np.float32)
    table[0] = -0.75  # where GELU is deepest
    table[1] = -9.0  # where it is next to nothing
    table[2] *= 100
    model = graph(table, generator.normal(size=(WIDTH, WIDTH)).astype(np.float32))
    model.graph.node.insert(1, helper.make_node("Gelu", ["found"], ["lit"], domain="com.microsoft"))
    model.graph.node[2].input[0] = "lit"
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    before = run(model, [0, 1, 2, 3])
    folded = fold_weights(model)
    assert not any(node.op_type == "Abs" for node in folded.graph.node)
    after = run(folded, [0, 1, 2, 3])
    # A step is 1 / 63 of a weight's largest, some 3, and 1 / 127 of the row's.
    sizes = np.array([0.17, 0.17, np.abs(before[2]).max() / 15, 3])
    assert (np.abs(after - before).max(axis=1) < 0.5 * sizes).all()


def test_small_weights_and_vectors_stay_as_they_are() -> None:
    small = np.ones((8, WIDTH), dtype=np.float32), np.ones((WIDTH, WIDTH), dtype=np.float32)
    found = initializers(fold_weights(graph(*small)))
    assert (found["rows"] == small[0]).all()
    assert found["vector"].dtype == np.float32
    assert "attrib.weights.matrix.int8" in found  # 96 * 96 is folded, 8 * 96 is not


def test_one_matrix_of_several_uses_is_right_in_each() -> None:
    generator = np.random.default_rng(1)
    square = generator.normal(size=(WIDTH, WIDTH)).astype(np.float32)
    square[::2] *= 0.01
    model = graph(square, square)
    del model.graph.initializer[:]
    for node in model.graph.node:
        node.input[:] = ["both" if name in ("rows", "weights") else name for name in node.input]
    both, vector = (square, "both"), (np.ones(WIDTH, dtype=np.float32), "vector")
    model.graph.initializer.extend(numpy_helper.from_array(*pair) for pair in (both, vector))
    # Columns of it are looked up, too: these stay as they are.
    model.graph.node.append(helper.make_node("Gather", ["both", "ids"], ["columns"], axis=1))
    model.graph.output.append(
        helper.make_tensor_value_info("columns", TensorProto.FLOAT, [WIDTH, None])
    )
    folded = fold_weights(model)
    session = ort.InferenceSession(folded.SerializeToString(), providers=["CPUExecutionProvider"])
    out, columns = session.run(None, {"ids": np.array([0, 1, 2])})
    assert (columns == square[:, :3]).all()
    expected = square[:3] @ square + 1
    assert out == pytest.approx(expected, abs=float(0.05 * np.abs(expected).max()))


def test_a_row_of_nothing_stays_nothing() -> None:
    table = np.zeros((ROWS, WIDTH), dtype=np.float32)
    matrix = np.zeros((WIDTH, WIDTH), dtype=np.float32)
    assert (run(fold_weights(graph(table, matrix)), [0, 5]) == 1).all()


def test_the_released_graph_takes_a_window_of_any_length() -> None:
    session = ort.InferenceSession(
        (released() / GRAPH).read_bytes(), providers=["CPUExecutionProvider"]
    )
    assert {i.name: i.type for i in session.get_inputs()} == {
        "input_ids": "tensor(int64)",
        "closers": "tensor(int64)",
    }
    for tokens, sentences in ((3, 1), (17, 5), (512, 20)):
        feed = {
            "input_ids": np.full((1, tokens), 2000),
            "closers": np.zeros((1, sentences), dtype=np.int64),
        }
        (logits,) = session.run(["logits"], feed)
        assert np.asarray(logits).shape == (1, sentences, 4)
