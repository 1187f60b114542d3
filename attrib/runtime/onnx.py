"""The engine of the plain install: an exported graph on ONNX Runtime, on the CPU."""

from collections.abc import Sequence

import numpy as np
import onnxruntime as ort

from attrib.errors import ModelError
from attrib.modelfolder import GRAPH, ModelFolder
from attrib.runtime import Logits
from attrib.windows import Encoding

INPUTS = {"input_ids", "closers"}


class OnnxRuntime:
    """Runs the graph of a model folder."""

    batch_tokens = 1  # a window at a time: as fast as several, and what others hold is no matter

    def __init__(self, folder: ModelFolder, threads: int = 0) -> None:
        """Load the graph; with ``threads`` 0 ONNX Runtime takes the physical cores.

        Raises:
            ModelError: if the graph is damaged or cannot be run.
        """
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        graph = folder.verified(GRAPH)
        try:
            self._session = ort.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a dozen classes without a common base
            raise ModelError(
                f"{folder.path / GRAPH}: expected an ONNX graph that runs here, found "
                f"{str(error).splitlines()[0]}"
            ) from error
        found = {given.name for given in self._session.get_inputs()}
        if found != INPUTS:
            raise ModelError(
                f"{folder.path / GRAPH}: expected inputs {', '.join(sorted(INPUTS))}, found "
                f"{', '.join(sorted(found))}: a graph of an earlier attrib; build it anew with: "
                f"attrib model export {folder.path} --dev DATA"
            )

    def logits(self, batch: Sequence[Encoding]) -> list[Logits]:
        """Return, for each window, logits of shape ``(sentences, classes)`` at its separators."""
        return [self._run(encoding) for encoding in batch]

    def _run(self, encoding: Encoding) -> Logits:
        feed = {
            "input_ids": np.array([encoding.ids], dtype=np.int64),
            "closers": np.array([encoding.closers], dtype=np.int64),
        }
        (output,) = self._session.run(["logits"], feed)
        logits: Logits = np.asarray(output, dtype=np.float32)[0]
        return logits
