"""ClinVar: its file, its words, and when its class decides."""

from __future__ import annotations

from pathlib import Path

import pytest
from germline_builders import (
    BOTH,
    POS,
    PROCEDURE,
    called,
    classify,
    config,
    csq,
    listed,
    only,
    pack,
)

from apothecary.errors import WorkflowInputError
from apothecary.germline import clinvar

WORDS = clinvar.words(PROCEDURE)
PLACE = ("chr7", POS, "A", "T")
TWO_STARS = "criteria_provided,_multiple_submitters,_no_conflicts"
HEADER = """##fileformat=VCFv4.1
##fileDate=2026-01-04
##reference=GRCh38
##INFO=<ID=CLNSIG,Number=.,Type=String,Description="Aggregate">
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO
"""


def line(pos: int = POS, ref: str = "A", alt: str = "T", **info: str) -> str:
    told = {"CLNSIG": "Pathogenic", "CLNREVSTAT": TWO_STARS, "CLNDN": "Toy_syndrome|not_provided"}
    values = ";".join(f"{k}={v}" for k, v in {**told, **info}.items())
    return f"7\t{pos}\t123\t{ref}\t{alt}\t.\t.\t{values}\n"


def file(folder: Path, *lines: str, header: str = HEADER) -> str:
    path = folder / "clinvar.vcf"
    path.write_text(header + "".join(lines))
    return str(path)


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Pathogenic", "Pathogenic"), ("Pathogenic/Likely pathogenic", "Likely pathogenic"),
     ("Likely pathogenic|drug response", "Likely pathogenic"),
     ("Conflicting classifications of pathogenicity", None),
     ("Conflicting interpretations of pathogenicity|other", None), ("risk factor", None),
     ("Pathogenic, low penetrance", None), ("Benign/Likely benign", "Likely benign"),
     ("Pathogenic|Benign", None), ("", None)],
)  # fmt: skip
def test_words_are_read_to_the_class_nearest_to_uncertain(words, expected):
    assert clinvar.class_of(words, WORDS) == expected


def test_a_record_is_read_by_its_alleles(tmp_path):
    path = file(tmp_path, line(alt="G", CLNSIG="Benign"), line(), line(POS + 5))
    (found,) = clinvar.read(path, "GRCh38", {PLACE}, WORDS).values()
    assert found == clinvar.Record(
        "Pathogenic", "criteria provided, multiple submitters, no conflicts", 2, "Pathogenic",
        ("Toy syndrome",), "123", "clinvar 2026-01-04",
    )  # fmt: skip
    longer = file(tmp_path, line(POS - 2, "GGA", "GGT"))
    assert set(clinvar.read(longer, "GRCh38", {PLACE}, WORDS)) == {PLACE}


@pytest.mark.parametrize(
    ("header", "lines", "words"),
    [
        (HEADER.replace("GRCh38", "GRCh37"), [line()], "row 3: a file of GRCh37; GRCh38 is needed"),
        (HEADER.replace("CLNSIG", "OTHER"), [line()], "no header of a VCF with CLNSIG before"),
        (HEADER, ["7\tx\t1\tA\tT\t.\t.\t.\n"], "row 6: '7"),
        ("", [], "no header of a VCF with CLNSIG"),
    ],
)
def test_a_file_that_is_not_clinvars_is_told(tmp_path, header, lines, words):
    with pytest.raises(WorkflowInputError) as caught:
        clinvar.read(file(tmp_path, *lines, header=header), "GRCh38", {PLACE}, WORDS)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("significance", "review", "decides"),
    [("Pathogenic", TWO_STARS, True), ("Likely_pathogenic", "reviewed_by_expert_panel", True),
     ("Pathogenic", "criteria_provided,_single_submitter", False),
     ("Pathogenic", "words_of_a_later_year", False), ("Benign", "practice_guideline", False),
     ("Conflicting_classifications_of_pathogenicity", TWO_STARS, False)],
)  # fmt: skip
def test_clinvar_decides_from_two_stars_on_when_it_says_pathogenic(significance, review, decides):
    told = f"CLNSIG={significance};CLNREVSTAT={review}"
    row = only([called(csq("missense_variant", protein="p.Glu5Lys"), clinvar=told)])
    assert row["class"] == "Uncertain significance"
    assert row["decided_by"] == ("clinvar" if decides else "points")
    assert row["reported_as"] == ("finding" if decides else "uncertain")
    assert row["clinvar_source"] == "input"
    if decides:
        assert "ClinVar's class decides" in row["reason"]
        assert row["disagreement"] in row["doubts"]


def test_a_benign_class_of_clinvar_does_not_decide_but_is_told():
    stop = csq("stop_gained", protein="p.Glu5Ter", exon="1/9")
    row = only([called(stop, clinvar="CLNSIG=Benign;CLNREVSTAT=practice_guideline")])
    assert (row["reported_as"], row["decided_class"]) == ("finding", "Likely pathogenic")
    assert row["doubts"] == ["by points Likely pathogenic (8); ClinVar: Benign, practice guideline"]


def test_the_users_file_goes_before_the_input_and_names_an_unnamed_variant(tmp_path):
    given = config(clinvar=file(tmp_path, line()))
    told = "CLNSIG=Benign;CLNREVSTAT=practice_guideline"
    row = only([called(clinvar=told)], settings_of=given)
    assert (row["clinvar_significance"], row["clinvar_source"]) == (
        "Pathogenic", "clinvar 2026-01-04",
    )  # fmt: skip
    assert (row["decided_class"], row["reported_as"]) == ("Pathogenic", "finding")
    # A file of the other build says nothing of it.
    assert only([called(build="GRCh37", pos=POS + 50_000)], settings_of=given)[
        "clinvar_source"
    ] is None  # fmt: skip


def test_the_file_of_grch37_is_for_variants_of_grch37(tmp_path):
    pos = POS + 50_000
    path = file(tmp_path, line(pos), header=HEADER.replace("GRCh38", "GRCh37"))
    rows = classify(
        [called(build="GRCh37", pos=pos)],
        pack(listed("PLUS", "acmg_sf")),
        scopes=BOTH,
        settings_of=config(clinvar_grch37=path),
    )
    assert [row["reported_as"] for row in rows] == ["finding"]
    assert "not lifted" in rows[0]["not_assessed"][-1]
