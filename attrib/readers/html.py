"""HTML: the article is the main text of the page, without navigation, comments and tables."""

from attrib.article import Article
from attrib.errors import InputError
from attrib.readers.decode import declared_encoding, decode
from attrib.readers.extraction import ExtractionError, extract
from attrib.readers.fields import well_formed
from attrib.readers.limits import require_words
from attrib.readers.origin import Origin

_CURE = "save the text of the article as a .txt file"


def read_html(raw: bytes, origin: Origin) -> Article:
    """Return the article on the page ``raw``, its paragraphs as lines.

    Raises:
        InputError: if the page is not text, is empty, holds no article or cannot be parsed.
    """
    page = decode(raw, origin.where, declared_encoding(raw))
    require_words(page, origin.where)
    if "<html" not in page[:1000].lower():  # trafilatura takes whole pages only
        page = f"<html><body>{page}</body></html>"
    try:
        found = extract(page)
    except ExtractionError as error:
        raise InputError(
            f"{origin.where}: expected a web page, found one that cannot be read ({error}); {_CURE}"
        ) from error
    if found is None:
        raise InputError(
            f"{origin.where}: expected a page with an article, found no sentence of one; {_CURE}"
        )
    text = well_formed(found.text)
    require_words(text, origin.where)
    return Article(
        text=text,
        id=origin.id,
        source=origin.source,
        title=found.title,
        outlet=found.outlet,
        date=found.date,
        topic=found.topic,
    )
