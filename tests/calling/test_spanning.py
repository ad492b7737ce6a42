from __future__ import annotations

import pysam
import pytest
from calling_builders import Reads, bases

from apothecary.calling import spanning
from apothecary.calling.spanning import Spanning

LEFT, RIGHT = bases(99, 3) + "G", bases(100, 4)
TEXT = LEFT + "TA" * 5 + RIGHT.replace("T", "C", 1)


class Known:
    def bases(self, chrom, start, end):
        return TEXT[start - 1 : end] if start >= 1 and end <= len(TEXT) else None


def test_the_last_place_is_the_end_of_the_repeat():
    last = spanning.last_place("chr1", 100, "GTA", ["G", "GTATA"], Known())
    assert last >= 110
    assert spanning.last_place("chr1", 50, TEXT[49], ["A"], Known()) == 50


@pytest.mark.parametrize(
    ("start", "sequence", "cigar", "plain", "changed"),
    [
        (60, TEXT[59:150], None, 1, 0),
        (60, TEXT[59:105], None, 0, 0),
        (101, TEXT[100:180], None, 0, 0),
        (60, TEXT[59:100] + TEXT[102:150], "41M2D48M", 0, 1),
        (60, TEXT[59:100] + "TA" + TEXT[100:150], "41M2I50M", 0, 1),
        (60, TEXT[59:80] + TEXT[82:150], "21M2D68M", 1, 0),
    ],
)
def test_reads_over_the_places(tmp_path, start, sequence, cigar, plain, changed):
    path = Reads().add("chr1", start, sequence, cigar).write(tmp_path / "x.bam")
    with pysam.AlignmentFile(str(path)) as file:
        found = spanning.count(file, "chr1", 100, 111, 0)
    assert found == Spanning(plain, changed)


def test_a_fragment_counts_once(tmp_path):
    reads = Reads()
    reads.add("chr1", 60, TEXT[59:150], name="f", flag=0x43)
    reads.add("chr1", 70, TEXT[69:160], name="f", flag=0x83, reverse=True)
    reads.add("chr1", 70, TEXT[69:160], name="g", flag=0x400)
    path = reads.write(tmp_path / "x.bam")
    with pysam.AlignmentFile(str(path)) as file:
        assert spanning.count(file, "chr1", 100, 111, 0) == Spanning(1, 0)


def test_the_quality_grows_with_reads_and_falls_with_indels():
    qualities = [Spanning(n, 0).quality(0.02) for n in (0, 5, 10, 20, 60)]
    assert qualities[0] == 0
    assert qualities == sorted(qualities)
    assert qualities[-1] == 99
    assert Spanning(10, 10).quality(0.02) == 0
    assert Spanning(20, 1).quality(0.02) < Spanning(20, 0).quality(0.02)
