"""What the tests share: no network, the invented articles, the released model and its verdicts."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from attrib import checker as checkers
from attrib.article import Article, Report
from attrib.checker import Checker
from attrib.corpus import LabelledArticle, labelled_article

ARTICLES = Path(__file__).parent / "articles"

# A busy machine must not fail a test that is right.
settings.register_profile("attrib", deadline=None)
settings.load_profile("attrib")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves this process's machine."""

    def refuse(_: socket.socket, address: Any) -> None:
        raise AssertionError(f"a test tried to reach {address!r}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setattr(socket.socket, "connect", refuse)
        yield


@pytest.fixture(scope="session")
def records() -> dict[str, dict[str, Any]]:
    """The invented articles by name: what each JSON file holds, with the text beside it."""
    return {
        path.stem: {
            **json.loads(path.with_suffix(".json").read_text(encoding="utf-8")),
            "text": path.read_bytes().decode("utf-8"),
        }
        for path in sorted(ARTICLES.glob("*.txt"))
    }


@pytest.fixture(scope="session")
def invented(records: dict[str, dict[str, Any]]) -> list[LabelledArticle]:
    """The invented articles with their labels."""
    return [labelled_article(record, name) for name, record in records.items()]


@pytest.fixture(scope="session")
def released() -> Checker:
    """The released model on the engine of the plain install."""
    return checkers.load()


@pytest.fixture(scope="session")
def report(released: Checker, records: dict[str, dict[str, Any]]) -> Report:
    """What the released model says of the invented articles, as a reader would get it."""
    return released.report(
        Article(record["text"], id=name, source=name) for name, record in records.items()
    )
