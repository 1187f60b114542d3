"""The article on an HTML page, by trafilatura; in a process of its own where that may take long."""

import json
import logging
import os
import re
import subprocess
import sys
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

# trafilatura takes time quadratic in the number of elements of a paragraph or of attributes of an
# element. Up to this size it ends in seconds; a larger page gets a process that can be stopped.
_LARGE_PAGE = 500_000
_MANY_TAGS = 10_000
_TIMEOUT = 30.0  # seconds

_BULLET = re.compile(r"^- ", re.MULTILINE)
_TABLE_RULE = re.compile(r"^[|\-: ]+$\n?", re.MULTILINE)
_TABLE_EDGE = re.compile(r"^\| ?| ?\|[ \t]*$", re.MULTILINE)
# A line that ends like a sentence: what navigation, captions and headlines do not do.
_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"'”’»」』)\]]*$")
_BOILERPLATE = re.compile(
    r"©|\bcopyright\b|all rights reserved|\bcookies?\b|javascript|\b(sign|log) ?in\b|\bsubscrib",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Extract:
    """What is on a page: the text of its article and what the page says about it."""

    text: str
    title: str | None = None
    outlet: str | None = None
    date: str | None = None
    topic: str | None = None


class ExtractionError(Exception):
    """The page broke or outlasted the extractor."""


def extract(page: str) -> Extract | None:
    """Return the article on ``page``; None where there is none. No network is used.

    Raises:
        ExtractionError: if the page is too much for the extractor.
    """
    if len(page) > _LARGE_PAGE or page.count("<") > _MANY_TAGS:
        return _extract_apart(page)
    return _extract_here(page)


def _extract_here(page: str) -> Extract | None:
    try:
        # Tables that lay out a page hold its article; tables within an article are no sentences.
        return _extract_once(page, tables=False) or _extract_once(page, tables=True)
    except Exception as error:  # whatever a hostile page may set off in two parsers
        raise ExtractionError(type(error).__name__) from error


def _extract_once(page: str, *, tables: bool) -> Extract | None:
    found = _trafilatura().bare_extraction(
        page,
        include_comments=False,
        include_tables=tables,
        with_metadata=True,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if found is None:
        return None
    text = _BULLET.sub("", found.text or "")
    if tables:
        text = _TABLE_EDGE.sub("", _TABLE_RULE.sub("", text)).replace(" | ", "\n")
    if not any(map(_is_sentence, text.splitlines())):
        return None
    topics = found.categories or []
    return Extract(text, found.title, found.sitename, found.date, topics[0] if topics else None)


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE.search(line.rstrip()) and not _BOILERPLATE.search(line))


@cache
def _trafilatura() -> Any:
    """Import trafilatura, which is slow, and keep its talk of discarded pages off stderr."""
    import trafilatura

    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).addHandler(logging.NullHandler())
    return trafilatura


def _extract_apart(page: str) -> Extract | None:
    child = (sys.executable, "-P", "-c", "from attrib.readers.extraction import serve; serve()")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - the command is the constant above
            child,
            input=page.encode(errors="replace"),
            capture_output=True,
            check=True,
            timeout=_TIMEOUT,
            env=environment,
        )
    except subprocess.TimeoutExpired as error:
        raise ExtractionError(f"it took more than {_TIMEOUT:.0f} seconds") from error
    except subprocess.CalledProcessError as error:
        raise ExtractionError(f"the extractor ended with status {error.returncode}") from error
    answer = json.loads(done.stdout)
    return None if answer is None else Extract(**answer)


def serve() -> None:
    """Extract the page on stdin and write the result to stdout as JSON: the work of the child."""
    found = _extract_here(sys.stdin.buffer.read().decode())
    sys.stdout.write(json.dumps(None if found is None else asdict(found)))
