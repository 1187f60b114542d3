"""brat stand-off and attribution relations to labels."""

import shutil
from pathlib import Path

import pytest
from exports import DAM, DATA, labels_of, read, rows_of, write_lines

from attrib.corpus.attributions import Relation, by_relations, is_indefinite
from attrib.dataformats import DataFormat

BRAT = DATA / "brat"


def test_events_and_relations_label_the_sentences_they_cover() -> None:
    (article,), problems, _ = read(BRAT)
    assert rows_of(article) == [
        # Its content lies on both sides of the cue.
        (
            "The dam at Brenn is safe, the mayor said, and it will stay so.",
            "attributed",
            "named",
        ),
        ("It was built in 1961.", "unattributed", None),
        ("It leaks, two engineers said.", "attributed", "named"),
        ("It will be mended in May, it is said in Brenn.", "attributed", "unnamed"),
        ("Lund painted it.", None, None),
    ]
    assert article.article.id == "dam"
    (problem,) = problems
    assert f"{BRAT / 'dam.ann'}: article dam: " in problem
    assert "found T9 in none" in problem


def test_one_annotation_file_is_read_as_the_folder_is() -> None:
    assert read(BRAT / "dam.ann") == read(BRAT)
    assert read(BRAT / "dam.ann", DataFormat.BRAT) == read(BRAT)


def brat(folder: Path, annotation: str, text: str = DAM, name: str = "a") -> Path:
    """A brat folder with one article."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_bytes(text.encode())
    (folder / f"{name}.ann").write_bytes(annotation.encode())
    return folder


def test_spans_of_other_names_are_labels_by_the_rule_for_spans(tmp_path: Path) -> None:
    folder = brat(
        tmp_path,
        "T1\tAttributed-Named 0 26\tThe dam is safe, Roe said.\r\n"
        "T2\tContested 27 31;39 44\tDorn that.\r\n"
        "A1\tSure T1\r\n*\tEquiv T1 T2\r\nN1\tReference T1 Wiki:5\tRoe\r\n"
        "T3\tUnattributed 45 63\tIt rained all day.\r\n",
    )
    (article,), problems, _ = read(folder)
    assert labels_of(article) == ["attributed!", "contested", "unattributed", None]
    assert problems == []
    (folder / "a.ann").write_text("T1\tNonsense 0 26\tThe dam is safe, Roe said.\n")
    (article,), problems, _ = read(folder)
    assert labels_of(article) == [None] * 4
    assert "found 'Nonsense'" in problems[0]


def test_a_source_linked_to_the_content_only_is_the_cue_s_too(tmp_path: Path) -> None:
    # Two cues of one source: the second content must not become the first cue's.
    text = "It is safe, Roe said, and added it is dry. It rained."
    annotation = (
        "T1\tContent 0 10\tIt is safe\nT2\tSource 12 15\tRoe\nT3\tCue 16 20\tsaid\n"
        "T4\tCue 26 31\tadded\nT5\tContent 32 41\tit is dry\n"
        "R1\tby Arg1:T1 Arg2:T2\nR2\tof Arg1:T1 Arg2:T3\nR3\tby Arg1:T4 Arg2:T2\n"
        "R4\tof Arg1:T5 Arg2:T4\n"
    )
    (article,), problems, _ = read(brat(tmp_path, annotation, text))
    assert labels_of(article) == ["attributed!", "unattributed"]
    assert problems == []


def test_a_cue_with_a_source_of_its_own_takes_no_other(tmp_path: Path) -> None:
    text = "It is safe, Roe said, quoting officials."
    annotation = (
        "T1\tContent 0 10\tIt is safe\nT2\tSource 12 15\tRoe\nT3\tCue 16 20\tsaid\n"
        "T4\tSource 30 39\tofficials\n"
        "R1\tby Arg1:T3 Arg2:T2\nR2\tof Arg1:T3 Arg2:T1\nR3\tby Arg1:T1 Arg2:T4\n"
    )
    (article,), problems, _ = read(brat(tmp_path, annotation, text))
    assert labels_of(article) == ["attributed!"]
    assert problems == []


def test_linked_spans_without_a_cue_are_one_relation(tmp_path: Path) -> None:
    annotation = (
        "T1\tContent 0 15\tThe dam is safe\nT2\tSource 17 20\tRoe\nR1\tby Arg1:T1 Arg2:T2\n"
    )
    (article,), problems, _ = read(brat(tmp_path, annotation))
    assert labels_of(article)[:2] == ["attributed!", "unattributed"]
    assert problems == []


def test_what_the_annotators_discarded_stays_unlabelled(tmp_path: Path) -> None:
    annotation = (
        "T1\tContent 0 15\tThe dam is safe\nT2\tCue 21 25\tsaid\nT3\tAttribution 21 25\tsaid\n"
        "E1\tAttribution:T3 Content:T1 Cue:T2\nT4\tDiscard 64 76\tNobody left.\n"
    )
    (article,), problems, _ = read(brat(tmp_path, annotation))
    assert labels_of(article) == ["attributed?", "unattributed", "unattributed", None]
    assert problems == []


def test_offsets_that_count_otherwise_are_mended_by_the_words(tmp_path: Path) -> None:
    text = "🌊 It rose.\r\nIt is safe, Roe said."
    annotation = (
        "T1\tContent 12 22\tIt is safe\nT2\tSource 24 27\tRoe\nT3\tCue 28 32\tsaid\n"
        "E1\tCue:T3 Source:T2 Content:T1\n"
    )
    assert text.replace("\r\n", "\n").encode("utf-16-le")[24:44].decode("utf-16-le") == "It is safe"
    (article,), problems, _ = read(brat(tmp_path, annotation, text))
    assert labels_of(article) == ["unattributed", "attributed!"]
    assert problems == []


def test_copies_in_several_folders_are_several_annotators_labels(tmp_path: Path) -> None:
    brat(tmp_path / "ada", "T1\tC 0 26\tThe dam is safe, Roe said.\n")
    brat(tmp_path / "ben", "T1\tA 0 26\tThe dam is safe, Roe said.\n")
    brat(tmp_path / "ben", "T1\tU 45 63\tIt rained all day.\n", name="b")
    articles, problems, _ = read(tmp_path)
    assert [(a.article.id, a.annotator, labels_of(a)[0]) for a in articles] == [
        ("a", "ada", "contested"),
        ("a", "ben", "attributed!"),
        ("b", None, None),
    ]
    assert problems == []


def test_what_is_wrong_with_a_document_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    brat(tmp_path, "T1\tC 0 26\tThe dam is safe, Roe said.\nT2 C 27 44\nE1\n")
    brat(tmp_path, "", name="empty")
    brat(tmp_path, "T1\tC 0 26\tThe dam is safe, Roe said.\n", name="lone")
    (tmp_path / "lone.txt").unlink()
    shutil.copy(BRAT / "dam.ann", tmp_path / "other.ann")
    (tmp_path / "other.txt").write_text(DAM)
    articles, problems, _ = read(tmp_path)
    assert [a.article.id for a in articles] == ["a", "other"]
    assert f"{tmp_path / 'a.ann'}:2: expected a line of brat stand-off" in problems[0]
    assert f"{tmp_path / 'a.ann'}:3: " in problems[1]
    assert f"{tmp_path / 'empty.ann'}: expected annotations, found none" in problems[2]
    assert f"{tmp_path / 'lone.ann'}: expected its text beside it" in problems[3]
    assert "expected 'The dam at Brenn is safe' at 0-24" in problems[4]


# The rule for relations. "Dorn denied that." has 15 characters without its spaces.


def test_half_of_a_sentence_is_enough_and_less_is_not() -> None:
    relation = Relation(source=((27, 31),), content=((32, 36),))  # "Dorn", "deni": 8
    assert [s.label for s in by_relations(DAM, [relation])][1] == "attributed"
    less = Relation(source=((27, 31),), content=((32, 35),))  # 7
    assert [s.label for s in by_relations(DAM, [less])][1] == "unattributed"


def test_relations_add_up() -> None:
    two = [Relation(source=((27, 31),)), Relation(content=((32, 38),))]
    assert by_relations(DAM, two)[1].label == "attributed"


def test_the_relation_that_covers_most_decides_whether_the_source_is_named() -> None:
    text = "Roe said officials told her that it leaks."
    outer = Relation(source=((0, 3),), cue=((4, 8),), content=((9, 41),))
    inner = Relation(source=((9, 18),), cue=((19, 23),), content=((28, 41),))
    for order in ([outer, inner], [inner, outer]):
        assert [s.source_kind for s in by_relations(text, order)] == ["named"]
    assert [s.source_kind for s in by_relations(text, [inner])] == ["unnamed"]


def test_a_relation_without_a_source_has_an_unnamed_one() -> None:
    relation = Relation(cue=((21, 25),), content=((0, 15),))
    assert by_relations(DAM, [relation])[0].source_kind == "unnamed"


UNNAMED = [
    *("", "sources", "a source", "two US officials", "a senior official at the ministry"),
    *("critics of the plan", "experts", "people familiar with the matter", "some"),
    *("several senators", "unnamed lawmakers", "an anonymous caller", "his allies"),
    *("witnesses who saw it", "The Officials", "many voters", "people close to Roe"),
]
NAMED = [
    *("Roe", "he", "who", "the mayor", "Jane Roe, an official at the ministry", "the police"),
    *("Treasury official Jane Roe", "prosecutors", "the ministry", "the report", "Democrats"),
    *("an analyst named Jane Roe", "a spokesman for the ministry", "they"),
]


@pytest.mark.parametrize(
    ("source", "indefinite"), [*((s, True) for s in UNNAMED), *((s, False) for s in NAMED)]
)
def test_which_sources_nobody_could_ring_up(source: str, indefinite: bool) -> None:
    assert is_indefinite(source) is indefinite


def test_the_json_lines_form_is_read_by_the_same_rule(tmp_path: Path) -> None:
    relation = {"source": [[17, 20]], "cue": [[21, 25]], "content": [[0, 15]]}
    path = write_lines(
        tmp_path / "a.jsonl",
        {"id": "a1", "text": DAM, "attributions": [relation, {"cue": [[32, 38]]}]},
        {"id": "a2", "text": DAM, "attributions": []},
        {"id": "a3", "text": DAM, "attributions": [relation, {"cue": [[70, 80]]}, "x"]},
        {"id": "a4", "text": DAM, "attributions": None},
        {"id": "a5", "attributions": []},
    )
    articles, problems, _ = read(path)
    assert [(a.article.id, labels_of(a)) for a in articles] == [
        ("a1", ["attributed!", "unattributed", "unattributed", "unattributed"]),
        ("a2", ["unattributed"] * 4),
        ("a3", ["attributed!", "unattributed", "unattributed", "unattributed"]),
    ]
    assert "article a3: attribution 1: expected cue as a list of [start, end]" in problems[0]
    assert "article a3: attribution 2: " in problems[1]
    assert f'{path}:4: article a4: expected a list under "attributions"' in problems[2]
    assert f"{path}:5: expected a text" in problems[3]
    assert len(problems) == 4
