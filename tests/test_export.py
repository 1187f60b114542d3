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

ROWS, WIDTH = 128, 64


def graph(table: NDArray[np.float32], matrix: NDArray[np.float32]) -> onnx.ModelProto:
    """Look rows up in ``table``, multiply them by ``matrix``, and add a vector."""
    vector = np.ones(WIDTH, dtype=np.float32)
    return helper.make_model(
        helper.make_graph(
            [
                helper.make_node("Gather", ["table", "ids"], ["rows"]),
                helper.make_node("MatMul", ["rows", "matrix"], ["products"]),
                helper.make_node("Add", ["products", "vector"], ["out"]),
            ],
            "small",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [None])],
            [helper.make_tensor_value_info("out", TensorProto.FLOAT, [None, WIDTH])],
            [
                numpy_helper.from_array(table, "table"),
                numpy_helper.from_array(matrix, "matrix"),
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


def test_each_weight_is_within_half_a_step_of_its_row_or_block(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    table, matrix = weights
    found = initializers(fold_weights(graph(table, matrix)))
    rows, columns = matrix.shape
    assert found["table.scale"].shape == (len(table),)
    assert found["matrix.scale"].shape == (rows // 32, columns)
    steps = {
        "table": np.repeat(found["table.scale"][:, None], table.shape[1], axis=1),
        "matrix": np.repeat(found["matrix.scale"], 32, axis=0),
    }
    for name, values in (("table", table), ("matrix", matrix)):
        integers = found[f"{name}.int8"]
        assert integers.dtype == np.int8
        step = steps[name].astype(np.float64)
        assert (np.abs(integers * step - values) <= 0.5001 * step).all()
        assert name not in found
    # The largest of each row, or of 32 values of a column, is 127 steps away.
    assert (np.abs(found["table.int8"]).max(axis=1) == 127).all()
    blocks = np.abs(found["matrix.int8"]).reshape(-1, 32, columns)
    assert (blocks.max(axis=1) == 127).all()


def test_the_folded_graph_gives_nearly_the_same_answer(
    weights: tuple[NDArray[np.float32], NDArray[np.float32]],
) -> None:
    before = run(graph(*weights), [0, 1, 127])
    after = run(fold_weights(graph(*weights)), [0, 1, 127])
    # A step is under 4 / 127 of the unit normal weights: measured 0.14 over 64 products.
    assert after == pytest.approx(before, abs=0.4)
    assert np.abs(before - 1).max() > 10  # what is compared is not nothing


def test_small_weights_and_vectors_stay_as_they_are() -> None:
    small = np.ones((8, WIDTH), dtype=np.float32), np.ones((WIDTH, WIDTH), dtype=np.float32)
    found = initializers(fold_weights(graph(*small)))
    assert (found["table"] == small[0]).all()
    assert found["vector"].dtype == np.float32
    assert "matrix.int8" in found  # 64 * 64 is the smallest that is folded


def test_a_row_of_nothing_stays_nothing() -> None:
    table = np.zeros((ROWS, WIDTH), dtype=np.float32)
    matrix = np.zeros((WIDTH, WIDTH), dtype=np.float32)
    assert (run(fold_weights(graph(table, matrix)), [0, 5]) == 1).all()


def test_the_released_graph_takes_any_number_of_windows_and_tokens() -> None:
    session = ort.InferenceSession(
        (released() / GRAPH).read_bytes(), providers=["CPUExecutionProvider"]
    )
    assert {i.name: i.type for i in session.get_inputs()} == {
        "input_ids": "tensor(int64)",
        "attention_mask": "tensor(int64)",
        "closers": "tensor(int64)",
    }
    for shape, sentences in (((1, 3), 1), ((3, 17), 5)):
        ids = np.full(shape, 2000)
        closers = np.zeros((len(ids), sentences), dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "closers": closers}
        (logits,) = session.run(["logits"], feed)
        assert np.asarray(logits).shape == (len(ids), sentences, 4)
