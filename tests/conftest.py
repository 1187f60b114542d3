"""What the tests share: no network, invented articles, the released model, a browser."""

import json
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browsers import FLAGS, NAMES, Watched
from hypothesis import settings

from attrib import checker as checkers
from attrib.article import Article, Report
from attrib.checker import Checker
from attrib.corpus import LabelledArticle, labelled_article

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A Chromium; without one the tests are left out, unless ATTRIB_NEED_BROWSER is set."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        if os.environ.get("ATTRIB_NEED_BROWSER"):
            pytest.fail(f"ATTRIB_NEED_BROWSER is set, but there is none of {', '.join(NAMES)}")
        pytest.skip("no Chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def watched(browser: "Browser") -> Iterator[Watched]:
    """A page that says nothing on its console, throws nothing and stays on the disk."""
    watch = Watched(browser)
    yield watch
    for context in browser.contexts:
        context.close()
    assert watch.complaints == []
    assert [url for url in watch.requests if not url.startswith("file:")] == []
