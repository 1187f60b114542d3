"""Article to verdicts: sentences, windows, logits, calibrated probabilities."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
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
from attrib.runtime import Logits, Runtime
from attrib.screening import screen
from attrib.sentences import split
from attrib.windows import Encoding, Laid, lay


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article that waits for its logits: its sentences, and the windows they are laid in."""

    article: Article
    sentences: tuple[Sentence, ...]
    laid: Laid

    @property
    def encodings(self) -> list[Encoding]:
        """What the encoder is to read, window by window."""
        return [encoding for _, encoding in self.laid.windows]


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
        prepared = self.prepare(article)
        return self.judge(prepared, self._all_logits(prepared.encodings))

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
        logits = self._all_logits([encoding for _, encoding in laid.windows])
        return self._calibrated(len(sentences), laid, logits), laid.cut

    def prepare(self, article: Article) -> Prepared:
        """Split ``article`` into sentences and lay them into windows.

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
        sentences = tuple(split(article.text))
        laid = lay(article.text, sentences, self._tokenizer, self._manifest.layout)
        return Prepared(article, sentences, laid)

    def packed(self, encodings: Sequence[Encoding]) -> Iterator[list[int]]:
        """Yield the indices of windows in batches of like length that suit the engine."""
        return packed([len(encoding.ids) for encoding in encodings], self._runtime.batch_tokens)

    def logits(self, batch: Sequence[Encoding]) -> list[Logits]:
        """Return, for each window, logits of shape ``(sentences, classes)``: one pass of the model.

        Windows of like length belong together (``packed``); may be called from several threads.
        """
        return self._runtime.logits(batch)

    def judge(self, prepared: Prepared, logits: Sequence[Logits]) -> ScoredArticle:
        """Return the verdicts on a prepared article, given the logits of each of its windows."""
        text, sentences = prepared.article.text, prepared.sentences
        probabilities = self._calibrated(len(sentences), prepared.laid, logits)
        verdicts = tuple(
            _verdict(index, text, sentence, row)
            for index, (sentence, row) in enumerate(zip(sentences, probabilities, strict=True))
        )
        notices = tuple(screen(text, sentences, prepared.laid.cut))
        return ScoredArticle(prepared.article, verdicts, notices)

    def _all_logits(self, encodings: Sequence[Encoding]) -> list[Logits]:
        found: dict[int, Logits] = {}
        for batch in self.packed(encodings):
            found.update(zip(batch, self.logits([encodings[k] for k in batch]), strict=True))
        return [found[k] for k in range(len(encodings))]

    def _calibrated(self, count: int, laid: Laid, logits: Sequence[Logits]) -> NDArray[np.float64]:
        judged = np.zeros((count, len(CLASSES)))
        for (window, _), output in zip(laid.windows, logits, strict=True):
            first, last = window.judged_first, window.judged_last
            judged[first:last] = output[first - window.first : last - window.first]
        return softmax(judged / self._manifest.temperature)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities over the last axis."""
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True))


def packed(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Yield the indices of windows of ``lengths`` tokens in batches of like length.

    A batch has at most ``tokens`` tokens, padding included, or a single window.
    """
    batch: list[int] = []
    for k in sorted(range(len(lengths)), key=lambda k: -lengths[k]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(k)
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


def load(model: str = RELEASED, *, device: str | None = None, threads: int = 0) -> Checker:
    """Load a model: ``"default"``, the one that comes with attrib, or a model folder.

    Without ``device`` the exported graph runs on the CPU, on ``threads`` threads a pass (0: one a
    physical core); with one (``"cpu"``, ``"cuda"``) the weights run in torch there, which needs
    the extra ``attrib[train]``.

    Raises:
        ModelError: if the folder is missing, incomplete or damaged.
    """
    folder = open_folder(released() if model == RELEASED else Path(model))
    if device is None:
        from attrib.runtime.onnx import OnnxRuntime

        return Checker(folder, OnnxRuntime(folder, threads))
    from attrib.runtime.torch import TorchRuntime

    return Checker(folder, TorchRuntime(folder, device))
