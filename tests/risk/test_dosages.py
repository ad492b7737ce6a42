"""Copies of an effect allele: every genotype, and what is no genotype of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.append(str(Path(__file__).resolve().parents[1]))
import variant_builders
from risk_builders import at, block, of_records, record, scored, write

from apothecary.risk.dosage import palindromic

ONE = [at(1000, effect_weight="1")]


def score(folder: Path, records: list[str], variants=ONE, **options) -> float | None:
    return of_records(folder, records, variants, min_coverage=0, **options)["score"]


def excluded(folder: Path, records: list[str], variants=ONE, **options) -> list[str]:
    return of_records(folder, records, variants, min_coverage=0, **options)["excluded"]


@pytest.mark.parametrize(
    ("genotype", "copies"),
    [("0/0", 0), ("0/1", 1), ("1/0", 1), ("1/1", 2), ("0|1", 1), ("1|1", 2), ("1|0", 1)],
)
def test_copies_of_an_alternate_allele_and_of_a_reference_allele(tmp_path, genotype, copies):
    records = [record(1000, "A", "G", genotype)]
    assert score(tmp_path, records) == copies
    other = [at(1000, effect_allele="A", other_allele="G", effect_weight="1")]
    assert score(tmp_path, records, other) == 2 - copies


@pytest.mark.parametrize(
    ("genotype", "copies"), [("1/2", None), ("2/2", None), ("0/1", 1), ("1/1", 2), ("0/0", 0)]
)
def test_an_allele_that_the_score_has_not_is_no_copy_of_the_other(tmp_path, genotype, copies):
    records = [record(1000, "A", "G,T", genotype)]
    found = excluded(tmp_path, records)
    assert found == (["alleles_differ=1"] if copies is None else [])
    assert score(tmp_path, records) == (copies or 0)


def test_alleles_that_stand_in_several_records_are_taken_together(tmp_path):
    records = [record(1000, "A", "G", "0/1"), record(1000, "A", "T", "0/0")]
    assert score(tmp_path, records) == 1
    # The A of the second record is the G of the first.
    of_reference = [at(1000, effect_allele="A", other_allele="G", effect_weight="1")]
    assert score(tmp_path, records, of_reference) == 1
    carried = [record(1000, "A", "G", "0/1"), record(1000, "A", "T", "0/1")]
    assert excluded(tmp_path, carried) == ["alleles_differ=1"]
    too_many = [record(1000, "A", "G", "1/1"), record(1000, "A", "T", "0/1")]
    assert excluded(tmp_path, too_many) == ["contradicting=1"]


def test_a_record_that_is_there_twice_counts_once_and_contradictions_do_not(tmp_path):
    assert score(tmp_path, [record(1000, "A", "G", "0/1")] * 2) == 1
    records = [record(1000, "A", "G", "0/1"), record(1000, "A", "G", "1/1")]
    assert excluded(tmp_path, records) == ["contradicting=1"]


@pytest.mark.parametrize(
    ("sex", "genotype", "copies"),
    [
        ("M", "1", 1),
        ("M", "0", 0),
        ("M", "1/1", 1),
        ("M", "0/0", 0),
        ("M", "0/1", None),
        ("F", "1/1", 2),
        ("F", "0/1", 1),
        ("F", "1", None),
        ("unknown", "1", 1),
        ("unknown", "0/1", 1),
    ],
)
def test_copies_on_the_x_chromosome_go_by_the_sex(tmp_path, sex, genotype, copies):
    variants = [at(1000, chr_name="X", effect_weight="1")]
    row = of_records(
        tmp_path, [record(1000, "A", "G", genotype, "chrX")], variants, sex=sex, min_coverage=0
    )
    assert row["score"] == (copies or 0)
    assert row["matched"] == (copies is not None)


def test_a_chromosome_that_the_person_has_not_is_not_scored(tmp_path):
    variants = [at(1000, chr_name="Y")]
    assert excluded(tmp_path, [], variants, sex="F") == ["other_chromosome=1"]
    records = [record(1000, "A", "G", "1", "chrY")]
    assert score(tmp_path, records, variants, sex="M") == 0.5


@pytest.mark.parametrize(
    ("genotype", "dominant", "recessive", "by_dosage"),
    [("0/0", 0, 0, 5), ("0/1", 1, 0, 7), ("1/1", 1, 1, -2)],
)
def test_weights_that_are_not_additive(tmp_path, genotype, dominant, recessive, by_dosage):
    records = [record(1000, "A", "G", genotype)]
    of_dosages = {f"dosage_{n}_weight": w for n, w in enumerate((5, 7, -2))}
    for cells, told in (
        ({"is_dominant": "TRUE"}, dominant),
        ({"is_recessive": "TRUE"}, recessive),
        ({"effect_weight": "", **of_dosages}, by_dosage),
    ):
        assert score(tmp_path, records, [at(1000, **{"effect_weight": "1", **cells})]) == told


def test_weights_of_two_copies_do_not_hold_for_one(tmp_path):
    variants = [at(1000, chr_name="X", is_recessive="TRUE")]
    records = [record(1000, "A", "G", "1", "chrX")]
    assert excluded(tmp_path, records, variants, sex="M") == ["one_copy=1"]


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        ([], "not_assessed"),
        ([record(1000, "A", "G", "./.")], "no_call"),
        ([record(1000, "A", "G", "./1")], "no_call"),
        ([record(1000, "A", "G", "0/1").replace("PASS", "lowq")], "no_call"),
        ([record(1000, "A", "G", "0/1/1")], "no_call"),
        ([record(1000, "A", "*,G", "1/2")], "no_call"),
        ([record(998, "CAA", "C", "0/1")], "spanned"),
        ([block(990, 1010, genotype="./.")], "no_call"),
        ([record(1000, "A", "T", "0/1")], "alleles_differ"),
        ([record(1000, "C", "T", "0/1")], "alleles_differ"),
        ([block(990, 1010)], "reference_unknown"),
    ],
)
def test_what_is_not_known_is_never_reference(tmp_path, records, reason):
    assert excluded(tmp_path, records) == [f"{reason}=1"]


def test_a_reference_block_counts_where_its_base_is_known(tmp_path):
    assert score(tmp_path, [block(1000, 1010, "A")]) == 0
    other = [at(1000, effect_allele="A", other_allele="G", effect_weight="1")]
    assert score(tmp_path, [block(1000, 1010, "A")], other) == 2
    fasta = variant_builders.write(tmp_path, ">1\n" + "A" * 2000 + "\n", "r.fasta")
    assert score(tmp_path, [block(990, 1010)], other, fasta=fasta) == 2
    assert excluded(tmp_path, [block(990, 1010, "C")], ONE, fasta=fasta) == ["no_call=1"]


def test_a_reference_base_that_the_score_has_not_is_told(tmp_path):
    other = [at(1000, effect_allele="C", other_allele="T")]
    assert excluded(tmp_path, [block(1000, 1010, "A")], other) == ["alleles_differ=1"]


def test_thresholds_of_the_variants_hold_for_scores(tmp_path):
    weak = ["chr1 1000 . A G 50 PASS . GT:DP 0/1:3"]
    assert score(tmp_path, weak) == 1
    assert excluded(tmp_path, weak, thresholds={"min_depth": 10}) == ["no_call=1"]


def test_an_absent_record_is_reference_only_by_the_setting(tmp_path):
    fasta = variant_builders.write(tmp_path, ">1\n" + "A" * 2000 + "\n", "r.fasta")
    other = [at(1000, effect_allele="A", other_allele="G", effect_weight="1")]
    assert excluded(tmp_path, [], other, fasta=fasta) == ["not_assessed=1"]
    assert score(tmp_path, [], other, fasta=fasta, absent_is_reference=True) == 2
    assert excluded(tmp_path, [], other, absent_is_reference=True) == ["reference_unknown=1"]
    spanned = [record(998, "AAA", "A", "0/1")]
    told = excluded(tmp_path, spanned, other, fasta=fasta, absent_is_reference=True)
    assert told == ["spanned=1"]


def test_insertions_and_deletions_need_a_record_of_both_alleles(tmp_path):
    deletion = [at(1000, effect_allele="A", other_allele="AT", effect_weight="1")]
    assert score(tmp_path, [record(1000, "AT", "A", "0/1")], deletion) == 1
    assert score(tmp_path, [record(1000, "AT", "A", "1/1")], deletion) == 2
    # The base before a deletion is also that of a substitution there, which tells nothing of it.
    assert excluded(tmp_path, [record(1000, "A", "G", "0/0")], deletion) == ["alleles_differ=1"]
    assert excluded(tmp_path, [block(1000, 1010, "A")], deletion) == ["reference_unknown=1"]
    sequence = "C" * 999 + "AGC" + "C" * 100
    fasta = variant_builders.write(tmp_path, f">1\n{sequence}\n", "r.fasta")
    insertion = [at(1000, effect_allele="AT", other_allele="A", effect_weight="1")]
    assert score(tmp_path, [block(1000, 1010, "A")], insertion, fasta=fasta) == 0
    repeat = variant_builders.write(tmp_path, f">1\n{sequence.replace('AG', 'AT')}\n", "s.fasta")
    told = excluded(tmp_path, [block(1000, 1010, "A")], insertion, fasta=repeat)
    assert told == ["reference_unknown=1"]


def test_an_unknown_other_allele_is_taken_where_the_record_has_one(tmp_path):
    variants = [at(1000, other_allele="", effect_weight="1")]
    assert score(tmp_path, [record(1000, "A", "G", "0/1")], variants) == 1
    for records in (
        [record(1000, "A", "G,T", "0/1")],
        [record(1000, "A", ".", "0/0")],
        [block(1000, 1010, "G")],
    ):
        (told,) = excluded(tmp_path, records, variants)
        assert told in ("other_allele_unknown=1", "alleles_differ=1")
    palindrome = [at(1000, effect_allele="T", other_allele="")]
    assert excluded(tmp_path, [record(1000, "A", "T", "0/1")], palindrome) == ["palindromic=1"]


BASES = st.text("ACGT", min_size=1, max_size=5)


@given(BASES, BASES)
def test_palindromic_is_told_of_both_alleles_alike(one, other):
    assert palindromic(one, other) == palindromic(other, one)


def test_palindromic_pairs():
    pairs = {(a, b) for a in "ACGT" for b in "ACGT" if a != b and palindromic(a, b)}
    assert pairs == {("A", "T"), ("T", "A"), ("C", "G"), ("G", "C")}


def panel(frequency: str, genotypes: str = "0/1 0/0") -> str:
    """A file of two samples, whose record carries a population frequency."""
    known = '##INFO=<ID=gnomAD_AF,Number=A,Type=Float,Description="frequency">'
    line = f"chr1 1000 . A T 50 PASS gnomAD_AF={frequency} GT {genotypes}"
    return variant_builders.vcf([line], samples=("S1", "S2"), extra=[known])


@pytest.mark.parametrize(
    ("ours", "theirs", "matched"),
    [
        (0.2, "0.1", True),
        (0.2, "0.45", False),
        (0.45, "0.1", False),
        (0.9, "0.1", False),
        ("", "0.1", False),
        (0.2, ".", False),
    ],
)
def test_palindromic_pairs_count_by_frequency_where_it_is_clear(tmp_path, ours, theirs, matched):
    path = variant_builders.write(tmp_path, panel(theirs))
    samples = [variant_builders.sample(path, name) for name in ("S1", "S2")]
    cells = {"effect_allele": "T", "other_allele": "A", "allelefrequency_effect": ours}
    file = write(tmp_path, [at(1000, **cells)])
    rows = scored(tmp_path, samples, [file], palindromic="frequency", min_coverage=0)
    # Alike for every person of the file, whatever the genotype is.
    assert [row["matched"] for row in rows] == [matched, matched]
    assert [row["score"] for row in rows] == ([0.5, 0.0] if matched else [0.0, 0.0])
    rows = scored(tmp_path, samples, [file], min_coverage=0)
    assert [row["excluded"] for row in rows] == [["palindromic=1"]] * 2


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["0/0", "0/1", "1/1", "0|1", "1|0"]),
            st.floats(-5, 5).map(lambda value: round(value, 3)),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_a_score_is_the_sum_of_copies_times_weights(tmp_path, drawn):
    places = range(1000, 1000 + 10 * len(drawn), 10)
    records = [
        record(p, "A", "G", genotype) for p, (genotype, _) in zip(places, drawn, strict=True)
    ]
    variants = [at(p, effect_weight=w) for p, (_, w) in zip(places, drawn, strict=True)]
    row = of_records(tmp_path, records, variants)
    expected = sum(genotype.count("1") * weight for genotype, weight in drawn)
    assert row["score"] == pytest.approx(expected, abs=1e-9)
    assert (row["matched"], row["coverage"], row["weight_coverage"]) == (len(drawn), 1, 1)
