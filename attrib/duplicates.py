"""Copies and near copies among texts, told from the boilerplate that an outlet puts everywhere.

Texts are compared by their shingles, runs of eight words (Broder 1997), all of them and by equality
of a 64-bit hash: nothing is sampled. Case, punctuation and spacing count for nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SHINGLE = 8
NEAR = 0.3

# A shingle in five texts of one outlet is that outlet's boilerplate, except in texts that would
# consist of little else: those are versions of one story, or a form filled in again and again.
_MANY_TEXTS = 5
_MOSTLY = 0.5
# Beyond this number of texts with one shingle, each is compared with the first of them only.
_ALL_PAIRS = 50
_WORD = re.compile(r"\w+")

_Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NearCopy:
    """Two texts by position, ``first < second``, that share a passage.

    ``overlap`` is the share of the shorter text's shingles, boilerplate left out, that the other
    has too, in (0, 1].
    """

    first: int
    second: int
    overlap: float


def words(text: str) -> list[str]:
    """Return the words of ``text``, in lower case."""
    return _WORD.findall(text.lower())


def same_words(texts: Sequence[str]) -> list[list[int]]:
    """Return the positions of ``texts`` in groups whose words are the same, most of them alone."""
    groups: dict[str, list[int]] = {}
    for position, text in enumerate(texts):
        groups.setdefault(" ".join(words(text)), []).append(position)
    return list(groups.values())


def near_copies(
    texts: Sequence[str], outlets: Sequence[str | None], least: float = NEAR
) -> list[NearCopy]:
    """Return the pairs of ``texts`` that overlap by ``least`` or more, in order of position.

    ``outlets`` says who published each; None is an outlet of its own. Give each text once: more
    than a few copies of one look like boilerplate. Takes time in the number of words.
    """
    shingles = _shingles(texts)
    sizes = np.array([len(s) for s in shingles], dtype=np.int64)
    if not sizes.sum():
        return []
    owner = np.repeat(np.arange(len(texts)), sizes)
    hashes = np.concatenate(shingles)
    order = np.argsort(hashes, kind="stable")  # within one shingle the owners stay in order
    owner, group = owner[order], _numbered(hashes[order])
    owner, group = _shared(owner, group)
    kept = _own(owner, group, sizes, outlets)
    sizes = sizes - np.bincount(owner[~kept], minlength=len(texts))
    pairs, counts = _count_pairs(*_shared(owner[kept], group[kept]), len(texts))
    first, second = np.divmod(pairs, len(texts))
    overlap = counts / np.minimum(sizes[first], sizes[second])
    return [
        NearCopy(int(a), int(b), float(share))
        for a, b, share in zip(first, second, overlap, strict=True)
        if share >= least
    ]


def _shingles(texts: Sequence[str]) -> list[NDArray[np.uint64]]:
    """Return the hashes of each text's different shingles."""
    numbers: dict[str, int] = {}
    sequences = [
        np.array([numbers.setdefault(word, len(numbers)) for word in words(text)], dtype=np.int64)
        for text in texts
    ]
    generator = np.random.default_rng(0)
    top = np.iinfo(np.uint64).max
    value = generator.integers(0, top, len(numbers), dtype=np.uint64)
    factor = generator.integers(0, top, SHINGLE, dtype=np.uint64) | np.uint64(1)
    hashed = []
    for sequence in sequences:
        count = max(len(sequence) - SHINGLE + 1, 0)
        total = np.zeros(count, dtype=np.uint64)
        for place in range(SHINGLE):
            total += value[sequence[place : place + count]] * factor[place]  # modulo 2^64
        hashed.append(np.unique(total))
    return hashed


def _numbered(values: NDArray[np.uint64]) -> _Ints:
    """Return the number of the run of equal ``values`` that each is in."""
    starts = np.ones(len(values), dtype=bool)
    starts[1:] = values[1:] != values[:-1]
    return np.asarray(np.cumsum(starts) - 1)


def _shared(owner: _Ints, group: _Ints) -> tuple[_Ints, _Ints]:
    """Return the entries of shingles that more than one text has."""
    several = np.bincount(group, minlength=1)[group] > 1
    return owner[several], group[several]


def _own(
    owner: _Ints, group: _Ints, sizes: _Ints, outlets: Sequence[str | None]
) -> NDArray[np.bool_]:
    """Say which entries are no boilerplate, or are in a text that consists of it."""
    numbers: dict[str | None, int] = {}
    outlet = np.array([numbers.setdefault(name, len(numbers)) for name in outlets], dtype=np.int64)
    at, counts = np.unique(group * len(numbers) + outlet[owner], return_counts=True)
    boilerplate = np.isin(group, at[counts >= _MANY_TEXTS] // len(numbers))
    much = np.bincount(owner[boilerplate], minlength=len(sizes)) >= _MOSTLY * sizes
    return np.asarray(~boilerplate | much[owner])


def _count_pairs(owner: _Ints, group: _Ints, texts: int) -> tuple[_Ints, NDArray[np.int64]]:
    """Return the pairs of owners with common shingles, ``first * texts + second``, and how many.

    Entries are sorted by group, then by owner.
    """
    if not len(group):
        return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
    size = np.bincount(group)
    large = size[group] > _ALL_PAIRS
    first = np.zeros(len(size), dtype=np.int64)
    first[group[::-1]] = owner[::-1]  # the last one written is the first of its group
    other = large & (first[group] != owner)
    found = [first[group[other]] * texts + owner[other]]
    owner, group = owner[~large], group[~large]
    for lag in range(1, min(int(size.max()), _ALL_PAIRS)):
        same = group[lag:] == group[:-lag]
        found.append(owner[:-lag][same] * texts + owner[lag:][same])
    return np.unique(np.concatenate(found), return_counts=True)
