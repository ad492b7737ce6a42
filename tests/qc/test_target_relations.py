"""Relations by the genotypes over the targets, of made families."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from alignment_builders import Read, write_bam
from hypothesis import given
from hypothesis import strategies as st
from identity_builders import COUNTING, SETTINGS

from apothecary import tables
from apothecary.alignments import files
from apothecary.qc import schemas, target_relations, target_sites
from apothecary.qc.target_sites import Genotypes
from apothecary.variants.reference import Fasta

LIMITS = target_relations.Settings.from_config(SETTINGS)
PLACES = [("chr1", 1000 + 10 * n) for n in range(60)]


def person(drawn: random.Random, frequency: float = 0.4) -> dict[tuple[str, int], int]:
    """Copies of the reference base by place."""
    return {place: sum(drawn.random() > frequency for _ in range(2)) for place in PLACES}


def child(drawn: random.Random, father, mother):
    return {p: sum(drawn.random() < parent[p] / 2 for parent in (father, mother)) for p in PLACES}


def genotypes(copies, left_out=()) -> Genotypes:
    """What is told of a person over one target from 900 to 1700."""
    rows = [
        {"chrom": chrom, "start": pos, "end": pos, "ref": "A", "alt": "G", "reference_copies": n}
        for (chrom, pos), n in copies.items()
        if n < 2 and (chrom, pos) not in left_out
    ]
    edges = [899, *sorted(pos for (_, pos), n in copies.items() if n < 2), 1701]
    stretch = {"chrom": "chr1", "ref": None, "alt": None, "reference_copies": 2}
    rows += [
        {**stretch, "start": low + 1, "end": high - 1}
        for low, high in pairwise(edges)
        if low + 1 < high
    ]
    tables.to_arrow(schemas.TARGET_GENOTYPES, [{"sample_id": "S", **row} for row in rows])
    return Genotypes.of(rows)


def family(seed: int):
    drawn = random.Random(seed)
    father, mother, other = person(drawn), person(drawn), person(drawn)
    return child(drawn, father, mother), father, mother, other


@pytest.mark.parametrize("seed", range(12))
def test_a_family_is_confirmed_and_a_strange_child_is_caught(seed):
    own, father, mother, other = map(genotypes, family(seed))
    counts = target_relations.count(own, father, (own, father, mother))
    assert counts.trio_errors == counts.ibs0 == 0
    assert target_relations.judge(counts, "parent_child", LIMITS) == ("first_degree", "pass", None)
    swapped = target_relations.count(other, father, (other, father, mother))
    relation, status, reason = target_relations.judge(swapped, "parent_child", LIMITS)
    assert (relation, status) == ("different", "fail")
    assert "by the sheet" in reason


def test_one_person_twice_is_the_same_whatever_the_sheet_says():
    own, father, *_ = map(genotypes, family(1))
    counts = target_relations.count(own, own)
    assert target_relations.judge(counts, "same", LIMITS) == ("same", "pass", None)
    assert target_relations.judge(counts, None, LIMITS)[:2] == ("same", "fail")
    others = target_relations.count(own, father)
    assert target_relations.judge(others, "same", LIMITS)[:2] == ("different", "fail")
    assert target_relations.judge(others, None, LIMITS) == ("different", "pass", None)


def test_too_few_sites_tell_nothing():
    copies = {place: 1 for place in PLACES[: LIMITS.min_target_sites - 1]}
    counts = target_relations.count(genotypes(copies), genotypes(copies))
    relation, status, reason = target_relations.judge(counts, "parent_child", LIMITS)
    assert (relation, status) == ("not_assessed", "not_assessed")
    assert reason == "19 sites of the targets in both, 20 are needed"


def test_a_single_parent_that_the_sites_do_not_tell_is_not_assessed():
    # Half of the sites are seen in one of the two only: no opposite homozygotes, no kinship.
    first = {place: 1 if n % 2 else 2 for n, place in enumerate(PLACES)}
    second = {place: 2 if n % 2 else 1 for n, place in enumerate(PLACES)}
    counts = target_relations.count(genotypes(first), genotypes(second))
    relation, status, reason = target_relations.judge(counts, "parent_child", LIMITS)
    assert (relation, status) == ("different", "not_assessed")
    assert "do not tell parent and child from strangers" in reason


def test_few_errors_of_a_family_are_no_swap_and_are_told():
    own, father, mother, _ = family(3)
    wrong = [p for p in PLACES if own[p] == father[p] == mother[p] == 2][:4]
    assert len(wrong) == 4
    changed = genotypes({**own, **dict.fromkeys(wrong, 1)})
    trio = (changed, genotypes(father), genotypes(mother))
    counts = target_relations.count(changed, trio[1], trio)
    assert counts.trio_errors == 4
    assert target_relations.judge(counts, "parent_child", LIMITS)[1] == "warn"


@given(st.integers(0, 10_000), st.sets(st.sampled_from(PLACES)))
def test_counting_is_symmetric_and_keeps_to_what_both_tell(seed, left_out):
    own, father, *_ = family(seed)
    first, second = genotypes(own, left_out), genotypes(father)
    one, other = target_relations.count(first, second), target_relations.count(second, first)
    assert one.pairs == tuple((b, a) for a, b in other.pairs)
    told = [p for p in PLACES if not (own[p] < 2 and p in left_out)]
    expected = [(own[p], father[p]) for p in told if own[p] < 2 or father[p] < 2]
    assert sorted(one.pairs) == sorted(expected)


def test_genotypes_are_read_from_reads(tmp_path):
    drawn = random.Random(4)
    text = "".join(drawn.choices("ACGT", k=400))
    (tmp_path / "ref.fa").write_text(f">chr1:1001-1400\n{text}\n")
    other = {"A": "C", "C": "A", "G": "T", "T": "G"}
    heterozygous, homozygous = 120, 180
    reads = []
    for number in range(60):
        at = 40 + number % 5 * 10
        bases = list(text[at : at + 200])
        bases[homozygous - at] = other[text[homozygous]]
        if number % 2:
            bases[heterozygous - at] = other[text[heterozygous]]
        reads.append(Read("chr1", 1000 + at, "".join(bases)))
    path = write_bam(tmp_path / "s.bam", reads)
    file = files.look(str(path))
    reference = Fasta(tmp_path / "ref.fa", tmp_path / "fasta")
    rows = target_sites.told(file, {"chr1": [(1060, 1260)]}, reference, COUNTING)
    changed = {
        r["start"] - 1001: (r["ref"], r["alt"], r["reference_copies"]) for r in rows if r["alt"]
    }
    assert changed == {
        heterozygous: (text[heterozygous], other[text[heterozygous]], 1),
        homozygous: (text[homozygous], other[text[homozygous]], 0),
    }
    told = Genotypes.of(rows)
    assert told.at(("chr1", 1100), "A") == 2
    assert told.at(("chr1", 1001 + heterozygous), other[text[heterozygous]]) == 1
    assert told.at(("chr1", 1001 + heterozygous), text[heterozygous]) is None
    assert told.at(("chr1", 1270), "A") is None
