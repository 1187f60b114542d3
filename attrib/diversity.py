"""Articles far from each other and from those already labelled, by the words they use."""

from collections import Counter
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from attrib.duplicates import words

_COLUMNS = 1024

_Floats = NDArray[np.float32]


def farthest_first(texts: Sequence[str], labelled: Sequence[str]) -> Iterator[int]:
    """Yield the positions of ``texts``, each time the one farthest from all yielded and labelled.

    That is the greedy k-centre rule (Gonzalez 1985; for choosing what to label, Sener and Savarese
    2018). A text is its words' tf-idf, hashed into 1,024 columns; the distance is the cosine's.
    Without ``labelled`` the first is the one nearest to the middle of all. Ties go by position.
    """
    if not texts:
        return
    vectors = _vectors([*texts, *labelled])
    pool, done = vectors[: len(texts)], vectors[len(texts) :]
    nearest = np.full(len(pool), -np.inf, dtype=np.float32)  # similarity to the nearest centre
    for centre in done:
        np.maximum(nearest, pool @ centre, out=nearest)
    left = np.ones(len(pool), dtype=bool)
    for number in range(len(pool)):
        alone = number == 0 and not len(done)
        farness = pool @ pool.mean(axis=0) if alone else -nearest
        chosen = int(np.where(left, farness, -np.inf).argmax())
        left[chosen] = False
        yield chosen
        np.maximum(nearest, pool @ pool[chosen], out=nearest)


def _vectors(texts: Sequence[str]) -> _Floats:
    """Return one unit vector a text ``(texts, columns)``; zeros for a text without words."""
    table = np.zeros((len(texts), _COLUMNS), dtype=np.float32)
    column: dict[str, int] = {}
    for row, text in zip(table, texts, strict=True):
        for word, count in Counter(words(text)).items():
            if word not in column:
                column[word] = crc32(word.encode(errors="surrogatepass")) % _COLUMNS
            row[column[word]] += 1 + np.log(count)
    table *= np.log(len(texts) / np.maximum((table > 0).sum(axis=0), 1)) + 1
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return np.asarray(table / np.maximum(lengths, 1e-9), dtype=np.float32)
