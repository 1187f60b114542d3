"""Plain text is kept to the character, and its lines are known."""

import re

from hypothesis import given
from hypothesis import strategies as st

from attrib.readers.origin import Origin
from attrib.readers.plain import read_plain

TEXTS = st.text(st.sampled_from("ab .\r\n\u2028\u200b\t")).map(lambda text: f"a{text}")


def test_lines_end_as_editors_count_them() -> None:
    # offsets:      0123 45 678 9
    article = read_plain("ab\r\nc\rd\n\ne\u2028f\n", Origin("x.txt", "x"))
    assert article.lines == ((0, 1), (4, 2), (6, 3), (8, 4), (9, 5))


@given(TEXTS)
def test_the_text_stays_and_every_anchor_stands_at_a_line_start(text: str) -> None:
    article = read_plain(text, Origin("x.txt", "x"))
    assert article.text == text
    assert article.lines[0] == (0, 1)
    for offset, line in article.lines:
        before = text[:offset]
        assert offset == 0 or before.endswith(("\n", "\r"))
        assert line == 1 + len(re.findall(r"\r\n|\r|\n", before))
    ends = len(re.findall(r"\r\n|\r|\n", text))
    assert len(article.lines) == ends + (not text.endswith(("\r", "\n")))
