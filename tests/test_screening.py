"""Warnings about a text, as pairs: where one must be given, and where none may be."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attrib.article import Sentence
from attrib.corpus import LabelledArticle
from attrib.screening import screen, unpaired_quotes
from attrib.sentences import split

ENGLISH = "The mayor of the town said on Monday that the bridge would be closed for a year."
GERMAN = "Die Bürgermeisterin der Stadt sagte am Montag, dass die Brücke ein Jahr gesperrt bleibt."
FRENCH = "La maire de la ville a dit lundi que le pont serait fermé pendant un an pour des travaux."
RUSSIAN = "Мэр города сказал в понедельник, что мост будет закрыт на год из-за ремонта его опор."
ARABIC = "قال رئيس البلدية يوم الاثنين إن الجسر سيغلق لمدة عام كامل بسبب أعمال الصيانة في المدينة"
HEBREW = "ראש העיר אמר ביום שני כי הגשר ייסגר למשך שנה שלמה בגלל עבודות תחזוקה בעיר"


def notices(text: str, cut: tuple[int, ...] = ()) -> list[str]:
    return list(screen(text, split(text), cut))


@pytest.mark.parametrize("text", [GERMAN, FRENCH, RUSSIAN])
def test_a_text_in_another_language_is_told(text: str) -> None:
    (notice,) = notices(text)
    assert "does not look English" in notice


@pytest.mark.parametrize("text", [ARABIC, HEBREW])
def test_a_text_from_right_to_left_is_told_once(text: str) -> None:
    (notice,) = notices(text)
    assert "right to left" in notice


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        ENGLISH.upper(),
        f"{ENGLISH} His word for it is {HEBREW[:20]}.",
        "Bürgermeisterin schließt Brücke",  # too short to tell
        "Scores: Roe 4, Hale 3.",
        "",
    ],
)
def test_an_english_or_very_short_text_is_not_warned_of(text: str) -> None:
    assert notices(text) == []


def test_no_invented_article_is_taken_for_another_language(invented: list[LabelledArticle]) -> None:
    assert [n for a in invented for n in notices(a.article.text) if "English" in n] == []


def test_one_long_sentence_is_told_and_two_are_not() -> None:
    # 2,000 characters are the limit, in words that are a quarter English.
    unpunctuated = "the dam in Hayston " * 110
    (notice,) = notices(unpunctuated)
    assert f"no sentence end in {len(unpunctuated):,} characters" in notice
    assert notices(f"The dam held.\n{unpunctuated}") == []
    assert notices(unpunctuated[:1900]) == []


@pytest.mark.parametrize(
    ("cut", "told"), [((4,), "1 sentence too long"), ((4, 7, 9), "3 sentences too long")]
)
def test_sentences_read_at_their_ends_only_are_counted(cut: tuple[int, ...], told: str) -> None:
    (notice,) = screen(ENGLISH, [Sentence(0, 5)], cut)
    assert notice.startswith(told)
    assert "first: sentence 4" in notice


# Texts with balanced quotation marks, and the same with one that has no partner, marked by ^.
@pytest.mark.parametrize(
    ("paired", "unpaired"),
    [
        ("“It held,” she said.", "^“It held, she said."),
        ("“It held,” she said.", "It held,^” she said."),
        ('"It held," she said.', '^"It held, she said.'),
        ("“It held.” “It did.”", "^“It held. “It did.”"),
        ("“It held.”\n“It did.”", "^“It held.\nIt did."),
        ("“It held.\n“It did,” she said.", "“It held.”\n^“It did, she said."),
        ('"It held.\n"It did," she said.', '^"It held.\nIt did, she said.'),
        ("“It held.\n\n“It did,” she said.", "^“It held.\n\nIt did, she said."),
        ('The 6-foot-2" keeper said no.', '^"The keeper said no.'),
    ],
)
def test_quotation_marks_without_a_partner(paired: str, unpaired: str) -> None:
    assert unpaired_quotes(unpaired.replace("^", "")) == [unpaired.index("^")]
    assert unpaired_quotes(paired) == []


def test_unpaired_marks_are_counted_with_their_place() -> None:
    (notice,) = notices("It held,” she said. That was all,” she said.")
    # "It held," has eight characters, so the first mark stands at 8.
    assert notice.startswith("2 quotation marks without a partner (first at character 8)")


def test_a_quotation_may_run_over_a_hard_wrapped_line() -> None:
    lines = [
        "The mayor of Lower Hayston, Ana Roe, told the council that “the bridge",
        "will stay shut until the last of its piers has been mended and tested",
        "by people who know what they are doing,” and that she would not move",
        "on it whatever the shopkeepers of the east bank had to say about her",
        "or about the ferry.",
    ]
    assert len(split("\n".join(lines))) == 1
    assert notices("\n".join(lines)) == []


@given(st.text(alphabet='“”" \n\r\taé5文\u200b', max_size=80))
def test_every_unpaired_mark_is_a_quotation_mark_in_ascending_order(text: str) -> None:
    found = unpaired_quotes(text)
    assert found == sorted(set(found))
    assert all(text[i] in '“”"' for i in found)


@given(
    st.lists(st.sampled_from(["“It held,” she said.", "He left.", '"No," he said.']), max_size=9)
)
def test_well_formed_paragraphs_have_no_unpaired_marks(paragraphs: list[str]) -> None:
    assert unpaired_quotes("\n".join(paragraphs)) == []


@pytest.mark.parametrize("unit", ['"', "“", "”", "“\n", '5" ', "the dam ", "\n"])
def test_a_megabyte_is_screened_within_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    began = time.process_time()
    assert all(notice for notice in screen(text, [Sentence(0, len(text))], ()))
    assert time.process_time() - began < 8  # under 1 on an idle machine
