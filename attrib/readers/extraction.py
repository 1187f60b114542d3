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
_LARGE_PAGE = 300_000
_MANY_TAGS = 10_000
_TIMEOUT = 20.0  # seconds

_BULLET = re.compile(r"^- +")
# A line that ends like a sentence, or holds the end of one, as navigation and headlines do not.
_SENTENCE = re.compile(r"[.!?…。！？।؟۔][\"'”’»」』)\]]*$|\w{4}[.!?…][\"'”’»)]* +[^\W\d_a-z]")
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
    except ImportError as error:
        raise ExtractionError(
            f"trafilatura does not load: {' '.join(str(error).split())}"
        ) from error
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
    lines = _plain_lines(found.text or "", tables=tables)
    if not any(_SENTENCE.search(line) and not _BOILERPLATE.search(line) for line in lines):
        return None
    topic = next(iter(found.categories or []), None)
    about = map(_one_line, (found.title, found.sitename, found.date, topic))
    return Extract("\n".join(lines), *about)


def _plain_lines(text: str, *, tables: bool) -> list[str]:
    """Return the lines of ``text`` without trafilatura's marks of list items and table cells."""
    lines = [_BULLET.sub("", line.strip()) for line in text.splitlines()]
    if tables:
        rows = (line.strip("| ").split(" | ") if line.startswith("|") else [line] for line in lines)
        lines = [cell.strip() for row in rows for cell in row if cell.strip("|-: ")]
    return [line for line in lines if line]


def _one_line(value: object) -> str | None:
    return (" ".join(value.split()) or None) if isinstance(value, str) else None


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
        raise ExtractionError(f"it took more than {_TIMEOUT:g} seconds") from error
    except subprocess.CalledProcessError as error:
        raise ExtractionError(f"the extractor ended with status {error.returncode}") from error
    answer = json.loads(done.stdout)
    return None if answer is None else Extract(**answer)


def serve() -> None:
    """Extract the page on stdin and write the result to stdout as JSON: the work of the child."""
    found = _extract_here(sys.stdin.buffer.read().decode())
    sys.stdout.write(json.dumps(None if found is None else asdict(found)))
