"""Each finding: what must raise it, and what must not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from invented import A, C, U, article, prose, record, sentence

from attrib.article import Article, Label, SourceKind
from attrib.corpus import LabelledArticle, LabelledSentence
from attrib.datacheck import (
    Finding,
    LabelledSet,
    Severity,
    check,
    counts,
    cutter,
    read_set,
    to_json,
    to_text,
)
from attrib.datacheck.findings import KINDS
from attrib.errors import DataError, ModelError
from attrib.modelfolder import open_folder, released

NAMED, UNNAMED = SourceKind.NAMED, SourceKind.UNNAMED


def none_cut(_: LabelledArticle) -> Sequence[int]:
    return ()


def plenty(name: str = "train", *more: LabelledArticle) -> LabelledSet:
    """Thirty sound articles, and ``more``."""
    sound = [article((name, n), [A, U, C], source=f"{name}:{n}") for n in range(1, 31)]
    told = [
        replace(s, sentences=tuple(replace(x, conflicts_with=(0,)) for x in s.sentences))
        for s in sound
    ]
    return LabelledSet(name, (*told, *more))


def findings(*sets: LabelledSet) -> list[Finding]:
    return list(check(sets, none_cut).findings)


def names(*sets: LabelledSet) -> list[str]:
    return [finding.kind.name for finding in findings(*sets)]


def of(name: str, *sets: LabelledSet) -> list[Finding]:
    return [finding for finding in findings(*sets) if finding.kind.name == name]


def test_nothing_is_found_in_sound_data() -> None:
    report = check([plenty("train"), plenty("dev")], none_cut)
    assert report.findings == ()
    assert report.safe
    assert to_text.verdict(report) == "safe to train on"


def test_everything_is_counted() -> None:
    one = article("a", [A, A, A, C, None], annotator="ana", outlet="Post", kinds=[NAMED, UNNAMED])
    two = article("b", [U, None], annotator="ben", outlet="Post")
    counted = counts([one, two, replace(one, annotator=None)])
    assert (counted.articles, counted.sentences, counted.unlabelled) == (3, 9, 3)
    assert counted.labels == {A: 6, U: 1, C: 2}
    assert counted.sources == {NAMED: 2, UNNAMED: 2, None: 2}
    assert (counted.annotators, counted.outlets) == (("ana", "ben"), 1)
    assert counted.share(A) == pytest.approx(6 / 9)
    assert counts([]).share(A) == 0


def test_lines_that_cannot_be_read_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    good = json.dumps(record(article("a", [A, U, C])))
    path.write_text(f'{good}\n{{"text": 5, "sentences": []}}\n{good[:-9]}\n', encoding="utf-8")
    read = read_set(str(path))
    assert len(read.articles) == 1
    found = of("unreadable", read)
    assert [finding.where for finding in found] == [f"{path}:2", f"{path}:3"]
    assert all(finding.kind.severity is Severity.ERROR for finding in found)
    assert found[0].found.startswith('expected fields "text"')


def test_an_error_of_another_form_is_kept_whole() -> None:
    read = LabelledSet("x", (), (DataError("x: cannot be read (is a directory)"),))
    (found,) = of("unreadable", read)
    assert (found.where, found.found) == ("x: cannot be read (is a directory)", "")


def test_no_label_and_a_missing_label_are_errors() -> None:
    assert names(LabelledSet("x", ()))[0] == "no-labels"
    assert names(LabelledSet("x", (article("a", [None]),)))[0] == "no-labels"
    (missing,) = of("missing-label", LabelledSet("x", (article("a", [A, U]),)))
    assert missing.found == "no sentence is contested"


def test_a_label_missing_from_one_file_of_two_is_a_warning() -> None:
    few = LabelledSet("dev", (article("a", [A, U]),))
    assert of("missing-label", plenty(), few) == []
    (missing,) = of("missing-label-in-file", plenty(), few)
    assert (missing.where, missing.found) == ("dev", "no sentence is contested")


def test_tiny_sets_are_warned_of() -> None:
    small = LabelledSet("x", plenty().articles[:19])
    assert of("few-articles", small)[0].found == "19"
    found = [finding.found for finding in of("few-sentences", small)]
    assert found == ["19 attributed", "19 unattributed", "19 contested"]
    assert "few-articles" not in names(plenty())


def test_one_sentence_with_two_labels_is_an_error() -> None:
    ana = article("x", [A, U, C], annotator="ana", source="train:90")
    ben = article("x", [A, A, C], annotator="ben", source="train:91")
    (found,) = of("conflicting-labels", plenty("train", ana, ben))
    second = ana.sentences[1]
    assert found.where == f"train:91: characters {second.start} to {second.end}"
    assert found.found == "unattributed by ana in train:90; attributed by ben"
    assert not check([plenty("train", ana, ben)], none_cut).safe


def test_white_space_around_a_label_hides_no_conflict() -> None:
    ana, ben = article("x", [A, U], annotator="ana"), article("x", [A, C], annotator="ben")
    first, second = ben.sentences
    ben = replace(ben, sentences=(first, replace(second, start=second.start - 1)))
    assert len(of("conflicting-labels", plenty("train", ana, ben))) == 1


def test_the_same_labels_by_two_people_are_no_conflict_and_no_duplicate() -> None:
    pair = [article("x", [A, None, C], annotator=who, source=who) for who in ("ana", "ben")]
    pair[1] = replace(pair[1], sentences=article("x", [A, U, C]).sentences)
    assert {*names(plenty("train", *pair))} == {"no-conflicts-with"}


def test_two_kinds_of_source_are_a_warning() -> None:
    pair = [
        article("x", [A, U, C], annotator=f"{kind}", kinds=[kind])
        for kind in (NAMED, UNNAMED, None)
    ]
    (found,) = of("conflicting-sources", plenty("train", *pair))
    assert found.kind.severity is Severity.WARNING
    assert found.found == "named by named; unnamed by unnamed"
    assert check([plenty("train", *pair)], none_cut).safe
    assert of("conflicting-sources", plenty("train", *pair[1:])) == []


def test_the_same_article_twice_is_a_warning_in_one_file_and_an_error_in_two() -> None:
    first, again = (article("x", [A, U, C], source=f"x:{n}") for n in (1, 2))
    (twice,) = of("duplicate", plenty("train", first, again))
    assert (twice.where, twice.found) == ("x:2", "the same words as x:1")
    assert twice.kind.severity is Severity.WARNING
    (leak,) = of("leak", plenty("train", first), plenty("dev", again))
    assert (leak.where, leak.found) == ("x:2", "the same words as x:1")
    assert leak.kind.severity is Severity.ERROR
    assert leak.kind.name not in names(plenty("train", first, again))


def test_every_further_file_and_every_double_is_told() -> None:
    a, b, c, d = (article("x", [A, U, C], source=f"x:{n}") for n in range(4))
    sets = plenty("train", a, b), plenty("dev", c), plenty("test", d)
    assert [f.where for f in of("leak", *sets)] == ["x:2", "x:3"]
    assert [f.where for f in of("duplicate", *sets)] == ["x:1"]


def near(number: int, own: str) -> LabelledArticle:
    """An article of which two thirds are the same whatever ``own`` is."""
    text = f"{sentence('shared', 40)} {sentence(own, 20)}"
    return LabelledArticle(
        Article(text, source=f"x:{number}"), (LabelledSentence(0, len(text), A),)
    )


def test_near_copies_are_a_warning_in_one_file_and_an_error_in_two() -> None:
    # 60 words each: 33 of 53 shingles in both
    (alike,) = of("near-duplicate", plenty("train", near(1, "own"), near(2, "other")))
    assert (alike.where, alike.found) == ("x:2", "62 % of the shorter one in both, with x:1")
    (leak,) = of("leak", plenty("train", near(1, "own")), plenty("dev", near(2, "other")))
    assert leak.found == alike.found


def test_a_near_copy_of_a_copy_is_told_across_files() -> None:
    sets = plenty("train", near(1, "own")), plenty("dev", near(2, "own"), near(3, "other"))
    assert [f.where for f in of("leak", *sets)] == ["x:2", "x:3"]


def whole(text: str, label: Label | None = U) -> LabelledArticle:
    return LabelledArticle(Article(text, source="x:1"), (LabelledSentence(0, len(text), label),))


def test_sentences_without_letters_and_very_long_ones_are_warned_of() -> None:
    (bare,) = of("no-letters", plenty("train", whole("* 12:30 *")))
    assert (bare.where, bare.found) == ("x:1: characters 0 to 9", "unattributed: '* 12:30 *'")
    assert of("no-letters", plenty("train", whole("* 12:30 *", None))) == []
    (long,) = of("long-sentence", plenty("train", whole("é" * 1001)))
    assert long.found == "1,001 characters"
    assert of("long-sentence", plenty("train", whole("é" * 1000))) == []


def test_a_sentence_longer_than_the_model_s_window_is_warned_of() -> None:
    cut = cutter(open_folder(released()))
    long, short = whole(prose("long", 400)), whole("It rained.")
    unlabelled = whole(prose("long", 400), None)
    assert list(cut(long)) == [0]
    report = check([plenty("train", long, short, unlabelled)], cut)
    (found,) = [f for f in report.findings if f.kind.name == "cut-by-window"]
    assert found.where == f"x:1: characters 0 to {len(long.article.text)}"


def test_a_damaged_tokenizer_is_a_model_error(tmp_path: Path) -> None:
    folder = replace(open_folder(released()), path=tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match=r"tokenizer\.json: expected SHA-256"):
        cutter(folder)


def test_half_a_character_is_an_error_and_stops_nothing() -> None:
    found = findings(plenty("train", whole("Half \ud800 a pair.")))
    assert found[0].kind.name == "broken-text"
    assert found[0].found == "half a surrogate pair at character 5"


def test_what_the_splitter_would_cut_is_counted() -> None:
    two = "The dam held. Nobody left."
    (found,) = of("several-sentences", plenty("train", whole(two)))
    assert (found.where, found.found) == ("train", "1 of 91 labelled sentences")
    assert found.kind.severity is Severity.NOTE
    assert of("several-sentences", plenty("train", whole(f" {two[:13]} "))) == []
    halves = (LabelledSentence(0, 13, U), LabelledSentence(13, len(two), U))
    apart = replace(whole(two), sentences=halves)
    assert of("several-sentences", plenty("train", apart)) == []


def test_articles_without_labels_or_with_one_only_are_told() -> None:
    bare = article("bare", [None, None], source="x:5")
    assert [f.where for f in of("unlabelled-article", plenty("train", bare))] == ["x:5"]
    single = article("single", [U, None, U], source="x:6")
    (found,) = of("one-label", plenty("train", single, article("short", [U])))
    assert found.found == "1 of 32 articles, first x:6"


def test_contested_sentences_that_name_no_other_are_counted() -> None:
    (found,) = of("no-conflicts-with", plenty("train", article("x", [C, C, A])))
    assert found.found == "2 of 32 contested sentences without it"
    assert found.kind.severity is Severity.NOTE


def test_agreement_is_reported_and_missing_scikit_learn_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pair = [article("x", [A, U, C], annotator=who) for who in ("ana", "ben")]
    report = check([plenty("train", *pair)], none_cut)
    assert report.agreement is not None
    assert report.agreement.alpha == 1

    def missing(_: object) -> None:
        raise ModuleNotFoundError("No module named 'sklearn'")

    monkeypatch.setattr("attrib.datacheck.report.agreement", missing)
    report = check([plenty("train", *pair)], none_cut)
    assert report.agreement is None
    assert "no-agreement" in [finding.kind.name for finding in report.findings]


def test_the_gravest_findings_come_first() -> None:
    found = findings(LabelledSet("x", (article("a", [A, A]),)), LabelledSet("y", ()))
    order = [finding.kind.severity for finding in found]
    assert order == sorted(order, key=list(Severity).index)
    assert set(order) == set(Severity)
    by_severity = [kind.severity for kind in KINDS]
    assert by_severity == sorted(by_severity, key=list(Severity).index)


def test_the_text_fits_eighty_columns_and_ends_with_the_verdict() -> None:
    odd = [whole(f"{n}") for n in range(8)]
    pair = [article("x", [A, U, C], annotator=who, outlet="Post") for who in ("ana", "ben")]
    errors = (DataError("a/very/long/" + "path/" * 12 + "labels.jsonl:3: expected x, found y"),)
    crowded = replace(plenty("train", *odd, *pair), errors=errors)
    report = check([crowded, plenty("dev", odd[0])], none_cut)
    lines = list(to_text.lines(report))
    assert [line for line in lines if len(line) > 80 and " " in line.strip()] == []
    text = "\n".join(lines)
    assert "train: 40 articles, 104 labelled sentences, 2 annotators, 1 outlet" in text
    assert "together: 71 articles" in text
    assert "Krippendorff's alpha   1.000   all labels" in text
    assert "warning: a label on no letters (9)" in text
    assert "and 4 more; --format json lists all" in text
    assert lines[-1].startswith("not safe: ")
    assert lines[-1] == to_text.verdict(report)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ([], "safe to train on"),
        ([whole("12")], "safe to train on, with 1 warning"),
        ([whole("\ud800 a")], "not safe: 1 error"),
        ([whole("\ud800 a"), whole("1"), whole("2")], "not safe: 1 error, 2 warnings"),
    ],
)
def test_the_verdict_counts(more: list[LabelledArticle], verdict: str) -> None:
    assert to_text.verdict(check([plenty("train", *more)], none_cut)) == verdict


def test_names_from_outside_show_on_one_line() -> None:
    nasty = article("x", [A, U], annotator="a\x1b[31m\nb", source="y")
    other = article("x", [A, U], annotator="ben\u202e", source="y")
    report = check([LabelledSet("na\nme\x1b", (nasty, other))], none_cut)
    text = "\n".join(to_text.lines(report))
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_json_holds_what_the_report_holds() -> None:
    pair = [article("x", [A, U, C], annotator=who, source=who) for who in ("ana", "ben")]
    bare = article("bare", [None], source="train:40")
    report = check([plenty("train", *pair, bare)], none_cut)
    told = json.loads(to_json.text(report))
    assert (told["schema"], told["safe"]) == (1, True)
    assert (told["errors"], told["warnings"], told["notes"]) == (0, 1, 1)
    (file,) = told["files"]
    assert file == {"name": "train", **told["together"]}
    assert file["labels"] == {"attributed": 32, "unattributed": 32, "contested": 32}
    assert file["shares"]["contested"] == pytest.approx(1 / 3, abs=1e-4)
    assert file["sources"] == {"named": 0, "unnamed": 0, "not_said": 32}
    assert (file["articles"], file["unlabelled"], file["annotators"]) == (33, 1, ["ana", "ben"])
    assert told["agreement"]["kappa"] == [
        {"annotators": ["ana", "ben"], "sentences": 3, "kappa": 1.0}
    ]
    assert told["agreement"]["alpha_by_label"]["contested"] == 1.0
    assert told["findings"][0] == {
        "severity": "warning",
        "check": "unlabelled-article",
        "where": "train:40",
        "expected": "labelled sentences in each article",
        "found": "no label in it",
        "cure": "take it out: it teaches nothing",
    }
