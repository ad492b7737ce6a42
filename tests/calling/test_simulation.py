from __future__ import annotations

import pytest
from calling_builders import bases
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import simulation
from apothecary.calling.simulation import Change, ReadModel

TEXT = bases(2000, 9)


def test_a_haplotype_has_its_changes():
    changes = [Change(103, TEXT[2:5], "T"), Change(110, TEXT[9], TEXT[9] + "AC")]
    made = simulation.haplotype(TEXT, 101, changes)
    assert made == TEXT[:2] + "T" + TEXT[5:10] + "AC" + TEXT[10:]


def test_changes_that_overlap_are_not_on_one_haplotype():
    changes = [Change(105, "AAA", "A"), Change(106, "A", "T"), Change(108, "A", "T")]
    assert simulation.compatible(changes) == [changes[0], changes[2]]


def test_another_reference_is_told():
    wrong = "ACGT"[("ACGT".index(TEXT[4]) + 1) % 4]
    with pytest.raises(ValueError, match="the reference at 105 is not"):
        simulation.haplotype(TEXT, 101, [Change(105, wrong, "A")])


def test_the_same_seed_gives_the_same_reads_and_another_does_not():
    first, second, other = (list(simulation.pairs(TEXT, 5, seed, "x")) for seed in (1, 1, 2))
    assert first == second
    assert first != other


@given(st.integers(2, 20), st.integers(0, 100))
def test_the_depth_is_the_one_asked_for(depth, seed):
    made = list(simulation.pairs(TEXT, depth, seed, "x"))
    given_bases = sum(len(p.first) + len(p.second) for p in made)
    assert given_bases / len(TEXT) == pytest.approx(depth, rel=0.1)
    assert all(len(p.first) == len(p.first_quality) for p in made)


def test_errors_follow_the_qualities():
    model = ReadModel(first_quality=20, last_quality=20, quality_spread=0, indel_error=0)
    reads = [r for p in simulation.pairs("A" * 2000, 100, 3, "x", model) for r in (p[1], p[3])]
    wrong = sum(len(read) - max(read.count("A"), read.count("T")) for read in reads)
    assert wrong / sum(map(len, reads)) == pytest.approx(0.01, rel=0.1)


def test_fastq_has_the_pairs_in_order():
    made = list(simulation.pairs(TEXT, 1, 3, "x"))
    first, second = simulation.fastq(made)
    assert first.splitlines()[::4] == second.splitlines()[::4] == [f"@{p.name}" for p in made]
    assert first.splitlines()[1] == made[0].first
