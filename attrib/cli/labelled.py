"""Labelled articles for a command that works on all of them or none."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrib.errors import DataError

if TYPE_CHECKING:
    from attrib.corpus import LabelledArticle


def read_all(given: Iterable[str]) -> "list[LabelledArticle]":
    """Return the labelled articles of ``given``, of any format.

    Raises:
        DataError: telling the first thing that is wrong with them, and how many more there are.
    """
    from attrib.corpus.formats import read_data

    articles: list[LabelledArticle] = []
    errors: list[DataError] = []
    for item in (item for where in given for item in read_data(where)):
        if isinstance(item, DataError):
            errors.append(item)
        else:
            articles.append(item)
    if errors:
        more = f" ({len(errors) - 1} more: attrib data check lists them)" if errors[1:] else ""
        raise DataError(f"{errors[0]}{more}")
    return articles
