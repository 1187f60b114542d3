"""Which unlabelled articles to label next: those that would teach the model most.

After Settles (2009), "Active Learning Literature Survey". The unit is the article, since a sentence
is judged, by people and by the model, within its article.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import nlargest
from itertools import islice
from math import ceil

from attrib.article import Article, Label, ScoredArticle
from attrib.errors import InputError

_UNCERTAIN_SHARE = 0.25
_UNCERTAIN_LEAST = 3


class Strategy(StrEnum):
    """How articles are picked."""

    UNCERTAIN = "uncertain"
    CONTESTED = "contested"
    DIVERSE = "diverse"
    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many articles to pick, how, and the seed that settles ties and draws."""

    strategy: Strategy
    count: int
    seed: int = 0


@dataclass(slots=True)
class Tally:
    """What became of the articles found: none of them counts twice.

    ``labelled`` are labelled already, or near copies of what is; ``copies`` repeat another one or
    are near copies of it, as far as they were looked at; ``unjudged`` gave the model nothing to
    judge.
    """

    found: int = 0
    labelled: int = 0
    copies: int = 0
    unjudged: int = 0
    chosen: int = 0

    @property
    def left(self) -> int:
        """How many there are to pick another time."""
        return self.found - self.labelled - self.copies - self.unjudged - self.chosen


@dataclass(frozen=True, slots=True)
class Sample:
    """The articles picked, best first, with the model's verdicts; and what could not be read."""

    chosen: tuple[ScoredArticle, ...]
    errors: tuple[InputError, ...]
    tally: Tally


Scorer = Callable[[Article], ScoredArticle]
"""Article to verdicts; raises ``InputError`` where there is nothing to judge."""


def uncertainty(scored: ScoredArticle) -> float:
    """Return how unsure the model is of an article, in [0, 1].

    A sentence's uncertainty is 1 minus its margin, the probability of the likeliest label less that
    of the next (margin sampling, Settles 2009, section 3.1). The article's is the mean over the
    least certain quarter of its sentences, three at least: what is plain neither helps nor harms.
    """
    each = sorted((1 - _margin(v.probabilities.values()) for v in scored.verdicts), reverse=True)
    least_certain = each[: max(_UNCERTAIN_LEAST, ceil(_UNCERTAIN_SHARE * len(each)))]
    return sum(least_certain) / len(least_certain) if least_certain else 0.0


def _margin(probabilities: Iterable[float]) -> float:
    first, second = nlargest(2, probabilities)
    return first - second


def expected_contested(scored: ScoredArticle) -> float:
    """Return how many contested sentences the model expects: the sum of their probabilities."""
    return sum(v.probabilities[Label.CONTESTED] for v in scored.verdicts)


_WORTH: Mapping[Strategy, Callable[[ScoredArticle], float]] = {
    Strategy.UNCERTAIN: uncertainty,
    Strategy.CONTESTED: expected_contested,
}


def sample(
    inputs: Iterable[Article | InputError], labelled: Sequence[Article], plan: Plan, score: Scorer
) -> Sample:
    """Pick articles from ``inputs`` by ``plan``; the order of the inputs does not matter.

    A text is considered once, and not if it is among ``labelled`` (case and marks do not count);
    of near copies one is picked. ``score`` judges all articles where the strategy asks the model,
    and else only those picked.
    """
    errors: list[InputError] = []
    tally = Tally()
    labelled = list({_key(article): article for article in labelled}.values())
    pool = _unseen(inputs, labelled, errors, tally)
    ample = 2 * plan.count  # some may turn out to be near copies
    if plan.strategy in _WORTH:
        worth = _WORTH[plan.strategy]

        def rank(scored: ScoredArticle) -> tuple[float, str]:
            return worth(scored), _draw(scored.article, plan.seed)

        best = nlargest(ample, _scored(pool, score, errors, tally), key=rank)
        kept = _apart([scored.article for scored in best], labelled, tally)
        chosen = [best[position] for position in kept]
    else:
        articles = sorted(pool, key=lambda article: _draw(article, plan.seed))
        if plan.strategy is Strategy.DIVERSE:
            from attrib.diversity import farthest_first

            order = farthest_first([a.text for a in articles], [a.text for a in labelled])
            articles = [articles[position] for position in islice(order, ample)]
        articles = [articles[position] for position in _apart(articles[:ample], labelled, tally)]
        chosen = list(islice(_scored(articles, score, errors, tally), plan.count))
    del chosen[plan.count :]
    tally.chosen = len(chosen)
    return Sample(tuple(chosen), tuple(errors), tally)


def _unseen(
    inputs: Iterable[Article | InputError],
    labelled: Iterable[Article],
    errors: list[InputError],
    tally: Tally,
) -> Iterator[Article]:
    """Yield each text once that is not labelled yet; put errors aside."""
    done = {_key(article) for article in labelled}
    seen = set[str]()
    for item in inputs:
        if isinstance(item, InputError):
            errors.append(item)
            continue
        key = _key(item)
        tally.found += 1
        if key in done:
            tally.labelled += 1
        elif key in seen:
            tally.copies += 1
        else:
            seen.add(key)
            yield item


def _key(article: Article) -> str:
    from attrib.duplicates import words

    return _hash(" ".join(words(article.text)))


def _draw(article: Article, seed: int) -> str:
    """Return a key that shuffles articles by ``seed``."""
    return _hash(f"{seed}\n{article.text}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _scored(
    articles: Iterable[Article], score: Scorer, errors: list[InputError], tally: Tally
) -> Iterator[ScoredArticle]:
    for article in articles:
        try:
            yield score(article)
        except InputError as error:
            errors.append(error)
            tally.unjudged += 1


def _apart(articles: Sequence[Article], labelled: Sequence[Article], tally: Tally) -> list[int]:
    """Return the positions of ``articles``, less near copies of labelled or earlier ones."""
    from attrib.duplicates import near_copies

    every = [*labelled, *articles]
    dropped: dict[int, int] = {}  # whose near copy each is
    for pair in near_copies([a.text for a in every], [a.outlet for a in every]):
        if pair.first not in dropped and pair.second >= len(labelled):
            dropped.setdefault(pair.second, pair.first)
    ofs = [first < len(labelled) for first in dropped.values()]
    tally.labelled += sum(ofs)
    tally.copies += len(ofs) - sum(ofs)
    return [i for i in range(len(articles)) if i + len(labelled) not in dropped]
