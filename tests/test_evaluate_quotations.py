"""Which sentences stand in a quotation, as pairs: what counts, and what must not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Sentence
from attrib.evaluate.quotations import quotations, quoted


def inside(*sentences: str, between: str = " ") -> list[bool]:
    """Say which of ``sentences`` count as inside, one after another in one text."""
    text, spans = "", []
    for sentence in sentences:
        text += between if text else ""
        spans.append(Sentence(len(text), len(text) + len(sentence)))
        text += sentence
    return quoted(text, spans)


@pytest.mark.parametrize(
    "sentence",
    [
        "“The dam is safe,” the mayor of the town said.",
        '"The dam is safe," the mayor of the town said.',
        "‘The dam is safe,’ the mayor of the town said.",
        "'The dam is safe,' the mayor of the town said.",
        "«The dam is safe», the mayor of the town said.",
        "The mayor said: “The dam is as safe as it ever was.”",
        "‘The officials’ plan is safe,’ the mayor of the town said.",
        "‘It’s the “safest” dam there is,’ the mayor of the town said.",
        "“‘Safe’ is not the word,” the mayor of the town said.",
        "“The dam is safe", # nothing closes it
    ],
)  # fmt: skip
def test_inside(sentence: str) -> None:
    assert inside(sentence) == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "The dam is safe, the mayor said.",
        "The mayor called the old dam “safe” on Monday.",
        'The mayor called the old dam "safe" on Monday.',
        "The mayor called the old dam ‘safe’ on Monday.",
        "The mayor called the old dam 'safe' on Monday.",
        "It’s the officials’ plan, and the mayor’s.",
        "It's the officials' plan, and the mayor's.",
        "Rock ’n’ roll of the ’90s was all they played.",
        "Rock 'n' roll of the '90s was all the workers' band played.",
        "She told 'em that the workers' plan had failed.",
        'The pipe was 6\'2" long and the other one 12" wide.',
        "The dam held.” It was late.",  # a closing mark alone
    ],
)
def test_outside(sentence: str) -> None:
    assert inside(sentence) == [False]


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "‘’", "''", "«»"])
def test_a_quotation_goes_on_to_its_closing_mark(opening: str, closing: str) -> None:
    assert inside(
        "The mayor spoke.",
        f"{opening}The dam is safe.",
        "It was built well.",
        f"It will hold,{closing} the mayor told the people of the town.",
        "It broke.",
    ) == [False, True, True, True, False]


def test_a_sentence_that_opens_a_quotation_is_inside_if_the_quotation_goes_on() -> None:
    lead = "On Monday, at the town hall, in front of everybody, the mayor said: “No."
    assert inside(lead, "It is safe.”") == [True, True]
    assert inside(f"{lead}”", "It is safe.") == [False, False]


def test_a_quotation_of_several_paragraphs_opens_each_anew() -> None:
    first, second, third = "“The dam is safe.", "“It will hold.”", "It broke."
    assert inside(first, second, third, between="\n\n") == [True, True, False]


def test_a_quotation_that_nobody_closes_ends_with_its_paragraph() -> None:
    assert inside("“The dam is safe, said Roe.", "It broke.", between="\n\n") == [True, False]


def test_an_apostrophe_is_no_quotation_for_want_of_a_partner() -> None:
    assert list(quotations("He said ‘twas nothing. It broke.\n\nThey left.")) == []


def test_a_nested_straight_mark_does_not_end_a_curly_quotation() -> None:
    text = '“He said "no" to me,” she said.'
    assert [text[a:b] for a, b in quotations(text)] == ['“He said "no" to me,”']


@given(st.text(alphabet="“”\"‘’'«» ab.\n1s", max_size=40))
def test_quotations_are_in_order_and_inside_the_text(text: str) -> None:
    position = 0
    for start, end in quotations(text):
        assert position <= start < end <= len(text)
        assert text[start] in "“”\"‘'«"
        position = end
