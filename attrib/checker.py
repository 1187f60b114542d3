"""Article to verdicts: sentences, windows, logits, calibrated probabilities."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attrib.article import (
    Article,
    Label,
    ModelIdentity,
    Report,
    ScoredArticle,
    Sentence,
    SourceKind,
    Verdict,
)
from attrib.classes import CLASSES, FOLD, LABELS, says_unnamed
from attrib.errors import InputError
from attrib.modelfolder import RELEASED, ModelFolder, load_tokenizer, open_folder, released
from attrib.runtime import Runtime
from attrib.screening import screen
from attrib.sentences import split
from attrib.windows import Encoding, Window, lay

BATCH_TOKENS = 4096


class Checker:
    """Scores articles with one loaded model."""

    def __init__(self, folder: ModelFolder, runtime: Runtime) -> None:
        """Join a model folder with the engine that runs it.

        Raises:
            ModelError: if the folder's tokenizer is damaged.
        """
        self._manifest = folder.manifest
        self._runtime = runtime
        self._tokenizer = load_tokenizer(folder)
        self.model: ModelIdentity = folder.identity

    def score(self, text: str, *, title: str | None = None) -> ScoredArticle:
        """Score one article given as text.

        Raises:
            InputError: if ``text`` holds nothing to judge.
        """
        return self.score_article(Article(text=text, title=title))

    def score_article(self, article: Article) -> ScoredArticle:
        """Split ``article`` into sentences and judge each.

        Raises:
            InputError: if its text holds no letter, or characters that are none.
        """
        if not any(character.isalpha() for character in article.text):
            raise InputError(f"{article.source}: expected an article, found no letter in it")
        try:
            article.text.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"{article.source}: expected text, found half a surrogate pair at character "
                f"{error.start}; decode the text with errors='replace'"
            ) from error
        sentences = split(article.text)
        probabilities, cut = self.probabilities(article.text, sentences)
        verdicts = tuple(
            _verdict(index, article.text, sentence, row)
            for index, (sentence, row) in enumerate(zip(sentences, probabilities, strict=True))
        )
        return ScoredArticle(article, verdicts, tuple(screen(article.text, sentences, cut)))

    def report(self, articles: Iterable[Article]) -> Report:
        """Score ``articles`` in order."""
        return Report(self.model, tuple(self.score_article(article) for article in articles))

    def probabilities(
        self, text: str, sentences: Sequence[Sentence]
    ) -> tuple[NDArray[np.float64], tuple[int, ...]]:
        """Judge given ``sentences`` of ``text``.

        Returns:
            Calibrated class probabilities of shape ``(sentences, classes)``, and the indices of
            sentences too long for a window, of which the model saw only the two ends.
        """
        laid = lay(text, sentences, self._tokenizer, self._manifest.layout)
        logits = np.zeros((len(sentences), len(CLASSES)))
        for batch in _batches(laid.windows):
            outputs = self._runtime.logits([encoding for _, encoding in batch])
            for (window, _), output in zip(batch, outputs, strict=True):
                first, last = window.judged_first, window.judged_last
                logits[first:last] = output[first - window.first : last - window.first]
        return softmax(logits / self._manifest.temperature), laid.cut


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities over the last axis."""
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def _batches(
    windows: Sequence[tuple[Window, Encoding]],
) -> Iterator[list[tuple[Window, Encoding]]]:
    """Yield windows of like length together, at most ``BATCH_TOKENS`` a batch, padding included."""
    batch: list[tuple[Window, Encoding]] = []
    for item in sorted(windows, key=lambda pair: -len(pair[1].ids)):
        longest = len(batch[0][1].ids) if batch else 0
        if batch and longest * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _verdict(index: int, text: str, sentence: Sentence, row: NDArray[np.float64]) -> Verdict:
    shown = row @ FOLD
    label = LABELS[int(shown.argmax())]
    kind = SourceKind.UNNAMED if says_unnamed(row) else SourceKind.NAMED
    return Verdict(
        index=index,
        start=sentence.start,
        end=sentence.end,
        text=text[sentence.start : sentence.end],
        label=label,
        confidence=float(shown.max()),
        probabilities=dict(zip(LABELS, map(float, shown), strict=True)),
        source_kind=kind if label is Label.ATTRIBUTED else None,
    )


def load(model: str = RELEASED, *, device: str | None = None) -> Checker:
    """Load a model: ``"default"``, the one that comes with attrib, or a model folder.

    Without ``device`` the exported graph runs on the CPU; with one (``"cpu"``, ``"cuda"``) the
    weights run in torch there, which needs the extra ``attrib[train]``.

    Raises:
        ModelError: if the folder is missing, incomplete or damaged.
    """
    folder = open_folder(released() if model == RELEASED else Path(model))
    if device is None:
        from attrib.runtime.onnx import OnnxRuntime

        return Checker(folder, OnnxRuntime(folder))
    from attrib.runtime.torch import TorchRuntime

    return Checker(folder, TorchRuntime(folder, device))
