from __future__ import annotations

import numpy as np
import pysam
import pytest
from calling_builders import Reads, bases
from hypothesis import given
from hypothesis import strategies as st

from apothecary.calling import pileup
from apothecary.calling.error_rates import run_lengths
from apothecary.calling.pileup import BASES, ReadLimits

TEXT = bases(400)


def window(tmp_path, reads, start=1001, end=1400, limits=None):
    path = reads.write(tmp_path / "x.bam")
    with pysam.AlignmentFile(str(path)) as file:
        return pileup.read_window(file, "chr1", "chr1", start, end, limits or ReadLimits())


def counted(found, pos):
    return dict(zip(BASES, found.counts[pos - found.start].tolist(), strict=True))


def changed(text, at):
    return text[:at] + "ACGT"[("ACGT".index(text[at]) + 1) % 4] + text[at + 1 :]


def test_bases_are_counted_where_they_lie(tmp_path):
    reads = Reads().add("chr1", 1011, TEXT[10:110]).add("chr1", 1021, TEXT[20:120], reverse=True)
    found = window(tmp_path, reads)
    assert found.counts[:10].sum() == 0
    for pos in (1011, 1025, 1110, 1120):
        depth = 2 if 1021 <= pos <= 1110 else 1
        assert counted(found, pos)[TEXT[pos - 1001]] == depth
        assert found.counts[pos - 1001].sum() == depth


@pytest.mark.parametrize(
    "options",
    [{"flag": 0x400}, {"flag": 0x100}, {"flag": 0x800}, {"flag": 0x200}, {"mapping_quality": 19}],
)
def test_reads_that_do_not_count(tmp_path, options):
    reads = Reads().add("chr1", 1001, TEXT[:100], **options)
    assert window(tmp_path, reads).counts.sum() == 0


def test_bases_below_the_quality_do_not_count(tmp_path):
    quality = [35] * 50 + [19] * 50
    found = window(tmp_path, Reads().add("chr1", 1001, TEXT[:100], quality=quality))
    assert found.counts.sum() == 50


def test_a_fragment_counts_once_and_not_where_its_mates_differ(tmp_path):
    reads = Reads()
    reads.add("chr1", 1001, TEXT[:100], name="f", flag=0x43)
    reads.add("chr1", 1051, changed(TEXT[50:150], 10), name="f", flag=0x83, reverse=True)
    found = window(tmp_path, reads)
    depth = found.counts.sum(axis=1)
    assert depth[:150].tolist() == [1] * 60 + [0] + [1] * 89


def test_the_better_base_of_two_mates_is_taken(tmp_path):
    reads = Reads()
    reads.add("chr1", 1001, TEXT[:100], name="f", flag=0x43, quality=22)
    reads.add("chr1", 1051, TEXT[50:150], name="f", flag=0x83, reverse=True, quality=38)
    found = window(tmp_path, reads)
    (entry,) = found.at(1080)
    assert found.quality[entry] == 38


def test_orientation_and_strand(tmp_path):
    reads = Reads()
    for flag, reverse in ((0x43, False), (0x43, True), (0x83, False), (0x83, True)):
        reads.add("chr1", 1001, TEXT[:100], flag=flag, reverse=reverse)
    found = window(tmp_path, reads)
    by_read = zip(found.reads.second.tolist(), found.reads.reverse.tolist(), strict=True)
    expected = [reverse == second for second, reverse in by_read]
    assert found.reads.f1r2.tolist() == expected
    assert sorted(expected) == [False, False, True, True]


def test_indels_have_their_anchor_and_soft_clips_are_no_bases(tmp_path):
    reads = Reads()
    reads.add("chr1", 1001, TEXT[:50] + "GGG" + TEXT[50:100], "50M3I50M")
    reads.add("chr1", 1001, TEXT[:50] + TEXT[54:100], "50M4D46M")
    reads.add("chr1", 1001, "TTTTT" + TEXT[:50], "5S50M")
    reads.add("chr1", 1001, "TTTTT" + TEXT[:50], "5I50M")
    found = window(tmp_path, reads)
    assert [(i.anchor, i.deleted, i.inserted) for i in found.indels] == [
        (1050, 0, "GGG"),
        (1050, 4, ""),
    ]
    assert found.counts[0].sum() == 4
    assert found.counts[51].sum() == 1


def test_an_indel_that_both_mates_show_counts_once(tmp_path):
    reads = Reads()
    text = TEXT[:50] + TEXT[54:100]
    reads.add("chr1", 1001, text, "50M4D46M", name="f", flag=0x43)
    reads.add("chr1", 1001, text, "50M4D46M", name="f", flag=0x83, reverse=True)
    assert len(window(tmp_path, reads).indels) == 1


def test_distance_is_that_to_the_nearer_end_of_the_aligned_part(tmp_path):
    reads = Reads().add("chr1", 1001, "TTTTT" + TEXT[:50], "5S50M")
    found = window(tmp_path, reads)
    distances = [int(found.distance[found.at(pos)[0]]) for pos in (1001, 1011, 1050)]
    assert distances == [0, 10, 0]


def test_over_counts_fragments_that_reach_across(tmp_path):
    reads = Reads().add("chr1", 1001, TEXT[:100]).add("chr1", 1050, TEXT[49:149])
    found = window(tmp_path, reads)
    assert [len(found.over(a, b)) for a, b in ((1050, 1100), (1049, 1100), (1050, 1101))] == [
        2,
        1,
        1,
    ]


def test_a_window_without_reads(tmp_path):
    found = window(tmp_path, Reads().add("chr2", 5, "ACGT"))
    assert found.counts.shape == (400, 4)
    assert found.counts.sum() == 0
    assert found.indels == ()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_run_lengths_are_those_of_the_bases_that_follow(codes):
    runs = run_lengths(np.array(codes))
    for at in range(len(codes) - 1):
        run = 1
        while at + 1 + run < len(codes) and codes[at + 1 + run] == codes[at + 1]:
            run += 1
        assert runs[at] == run
