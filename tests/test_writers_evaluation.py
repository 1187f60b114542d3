"""An evaluation as text, JSON and Markdown: what is told, and that nothing in the data acts."""

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from assessed import assessment, labelled
from rich.cells import cell_len

import attrib
from attrib.assessment import Assessment
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
        "last fifth",
        "predicted contested with 70%, gold attributed",
        "mine 1 is better than theirs 1 on macro-F1 by ",
    ):
        assert part in text


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
