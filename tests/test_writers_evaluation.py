"""An evaluation as text, JSON and Markdown: what is told, and that nothing in the data acts."""

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from assessed import MODEL, assessment, judged, labelled
from rich.cells import cell_len

import attrib
from attrib.assessment import Assessment
from attrib.evaluate import Candidate, Gold, assess
from attrib.writers.evaluation import Format, phrases, write

SCHEMA = json.loads(
    (Path(attrib.__file__).parent / "writers/evaluation/evaluation.schema.json").read_text("utf-8")
)
HOSTILE = "\x1b[31m| <b>*Post*</b> \u202e $x_1$ \ud800"


def sample(other: bool = False, **about: Any) -> Assessment:
    """Twelve articles, three of one outlet, with mistakes in each."""
    articles = [
        labelled("AUCVA", id=f"a{n}", words=f"“It rained {n},” she said of day", **about)
        for n in range(12)
    ]
    articles[:3] = [
        labelled("AUC", id=f"p{n}", words=f"Snow {n} fell", outlet="Post") for n in range(3)
    ]
    said = ["AUU", "AUC", "AUU", *["AUCVC"] * 9]
    return assessment(articles, said, ["AUU", "AAU", "UUU", *["AUUVC"] * 9] if other else None)


def told(found: Assessment, fmt: Format, color: bool = False, width: int = 80) -> str:
    stream = io.StringIO()
    write(found, fmt, stream, color, width)
    return stream.getvalue()


@pytest.mark.parametrize("other", [False, True])
def test_the_json_is_as_its_schema_has_it(other: bool) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    document = json.loads(told(sample(other, title=HOSTILE, topic=HOSTILE), Format.JSON))
    jsonschema.validate(document, SCHEMA)
    assert document["schema"] == 1
    assert (document["against"] is not None) == other
    assert document["mistakes"][0]["title"] in {HOSTILE, None}


def test_the_json_says_what_the_assessment_says() -> None:
    found = sample(other=True)
    document = json.loads(told(found, Format.JSON))
    assert found.against is not None
    assert document["evaluation"]["macro_f1"]["value"] == round(found.evaluation.macro_f1.value, 6)
    assert document["evaluation"]["confusion"] == [list(r) for r in found.evaluation.confusion]
    assert document["against"]["only_model"] == found.against.only_model
    assert document["against"]["conclusion"] == phrases.conclusion(found)
    assert [s["value"] for s in document["slices"]] == [s.value for s in found.slices]


def test_every_field_of_the_schema_is_used() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(told(sample(), Format.JSON)), "more": 1}, SCHEMA)


@pytest.mark.parametrize("width", [30, 44, 60, 80, 100, 400])
def test_lines_fit_the_terminal(width: int) -> None:
    lines = told(sample(other=True), Format.TEXT, width=width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, 120)
    assert [line for line in lines if line != line.rstrip()] == []


def test_a_narrow_terminal_tells_the_same_figures() -> None:
    found = sample(other=True)
    wide, narrow = (told(found, Format.TEXT, width=width) for width in (100, 36))
    figures = re.compile(r"\d\.\d{3}")
    assert sorted(figures.findall(wide)) == sorted(figures.findall(narrow))


def test_colours_only_where_they_are_wanted() -> None:
    found = sample(other=True, title=HOSTILE)
    assert "\x1b" not in told(found, Format.TEXT)
    colored = told(found, Format.TEXT, color=True)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == told(found, Format.TEXT)


def test_the_text_tells_figures_slices_and_mistakes() -> None:
    text = told(sample(other=True), Format.TEXT, width=100)
    for part in (
        "Evaluation of mine 1 against theirs 1",
        "On 12 articles with 54 labelled sentences.",
        "calibration error",
        "≠ contested",
        "as unattributed",
        "Post",
        "Not shown, as every group is that small: by position. --format json has them.",
        "Of 11 mistakes 11 have a confidence of 70% or more.",
        "predicted contested with 70%, gold attributed",
        "mine 1 is better than theirs 1 on macro-F1 by ",
    ):
        assert part in text


def test_the_wrong_sentence_is_marked_between_its_neighbours() -> None:
    found = assessment([labelled("AUC", words="It rained on day")], ["AAC"])
    assert (
        "     It rained on day 0.\n   > It rained on day 1.\n     It rained on day 2.\n"
    ) in told(found, Format.TEXT)
    marked = "   > It rained on day 0. **It rained on day 1.** It rained on day 2.\n"
    assert marked in told(found, Format.MARKDOWN)
    page = told(found, Format.HTML)
    assert re.search(r"on day 0\. <mark [^>]*>It rained on day 1\.</mark> It rained on", page)


@pytest.mark.parametrize(
    ("sure", "said", "phrase"),
    [
        (0.7, "AUC", "Every sentence has the right label."),
        (0.7, "CUC", "Of 1 mistake 1 has a confidence of 70% or more."),
        (0.5, "CCC", "Of 2 mistakes none has a confidence of 70% or more."),
    ],
)
def test_mistakes_are_counted(sure: float, said: str, phrase: str) -> None:
    articles = (labelled("AUC"),)
    candidate = Candidate(MODEL, judged(articles, [said], sure))
    assert phrases.mistaken(assess(Gold(("x",), articles), candidate)) == phrase


def test_few_articles_are_told_where_the_figures_are() -> None:
    found = assessment([labelled("AUC", words=f"It rained {n}") for n in range(9)], ["AUC"] * 9)
    caution = "9 articles: too few to judge a model by, or to tell two apart."
    assert told(found, Format.TEXT, width=120).startswith(caution)
    assert told(found, Format.MARKDOWN).split("\n\n")[1].startswith(f"**{caution}")
    assert f'<p class="caution" role="note">{caution}' in told(found, Format.HTML)
    assert "too few" not in told(sample(), Format.MARKDOWN)


def test_a_slice_of_few_sentences_is_marked() -> None:
    found = sample(topic="rain")  # 3 of 12 articles without a topic, of an outlet of their own
    row = r"Post \(few\) +9 +3 .*"
    assert "By outlet" in (text := told(found, Format.TEXT, width=100))
    assert re.search(row, text)
    assert re.search(r"\x1b\[2m[^\n]*Post \(few\)", told(found, Format.TEXT, True, 100))
    assert "| Post (few) | 9 | 3 |" in told(found, Format.MARKDOWN)
    page = told(found, Format.HTML)
    assert re.search(r'<tr role="row" class="few"><th [^>]*>Post \(few\)</th>', page)


def test_a_label_that_occurs_nowhere_has_a_dash() -> None:
    articles = [labelled("AU", words=f"It rained {n}") for n in range(3)]
    found = assessment(articles, ["AA"] * 3, ["AU"] * 3)
    document = json.loads(told(found, Format.JSON))
    jsonschema.validate(document, SCHEMA)
    assert document["evaluation"]["contested_f1"] is None
    assert document["evaluation"]["labels"]["contested"]["f1"] is None
    assert document["against"]["contested_f1"] is None
    text = told(found, Format.MARKDOWN)
    assert "| ≠ contested | – | – | – | 0 |" in text
    assert "| contested F1 | – | – | – | – |" in text
    assert "No sentence is contested or was taken for it: there is no F1 (–)." in text
    assert "F1, contested" not in told(found, Format.HTML)


def test_bins_without_a_sentence_have_a_row() -> None:
    found = assessment([labelled("AU")], ["AU"])
    text = told(found, Format.MARKDOWN)
    # Confidences of 0.7 and, for both classes of attributed together, a hair below 0.8.
    cells = re.findall(r"\| (0\.\d\d to \d\.\d\d) \| (\d) \| (\S+) \|", text)
    assert cells[0][0] == "0.33 to 0.40"
    assert len(cells) == 10
    assert [(low, count) for low, count, mean in cells if mean != "–"] == [
        ("0.67 to 0.73", "1"),
        ("0.73 to 0.80", "1"),
    ]


def test_markdown_shows_hostile_words_as_words() -> None:
    text = told(sample(title=HOSTILE, topic=HOSTILE), Format.MARKDOWN)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\ud800" not in text
    assert "<b>" not in text.replace(r"\<b", "")
    assert r"\| \<b\>\*Post\*\</b\>" in text


def test_markdown_tables_have_as_many_cells_in_each_row() -> None:
    text = told(sample(other=True, topic=HOSTILE), Format.MARKDOWN)
    blocks = [b.splitlines() for b in text.split("\n\n") if b.startswith("| ")]
    assert len(blocks) >= 9
    for block in blocks:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block}) == 1


def test_the_conclusion_names_the_better_model_whichever_it_is() -> None:
    articles = [labelled("AUCU", words=f"It rained {n}") for n in range(12)]
    right, wrong = ["AUCU"] * 12, ["AUUU"] * 12
    better = phrases.conclusion(assessment(articles, right, wrong))
    # Contested is lost: F1 of 1 1 1 against 1 4/5 0, their means 1 and 3/5. 2 of 2^12 swaps.
    assert re.fullmatch(
        r"mine 1 is better than theirs 1 on macro-F1 by 0\.400 \(0\.400 to 0\.400\), p <0\.001\.",
        better,
    )
    worse = phrases.conclusion(assessment(articles, wrong, right))
    assert worse.startswith("theirs 1 is better than mine 1 on macro-F1 by 0.400")


def test_the_conclusion_says_where_the_articles_cannot_tell() -> None:
    articles = [labelled("AUCU", words=f"It rained {n}") for n in range(2)]
    text = phrases.conclusion(assessment(articles, ["AUCU"] * 2, ["AUUU"] * 2))
    assert text.startswith("No difference that these 2 articles can show: macro-F1 of mine 1 less")
    one = phrases.conclusion(assessment(articles[:1], ["AUCU"], ["AUCU"]))
    assert "this one article" in one


def test_models_of_one_name_are_told_apart_by_their_hashes() -> None:
    found = assessment([labelled("AU")], ["AU"], ["AU"])
    assert phrases.called(found.model, found.model) == "mine 1 (abababab)"


@pytest.mark.parametrize(
    ("p", "shown"), [(0.0001, "<0.001"), (0.0042, "0.004"), (0.0516, "0.052"), (0.4321, "0.43")]
)
def test_a_p_has_the_digits_that_count(p: float, shown: str) -> None:
    assert phrases.chance(p) == shown
