"""Tumors of a batch: two hits with consent, expression beside the DNA, tumor-only origin."""

from __future__ import annotations

from pathlib import Path

import pytest
from oncogene_builders import BuiltPack, consequence, variant
from oncogene_builders import sample as built_sample

from apothecary.errors import WorkflowInputError
from apothecary.oncogenes import expression, tumors
from apothecary.oncogenes.tumor_settings import TumorSettings

STOP = variant(chrom="chr17", pos=100, ref="C", alt="T", alt_depth=60)
INHERITED = variant(
    sample_id="N1", chrom="chr17", pos=300, ref="G", alt="A", vaf=0.5, alt_depth=100
)
NAMES = [
    consequence(STOP, "TP53", "R213*", consequence="stop_gained"),
    consequence(INHERITED, "TP53", "W146*", consequence="stop_gained"),
]
LOH = {
    "sample_id": "T1", "gene": "TP53", "chrom": "chr17", "start": 1, "end": 1000, "major": 2.0,
    "minor": 0.0, "total": 2.0, "state": "loss_of_heterozygosity", "row": 2,
}  # fmt: skip
AGREED = [
    {"subject_id": "P1", "scope": scope, "decision": "yes"} for scope in ("tumor", "germline")
]


def pack():
    return BuiltPack(
        gene_roles=[{"gene": "TP53", "role": "tumor_suppressor", "source_id": "x"}],
        germline_genes=[],
        gene_regions=[{"gene": "TP53", "chrom": "chr17", "start": 1, "end": 1000, "strand": "-"}],
    )


def person(name: str, role: str, **more):
    facts = {"subject_id": "P1", "sex": "F", "batch": "b", "purity": 0.6, "ploidy": None}
    return built_sample(sample_id=name, role=role, **{**facts, **more})


def assessed(variants, *, samples=None, copies=(), consent=AGREED, matrix=None, near=()):
    samples = samples or [person("T1", "tumor")]
    rows = {
        "samples": samples, "consent": consent, "variants": variants, "consequences": NAMES,
        "copy_number": list(copies), "depth_copy_number": [], "fusions": [],
        "neighbours": list(near),
    }  # fmt: skip
    chosen = [row for row in samples if row["role"] == "tumor"]
    return tumors.assess(rows, chosen, matrix, pack(), {})


def test_a_change_and_a_lost_allele_are_two_hits():
    (row,) = assessed([STOP], copies=[LOH])["two_hits"]
    assert (row["gene"], row["status"]) == ("TP53", "two_hits")
    assert row["lost"] == ["loss of heterozygosity (2 copies)"]
    (row,) = assessed([STOP])["two_hits"]
    assert (row["status"], row["germline_looked_at"]) == ("one_hit", False)
    assert assessed([], copies=[LOH])["two_hits"] == []


FIRST = variant(chrom="chr17", pos=200, ref="A", alt="T", vaf=0.3, depth=90, alt_depth=27)
SECOND = variant(chrom="chr17", pos=201, ref="C", alt="G", vaf=0.28, depth=100, alt_depth=28)
BOTH = {**FIRST, "ref": "AC", "alt": "TG"}
NAMES += [
    consequence(FIRST, "TP53", "Y163F", consequence="missense_variant"),
    consequence(SECOND, "TP53", "Y163C", consequence="missense_variant"),
    consequence(BOTH, "TP53", "Y163*", consequence="stop_gained"),
]
IN_CIS = {
    "sample_id": "T1", "first": "chr17:200:A:T", "second": "chr17:201:C:G", "gene": "TP53",
    "joined": "chr17:200:AC:TG",
}  # fmt: skip


def test_neighbours_of_one_codon_in_cis_are_one_hit_and_one_variant():
    made = assessed([FIRST, SECOND], near=[IN_CIS])
    (row,) = made["two_hits"]
    assert (row["status"], row["truncating"], row["altering"]) == ("one_hit", ["TP53 Y163*"], [])
    (share,) = made["clonality"]
    assert (share["ref"], share["alteration"], share["vaf"]) == ("AC", "TP53 Y163*", 0.28)
    assert [row["alt"] for row in made["variant_origins"]] == ["TG"]
    (row,) = assessed([FIRST, SECOND], near=[{**IN_CIS, "joined": None}])["two_hits"]
    assert (row["status"], len(row["altering"])) == ("possible", 2)


def test_neighbours_that_the_normal_has_both_of_are_one_germline_hit():
    samples = [person("T1", "tumor"), person("N1", "normal")]
    inherited = [{**row, "sample_id": "N1"} for row in (FIRST, SECOND)]
    (row,) = assessed([FIRST, SECOND, *inherited], samples=samples, near=[IN_CIS])["two_hits"]
    assert (row["germline"], row["truncating"]) == (["TP53 Y163*"], [])
    (row,) = assessed([FIRST, SECOND, inherited[0]], samples=samples, near=[IN_CIS])["two_hits"]
    assert (row["germline"], row["truncating"]) == ([], ["TP53 Y163*"])


def test_a_germline_hit_counts_only_with_consent_to_it():
    samples = [person("T1", "tumor"), person("N1", "normal")]
    (row,) = assessed([INHERITED], samples=samples, copies=[LOH])["two_hits"]
    assert (row["germline"], row["status"]) == (["TP53 W146*"], "two_hits")
    made = assessed([INHERITED], samples=samples, copies=[LOH], consent=AGREED[:1])
    assert made["two_hits"] == []


def test_an_allele_fraction_that_moved_tells_of_a_lost_allele():
    samples = [person("T1", "tumor"), person("N1", "normal")]
    moved = {**INHERITED, "sample_id": "T1", "vaf": 0.85, "alt_depth": 170}
    (row,) = assessed([INHERITED, moved], samples=samples)["two_hits"]
    assert row["status"] == "two_hits"
    assert row["truncating"] == []
    assert row["lost"] == ["chr17:300 allele fraction 0.85 against 0.50 in the normal"]
    still = {**moved, "vaf": 0.52, "alt_depth": 104}
    (row,) = assessed([INHERITED, still], samples=samples)["two_hits"]
    assert row["status"] == "one_hit"


def test_origin_is_asked_only_without_a_normal():
    made = assessed([STOP])
    assert len(made["variant_origins"]) == len(made["clonality"]) == 1
    samples = [person("T1", "tumor"), person("N1", "normal")]
    assert assessed([STOP], samples=samples)["variant_origins"] == []


def test_what_is_likely_germline_stays_in_the_table_without_a_clonality():
    common = {**STOP, "population_af": 0.1, "vaf": 0.5, "alt_depth": 100}
    made = assessed([common])
    assert made["variant_origins"][0]["status"] == "likely_germline"
    assert made["clonality"][0]["reason"] == "it is likely of the germline"


def write(path: Path, rows: dict[str, list[object]], names: list[str]) -> Path:
    lines = ["\t".join(["gene", *names])]
    lines += ["\t".join([gene, *map(str, values)]) for gene, values in rows.items()]
    path.write_text("\n".join(lines) + "\n")
    return path


NAMES_OF = ["T1", *(f"C{i}" for i in range(11))]
USUAL = [9, 10, 11, 10, 9, 11, 12, 8, 10, 11, 9]


def test_an_outlier_is_told_and_a_change_is_expressed_or_not(tmp_path):
    matrix = expression.read(write(tmp_path / "m.tsv", {"TP53": [900, *USUAL]}, NAMES_OF))
    made = assessed([STOP], matrix=matrix)
    assert [(r["gene"], r["status"]) for r in made["expression_outliers"]] == [("TP53", "high")]
    (row,) = made["multi_omic"]
    assert (row["dna"], row["expressed"], row["outlier"]) == (["TP53 R213*"], "yes", "high")
    matrix = expression.read(write(tmp_path / "m.tsv", {"TP53": [0.2, *USUAL]}, NAMES_OF))
    assert assessed([STOP], matrix=matrix)["multi_omic"][0]["expressed"] == "no"
    matrix = expression.read(write(tmp_path / "m.tsv", {"KRAS": [5, *USUAL]}, NAMES_OF))
    (row,) = assessed([STOP], matrix=matrix)["multi_omic"]
    assert (row["expressed"], row["reason"]) == ("unknown", "the matrix has no value")


def test_a_sample_of_the_sheet_without_consent_is_left_out_of_the_cohort(tmp_path):
    matrix = expression.read(write(tmp_path / "m.tsv", {"TP53": [900, *USUAL]}, NAMES_OF))
    other = person("C0", "tumor", subject_id="P2")
    (row,) = assessed([STOP], samples=[person("T1", "tumor"), other], matrix=matrix)["multi_omic"]
    assert row["outlier"] == "high"
    (out,) = assessed([STOP], samples=[person("T1", "tumor"), other], matrix=matrix)[
        "expression_outliers"
    ]
    assert out["samples"] == 11


def test_too_few_samples_are_not_judged(tmp_path):
    matrix = expression.read(write(tmp_path / "m.tsv", {"A": [900, 1, 2]}, ["T1", "C1", "C2"]))
    told = matrix.judge("A", "T1", (), TumorSettings())
    assert told is not None
    assert (told.status, told.reason) == ("not_assessed", "3 samples, 10 are needed")


def test_a_matrix_with_faults_is_told_whole(tmp_path):
    path = tmp_path / "m.tsv"
    path.write_text("gene\tT1\nA\t-1\nA\tx\n")
    with pytest.raises(WorkflowInputError) as caught:
        expression.read(path)
    assert [line.split("m.tsv, ")[1] for line in str(caught.value).splitlines()] == [
        "row 2, T1: found '-1'; a number from 0 is needed",
        "row 3, T1: found 'x'; a number from 0 is needed",
        "row 3, gene: 'A' twice; one row a gene",
    ]
